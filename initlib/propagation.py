"""Run a random network and measure it, layer by layer.

A list of layers holds arrays ``(..., batch, n)``: ``trace.h``, ``trace.z`` or
``trace.dz``.  Each measure returns one row a layer: shape (L,), or (L, S) for an
ensemble.
"""

from collections.abc import Callable, Sequence

import numpy as np

from initlib._checks import (
    check_array,
    check_callable,
    check_count,
    check_layers,
    check_real,
    check_rng,
)
from initlib.activations import Activation, check_activation, relu
from initlib.initializers import Initializer
from initlib.mlp import Params, Trace, backward, check_trace, forward, init_mlp


def propagate(
    sizes: Sequence[int],
    init: Initializer | Sequence[Initializer],
    act: Activation,
    rng: np.random.Generator,
    *,
    x: np.ndarray | None = None,
    batch: int = 256,
    bias_std: float = 0.0,
    passes: tuple[Callable, Callable] = (forward, backward),
) -> Trace:
    """Draw a network and send random inputs forward and random gradients backward.

    Unless x is given, its entries are N(0, 1); those of dout always are.

    Parameters
    ----------
    sizes : sequence of int
        Layer sizes, as for `init_mlp`.
    init : callable, or one for each layer
        Initializer of the weights.
    act : Activation
        Activation of the hidden layers.
    rng : numpy.random.Generator
        Draws weights, then inputs, then dout.
    x : numpy.ndarray, (batch, sizes[0]), optional
        Inputs to use instead.
    batch : int
        Number of random inputs; not used if x is given.
    bias_std : float
        Standard deviation of the biases.
    passes : pair of callables, optional
        For another network than a multilayer perceptron, as for `fit`.

    Returns
    -------
    Trace
        With both passes.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> trace = propagate([100] * 6, xavier_normal, relu, rng)
    >>> round(growth(rms(trace.z)), 1)  # 1 / sqrt(2) in each layer
    0.7
    """
    params = init_mlp(sizes, init, rng, bias_std=bias_std)
    if x is None:
        x = rng.standard_normal((check_count("batch", batch), sizes[0]))
    run, run_back = passes
    trace = run(params, x, act)
    return run_back(trace, act, rng.standard_normal(trace.z[-1].shape))


def second_moment(layers: Sequence[np.ndarray]) -> np.ndarray:
    """Compute the mean of ``h**2`` over inputs and units, layer by layer.

    Parameters
    ----------
    layers : list of numpy.ndarray, (..., batch, n)
        Such as ``trace.z``.

    Returns
    -------
    numpy.ndarray, (L, ...)

    Examples
    --------
    >>> second_moment([np.array([[3.0, 4.0]]), np.zeros((1, 7))])
    array([12.5,  0. ])
    """
    return np.array([np.square(h).mean(axis=(-2, -1)) for h in check_layers(layers)])


def rms(layers: Sequence[np.ndarray]) -> np.ndarray:
    """Compute the root mean square over inputs and units, layer by layer.

    ``sqrt(second_moment(layers))``, the size of a typical entry.

    Parameters
    ----------
    layers : list of numpy.ndarray, (..., batch, n)
        Such as ``trace.z``.

    Returns
    -------
    numpy.ndarray, (L, ...)

    Examples
    --------
    >>> rms([np.array([[1.0, 7.0]]), np.ones((1, 3))])
    array([5., 1.])
    """
    return np.sqrt(second_moment(layers))


def spread(layers: Sequence[np.ndarray]) -> np.ndarray:
    """Compute the standard deviation across inputs (RMS over the units of a layer).

    ``sqrt(mean over units of Var over inputs)``: 0 where a layer maps all inputs to
    one point, however large its second moment.

    Parameters
    ----------
    layers : list of numpy.ndarray, (..., batch, n)
        Such as ``trace.z``.

    Returns
    -------
    numpy.ndarray, (L, ...)

    Examples
    --------
    >>> same = np.full((4, 3), 2.0)  # four inputs that have become one
    >>> spread([same]), second_moment([same])
    (array([0.]), array([4.]))
    """
    layers = check_layers(layers)
    return np.array([np.sqrt(h.var(axis=-2).mean(axis=-1)) for h in layers])


