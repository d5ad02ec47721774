"""Activations: a function with its derivative, elementwise on arrays of any shape."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy  # which loads its parts when they are used

from initlib._checks import check_callable, check_real


@dataclass(frozen=True)
class Activation:
    """Pair an elementwise function with its derivative.

    Parameters
    ----------
    name : str
        Name shown in tables and messages.
    f : callable
        ``z -> phi(z)``, elementwise.
    df : callable
        ``z -> phi'(z)``, elementwise.
    df_of_f : callable, optional
        ``phi(z) -> phi'(z)``, where the derivative can be had from the value
        (tanh: ``1 - h**2``); saves the backward pass a second evaluation.
    """

    name: str
    f: Callable[[np.ndarray], np.ndarray]
    df: Callable[[np.ndarray], np.ndarray]
    df_of_f: Callable[[np.ndarray], np.ndarray] | None = None

    def __post_init__(self):
        if not isinstance(self.name, str):
            raise TypeError(f"name must be a string; got {self.name!r}")
        check_callable("f", self.f)
        check_callable("df", self.df)
        if self.df_of_f is not None:
            check_callable("df_of_f", self.df_of_f)

    def __call__(self, z):
        """Return ``phi(z)``."""
        return self.f(z)

    def __repr__(self):
        return f"Activation({self.name!r})"

    def slope(self, z, h):
        """Return ``phi'(z)``, from ``h = phi(z)`` where that is cheaper."""
        return self.df(z) if self.df_of_f is None else self.df_of_f(h)


def check_activation(act: Activation) -> Activation:
    """Return `act`, or raise TypeError if it is no Activation."""
    if not isinstance(act, Activation):
        raise TypeError(f"act must be an Activation, such as initlib.relu; got {act!r}")
    return act


def _one(z):
    return np.ones_like(z, dtype=np.float64)


def _step(z):
    return np.greater(z, 0.0).astype(np.float64)


def _normal_pdf(z):
    return np.exp(-np.square(z) / 2) / math.sqrt(2 * math.pi)


def _normal_cdf(z):
    return (1 + scipy.special.erf(np.asarray(z) / math.sqrt(2))) / 2


def _logistic(z):
    return scipy.special.expit(z)


def _silu_slope(z):
    s = _logistic(z)
    return s * (1 + z * (1 - s))


def leaky_relu(slope: float = 0.01) -> Activation:
    """Make a leaky ReLU: ``phi(z) = z`` for z > 0 and ``slope * z`` otherwise.

    Parameters
    ----------
    slope : float
        Slope of the negative side, finite.

    Returns
    -------
    Activation
        With ``phi'(0) = slope``.

    Notes
    -----
    Its gain is ``sqrt(2 / (1 + slope**2))`` [He et al. 2015, the PReLU case].

    Examples
    --------
    >>> leaky_relu(0.1)(np.array([-2.0, 3.0]))
    array([-0.2,  3. ])
    """
    slope = check_real("slope", slope)
    return Activation(
        f"leaky_relu({slope:g})",
        lambda z: np.where(np.greater(z, 0.0), z, slope * np.asarray(z)),
        lambda z: np.where(np.greater(z, 0.0), 1.0, slope),
    )


def _exponential_linear(name: str, alpha: float, scale: float = 1.0) -> Activation:
    """``scale * z`` for z > 0 and ``scale * alpha * (exp(z) - 1)`` otherwise."""
    return Activation(
        name,
        lambda z: scale * np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0.0))),
        lambda z: scale * np.where(z > 0, 1.0, alpha * np.exp(np.minimum(z, 0.0))),
    )


def _selu_constants() -> tuple[float, float]:
    """(alpha, lambda) for which N(0, 1) in gives mean 0 and variance 1 out.

    With z ~ N(0, 1), the mean of the negative side, E[exp(z) - 1; z < 0], fixes
    alpha; the second moment then fixes lambda [Klambauer et al. 2017].
    """
    tail = lambda k: math.exp(k * k / 2) * math.erfc(k / math.sqrt(2)) / 2  # noqa: E731
    alpha = -1 / math.sqrt(2 * math.pi) / (tail(1) - 0.5)
    second = 0.5 + alpha**2 * (tail(2) - 2 * tail(1) + 0.5)
    return alpha, 1 / math.sqrt(second)


linear = Activation("linear", np.positive, _one, _one)
sigmoid = Activation(
    "sigmoid",
    _logistic,
    lambda z: _logistic(z) * _logistic(-np.asarray(z)),
    lambda h: h * (1 - h),
)
tanh = Activation(
    "tanh", np.tanh, lambda z: 1 - np.square(np.tanh(z)), lambda h: 1 - np.square(h)
)
relu = Activation(
    "relu", lambda z: np.maximum(z, 0.0), _step, lambda h: np.greater(h, 0.0)
)
gelu = Activation(
    "gelu",
    lambda z: z * _normal_cdf(z),
    lambda z: _normal_cdf(z) + z * _normal_pdf(z),
)
silu = Activation("silu", lambda z: z * _logistic(z), _silu_slope)
elu = _exponential_linear("elu", 1.0)
selu = _exponential_linear("selu", *_selu_constants())
softsign = Activation(
    "softsign",
    lambda z: z / (1 + np.abs(z)),
    lambda z: 1 / np.square(1 + np.abs(z)),
    lambda h: np.square(1 - np.abs(h)),
)
softplus = Activation(
    "softplus", lambda z: np.logaddexp(0.0, z), _logistic, lambda h: -np.expm1(-h)
)
sin = Activation("sin", np.sin, np.cos)
