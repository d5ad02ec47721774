"""Print, display, raise and return more than anybody can read."""

from assignments.hostile import first, last, unsolved

PRINT = """
import sys
for _ in range(300):
    print("x" * 10**6)
    sys.stderr.write("y" * 10**6)
"""
DISPLAY = """
class Giant:
    def _repr_html_(self):
        return "<b>" * 10**9
    __repr__ = __str__ = _repr_html_
display(Giant())
Giant()
"""
RAISE = "raise ValueError('z' * 10**8)"
ATTACK = """
import numpy as np

def attack_array(*arguments, **options):
    return np.zeros(10**8)

def attack_text(*arguments, **options):
    return "x" * 10**8

def attack_list(*arguments, **options):
    return [0] * 10**7

def attack_error(*arguments, **options):
    raise ValueError("\\n<script>" * 10**7)
"""


def spoil(notebook, honest):
    """Print first; let the other functions return giants."""
    kinds = 9 * ["array", "text", "list", "error"]
    pairs = zip(unsolved(notebook, honest), kinds, strict=False)
    lines = [f"{name} = attack_{kind}" for name, kind in pairs]
    return last(first(notebook, PRINT, DISPLAY, RAISE), ATTACK + "\n".join(lines))
