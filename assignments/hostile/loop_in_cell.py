"""Loop for ever in cells, and catch whatever tries to stop it."""

from assignments.hostile import first, last

PLAIN = "while True:\n    pass"
STUBBORN = """
import signal
signal.signal(signal.SIGALRM, signal.SIG_IGN)
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
"""


def spoil(notebook, honest):
    """Begin and end with a loop."""
    return last(first(notebook, PLAIN), STUBBORN)
