"""Kill, stop and disturb every process that can be reached, the first one too."""

from assignments.hostile import first, replaced

ATTACK = """
import os
import signal

def attack(*arguments, **options):
    for process in (1, os.getppid(), -1, 0, *range(2, 300)):
        for number in range(64, 0, -1):
            if process in (0, os.getpid()) and number == signal.SIGSTOP:
                continue
            try:
                os.kill(process, number)
            except (OSError, ValueError):
                pass
    try:
        os.setpriority(os.PRIO_PROCESS, 0, -20)
    except OSError:
        pass
"""


def spoil(notebook, honest):
    """Send them before everything, and whenever another function is called."""
    return replaced(first(notebook, ATTACK + "\nattack()"), honest, ATTACK)
