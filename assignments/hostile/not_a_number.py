"""Return NaN and infinity in every shape: no comparison with NaN finds a difference."""

from assignments.hostile import replaced

ATTACK = """
import itertools

import numpy as np

turn = itertools.cycle([np.nan, np.inf, -np.inf])

def like(thing, value):
    if isinstance(thing, np.ndarray):
        return np.full(thing.shape, value)
    if isinstance(thing, tuple) and all(isinstance(n, int) for n in thing):
        return np.full(thing, value)
    if isinstance(thing, (list, tuple)):
        return type(thing)(like(item, value) for item in thing)
    return value

def attack(*arguments, **options):
    value = next(turn)
    return like(arguments[0], value) if arguments else value
"""


def spoil(notebook, honest):
    """Let all other functions return them, shaped like the first argument."""
    return replaced(notebook, honest, ATTACK)
