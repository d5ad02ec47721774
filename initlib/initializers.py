"""Initializers: functions ``(shape, rng) -> W`` that draw the weights of one layer.

A weight array has shape ``(..., fan_in, fan_out)``: a dense layer computes ``h @ W``,
and any axes before the last two are those of a convolution kernel.
(torch stores the transpose.)  Every array is float64.
"""

import math
from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
import scipy  # which loads its parts when they are used

from initlib._checks import check_choice, check_count, check_real, check_rng

Initializer = Callable[[tuple[int, ...], np.random.Generator], np.ndarray]

MODES = ("fan_in", "fan_out", "fan_avg")
DISTRIBUTIONS = ("normal", "uniform", "truncated_normal")

LARGEST = 1e300  # of a std or a limit: no draw leaves the finite numbers

TRUNCATED_STD = math.sqrt(
    1 - 4 * math.exp(-2) / math.sqrt(2 * math.pi) / math.erf(math.sqrt(2))
)
"""Standard deviation of N(0, 1) cut off at ±2, ``sqrt(1 - 4 pdf(2) / P(|z| < 2))``."""


def _check_shape(shape) -> tuple[int, ...]:
    if not isinstance(shape, (tuple, list)) or len(shape) < 2:
        raise ValueError(
            "shape must be a tuple of at least two axes, (..., fan_in, fan_out); "
            f"got {shape!r}"
        )
    return tuple(check_count(f"shape[{i}]", n) for i, n in enumerate(shape))


def _check_axes(name: str, axes: int | Sequence[int], ndim: int) -> list[int]:
    """Return one or several axes of an array, counted from the front."""
    axes = axes if isinstance(axes, (tuple, list)) else (axes,)
    return [check_count(name, i, least=-ndim, most=ndim - 1) % ndim for i in axes]


def compute_fans(
    shape: tuple[int, ...],
    *,
    in_axis: int | Sequence[int] = -2,
    out_axis: int | Sequence[int] = -1,
    batch_axis: int | Sequence[int] = (),
) -> tuple[int, int]:
    """Count the inputs of a unit and the outputs of an input.

    ``fan_in = kernel * inputs`` and ``fan_out = kernel * outputs``: the products of the
    axes of each kind.  The kernel is every axis that is not named, so that a dense
    layer has a kernel of 1.

    Parameters
    ----------
    shape : tuple of int, (..., in, out)
        Shape of a weight array; for a grouped convolution, the channels per group.
    in_axis, out_axis : int, or sequence of int
        The axes of the inputs and of the outputs, one or several of each.
    batch_axis : int, or sequence of int
        Axes that number independent arrays, such as the networks of an ensemble.

    Returns
    -------
    tuple of int
        ``(fan_in, fan_out)``.

    Notes
    -----
    The axes mean what they mean in ``jax.nn.initializers.variance_scaling``.

    Examples
    --------
    >>> compute_fans((784, 100))
    (784, 100)
    >>> compute_fans((3, 3, 16, 32))  # a convolution with a kernel of 3 x 3
    (144, 288)
    >>> compute_fans((32, 16, 3, 3), in_axis=1, out_axis=0)  # as torch stores it
    (144, 288)
    >>> compute_fans((72, 784, 100), batch_axis=0)  # an ensemble of 72 networks
    (784, 100)
    """
    shape = _check_shape(shape)
    named = {"in_axis": in_axis, "out_axis": out_axis, "batch_axis": batch_axis}
    groups = [_check_axes(name, axes, len(shape)) for name, axes in named.items()]
    together = [axis for group in groups for axis in group]
    if len(set(together)) < len(together) or not (groups[0] and groups[1]):
        raise ValueError(
            "in_axis and out_axis must name an axis each, and no axis may be named "
            f"twice; got {', '.join(f'{name}={axes}' for name, axes in named.items())}"
        )
    inputs, outputs, batch = (math.prod(shape[i] for i in group) for group in groups)
    kernel = math.prod(shape) // (inputs * outputs * batch)
    return kernel * inputs, kernel * outputs


