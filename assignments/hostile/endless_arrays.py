"""Return huge arrays that need no memory: broadcast, strided, mapped, structured."""

from assignments.hostile import last, unsolved

VALUES = """
import numpy as np

def mapped():
    return np.memmap("sparse", np.float64, "w+", shape=(10**6, 7))

VALUES = [
    lambda: np.broadcast_to(1.0, (10**6, 10**6)),
    lambda: np.lib.stride_tricks.as_strided(np.ones(1), (10**9,), (0,)),
    lambda: np.lib.stride_tricks.as_strided(np.ones(1), (10**4,), (10**7,)),
    lambda: np.broadcast_to(1.0, (0, 10**18)),
    mapped,
    lambda: [np.broadcast_to(1.0, (10**7,))] * 30,
    lambda: np.zeros(10**7, "<U1"),
    lambda: np.zeros(3, [("x", "f8", (10**6,))]),
    lambda: np.ma.masked_all((300, 100)),
    lambda: np.zeros((1,) * 64),
]
"""


def spoil(notebook, honest):
    """Let each other function return one of them after another."""
    lines = [
        f"{name} = lambda *a, turn=iter(99 * VALUES[{number} % 10:]), **k: next(turn)()"
        for number, name in enumerate(unsolved(notebook, honest))
    ]
    return last(notebook, "\n".join([VALUES, *lines]))
