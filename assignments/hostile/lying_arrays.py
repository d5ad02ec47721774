"""Return subclasses of ndarray that claim whatever is asked."""

from assignments.hostile import replaced

ATTACK = """
import numpy as np

class Liar(np.ndarray):
    shape = (300, 100)
    ndim = 2
    def __eq__(self, other):
        return np.ones(np.shape(other), bool)
    def __array_ufunc__(self, *arguments, **options):
        return True
    def __array_function__(self, *arguments, **options):
        return True
    def __bool__(self):
        return True
    def __float__(self):
        return 0.0707
    def tobytes(self, order=None):
        return b""
    def astype(self, *arguments, **options):
        return self
    std = mean = max = min = var = all = any = __abs__ = __float__
    __sub__ = __truediv__ = __lt__ = __gt__ = __eq__

def attack(*arguments, **options):
    return np.zeros(3).view(Liar)
"""


def spoil(notebook, honest):
    """Let all other functions return such an array."""
    return replaced(notebook, honest, ATTACK)
