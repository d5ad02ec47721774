"""A multilayer perceptron as plain arrays: Params in, Trace out.

Everything with index ``i`` belongs to layer ``i``: ``h[i]`` enters it, ``z[i]`` leaves
it, and ``W[i]``, ``b[i]``, ``dz[i]``, ``dW[i]``, ``db[i]`` are its own.  All lists have
length L, the number of weight matrices; the output ``z[-1]`` is linear.

An *ensemble* of S networks is the same thing with a leading axis: weights
``(S, fan_in, fan_out)``, biases ``(S, fan_out)``, activations ``(S, batch, n)``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from initlib._checks import (
    check_array,
    check_callable,
    check_count,
    check_real,
    check_rng,
)
from initlib.activations import Activation, check_activation
from initlib.initializers import LARGEST, Initializer

Params = list[tuple[np.ndarray, np.ndarray]]

# glibc hands freed memory back to the system, and fetching it again takes a third of
# the time of a step of `fit`, unless a block as large (16 MiB) has been freed before.
np.empty(2**24, dtype=np.uint8)


@dataclass(frozen=True)
class Trace:
    """Everything that one run of a network touched, layer by layer.

    Parameters
    ----------
    params : Params
        The (W, b) of each layer, with shapes (fan_in, fan_out) and (fan_out,).
    h, z : list of numpy.ndarray, (..., batch, fan_in) and (..., batch, fan_out)
        What enters and what leaves each layer.
    dz, dW, db : list of numpy.ndarray, or None before the backward pass
        Gradients of the loss with respect to z, W and b, in their shapes.
    """

    params: Params
    h: list[np.ndarray]
    z: list[np.ndarray]
    dz: list[np.ndarray] | None = None
    dW: list[np.ndarray] | None = None
    db: list[np.ndarray] | None = None

    def __repr__(self):
        passes = "forward" if self.dz is None else "forward and backward"
        shapes = " -> ".join(str(z.shape) for z in [self.h[0], *self.z])
        return f"Trace({passes}: {shapes})"


def init_mlp(
    sizes: Sequence[int],
    init: Initializer | Sequence[Initializer],
    rng: np.random.Generator,
    *,
    bias_std: float = 0.0,
) -> Params:
    """Draw the parameters of a network with layers of the given sizes.

    ``W[i] = init((sizes[i], sizes[i + 1]), rng)`` and ``b[i] ~ N(0, bias_std**2)``.

    Parameters
    ----------
    sizes : sequence of int
        Number of inputs, units of each hidden layer, outputs; at least two entries.
    init : callable, or one for each layer
        ``(shape, rng) -> W``.
    rng : numpy.random.Generator
        Source of randomness; layers draw from it in order.
    bias_std : float
        Standard deviation of a bias; 0 makes every bias zero.

    Returns
    -------
    Params
        A list of (W, b), with shapes (fan_in, fan_out) and (fan_out,).

    Raises
    ------
    ValueError
        If `init` returns another shape, or weights that are not finite.

    Examples
    --------
    >>> params = init_mlp([64, 100, 10], he_normal, np.random.default_rng(0))
    >>> [W.shape for W, b in params], [b.shape for W, b in params]
    ([(64, 100), (100, 10)], [(100,), (10,)])
    """
    check_rng(rng)
    bias_std = check_real("bias_std", bias_std, least=0, most=LARGEST)
    if not isinstance(sizes, (list, tuple)) or len(sizes) < 2:
        raise ValueError(
            "sizes must be a list of at least two layer sizes, such as [64, 100, 10]; "
            f"got {sizes!r}"
        )
    sizes = [check_count(f"sizes[{i}]", n) for i, n in enumerate(sizes)]
    shapes = list(pairwise(sizes))
    inits = _check_inits(init, len(shapes))
    return [
        (_draw_weights(f, shape, rng), _draw_biases(shape[1], bias_std, rng))
        for f, shape in zip(inits, shapes, strict=True)
    ]


def _check_inits(init, layers: int) -> list[Initializer]:
    if not isinstance(init, (list, tuple)):
        return [check_callable("init", init)] * layers
    if len(init) != layers:
        raise ValueError(
            f"init must be one callable or one for each of the {layers} layers; "
            f"got {len(init)}"
        )
    return [check_callable(f"init[{i}]", f) for i, f in enumerate(init)]


def _draw_weights(init, shape, rng) -> np.ndarray:
    weights = check_array("the weights from init", init(shape, rng), ndim=2)
    if weights.shape != shape:
        raise ValueError(f"init must return shape {shape}; got {weights.shape}")
    return weights


def _draw_biases(n, bias_std, rng) -> np.ndarray:
    return bias_std * rng.standard_normal(n) if bias_std else np.zeros(n)


def stack(networks: Iterable[Params]) -> Params:
    """Stack S networks of equal sizes into one ensemble on a leading axis.

    Parameters
    ----------
    networks : list or other iterable of Params
        One or more networks with weights (fan_in, fan_out), alike in all shapes.

    Returns
    -------
    Params
        Weights (S, fan_in, fan_out) and biases (S, fan_out).

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> two = stack([init_mlp([64, 10], he_normal, rng) for _ in range(2)])
    >>> two[0][0].shape, two[0][1].shape
    ((2, 64, 10), (2, 10))
    """
    if not isinstance(networks, Iterable):
        raise TypeError(f"networks must be a list of Params; got {networks!r}")
    networks = [check_params(params) for params in networks]
    shapes = {tuple(W.shape for W, _ in params) for params in networks}
    if len(shapes) != 1:
        raise ValueError(
            "networks must be one or more networks of equal shapes; "
            f"got {len(networks)} networks with shapes {sorted(shapes)}"
        )
    return [
        (np.stack([W for W, _ in layer]), np.stack([b for _, b in layer]))
        for layer in zip(*networks, strict=True)
    ]


def check_pairs(params: Params) -> Params:
    """Return `params`, or raise TypeError if it is no list of pairs of arrays."""
    if not isinstance(params, (list, tuple)) or not params:
        raise TypeError(f"params must be a non-empty list of (W, b); got {params!r}")
    for i, layer in enumerate(params):
        if not isinstance(layer, (list, tuple)) or len(layer) != 2:
            raise TypeError(f"params[{i}] must be a pair (W, b); got {layer!r}")
        for name, array in zip("Wb", layer, strict=True):
            if not isinstance(array, np.ndarray) or array.dtype.kind not in "fiu":
                raise TypeError(
                    f"{name} of params[{i}] must be an array of real numbers; "
                    f"got {array!r}"
                )
    return params


def check_params(params: Params) -> Params:
    """Return `params`, or raise if it is no list of (W, b) whose shapes fit."""
    for i, (W, b) in enumerate(check_pairs(params)):
        if W.ndim < 2 or b.shape != W.shape[:-2] + W.shape[-1:]:
            raise ValueError(
                f"params[{i}] must have W (..., fan_in, fan_out) and b (..., fan_out); "
                f"got {W.shape} and {b.shape}"
            )
        if i and W.shape[-2] != params[i - 1][0].shape[-1]:
            raise ValueError(
                f"params[{i}] must take the {params[i - 1][0].shape[-1]} outputs of "
                f"the layer before it; got W of shape {W.shape}"
            )
    return params


def check_inputs(params: Params, x: np.ndarray) -> np.ndarray:
    """Return `x` as finite inputs (..., batch, n0) that fit the first layer."""
    x, n0 = check_array("x", x, ndim=2), params[0][0].shape[-2]
    if x.shape[-1] != n0:
        raise ValueError(
            f"x must have {n0} columns, the fan_in of the first layer; "
            f"got shape {x.shape}"
        )
    return x


def check_trace(trace: Trace, kind: type = Trace, source: str = "forward") -> Trace:
    """Return `trace`, or raise TypeError if it is not of the kind that source makes."""
    if not isinstance(trace, kind):
        raise TypeError(
            f"trace must be a {kind.__name__}, from {source}; got {trace!r}"
        )
    return trace


def check_dout(trace: Trace, dout: np.ndarray) -> np.ndarray:
    """Return `dout` as an array in the shape of the output."""
    dout, shape = check_array("dout", dout, ndim=2, finite=False), trace.z[-1].shape
    if dout.shape != shape:
        raise ValueError(
            f"dout must have the shape of the output, {shape}; got {dout.shape}"
        )
    return dout


def load_params(path, *, transpose: bool | None = None) -> tuple[Params, bool]:
    """Load the layers of a network from an ``.npz`` file, and say whether it turned W.

    The file holds a ``state_dict`` of torch or a like of it: arrays ``NAME.weight`` and
    ``NAME.bias`` in the order of the layers, as written by
    ``np.savez(path, **{k: v.numpy() for k, v in model.state_dict().items()})``.
    torch stores W as (fan_out, fan_in); here it is (fan_in, fan_out).

    Parameters
    ----------
    path : str, pathlib.Path, or open binary file
        The file.
    transpose : bool, optional
        Whether to turn each W round.  Unless given, the shapes decide: those of the
        biases, and of each layer beside the next.

    Returns
    -------
    tuple
        ``(params, transposed)``; a layer without a bias gets one of zeros.

    Raises
    ------
    ValueError
        If an array is neither a matrix of weights nor a vector of biases, if the layers
        do not fit, or if they fit both ways and `transpose` does not decide.

    Examples
    --------
    >>> import io
    >>> file = io.BytesIO()
    >>> arrays = {"0.weight": np.ones((100, 64)), "0.bias": np.zeros(100)}
    >>> np.savez(file, **arrays)
    >>> _ = file.seek(0)
    >>> params, transposed = load_params(file)
    >>> params[0][0].shape, transposed
    ((64, 100), True)
    """
    layers = _read_layers(path)
    if transpose is None:
        transpose = _stands_transposed(layers)
    elif not isinstance(transpose, bool):
        raise TypeError(f"transpose must be True, False or None; got {transpose!r}")
    turned = [(W.T if transpose else W, b) for W, b in layers]
    return check_params([_with_bias(W, b) for W, b in turned]), transpose


def _read_layers(path) -> list[tuple[np.ndarray, np.ndarray | None]]:
    with np.load(path, allow_pickle=False) as store:
        arrays = {name: store[name] for name in store.files}
    layers = {}
    for name, array in arrays.items():
        layer, _, kind = name.rpartition(".")
        if (kind, array.ndim) not in (("weight", 2), ("bias", 1)):
            raise ValueError(
                "each array must be a matrix NAME.weight or a vector NAME.bias; "
                f"got {name} of shape {array.shape}"
            )
        layers.setdefault(layer, {})[kind] = array.astype(np.float64)
    without = [name for name, layer in layers.items() if "weight" not in layer]
    if without or not layers:
        raise ValueError(f"each layer must have a weight; got none in {without}")
    return [(layer["weight"], layer.get("bias")) for layer in layers.values()]


def _with_bias(W: np.ndarray, b: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    return W, np.zeros(W.shape[-1]) if b is None else b


def _stands_transposed(layers) -> bool:
    """Tell by the shapes whether weights are (fan_out, fan_in)."""
    fits = {}
    for transposed in (False, True):
        turned = [(W.T if transposed else W, b) for W, b in layers]
        fits[transposed] = all(
            b is None or len(b) == W.shape[1] for W, b in turned
        ) and all(V.shape[1] == W.shape[0] for (V, _), (W, _) in pairwise(turned))
    if fits[False] == fits[True]:
        shapes = [W.shape for W, _ in layers]
        many = "both ways" if fits[True] else "neither way"
        raise ValueError(
            "transpose must say whether W stands as (fan_out, fan_in), since shapes "
            f"fit {many}; got {shapes}"
        )
    return fits[True]


def forward(params: Params, x: np.ndarray, act: Activation) -> Trace:
    """Run a network on inputs and keep everything it computed.

    ``h[0] = x``, ``z[i] = h[i] @ W[i] + b[i]``, ``h[i + 1] = act(z[i])``; the last z is
    the output, without activation.

    Parameters
    ----------
    params : Params
        A network, or an ensemble of S.
    x : numpy.ndarray, (batch, n0) or (S, batch, n0)
        Inputs, finite.
    act : Activation
        Activation of the hidden layers.

    Returns
    -------
    Trace
        With params, h and z.

    Examples
    --------
    >>> params = init_mlp([64, 100, 10], he_normal, np.random.default_rng(0))
    >>> trace = forward(params, np.ones((5, 64)), relu)
    >>> trace
    Trace(forward: (5, 64) -> (5, 100) -> (5, 10))
    >>> np.array_equal(trace.h[1], relu(trace.z[0]))
    True
    """
    check_params(params)
    check_activation(act)
    h, z = [check_inputs(params, x)], []
    for i, (W, b) in enumerate(params):
        if i:
            h.append(act(z[-1]))
        out = h[-1] @ W
        out += b[..., None, :]
        z.append(out)
    return Trace(params, h, z)


def backward(trace: Trace, act: Activation, dout: np.ndarray) -> Trace:
    """Send the gradient of a loss back through a network (backpropagation).

    ``dz[-1] = dout``, ``dz[i - 1] = (dz[i] @ W[i].T) * act.df(z[i - 1])``,
    ``dW[i] = h[i].T @ dz[i]``, ``db[i] = sum of dz[i] over the batch``.

    Parameters
    ----------
    trace : Trace
        From `forward`.
    act : Activation
        The activation that the forward pass used.
    dout : numpy.ndarray, (..., batch, n_out)
        Gradient of the loss with respect to the output ``z[-1]``, in its shape.

    Returns
    -------
    Trace
        The same trace with dz, dW and db.

    Examples
    --------
    >>> params = [(np.array([[2.0]]), np.zeros(1)), (np.array([[3.0]]), np.zeros(1))]
    >>> trace = forward(params, np.array([[5.0]]), relu)  # h = relu(5 * 2), z = 10 * 3
    >>> trace = backward(trace, relu, np.array([[1.0]]))
    >>> [dW.item() for dW in trace.dW]
    [15.0, 10.0]
    """
    check_trace(trace)
    check_activation(act)
    dz, layers = check_dout(trace, dout), []
    for i in reversed(range(len(trace.z))):
        layers.append((dz, trace.h[i].mT @ dz, np.einsum("...bj->...j", dz)))
        if i:
            dz = dz @ trace.params[i][0].mT
            dz *= act.slope(trace.z[i - 1], trace.h[i])
    dzs, dWs, dbs = map(list, zip(*reversed(layers), strict=True))
    return replace(trace, dz=dzs, dW=dWs, db=dbs)
