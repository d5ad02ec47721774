"""What is asked of random answers; each raises `AssertionError` with a hint."""

from collections.abc import Callable

import numpy as np

from assignments.fair.bounds import (
    DISTRIBUTIONS,
    gap_bound,
    largest_bounds,
    mean_bound,
    std_bounds,
)
from assignments.fair.streams import rng


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
