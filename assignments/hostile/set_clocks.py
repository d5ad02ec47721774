"""Turn back clocks, real and pretended, so that no time ever runs out."""

from assignments.hostile import first, replaced

ATTACK = """
import ctypes
import signal
import time

LIBC = ctypes.CDLL(None)

def stopped(*arguments):
    return 0.0

def attack(*arguments, **options):
    for clock in range(12):
        try:
            time.clock_settime(clock, 0.0)
        except OSError:
            pass
    LIBC.settimeofday((ctypes.c_long * 2)(0, 0), None)
    LIBC.adjtimex(ctypes.create_string_buffer(256))
    for name in ("time", "monotonic", "perf_counter", "process_time", "sleep"):
        setattr(time, name, stopped)
    while arguments or options:
        signal.pause()
"""


def spoil(notebook, honest):
    """Turn them in the first cell; turn them and go on for ever in the others."""
    return replaced(first(notebook, ATTACK + "\nattack()"), honest, ATTACK)
