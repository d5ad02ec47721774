"""Loop for ever in functions: in Python, in one operation, and asleep."""

from assignments.hostile import last, unsolved

LOOPS = """
import time

def in_python(*arguments, **options):
    while True:
        pass

def in_one_operation(*arguments, **options):
    return 7 ** (7 ** 15)

def asleep(*arguments, **options):
    time.sleep(10**6)
"""


def spoil(notebook, honest):
    """Give each other function one of the loops."""
    loops = ["in_one_operation", "in_python", "asleep"]
    pairs = zip(unsolved(notebook, honest), 9 * loops, strict=False)
    return last(notebook, LOOPS, *(f"{name} = {loop}" for name, loop in pairs))