def correlation(layers: Sequence[np.ndarray]) -> np.ndarray:
    """Compute the mean cosine between the layer's vectors of two different inputs.

    Inputs that a layer maps to the zero vector have no direction and are left out.

    Parameters
    ----------
    layers : list of numpy.ndarray, (..., batch, n)
        With a batch of at least 2.

    Returns
    -------
    numpy.ndarray, (L, ...)
        Between -1 and 1; NaN where fewer than two vectors are non-zero.

    Examples
    --------
    >>> correlation([np.array([[1.0, 0.0], [1.0, 1.0]])]).round(3)
    array([0.707])
    """
    layers = check_layers(layers)
    if min(h.shape[-2] for h in layers) < 2:
        raise ValueError("layers must hold a batch of at least 2 inputs; got 1")
    return np.array([_mean_cosine(h) for h in layers])


def _mean_cosine(h: np.ndarray) -> np.ndarray:
    length = np.linalg.norm(h, axis=-1, keepdims=True)
    unit = h / np.where(length > 0, length, 1)
    n = (length > 0).sum(axis=(-2, -1))
    pairs = np.square(unit.sum(axis=-2)).sum(axis=-1) - n  # sum over i != j
    with np.errstate(invalid="ignore"):
        return pairs / np.where(n > 1, n * (n - 1), np.nan)


def saturation(
    layers: Sequence[np.ndarray], act: Activation, *, tol: float = 0.01
) -> np.ndarray:
    """Compute the fraction of units that lie within `tol` of an asymptote of `act`.

    For tanh and ``tol=.01``: the fraction with ``|tanh(z)| > .99``.

    Parameters
    ----------
    layers : list of numpy.ndarray, (..., batch, n)
        Pre-activations, such as ``trace.z[:-1]``.
    act : Activation
        Whose limits at minus and plus infinity count, where they are finite.
    tol : float
        Distance from the asymptote that counts as saturated; positive.

    Returns
    -------
    numpy.ndarray, (L, ...)
        Between 0 and 1.

    Raises
    ------
    ValueError
        If `act` has no finite asymptote.

    Examples
    --------
    >>> saturation([np.array([[-3.0, 0.5], [2.0, 9.0]])], tanh)
    array([0.5])
    """
    layers = check_layers(layers)
    tol = check_real("tol", tol, above=0)
    limits = asymptotes(check_activation(act))
    if not limits:
        raise ValueError(f"act must have a finite asymptote; {act.name} has none")
    near = [[np.abs(act(z) - limit) < tol for limit in limits] for z in layers]
    return np.array([np.any(masks, axis=0).mean(axis=(-2, -1)) for masks in near])


def asymptotes(act: Activation) -> list[float]:
    """Return the finite limits of an activation at minus and plus infinity."""
    far = np.array([-1e3, -1e6, 1e3, 1e6])
    low, lower, high, higher = act(far)
    pairs = [(low, lower), (high, higher)]
    return [float(b) for a, b in pairs if abs(a - b) < 1e-2 * max(1.0, abs(b))]


def dead_fraction(layers: Sequence[np.ndarray]) -> np.ndarray:
    """Compute the fraction of units that are <= 0 for every input of the batch.

    Parameters
    ----------
    layers : list of numpy.ndarray, (..., batch, n)
        Pre-activations, or activations, of a ReLU network.

    Returns
    -------
    numpy.ndarray, (L, ...)
        Between 0 and 1.

    Examples
    --------
    >>> dead_fraction([np.array([[-1.0, 2.0], [-3.0, -4.0]])])
    array([0.5])
    """
    layers = check_layers(layers)
    return np.array([(h <= 0).all(axis=-2).mean(axis=-1) for h in layers])


