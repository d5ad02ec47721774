"""Recognize a distribution from what was drawn, and measure it."""

from collections.abc import Callable

import numpy as np
from scipy.special import erf

from initlib import TRUNCATED_STD

MOMENTS = {"uniform": 9 / 5, "normal": 3.0}  # fourth moment over variance squared
# z cut at +-2: E[z^4] = 3 E[z^2] - 2 * 2^3 phi(2) / (Phi(2) - Phi(-2)).
DENSITY = np.exp(-2) / np.sqrt(2 * np.pi) / erf(np.sqrt(2))
MOMENTS["truncated"] = 3 / TRUNCATED_STD**2 - 16 * DENSITY / TRUNCATED_STD**4
CLEAR = 0.05  # how near a fourth moment must come; the three lie half and more apart
SMALL = 1e-5  # of float32


def is_orthogonal(weight: np.ndarray) -> bool:
    """Say whether rows or columns, as in a dense layer, are orthonormal."""
    matrix = weight.reshape(-1, weight.shape[-1])
    tall = matrix if matrix.shape[0] >= matrix.shape[1] else matrix.T
    return np.allclose(tall.T @ tall, np.eye(tall.shape[1]), atol=SMALL)


def is_orthogonal_at_centre(weight: np.ndarray) -> bool:
    if weight.ndim != 4:
        return False
    centre = weight[weight.shape[0] // 2, weight.shape[1] // 2]
    return is_orthogonal(centre) and np.isclose((weight**2).sum(), (centre**2).sum())


def kurtosis(values: np.ndarray) -> float:
    centred = values - values.mean()
    return float((centred**4).mean() / (centred**2).mean() ** 2)


def looks(name: str) -> Callable[[np.ndarray], bool]:
    """Return a test of the fourth moment."""
    return lambda drawn: abs(kurtosis(drawn) - MOMENTS[name]) < CLEAR


KINDS: dict[str, Callable[[np.ndarray], bool]] = {
    "constant": lambda drawn: np.ptp(drawn) == 0,
    "zeros and ones": lambda drawn: set(np.unique(drawn)) == {0.0, 1.0},
    "orthogonal": lambda drawn: all(map(is_orthogonal, drawn)),
    "orthogonal at the centre": lambda drawn: all(map(is_orthogonal_at_centre, drawn)),
    "sparse": lambda drawn: (drawn == 0).mean() > 0.01,
    "uniform": looks("uniform"),
    "truncated": looks("truncated"),
    "normal": looks("normal"),
}


def recognize(drawn: np.ndarray) -> str:
    """Name the distribution of weights, drawn independently along the first axis."""
    return next((kind for kind, holds in KINDS.items() if holds(drawn)), "unknown")


def standard_error(std: float, fourth: float, n: int) -> float:
    """Return the standard error of a standard deviation from n independent numbers."""
    return std * np.sqrt((fourth - 1) / (4 * n))


def measure(drawn: np.ndarray) -> dict[str, object]:
    """Return what the table keeps of weights drawn along the first axis.

    The mean is 0 where it lies within four standard errors of it, and the largest
    distance from the mean is kept where the distribution has one.
    """
    kind, std, mean = recognize(drawn), drawn.std(), drawn.mean()
    mean = 0.0 if abs(mean) < 4 * std / np.sqrt(drawn.size) else mean
    bounded = kind in ("uniform", "truncated")
    return {
        "distribution": kind,
        "n": drawn.size,
        "mean": float(f"{mean:.3g}"),
        "std": float(f"{std:.4g}"),
        "largest": float(f"{abs(drawn - mean).max():.4g}") if bounded else "",
    }
