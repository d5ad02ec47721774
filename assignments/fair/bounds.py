"""Between which bounds random weights lie, for every number of them.

Each bound is left with a probability of at most `ALPHA`; none is an approximation.
"""

import math
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np
from scipy.special import gammainccinv, gammaincinv, ndtr, ndtri

from initlib import TRUNCATED_STD

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
