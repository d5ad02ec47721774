"""Mean field: the same network, infinitely wide.

There each pre-activation is Gaussian, and two numbers describe a layer: the second
moment ``q`` of a pre-activation and the correlation ``c`` of two inputs.
``weight_var`` is sigma_w**2, the variance of a weight times its fan_in, and
``bias_var`` is sigma_b**2 (Poole et al. 2016, Schoenholz et al. 2016).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import pairwise

import numpy as np
import scipy  # which loads its parts when they are used

from initlib._checks import check_callable, check_count, check_real
from initlib.activations import Activation, check_activation

_LIMIT = 12.0  # standard deviations; the mass beyond is 4e-33
_NEARLY_ZERO = 1e-16  # a variance that still sees both sides of a kink at 0


def _composite_rule(edges, nodes: int) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights of Gauss-Legendre quadrature on each panel between edges."""
    t, w = np.polynomial.legendre.leggauss(nodes)
    edges = np.asarray(edges)
    half = np.diff(edges)[:, None] / 2
    middle = (edges[:-1] + edges[1:])[:, None] / 2
    return (middle + half * t).ravel(), (half * w).ravel()


def _toward_zero(limit: float, halvings: int) -> np.ndarray:
    """Edges 0, ..., limit / 4, limit / 2, limit: fine where an activation bends."""
    return np.concatenate([[0.0], limit * 0.5 ** np.arange(halvings, -1, -1)])


def _half_line(halvings: int, panels: int, nodes: int):
    """Return a rule for the integral of f times the Gaussian density over z > 0."""
    edges = np.union1d(
        _toward_zero(_LIMIT, halvings), np.linspace(0, _LIMIT, panels + 1)
    )
    z, w = _composite_rule(edges, nodes)
    return z, w * np.exp(-np.square(z) / 2) / math.sqrt(2 * math.pi)


_Z, _WEIGHT = _half_line(halvings=40, panels=48, nodes=20)


def _mean(f, q: float) -> float:
    z = math.sqrt(q) * _Z
    return float(_WEIGHT @ (f(z) + f(-z)))


def gaussian_mean(f: Callable[[np.ndarray], np.ndarray], q: float = 1.0) -> float:
    """Compute ``E[f(z)]`` for z ~ N(0, q).

    Gauss-Legendre quadrature on panels that shrink toward 0 from both sides: right to
    rounding for functions that are smooth, that have a kink or a jump at 0, or that
    bend sharply there (tanh at large q).

    Parameters
    ----------
    f : callable
        Elementwise function of an array.
    q : float
        Variance of z; at least 0.

    Returns
    -------
    float

    Notes
    -----
    An oscillating f is resolved as long as it turns slowly on the scale of a panel:
    ``sin(z)`` up to about q = 1000.

    Examples
    --------
    >>> round(gaussian_mean(np.square, q=4.0), 9)
    4.0
    """
    return _mean(check_callable("f", f), check_real("q", q, least=0))


def gain(act: Activation) -> float:
    """Compute the factor that keeps the second moment of a layer: 1 / sqrt(E[phi(z)²]).

    With z ~ N(0, 1): sqrt 2 for ReLU; weights of variance ``gain**2 / fan_in`` then map
    second moment 1 to second moment 1.

    Parameters
    ----------
    act : Activation
        The activation.

    Returns
    -------
    float

    Examples
    --------
    >>> round(gain(relu), 3)  # sqrt 2
    1.414
    """
    check_activation(act)
    return 1 / math.sqrt(_mean(lambda z: np.square(act(z)), 1.0))


