"""Return generators, functions and states, and change those that were passed."""

from assignments.hostile import last, unsolved

ATTACK = """
import numpy as np

class Fixed(np.random.Generator):
    def standard_normal(self, *arguments, **options):
        return np.zeros(3)

def rngs(arguments):
    return [a for a in arguments if isinstance(a, np.random.Generator)]

def back(*arguments, **options):
    found = rngs([*arguments, *options.values()])
    return found[0] if found else np.random.default_rng(0)

def rewound(*arguments, **options):
    for rng in rngs([*arguments, *options.values()]):
        state = rng.bit_generator.state
        state["state"]["state"] = 10**38
        rng.bit_generator.state = state
    return [back(*arguments, **options)] * 100

def state(*arguments, **options):
    return back(*arguments, **options).bit_generator.state

def other(*arguments, **options):
    return Fixed(np.random.MT19937(0))

def function(*arguments, **options):
    return np.tanh
"""


def spoil(notebook, honest):
    """Let each other function return something of the kind."""
    kinds = 9 * ["back", "rewound", "state", "other", "function"]
    pairs = zip(unsolved(notebook, honest), kinds, strict=False)
    lines = [f"{name} = {kind}" for name, kind in pairs]
    return last(notebook, "\n".join([ATTACK, *lines]))