def length_ratio(
    width: int, depth: int, count: int, rng: np.random.Generator
) -> np.ndarray:
    """Draw by what He networks multiply the squared length of an input.

    Given its input, a ReLU layer multiplies the squared length by the mean of
    ``2 * relu(g)**2`` over `width` standard normal g, drawn afresh in each layer: for
    one input no matrix is needed.

    Parameters
    ----------
    width, depth : int
        Units of each layer, and number of layers.
    count : int
        Number of networks.
    rng : numpy.random.Generator
        Draws the factors.

    Returns
    -------
    numpy.ndarray, (count,)
        Of mean 1; its logarithm varies by about ``5 * depth / width``.

    Notes
    -----
    Hanin & Rolnick (2018) prove it for general widths.

    Examples
    --------
    >>> ratios = length_ratio(100, 50, 4000, np.random.default_rng(0))
    >>> bool(np.median(ratios) < 0.5 < ratios.mean())
    True
    """
    check_rng(rng)
    shape = check_count("count", count), check_count("width", width)
    ratio = np.ones(shape[0])
    for _ in range(check_count("depth", depth)):
        ratio *= 2 * (relu(rng.standard_normal(shape)) ** 2).mean(axis=1)
    return ratio


def born_dead(
    width: int,
    depth: int,
    rng: np.random.Generator,
    *,
    count: int = 400,
    batch: int = 100,
) -> float:
    """Estimate the fraction of He networks whose ReLUs send nothing to the output.

    Parameters
    ----------
    width, depth : int
        Units of each hidden layer, and number of hidden layers.
    rng : numpy.random.Generator
        Draws inputs, then weights.
    count : int
        Number of networks.
    batch : int
        Number of random inputs for all of which the last hidden layer must be 0.

    Returns
    -------
    float
        Between 0 and 1; with one input about ``1 - (1 - 2**-width)**depth``.

    Notes
    -----
    Lu, Shin, Su & Karniadakis (2019).

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> born_dead(2, 10, rng) > 0.8 > born_dead(4, 10, rng)
    True
    """
    width, depth = check_count("width", width), check_count("depth", depth)
    count, batch = check_count("count", count), check_count("batch", batch)
    h = check_rng(rng).standard_normal((batch, width))
    for _ in range(depth):
        W = rng.standard_normal((count, width, width)) * np.sqrt(2 / width)
        h = relu(h @ W)
    return float((h == 0).all(axis=(1, 2)).mean())


def growth(values: Sequence[float]) -> float:
    """Compute the factor by which positive values grow from one layer to the next.

    The geometric mean of the successive ratios: ``(last / first)**(1 / (L - 1))``.

    Parameters
    ----------
    values : sequence of float, (L,) or (L, S)
        Positive and finite, L at least 2.

    Returns
    -------
    float, or numpy.ndarray of shape (S,)

    Examples
    --------
    >>> growth([3.0, 6.0, 12.0])
    2.0
    """
    values = check_array("values", values, ndim=1)
    if len(values) < 2 or (values <= 0).any():
        raise ValueError(
            f"values must be at least two numbers, all positive; got {values}"
        )
    factor = (values[-1] / values[0]) ** (1 / (len(values) - 1))
    return float(factor) if factor.ndim == 0 else factor


