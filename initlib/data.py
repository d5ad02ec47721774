"""Small data: handwritten digits (real), spirals (a toy), and what libraries draw."""

import csv
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np

from initlib._checks import check_choice, check_count, check_real, check_rng

TABLES = {"digits": ("digits.csv.gz", 0), "iris": ("iris.csv", 1)}  # with head lines
AUDITED = Path(__file__).with_name("audited.csv")


class Split(NamedTuple):
    """Training and test data: inputs (n, features) and integer labels (n,)."""

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray


def read_table(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Read data as scikit-learn ships them.

    The file alone is read: importing scikit-learn takes longer than many an experiment.

    Parameters
    ----------
    name : {"digits", "iris"}
        Handwritten digits, 64 pixels of 0 to 16 each, or flowers: length and width of
        a sepal, then of a petal, in centimetres.

    Returns
    -------
    tuple
        Inputs (n, features), float64, and labels (n,): 1797 digits, 0 to 9, or 150
        flowers, 0 to 2 for *setosa*, *versicolor* and *virginica*.

    Raises
    ------
    ModuleNotFoundError
        If scikit-learn is not installed.

    Notes
    -----
    UCI Optical Recognition of Handwritten Digits, test part (Alpaydin & Kaynak 1998);
    Iris (Fisher 1936).

    Examples
    --------
    >>> pixels, labels = read_table("digits")
    >>> pixels.shape, pixels.max().item()
    ((1797, 64), 16.0)
    """
    file, head = TABLES[check_choice("name", name, TABLES)]
    if (found := find_spec("sklearn")) is None:
        raise ModuleNotFoundError(f"the {name} come with scikit-learn: install it")
    path = Path(found.origin).with_name("datasets") / "data" / file
    table = np.loadtxt(path, delimiter=",", skiprows=head)
    return table[:, :-1], table[:, -1].astype(int)


def digits(rng: np.random.Generator, *, test_fraction: float = 0.25) -> Split:
    """Load the digits of `read_table`, split and standardized.

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
    ModuleNotFoundError
        If scikit-learn is not installed.

    Examples
    --------
    >>> data = digits(np.random.default_rng(0))
    >>> data.x_train.shape, data.x_test.shape
    ((1348, 64), (449, 64))
    """
    x, y = read_table("digits")
    order = check_rng(rng).permutation(len(x))
    n_test = round(check_real("test_fraction", test_fraction) * len(x))
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


class LibraryWeight(NamedTuple):
    """One weight of a layer as a library draws it: where it is from, what was measured.

    `fan_in` counts the inputs that a unit adds up and `fan_out` the units that an input
    reaches, whatever the library counts; None where a weight has no fans.  `largest` is
    the largest distance from the mean, None where the distribution has none.
    """

    library: str
    version: str
    make: str
    tensor: str
    shape: tuple[int, ...]
    distribution: str
    mean: float
    std: float
    largest: float | None
    fan_in: float | None
    fan_out: float | None


def library_defaults(library: str | None = None) -> list[LibraryWeight]:
    """Load what six libraries draw where nobody asks for anything else.

    Each line was measured in the library itself, over many draws; `version` says of
    which release.  The table is stored with initlib and needs no other library.

    Parameters
    ----------
    library : {"torch", "Keras", "JAX", "Flax", "Haiku", "scikit-learn"}, optional
        The one that is wanted; all of them if not given.

    Returns
    -------
    list of LibraryWeight
        The weights of layers, and what the named initializers draw.

    Examples
    --------
    >>> dense, *_ = library_defaults("torch")
    >>> dense.make, dense.distribution, dense.fan_in
    ('nn.Linear(300, 200)', 'uniform', 300.0)
    >>> print(f"{dense.fan_in * dense.std**2:.2f}")  # one third
    0.33
    """
    _, *lines = AUDITED.read_text(encoding="utf-8").splitlines()
    weights = [_weight(line) for line in csv.DictReader(lines)]
    if library is None:
        return weights
    names = list(dict.fromkeys(weight.library for weight in weights))
    check_choice("library", library, names)
    return [weight for weight in weights if weight.library == library]


def _weight(line: dict[str, str]) -> LibraryWeight:
    numbers = ("mean", "std", "largest", "fan_in", "fan_out")
    known = {name: float(line[name]) if line[name] else None for name in numbers}
    shape = tuple(int(n) for n in line["shape"].split(" x ") if n)
    fields = {name: line[name] for name in LibraryWeight._fields}
    return LibraryWeight(**fields | known | {"shape": shape})
