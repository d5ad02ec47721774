"""Generators for checks, which can be exchanged to see whether luck decides."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

_base = 0


@contextmanager
def seeded(base: int) -> Iterator[None]:
    """Let `rng` give other generators for a while, one set for each `base`.

    Parameters
    ----------
    base : int
        Number of the set; outside of this context it is 0.
    """
    global _base
    before, _base = _base, base
    try:
        yield
    finally:
        _base = before


def rng(stream: int = 0) -> np.random.Generator:
    """Make a new generator; the same `stream` gives the same numbers again.

    Parameters
    ----------
    stream : int
        Which of the independent streams of the base that `seeded` has set.

    Returns
    -------
    numpy.random.Generator
    """
    return np.random.default_rng([_base, stream])