def _truncated(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Draw N(0, 1) conditioned on |z| <= 2, by drawing again what lies outside."""
    z = rng.standard_normal(math.prod(shape))
    outside = np.flatnonzero(np.abs(z) > 2)
    while outside.size:
        z[outside] = rng.standard_normal(outside.size)
        outside = outside[np.abs(z[outside]) > 2]
    return z.reshape(shape)


def variance_scaling(
    shape: tuple[int, ...],
    rng: np.random.Generator,
    *,
    scale: float = 1.0,
    mode: Literal["fan_in", "fan_out", "fan_avg"] = "fan_in",
    distribution: Literal["normal", "uniform", "truncated_normal"] = "normal",
) -> np.ndarray:
    """Draw independent weights of mean 0 and variance ``scale / fan``.

    ``std = sqrt(scale / fan)`` with `fan` either fan_in, fan_out, or their mean.
    The uniform distribution has limit ``sqrt(3) * std``.  The truncated normal is
    cut at two standard deviations of its parent, whose std is
    ``std / TRUNCATED_STD``, so that what remains has variance ``scale / fan`` too.

    Parameters
    ----------
    shape : tuple of int, (..., in, out)
        Shape of the weights.
    rng : numpy.random.Generator
        Source of randomness.
    scale : float
        Variance of a weight times `fan`; positive.
    mode : {"fan_in", "fan_out", "fan_avg"}
        Which fan divides the scale.
    distribution : {"normal", "uniform", "truncated_normal"}
        Shape of the distribution; the variance is the same for all three.

    Returns
    -------
    numpy.ndarray of `shape`
        The weights.

    Notes
    -----
    Each named scheme below is one call of this function.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> W = variance_scaling((400, 100), rng, scale=3.0, mode="fan_out")
    >>> print(f"{W.var():.2f}")  # 3 / 100
    0.03
    """
    fan_in, fan_out = compute_fans(shape)
    fans = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}
    fan = fans[check_choice("mode", mode, MODES)]
    check_choice("distribution", distribution, DISTRIBUTIONS)
    std = math.sqrt(check_real("scale", scale, above=0) / fan)
    if distribution == "uniform":
        return uniform(shape, rng, limit=math.sqrt(3) * std)
    if distribution == "normal":
        return normal(shape, rng, std=std)
    weights = _truncated(tuple(shape), check_rng(rng))
    weights *= std / TRUNCATED_STD
    return weights


def zeros(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Set every weight to 0.

    Parameters
    ----------
    shape : tuple of int, (..., in, out)
        Shape of the weights.
    rng : numpy.random.Generator
        Unused; every initializer is called alike.

    Returns
    -------
    numpy.ndarray of `shape`

    Examples
    --------
    >>> zeros((2, 3), np.random.default_rng(0))
    array([[0., 0., 0.],
           [0., 0., 0.]])
    """
    check_rng(rng)
    return np.zeros(_check_shape(shape))


def constant(
    shape: tuple[int, ...], rng: np.random.Generator, *, value: float
) -> np.ndarray:
    """Set every weight to the same `value`.

    Parameters
    ----------
    shape : tuple of int, (..., in, out)
        Shape of the weights.
    rng : numpy.random.Generator
        Unused; every initializer is called alike.
    value : float
        The value, finite.

    Returns
    -------
    numpy.ndarray of `shape`

    Examples
    --------
    >>> constant((2, 3), np.random.default_rng(0), value=0.5)
    array([[0.5, 0.5, 0.5],
           [0.5, 0.5, 0.5]])
    """
    check_rng(rng)
    return np.full(_check_shape(shape), check_real("value", value))


def normal(
    shape: tuple[int, ...], rng: np.random.Generator, *, std: float
) -> np.ndarray:
    """Draw independent weights from N(0, ``std**2``).

    Parameters
    ----------
    shape : tuple of int, (..., in, out)
        Shape of the weights.
    rng : numpy.random.Generator
        Source of randomness.
    std : float
        Standard deviation of a weight; at least 0.

    Returns
    -------
    numpy.ndarray of `shape`

    Examples
    --------
    >>> W = normal((500, 500), np.random.default_rng(0), std=0.3)
    >>> print(f"{W.std():.2f}")
    0.30
    """
    std = check_real("std", std, least=0, most=LARGEST)
    weights = check_rng(rng).standard_normal(_check_shape(shape))
    weights *= std
    return weights


def uniform(
    shape: tuple[int, ...], rng: np.random.Generator, *, limit: float
) -> np.ndarray:
    """Draw independent weights from U(-limit, limit), of variance ``limit**2 / 3``.

    Parameters
    ----------
    shape : tuple of int, (..., in, out)
        Shape of the weights.
    rng : numpy.random.Generator
        Source of randomness.
    limit : float
        Half the width of the interval; at least 0.

    Returns
    -------
    numpy.ndarray of `shape`

    Examples
    --------
    >>> W = uniform((500, 500), np.random.default_rng(0), limit=0.3)
    >>> print(f"{abs(W).max():.3f} {W.var():.3f}")
    0.300 0.030
    """
    limit = check_real("limit", limit, least=0, most=LARGEST)
    return check_rng(rng).uniform(-limit, limit, _check_shape(shape))


def lecun_normal(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Draw weights from N(0, 1 / fan_in) [LeCun et al. 1998].

    `variance_scaling` with scale 1.0, fan_in, normal; see there for
    parameters, returns and errors.

    Examples
    --------
    >>> W = lecun_normal((400, 100), np.random.default_rng(0))
    >>> print(f"{W.var() * 400:.1f}")
    1.0
    """
    return variance_scaling(shape, rng, scale=1.0, mode="fan_in", distribution="normal")


def lecun_uniform(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Draw weights from U(±sqrt(3 / fan_in)) [LeCun et al. 1998].

    `variance_scaling` with scale 1.0, fan_in, uniform; see there for
    parameters, returns and errors.

    Examples
    --------
    >>> W = lecun_uniform((400, 100), np.random.default_rng(0))
    >>> print(f"{W.var() * 400:.1f}")
    1.0
    """
    return variance_scaling(
        shape, rng, scale=1.0, mode="fan_in", distribution="uniform"
    )


def xavier_normal(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Draw weights from N(0, 2 / (fan_in + fan_out)) [Glorot & Bengio 2010].

    `variance_scaling` with scale 1.0, fan_avg, normal; see there for
    parameters, returns and errors.

    Examples
    --------
    >>> W = xavier_normal((300, 100), np.random.default_rng(0))
    >>> print(f"{W.var() * 200:.1f}")
    1.0
    """
    return variance_scaling(
        shape, rng, scale=1.0, mode="fan_avg", distribution="normal"
    )


def xavier_uniform(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Draw weights from U(±sqrt(6 / (fan_in + fan_out))) [Glorot & Bengio 2010].

    `variance_scaling` with scale 1.0, fan_avg, uniform; see there for
    parameters, returns and errors.

    Examples
    --------
    >>> W = xavier_uniform((300, 100), np.random.default_rng(0))
    >>> print(f"{abs(W).max() ** 2 * 400:.1f}")
    6.0
    """
    return variance_scaling(
        shape, rng, scale=1.0, mode="fan_avg", distribution="uniform"
    )


def he_normal(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Draw weights from N(0, 2 / fan_in) [He et al. 2015].

    `variance_scaling` with scale 2.0, fan_in, normal; see there for
    parameters, returns and errors.

    Examples
    --------
    >>> W = he_normal((400, 100), np.random.default_rng(0))
    >>> print(f"{W.var() * 400:.1f}")
    2.0
    """
    return variance_scaling(shape, rng, scale=2.0, mode="fan_in", distribution="normal")


def he_uniform(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Draw weights from U(±sqrt(6 / fan_in)) [He et al. 2015].

    `variance_scaling` with scale 2.0, fan_in, uniform; see there for
    parameters, returns and errors.

    Examples
    --------
    >>> W = he_uniform((400, 100), np.random.default_rng(0))
    >>> print(f"{abs(W).max() ** 2 * 400:.1f}")
    6.0
    """
    return variance_scaling(
        shape, rng, scale=2.0, mode="fan_in", distribution="uniform"
    )


def torch_linear(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Draw weights from U(±1 / sqrt(fan_in)), the default of ``torch.nn.Linear``.

    `variance_scaling` with scale 1/3, fan_in, uniform; see there for
    parameters, returns and errors.  (torch draws the biases likewise.)

    Examples
    --------
    >>> W = torch_linear((400, 100), np.random.default_rng(0))
    >>> print(f"{abs(W).max():.3f}")  # 1 / 20
    0.050
    """
    return variance_scaling(
        shape, rng, scale=1 / 3, mode="fan_in", distribution="uniform"
    )


def orthogonal(
    shape: tuple[int, ...], rng: np.random.Generator, *, gain: float = 1.0
) -> np.ndarray:
    """Draw a matrix with orthonormal rows or columns, uniformly (Haar), times `gain`.

    With ``m = shape[0] * ... * shape[-2]`` and ``n = shape[-1]`` the weights, seen as
    an m x n matrix, satisfy ``W.T @ W = gain**2 * I`` if m >= n, and
    ``W @ W.T = gain**2 * I`` if m <= n.

    Parameters
    ----------
    shape : tuple of int, (..., in, out)
        Shape of the weights.
    rng : numpy.random.Generator
        Source of randomness.
    gain : float
        Every singular value of the matrix; at least 0.

    Returns
    -------
    numpy.ndarray of `shape`

    Notes
    -----
    For deep linear networks: Saxe, McClelland & Ganguli (2013).
    The Q of a Gaussian matrix's QR decomposition is uniform only if each column is
    multiplied by the sign of R's diagonal entry (Mezzadri 2007).  The Householder
    vectors of that decomposition are themselves independent Gaussian vectors
    (Stewart 1980), so they are drawn directly and nothing is decomposed.

    Examples
    --------
    >>> W = orthogonal((3, 2), np.random.default_rng(0), gain=2.0)
    >>> np.allclose(W.T @ W, 4 * np.eye(2))
    True
    """
    shape = _check_shape(shape)
    check_rng(rng)
    gain = check_real("gain", gain, least=0)
    rows, columns = math.prod(shape[:-1]), shape[-1]
    q = _haar(max(rows, columns), min(rows, columns), rng)
    weights = np.ascontiguousarray(q if rows >= columns else q.T).reshape(shape)
    weights *= gain
    return weights


_BLOCK = 64  # columns that LAPACK handles at a time


def _haar(m: int, n: int, rng: np.random.Generator) -> np.ndarray:
    """Draw m x n orthonormal columns (m >= n), uniformly."""
    v = np.tril(rng.standard_normal((m, n)))  # column k: the k-th Gaussian vector
    first = np.diag(v).copy()
    r = -np.copysign(np.linalg.norm(v, axis=0), first)  # diagonal of R
    v /= first - r  # LAPACK's reflectors, scaled to begin with 1
    q, _, info = scipy.linalg.lapack.dorgqr(
        np.asfortranarray(v), (r - first) / r, lwork=_BLOCK * n, overwrite_a=True
    )
    if info:
        raise RuntimeError(f"LAPACK dorgqr failed with info = {info}")
    q *= np.sign(r)
    return q