def q_map(q: float, act: Activation, weight_var: float, bias_var: float = 0.0) -> float:
    """Map the second moment of a pre-activation to that of the next layer.

    ``q' = weight_var * E[phi(z)**2] + bias_var`` with z ~ N(0, q).

    Parameters
    ----------
    q : float
        Second moment; at least 0.
    act : Activation
        The activation phi.
    weight_var, bias_var : float
        sigma_w**2 and sigma_b**2; at least 0.

    Returns
    -------
    float

    Notes
    -----
    Poole et al. (2016).

    Examples
    --------
    >>> round(q_map(1.0, relu, weight_var=2.0), 9)
    1.0
    >>> round(q_map(1.0, tanh, weight_var=1.0), 3)
    0.394
    """
    check_activation(act)
    q = check_real("q", q, least=0)
    weight_var = check_real("weight_var", weight_var, least=0)
    bias_var = check_real("bias_var", bias_var, least=0)
    return weight_var * _mean(lambda z: np.square(act(z)), q) + bias_var


def chi(act: Activation, weight_var: float, q: float) -> float:
    """Compute the factor by which a gradient's second moment grows through a layer.

    ``chi = weight_var * E[phi'(z)**2]`` with z ~ N(0, q): below 1 gradients vanish,
    above 1 they explode; its root is the factor of their RMS.

    Parameters
    ----------
    act : Activation
        The activation phi.
    weight_var : float
        sigma_w**2; at least 0.
    q : float
        Second moment of the pre-activations; at least 0.

    Returns
    -------
    float

    Notes
    -----
    Schoenholz et al. (2016).

    Examples
    --------
    >>> round(chi(relu, weight_var=2.0, q=1.0), 9)
    1.0
    >>> round(chi(tanh, weight_var=1.0, q=1.0), 3)
    0.464
    """
    check_activation(act)
    weight_var = check_real("weight_var", weight_var, least=0)
    q = check_real("q", q, least=0)
    return weight_var * _mean(lambda z: np.square(act.df(z)), q)


_RADIUS, _RADIAL = _composite_rule(
    np.union1d(_toward_zero(_LIMIT, 8), np.linspace(0, _LIMIT, 13)), nodes=10
)
_RADIAL = _RADIAL * _RADIUS * np.exp(-np.square(_RADIUS) / 2) / (2 * math.pi)
_UNIT_EDGES = _toward_zero(0.5, 12)
_ANGLE, _ANGULAR = _composite_rule(
    np.concatenate([_UNIT_EDGES, 1 - _UNIT_EDGES[-2::-1]]), nodes=8
)


def _pair_mean(f, q: float, c: float) -> float:
    """E[f(u) f(v)] for u, v ~ N(0, q) with correlation c.

    In polar coordinates ``u = r cos(t)`` and ``v = r cos(t - a)`` with ``cos(a) = c``,
    so a kink of f at 0 lies on four rays, between which everything is smooth.
    """
    a = math.acos(c)
    rays = (
        np.sort(np.array([-0.5, 0.5, a / math.pi - 0.5, a / math.pi + 0.5])) * math.pi
    )
    total = 0.0
    for start, end in zip(rays, [*rays[1:], rays[0] + 2 * math.pi], strict=True):
        t = start + (end - start) * _ANGLE[:, None]
        r = math.sqrt(q) * _RADIUS
        values = f(r * np.cos(t)) * f(r * np.cos(t - a))
        total += (end - start) * float(_ANGULAR @ values @ _RADIAL)
    return total


def c_map(
    c: float, act: Activation, weight_var: float, bias_var: float, q: float
) -> float:
    """Map the correlation of two inputs to that of the next layer, at second moment q.

    ``c' = (weight_var * E[phi(u) phi(v)] + bias_var) / q_map(q)`` with u, v ~ N(0, q)
    of correlation c; at a fixed point of `q_map` the denominator is q.

    Parameters
    ----------
    c : float
        Correlation, from -1 to 1.
    act : Activation
        The activation phi.
    weight_var, bias_var : float
        sigma_w**2 and sigma_b**2; at least 0.
    q : float
        Second moment of the pre-activations of both inputs; positive.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If the next layer is zero, and so has no correlation.

    Notes
    -----
    Poole et al. (2016); for ReLU it is the arc-cosine kernel of Cho & Saul (2009).
    An oscillating phi is resolved less far than by `gaussian_mean`: sin up to about
    q = 10.

    Examples
    --------
    >>> round(c_map(0.0, relu, weight_var=2.0, bias_var=0.0, q=1.0), 3)  # 1 / pi
    0.318
    """
    c = check_real("c", c, least=-1, most=1)
    q = check_real("q", q, above=0)
    q_next = q_map(q, act, weight_var, bias_var)
    if q_next == 0:
        raise ValueError("the next layer is zero and has no correlation")
    c_next = (weight_var * _pair_mean(act, q, c) + bias_var) / q_next
    return float(np.clip(c_next, -1, 1))  # rounding may lead beyond


