"""Return values that are hard to read: deep, cyclic, huge, of strange types."""

from assignments.hostile import last, unsolved

ATTACK = r"""
import numpy as np

def deep():
    value = []
    for _ in range(10**5):
        value = [value]
    return value

def cyclic():
    value = {}
    value["self"] = value
    return value

class Bomb:
    def __reduce__(self):
        import os
        return os.system, ("touch /tmp/initlib-hostile",)

class Interface:
    __array_interface__ = {
        "shape": (10**6,), "typestr": "<f8", "data": (8, False), "version": 3
    }

VALUES = [
    deep,
    cyclic,
    Bomb,
    Interface,
    lambda: 10**5000,
    lambda: "\ud800\x00\x1b[2J",
    lambda: np.array([Bomb()]),
    lambda: np.datetime64("NaT"),
    lambda: np.zeros((0,) * 32),
    lambda: np.float64("nan"),
    lambda: {1: 2},
    lambda: {"tuple": [1]},
    lambda: {"x" * 10**6: 1},
    lambda: 1j,
    lambda: [None, float("inf")],
    lambda: [[[[[[[[1]]]]]]]],
    lambda: memoryview(b"x"),
    lambda: print,
]
"""


def spoil(notebook, honest):
    """Let each other function return them all in turn; repeat a variable, too."""
    lines = [
        f"{name} = lambda *a, turn=iter(9 * VALUES[{number}:]), **k: next(turn)()"
        for number, name in enumerate(unsolved(notebook, honest))
    ]
    return last(notebook, "\n".join([ATTACK, *lines]))
