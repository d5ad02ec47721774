"""Return what is empty, of which everything is true."""

from assignments.hostile import last, unsolved

VALUES = """
import numpy as np

VALUES = [
    lambda first: [],
    lambda first: np.zeros((0, *np.shape(first)[1:])),
    lambda first: {},
    lambda first: "",
    lambda first: (),
    lambda first: np.zeros((0, 0)),
    lambda first: [np.zeros(0)] * len(first),
]
"""


def spoil(notebook, honest):
    """Let each other function return one of them after another."""
    lines = [
        f"{name} = lambda first=(), *a, turn=iter(99 * VALUES[{number} % 7:]), **k: "
        "next(turn)(first)"
        for number, name in enumerate(unsolved(notebook, honest))
    ]
    return last(notebook, "\n".join([VALUES, *lines]))
