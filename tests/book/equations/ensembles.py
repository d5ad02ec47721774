"""Random numbers whose moments are exact, so that equations between means are too."""

import numpy as np
from scipy.stats import norm

from initlib import orthogonal


def white(n: int, std: float, rng: np.random.Generator) -> np.ndarray:
    """Return weights (n, 2n): their columns have mean 0 and covariance std² I."""
    Q = orthogonal((n, n), rng)
    return std * np.sqrt(n) * np.hstack([Q, -Q])


def drawn(init, shape, rng: np.random.Generator) -> np.ndarray:
    """Draw the weights of many small layers, in which every input and output counts."""
    return np.array([init(shape, rng) for _ in range(2000)])


def gaussian(variance: float = 1.0, n: int = 20_000) -> np.ndarray:
    """Return the quantiles of N(0, variance): samples without noise, symmetric."""
    return np.sqrt(variance) * norm.ppf((np.arange(n) + 0.5) / n)


def pairs(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pair each sample of `a`, on the last axis, with each of `b`: independently."""
    return np.repeat(a, b.shape[-1], axis=-1), np.tile(b, a.shape[-1])


def from_one(values) -> dict:
    """Index values from 1, as sums over units do."""
    return dict(enumerate(values, start=1))


def slope(f, at: np.ndarray, step: float = 1e-5) -> np.ndarray:
    """Return the derivatives of a number by each entry of `at`."""
    at = np.asarray(at, float)
    out = np.empty(at.shape)
    for place in np.ndindex(at.shape):
        move = np.zeros(at.shape)
        move[place] = step
        out[place] = (f(at + move) - f(at - move)) / (2 * step)
    return out
