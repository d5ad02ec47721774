"""End the process: in cells, in functions, by an exception and by a crash."""

from assignments.hostile import first, last, unsolved

EXITS = """
import ctypes
import os
import sys

def at_once(*arguments, **options):
    os._exit(0)

def by_exception(*arguments, **options):
    sys.exit(0)

def by_crash(*arguments, **options):
    ctypes.string_at(0)
"""


def spoil(notebook, honest):
    """Exit before everything, and whenever another function is called."""
    exits = 9 * ["at_once", "by_crash", "by_exception"]
    pairs = zip(unsolved(notebook, honest), exits, strict=False)
    lines = [f"{name} = {way}" for name, way in pairs]
    cells = [EXITS, "exit()", "by_exception()", "os._exit(0)"]
    return last(first(notebook, *cells), "by_crash()", *lines)
