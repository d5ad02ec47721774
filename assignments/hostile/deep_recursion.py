"""Recurse without end, in Python and in C, in functions and in what is looked at."""

from assignments.hostile import first, last, unsolved

ATTACKS = """
import functools
import json
import sys
import threading

sys.setrecursionlimit(10**8)
threading.stack_size(64 << 20)

class Mirror:
    def __repr__(self):
        return repr(self)
    __str__ = __eq__ = __len__ = __iter__ = __float__ = __repr__

def in_python(*arguments, **options):
    return in_python(*arguments, **options)

def in_c(*arguments, **options):
    value = None
    for _ in range(10**6):
        value = [value]
    return json.dumps(value)

def in_calls(*arguments, **options):
    call = functools.partial(print)
    for _ in range(10**6):
        call = functools.partial(call)
        call = functools.partial(map, call)
    return call

def in_looks(*arguments, **options):
    return [Mirror()]

def in_a_thread(*arguments, **options):
    thread = threading.Thread(target=in_python)
    thread.start()
    thread.join()
"""


def spoil(notebook, honest):
    """Recurse before everything, and whenever another function is called."""
    kinds = 9 * ["in_c", "in_python", "in_looks", "in_a_thread", "in_calls"]
    pairs = zip(unsolved(notebook, honest), kinds, strict=False)
    lines = [f"{name} = {kind}" for name, kind in pairs]
    notebook = first(notebook, ATTACKS, "Mirror()", "in_python()")
    return last(notebook, "\n".join([ATTACKS, *lines]))