@dataclass(frozen=True, eq=False)
class Forecast:
    """What an infinitely wide network makes of its inputs, layer by layer.

    Parameters
    ----------
    q : numpy.ndarray, (L,)
        Second moment of the pre-activations ``z[l]``.
    chi : numpy.ndarray, (L,)
        Factor of the gradient's second moment on its way back through the activation
        behind ``z[l]`` and the weights after it.
    correlate : callable
        Works `c` out.
    """

    q: np.ndarray
    chi: np.ndarray
    correlate: Callable[[], np.ndarray] = field(repr=False)

    @cached_property
    def c(self) -> np.ndarray:
        """Correlation of two inputs in ``z[l]``, (L,), worked out when it is asked for.

        Its double integral takes fifty times as long as the others.
        """
        return self.correlate()


def forecast(
    act: Activation,
    weight_var: float,
    depth: int,
    *,
    bias_var: float = 0.0,
    first: float = 1.0,
    c: float = 0.0,
) -> Forecast:
    """Follow signal, gradient and correlation through an infinitely wide network.

    The infinite twin of `propagate`: ``q[0] = weight_var * first + bias_var`` and
    ``q[l + 1] = q_map(q[l])``, `chi` at each of them, and from
    ``c[0] = (weight_var * first * c + bias_var) / q[0]`` on ``c[l + 1] = c_map(c[l])``
    at ``q[l]``.

    Parameters
    ----------
    act : Activation
        Activation of the hidden layers.
    weight_var : float
        sigma_w**2, the variance of a weight times its fan_in; at least 0.
    depth : int
        Number L of layers.
    bias_var : float
        sigma_b**2; at least 0.
    first : float
        Second moment of the inputs; at least 0.
    c : float
        Cosine of two inputs, from -1 to 1.

    Returns
    -------
    Forecast
        With q, chi and c, each (L,); c is NaN where q is 0.

    Raises
    ------
    RuntimeError
        If q leaves the finite numbers.

    Notes
    -----
    Poole et al. (2016), Schoenholz et al. (2016).

    Examples
    --------
    >>> wide = forecast(relu, weight_var=1.0, depth=4)
    >>> wide.q.round(3), wide.chi.round(3)
    (array([1.   , 0.5  , 0.25 , 0.125]), array([0.5, 0.5, 0.5, 0.5]))
    >>> wide.c.round(3)  # two inputs at right angles come nearer to each other
    array([0.   , 0.318, 0.494, 0.605])
    """
    check_activation(act)
    weight_var = check_real("weight_var", weight_var, least=0)
    bias_var = check_real("bias_var", bias_var, least=0)
    first = check_real("first", first, least=0)
    c = check_real("c", c, least=-1, most=1)
    q = [weight_var * first + bias_var]
    while len(q) < check_count("depth", depth):
        q.append(q_map(q[-1], act, weight_var, bias_var))
        if not math.isfinite(q[-1]):
            raise RuntimeError(f"q left the finite numbers at layer {len(q) - 1}")
    chis = [chi(act, weight_var, q_l) for q_l in q]
    shared = weight_var * first * c + bias_var  # E[z z'] of two inputs behind layer 0
    correlate = partial(_correlations, q, act, weight_var, bias_var, shared)
    return Forecast(np.array(q), np.array(chis), correlate)


