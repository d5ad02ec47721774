"""Small data: handwritten digits (real) and spirals (a toy)."""

from typing import NamedTuple

import numpy as np

from initlib._checks import check_count, check_real, check_rng


class Split(NamedTuple):
    """Training and test data: inputs (n, features) and integer labels (n,)."""

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray


def digits(rng: np.random.Generator, *, test_fraction: float = 0.25) -> Split:
    """Load scikit-learn's 8 x 8 handwritten digits, split and standardized.

    Each of the 64 pixels is shifted and scaled to mean 0 and variance 1 over the
    training part; pixels that are constant there become 0.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws the split; the same seed gives the same split.
    test_fraction : float
        Part of the 1797 images that is held out, between 0 and 1.

    Returns
    -------
    Split
        Inputs (n, 64), float64, and labels 0 to 9.

    Raises
    ------
    ValueError
        If the fraction leaves no image on one side.

    Notes
    -----
    UCI Optical Recognition of Handwritten Digits, test part (Alpaydin & Kaynak 1998).

    Examples
    --------
    >>> data = digits(np.random.default_rng(0))
    >>> data.x_train.shape, data.x_test.shape
    ((1348, 64), (449, 64))
    """
    from sklearn.datasets import load_digits  # slow to import: only when needed

    x, y = load_digits(return_X_y=True)
    order = check_rng(rng).permutation(len(x))
    n_test = round(check_real("test_fraction", test_fraction, above=0) * len(x))
    if not 0 < n_test < len(x):
        raise ValueError(
            f"test_fraction must leave images on both sides; got {test_fraction:g}"
        )
    test, train = order[:n_test], order[n_test:]
    mean, std = x[train].mean(axis=0), x[train].std(axis=0)
    x = (x - mean) / np.where(std > 0, std, 1)
    x[:, std == 0] = 0
    return Split(x[train], y[train], x[test], y[test])


def spirals(
    rng: np.random.Generator,
    n: int = 300,
    *,
    classes: int = 3,
    turns: float = 0.75,
    noise: float = 0.05,
) -> tuple[np.ndarray, np.ndarray]:
    """Draw points on interleaved spirals in the plane, one spiral a class.

    Point t in [0, 1] of class k is ``t * (cos a, sin a)`` with
    ``a = 2 pi (k / classes + turns * t)``, plus N(0, ``noise**2``) in each coordinate.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of randomness.
    n : int
        Points in each class.
    classes : int
        Number of spirals, at least 2.
    turns : float
        Revolutions of each spiral.
    noise : float
        Standard deviation of the noise; at least 0.

    Returns
    -------
    tuple of numpy.ndarray
        Inputs (classes * n, 2) and integer labels (classes * n,).

    Examples
    --------
    >>> x, labels = spirals(np.random.default_rng(0), n=100, classes=3)
    >>> x.shape, np.bincount(labels)
    ((300, 2), array([100, 100, 100]))
    """
    check_rng(rng)
    n, classes = check_count("n", n), check_count("classes", classes, least=2)
    turns, noise = check_real("turns", turns), check_real("noise", noise, least=0)
    labels = np.repeat(np.arange(classes), n)
    t = np.tile(np.linspace(0, 1, n), classes)
    angle = 2 * np.pi * (labels / classes + turns * t)
    x = t[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    return x + noise * rng.standard_normal(x.shape), labels
