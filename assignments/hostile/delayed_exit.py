"""Let the process end later, while others' cells or calls run: timers of every kind."""

from assignments.hostile import first, replaced

EXPECTED = "at most"  # its own later cells are cut off as well
ATTACK = """
import ctypes
import faulthandler
import os
import resource
import signal
import threading

LIBC = ctypes.CDLL(None)

def attack(*arguments, **options):
    faulthandler.dump_traceback_later(0.3, exit=True, file=open(os.devnull, "w"))
    signal.signal(signal.SIGVTALRM, lambda *_: os._exit(0))
    signal.setitimer(signal.ITIMER_VIRTUAL, 0.2, 0.2)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, 0.4)
    threading.Timer(0.2, os._exit, [0]).start()
    LIBC.prctl(1, signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_CPU, (1, 1))
    timer = ctypes.c_void_p()
    LIBC.timer_create(1, None, ctypes.byref(timer))
"""


def spoil(notebook, honest):
    """Set them in the first cell, and whenever another function is called."""
    return replaced(first(notebook, ATTACK + "\nattack()"), honest, ATTACK)