def _correlations(q, act, weight_var, bias_var, shared) -> np.ndarray:
    c = [shared / q[0] if q[0] else math.nan]
    for here, behind in pairwise(q):
        if behind == 0:
            c.append(math.nan)
        elif here == 0:  # the activation makes the same of all inputs
            c.append(1.0)
        else:
            c.append(c_map(c[-1], act, weight_var, bias_var, here))
    return np.array(c)


def fixed_point(
    f: Callable[[float], float],
    start: float,
    *,
    tol: float = 1e-12,
    max_iter: int = 100_000,
) -> float:
    """Iterate ``x <- f(x)`` until a step is at most ``tol * max(1, |x|)``.

    Parameters
    ----------
    f : callable
        The map.
    start : float
        Where to begin.
    tol : float
        When to stop; positive.
    max_iter : int
        How long to try.

    Returns
    -------
    float

    Raises
    ------
    RuntimeError
        If the iteration leaves the finite numbers or does not settle in `max_iter`.

    Examples
    --------
    >>> round(fixed_point(lambda q: q_map(q, tanh, weight_var=2.0), 1.0), 3)
    0.618
    """
    check_callable("f", f)
    x, tol = check_real("start", start), check_real("tol", tol, above=0)
    for i in range(check_count("max_iter", max_iter)):
        last, x = x, float(f(x))
        if not math.isfinite(x):
            raise RuntimeError(f"the iteration left the finite numbers at step {i + 1}")
        if abs(x - last) <= tol * max(1.0, abs(x)):
            return x
    raise RuntimeError(
        f"no fixed point within {max_iter} iterations: the last step was {x - last:.2g}"
    )


def critical_weight_var(act: Activation, bias_var: float) -> tuple[float, float]:
    """Find the weight variance at which chi = 1 at the fixed point of the q-map.

    Eliminating weight_var from ``chi(q) = 1`` and ``q_map(q) = q`` leaves
    ``E[phi(z)**2] / E[phi'(z)**2] + bias_var = q``, which is solved for q.

    Parameters
    ----------
    act : Activation
        The activation phi.
    bias_var : float
        sigma_b**2; at least 0.

    Returns
    -------
    tuple of float
        ``(weight_var, q)``.  Where every q solves the equation (ReLU without biases),
        q is 1; where only the limit q -> 0 does (tanh without biases), q is 0.

    Raises
    ------
    ValueError
        If there is no critical point.

    Notes
    -----
    The edge of chaos: Poole et al. (2016), Schoenholz et al. (2016).

    Examples
    --------
    >>> weight_var, q = critical_weight_var(tanh, bias_var=0.05)
    >>> round(weight_var, 2), round(q, 2)
    (1.76, 0.57)
    """
    check_activation(act)
    bias_var = check_real("bias_var", bias_var, least=0)

    def excess(q):
        moment = _mean(lambda z: np.square(act(z)), q)
        return (moment / chi(act, 1.0, q) + bias_var) / q - 1

    grid = np.geomspace(1e-4, 1e4, 161)
    values = np.array([excess(q) for q in grid])
    if np.abs(values).max() < 1e-9:
        return 1 / chi(act, 1.0, 1.0), 1.0
    crossings = np.flatnonzero(np.sign(values[:-1]) != np.sign(values[1:]))
    if crossings.size:
        start, end = grid[crossings[0]], grid[crossings[0] + 1]
        q = scipy.optimize.brentq(excess, start, end, xtol=1e-14)
        return 1 / chi(act, 1.0, q), float(q)
    if bias_var == 0 and act(np.zeros(1))[0] == 0:
        return 1 / chi(act, 1.0, _NEARLY_ZERO), 0.0
    raise ValueError(f"{act.name} has no critical point at bias_var = {bias_var:g}")
