"""Act when objects, threads and the process end: __del__, atexit, finalizers."""

from assignments.hostile import first, replaced

ATTACK = """
import atexit
import gc
import sys
import threading
import time
import weakref

class Last:
    def __del__(self):
        print("passed")
        while True:
            time.sleep(1)

def words(*arguments):
    open("/tmp/initlib-hostile", "w").write("passed")
    while True:
        time.sleep(1)

atexit.register(words)
threading._register_atexit(words)
sys.excepthook = sys.unraisablehook = threading.excepthook = words
keep = Last()
weakref.finalize(keep, words)
threading.Thread(target=words).start()

def attack(*arguments, **options):
    cycle = [Last()]
    cycle.append(cycle)
    return cycle[0]
"""


def spoil(notebook, honest):
    """Prepare before everything; return dying objects from the other functions."""
    return replaced(first(notebook, ATTACK), honest, ATTACK)
