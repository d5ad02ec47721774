"""Fair checks of random answers: a right one passes, whatever it drew.

Each check fails a right answer with a probability of at most `ALPHA`, by a bound that
holds for every number of weights and is not an approximation; an assignment with a
hundred such checks fails a right submission less than once in a million.  What a check
lets pass shrinks like one over the root of that number, so that its author chooses the
shapes that tell a wrong answer from a right one.

A check returns nothing, or raises `AssertionError` with a hint that gives no answer.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import NamedTuple

import numpy as np
from scipy.special import gammainccinv, gammaincinv, ndtr, ndtri

from assignments.function import Function
from initlib import TRUNCATED_STD

__all__ = [
    "ALPHA",
    "DISTRIBUTIONS",
    "Function",
    "Law",
    "Z",
    "check_array",
    "check_distribution",
    "check_initializer",
    "check_largest",
    "check_mean",
    "check_reproducible",
    "check_std",
    "check_unrelated",
    "check_varies",
    "check_weights",
    "gap_bound",
    "largest_bounds",
    "mean_bound",
    "rng",
    "seeded",
    "std_bounds",
]

ALPHA = 1e-8
"""Probability, at most, with which one check fails a right answer."""

Z = -float(ndtri(ALPHA / 2))
"""A standard normal number lies within ±Z but for a probability of `ALPHA`."""


class Law(NamedTuple):
    """A distribution of mean 0 and variance 1, symmetric around 0."""

    cdf: Callable[[np.ndarray], np.ndarray]
    reach: Callable[[float], float]  # abs(w) is at most reach(p) with probability p
    fourth: float  # the mean of the fourth power


def _uniform_cdf(w: np.ndarray) -> np.ndarray:
    return np.clip(w / math.sqrt(12) + 1 / 2, 0, 1)


def _truncated_cdf(w: np.ndarray) -> np.ndarray:
    z = np.clip(w * TRUNCATED_STD, -2, 2)
    return (ndtr(z) - ndtr(-2)) / _INSIDE


_INSIDE = math.erf(math.sqrt(2))  # P(abs(z) <= 2)
_EDGE = math.exp(-2) / math.sqrt(2 * math.pi) / _INSIDE  # density of the rest at 2

DISTRIBUTIONS = {
    "normal": Law(ndtr, lambda p: ndtri((1 + p) / 2), 3),
    "uniform": Law(_uniform_cdf, lambda p: math.sqrt(3) * p, 9 / 5),
    "truncated_normal": Law(
        _truncated_cdf,
        lambda p: ndtri((1 + p * _INSIDE) / 2) / TRUNCATED_STD,
        (3 - 28 * _EDGE) / TRUNCATED_STD**4,
    ),
}
"""What can be checked."""

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


@cache
def std_bounds(
    n: int, distribution: str = "normal", alpha: float = ALPHA
) -> tuple[float, float]:
    """Compute between which bounds the root mean square of n weights lies.

    In units of the standard deviation, all weights being independent of mean 0.
    For the normal distribution ``n * RMS**2`` is chi-squared with n degrees of
    freedom.  The others are bounded, and Bernstein's inequality holds for
    ``y = w**2``: with ``L = log(2 / alpha)``, `v` the variance of y and `b` the
    furthest that y gets from its mean 1,
    ``|mean(y) - 1| <= sqrt(2 * v * L / n) + b * L / (3 * n)``.

    Parameters
    ----------
    n : int
        Number of weights.
    distribution : {"normal", "uniform", "truncated_normal"}
        What they are drawn from.
    alpha : float
        Probability, at most, of lying outside.

    Returns
    -------
    tuple of float
        Lower and upper bound.

    Notes
    -----
    Boucheron, Lugosi & Massart, Concentration Inequalities (2013), theorem 2.10.
    """
    law = DISTRIBUTIONS[distribution]
    if distribution == "normal":
        low, high = (2 / n * f(n / 2, alpha / 2) for f in (gammaincinv, gammainccinv))
    else:
        log = math.log(2 / alpha)
        furthest = law.reach(1) ** 2 - 1
        off = math.sqrt(2 * (law.fourth - 1) * log / n) + furthest * log / (3 * n)
        low, high = max(0, 1 - off), 1 + off
    return math.sqrt(low), math.sqrt(high)


def mean_bound(n: int, alpha: float = ALPHA) -> float:
    """Compute how far the mean of n weights may lie from 0, in standard deviations.

    ``sqrt(2 * log(2 / alpha) / n)``.  All three distributions are strictly
    sub-Gaussian, ``E[exp(t w)] <= exp(t**2 * std**2 / 2)``, and so is their mean.

    Parameters
    ----------
    n : int
        Number of weights.
    alpha : float
        Probability, at most, of lying further away.

    Returns
    -------
    float

    Notes
    -----
    Chernoff's bound: Boucheron, Lugosi & Massart (2013), section 2.3.  Truncated
    normal: Barreto, Marchal & Arbel, Optimal sub-Gaussian variance proxy for truncated
    Gaussian and exponential random variables (2025).
    """
    return math.sqrt(2 * math.log(2 / alpha) / n)


def gap_bound(n: int, alpha: float = ALPHA) -> float:
    """Compute how far n weights' distribution function may lie from the true one.

    ``sqrt(log(2 / alpha) / (2 * n))``, for the Kolmogorov-Smirnov distance.

    Parameters
    ----------
    n : int
        Number of weights.
    alpha : float
        Probability, at most, of lying further away.

    Returns
    -------
    float

    Notes
    -----
    Massart, The tight constant in the Dvoretzky-Kiefer-Wolfowitz inequality (1990).
    """
    return math.sqrt(math.log(2 / alpha) / (2 * n))


@cache
def largest_bounds(
    n: int, distribution: str = "normal", alpha: float = ALPHA
) -> tuple[float, float]:
    """Compute between which bounds the largest of n weights lies, signs left out.

    In units of the standard deviation.  All n stay below m with probability
    ``P(abs(w) <= m)**n``, which is alpha / 2 at the lower bound and 1 - alpha / 2 at
    the upper one.

    Parameters
    ----------
    n : int
        Number of weights.
    distribution : {"normal", "uniform", "truncated_normal"}
        What they are drawn from.
    alpha : float
        Probability of lying outside.

    Returns
    -------
    tuple of float
        Lower and upper bound.
    """
    reach = DISTRIBUTIONS[distribution].reach
    low, high = (float(reach(p ** (1 / n))) for p in (alpha / 2, 1 - alpha / 2))
    return low, high


def _require(true: bool, message: str) -> None:
    if not true:
        raise AssertionError(message)


def check_array(array: np.ndarray, shape: tuple[int, ...] | None = None) -> None:
    """Ask for an array of finite float64 numbers, in this shape if one is given.

    Parameters
    ----------
    array : numpy.ndarray
        What came from a submission.
    shape : tuple of int, optional
        Its shape.
    """
    _require(
        isinstance(array, np.ndarray),
        f"an array was asked for; this is of type {type(array).__name__}",
    )
    _require(
        shape is None or array.shape == tuple(shape),
        f"the shape should be {shape}; it is {array.shape}",
    )
    _require(
        array.dtype == np.float64,
        f"the numbers should be float64, NumPy's usual type; they are {array.dtype}",
    )
    _require(bool(np.isfinite(array).all()), "there is an inf or a nan in the array")


def check_varies(weights: np.ndarray) -> None:
    """Ask that the weights have a spread and are not copies of a few draws.

    Independent float64 numbers are all different, but for a chance far below `ALPHA`
    that one weight in a hundred repeats another.

    Parameters
    ----------
    weights : numpy.ndarray
        At least a hundred random weights.
    """
    ordered = np.sort(weights, axis=None)
    different = 1 + np.count_nonzero(np.diff(ordered))
    _require(different > 1, "all weights are the same number: nothing is random")
    _require(
        different > 0.99 * weights.size,
        "many weights occur more than once: is each drawn on its own?",
    )


def check_mean(weights: np.ndarray, std: float) -> None:
    """Ask for a mean of 0, within `mean_bound`.

    Parameters
    ----------
    weights : numpy.ndarray
        Random weights.
    std : float
        The standard deviation that they should have.
    """
    _require(
        abs(weights.mean()) <= std * mean_bound(weights.size),
        f"the mean of the weights, {weights.mean():.4g}, is too far from the right one",
    )


def check_std(weights: np.ndarray, std: float, distribution: str = "normal") -> None:
    """Ask for a standard deviation (about 0) within `std_bounds`.

    Parameters
    ----------
    weights : numpy.ndarray
        Random weights.
    std : float
        The standard deviation that they should have.
    distribution : {"normal", "uniform", "truncated_normal"}
        What they should be drawn from.
    """
    rms = float(np.sqrt(np.square(weights).mean()))
    low, high = std_bounds(weights.size, distribution)
    _require(rms > 0, "all weights are zero")
    _require(
        low * std <= rms <= high * std,
        f"the spread of the weights, {rms:.4g}, is not the one that was asked for",
    )


def check_distribution(
    weights: np.ndarray, std: float, distribution: str = "normal"
) -> None:
    """Ask for a Kolmogorov-Smirnov distance within `gap_bound`.

    Parameters
    ----------
    weights : numpy.ndarray
        Random weights.
    std : float
        The standard deviation that they should have.
    distribution : {"normal", "uniform", "truncated_normal"}
        What they should be drawn from.
    """
    n = weights.size
    heights = DISTRIBUTIONS[distribution].cdf(np.sort(weights, axis=None) / std)
    steps = np.arange(n + 1) / n
    gap = max((heights - steps[:-1]).max(), (steps[1:] - heights).max())
    _require(
        gap <= gap_bound(n),
        "the histogram of the weights has another shape or width than was asked for",
    )


def check_largest(
    weights: np.ndarray, std: float, distribution: str = "normal"
) -> None:
    """Ask that the largest weight lies within `largest_bounds`, signs left out.

    A few hundred weights tell one distribution from another by this.

    Parameters
    ----------
    weights : numpy.ndarray
        Random weights.
    std : float
        The standard deviation that they should have.
    distribution : {"normal", "uniform", "truncated_normal"}
        What they should be drawn from.
    """
    largest = float(np.abs(weights).max())
    low, high = largest_bounds(weights.size, distribution)
    _require(
        low * std <= largest <= high * std,
        f"the largest weight, {largest:.4g}, does not fit what was asked for",
    )


def check_weights(
    weights: np.ndarray,
    shape: tuple[int, ...],
    std: float,
    distribution: str = "normal",
) -> None:
    """Ask everything above of the weights of one layer; four checks depend on chance.

    Parameters
    ----------
    weights : numpy.ndarray
        What came from a submission.
    shape : tuple of int
        Its shape.
    std : float
        The standard deviation that they should have.
    distribution : {"normal", "uniform", "truncated_normal"}
        What they should be drawn from.
    """
    check_array(weights, shape)
    check_mean(weights, std)
    check_std(weights, std, distribution)
    weights = np.sort(weights, axis=None)  # once, and cheap from now on
    check_varies(weights)
    check_largest(weights, std, distribution)
    check_distribution(weights, std, distribution)


def check_reproducible(draw: Callable[[np.random.Generator], np.ndarray]) -> None:
    """Ask in three calls that the generator, and nothing else, decides.

    Generators of the same seed must give the same weights, of another seed others.

    Parameters
    ----------
    draw : callable
        ``rng -> weights``.
    """
    first, same, other = (draw(rng(stream)) for stream in (1, 1, 2))
    _require(
        np.array_equal(first, same),
        "two generators of the same seed gave different weights: "
        "is every number drawn from rng?",
    )
    _require(
        not np.array_equal(first, other),
        "generators of different seeds gave the same weights: is rng used?",
    )


def check_initializer(
    init: Callable[[tuple[int, ...], np.random.Generator], np.ndarray],
    shape: tuple[int, ...],
    std: float,
    distribution: str = "normal",
) -> None:
    """Ask that an initializer draws what it should and is reproducible.

    Parameters
    ----------
    init : callable
        ``(shape, rng) -> weights``.
    shape : tuple of int
        Shape of one layer's weights; of at least a thousand weights.
    std : float
        The standard deviation that they should have.
    distribution : {"normal", "uniform", "truncated_normal"}
        What they should be drawn from.
    """
    check_weights(init(shape, rng(3)), shape, std, distribution)
    few = tuple(min(n, 4) for n in shape)
    check_reproducible(lambda generator: init(few, generator))


def check_unrelated(first: np.ndarray, second: np.ndarray, std: float) -> None:
    """Ask that two layers of the same shape were drawn independently.

    Given the second, ``sum(first * second) / (std * norm(second))`` is sub-Gaussian
    with variance 1, so it lies within ±sqrt(2 log(2 / ALPHA)), see `mean_bound`.

    Parameters
    ----------
    first, second : numpy.ndarray
        Random weights of mean 0, in the same shape, at least a hundred.
    std : float
        Standard deviation of the first.
    """
    size = std * float(np.linalg.norm(second))
    _require(size > 0, "all weights are zero")
    _require(
        abs(float(np.vdot(first, second))) <= size * mean_bound(1),
        "two layers have similar weights: is each drawn anew?",
    )