def jacobian_singular_values(
    trace: Trace, act: Activation, *, sample: int = 0
) -> np.ndarray:
    """Compute the singular values of d output / d input at one input.

    ``J = W[0] @ D[0] @ W[1] @ D[1] @ ... @ W[-1]`` with D[i] the diagonal matrix of
    ``act.df(z[i])``, in the layout of ``h @ W``.

    Parameters
    ----------
    trace : Trace
        From `forward`.
    act : Activation
        The activation that the forward pass used.
    sample : int
        Which row of the batch.

    Returns
    -------
    numpy.ndarray, (..., min(n0, n_out))
        In descending order.

    Notes
    -----
    Saxe, McClelland & Ganguli (2013); Pennington, Schoenholz & Ganguli (2017).

    Examples
    --------
    >>> params = init_mlp([8] * 6, orthogonal, np.random.default_rng(0))
    >>> trace = forward(params, np.ones((1, 8)), linear)
    >>> jacobian_singular_values(trace, linear).round(9)
    array([1., 1., 1., 1., 1., 1., 1., 1.])
    """
    check_trace(trace)
    check_activation(act)
    sample = check_count("sample", sample, least=0, most=trace.z[0].shape[-2] - 1)
    jacobian = trace.params[0][0]
    for z, (W, _) in zip(trace.z[:-1], trace.params[1:], strict=True):
        jacobian = (jacobian * act.df(z[..., sample, :])[..., None, :]) @ W
    return np.linalg.svd(jacobian, compute_uv=False)


def replicate(
    measure: Callable[[np.random.Generator], float], rng: np.random.Generator, n=16
) -> np.ndarray:
    """Call `measure` n times with independent random streams (``rng.spawn``).

    Parameters
    ----------
    measure : callable
        ``rng -> value``, a number or an array.
    rng : numpy.random.Generator
        Parent of the streams.
    n : int
        Number of replicates.

    Returns
    -------
    numpy.ndarray, (n, ...)

    Examples
    --------
    >>> values = replicate(lambda rng: rng.normal(), np.random.default_rng(0), n=1000)
    >>> print(f"{abs(values.mean()):.1f} {values.std():.1f}")
    0.0 1.0
    """
    check_callable("measure", measure)
    n = check_count("n", n)
    return np.array([measure(stream) for stream in check_rng(rng).spawn(n)])


def lsuv(
    params: Params, x: np.ndarray, act: Activation, *, tol: float = 0.02
) -> Params:
    """Rescale each layer in turn so that its pre-activations have variance 1.

    Layer-sequential unit variance: ``W[i] /= std(z[i])`` on the batch x, from the first
    layer to the last, again while the variance is off by more than `tol` (z is linear
    in W, so that once is enough unless there are biases).

    Parameters
    ----------
    params : Params
        A network, or an ensemble of S; usually orthogonal to begin with.
    x : numpy.ndarray, (batch, n0)
        Inputs.
    act : Activation
        Activation of the hidden layers.
    tol : float
        Allowed error of the variance; positive.

    Returns
    -------
    Params
        New arrays; the given ones are left as they are.

    Raises
    ------
    ValueError
        If a layer's output does not vary over x.

    Notes
    -----
    Mishkin & Matas (2015).

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> x, params = rng.normal(size=(99, 50)), init_mlp([50] * 4, orthogonal, rng)
    >>> z = forward(lsuv(params, x, relu), x, relu).z
    >>> print(*(f"{z_i.var():.2f}" for z_i in z))
    0.99 1.00 1.00
    """
    tol = check_real("tol", tol, above=0)
    forward(params, x, act)  # checks params, x and act
    scaled, h = [], np.asarray(x, dtype=np.float64)
    for i, (W, b) in enumerate(params):
        W = _unit_variance(W, b, h, tol, layer=i)
        scaled.append((W, b.copy()))
        h = act(h @ W + b[..., None, :])
    return scaled


def _unit_variance(W, b, h, tol, *, layer, tries=100) -> np.ndarray:
    for _ in range(tries):
        variance = (h @ W + b[..., None, :]).var(axis=(-2, -1), keepdims=True)
        if not (variance > 0).all():
            raise ValueError(f"the output of layer {layer} does not vary over x")
        if (np.abs(variance - 1) <= tol).all():
            return W
        W = W / np.sqrt(variance)
    raise ValueError(f"the variance of layer {layer} did not reach 1 in {tries} tries")
