"""Networks with skips and normalization: the same Params, and passes of their own.

The first layer leads into a *stream* and the last one reads it.  The layers between
form *branches* of equal length: each reads the stream and adds its last z to it.  What
comes before an activation may be normalized, on the way into it (*pre*) or in the
stream itself, after each addition (*post*).  Without skips both are a plain
multilayer perceptron with normalization.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from initlib._checks import check_array, check_choice, check_count, check_real
from initlib.activations import Activation, check_activation
from initlib.mlp import (
    Params,
    Trace,
    check_dout,
    check_inputs,
    check_params,
    check_trace,
)

AXES = {"layer": -1, "batch": -2}


def _deviations(x, axis: int, eps: float) -> tuple[np.ndarray, np.ndarray]:
    """Return x without its mean along an axis, and the root of its variance + eps."""
    x = x - x.mean(axis=axis, keepdims=True)
    return x, np.sqrt(np.square(x).mean(axis=axis, keepdims=True) + eps)


def normalize(x: np.ndarray, norm: str = "layer", *, eps: float = 1e-5) -> np.ndarray:
    """Give every row (layer) or every column (batch) mean 0 and variance 1.

    ``y = (x - mean) / sqrt(variance + eps)``, over the units of an input for *layer*,
    over the inputs of the batch for *batch*; no gain or shift is learned.

    Parameters
    ----------
    x : numpy.ndarray, (..., batch, n)
        Such as the z of a layer.
    norm : {"layer", "batch"}
        Along which axis: the last, or the last but one.
    eps : float
        Added to the variance, so that what does not vary becomes 0.

    Returns
    -------
    numpy.ndarray, as `x`

    Notes
    -----
    Batch normalization: Ioffe & Szegedy (2015); layer normalization: Ba, Kiros & Hinton
    (2016).

    Examples
    --------
    >>> normalize(np.array([[1.0, 3.0], [5.0, 5.0]]), eps=1e-12).round(6)
    array([[-1.,  1.],
           [ 0.,  0.]])
    """
    x = check_array("x", x, ndim=2, finite=False)
    axis = AXES[check_choice("norm", norm, AXES)]
    deviations, size = _deviations(x, axis, check_real("eps", eps, least=0))
    return deviations / size


def normalize_back(
    x: np.ndarray, dy: np.ndarray, norm: str = "layer", *, eps: float = 1e-5
) -> np.ndarray:
    """Send the gradient of a loss back through `normalize`.

    ``dx = (dy - mean(dy) - y * mean(dy * y)) / sqrt(variance + eps)``: what would move
    a mean or a size has no effect, and is taken out.

    Parameters
    ----------
    x : numpy.ndarray, (..., batch, n)
        What was normalized.
    dy : numpy.ndarray, as `x`
        Gradient of the loss with respect to ``y = normalize(x)``.
    norm : {"layer", "batch"}
        As in `normalize`.
    eps : float
        As in `normalize`.

    Returns
    -------
    numpy.ndarray, as `x`

    Examples
    --------
    >>> x = np.array([[1.0, 2.0, 4.0]])
    >>> dx = normalize_back(x, np.array([[1.0, 0.0, 0.0]]))
    >>> print(abs(dx.sum()) < 1e-12, abs((dx * x).sum()) < 1e-5)  # neither has effect
    True True
    """
    x = check_array("x", x, ndim=2, finite=False)
    dy = check_array("dy", dy, ndim=2, finite=False)
    if dy.shape != x.shape:
        raise ValueError(f"dy must have the shape of x, {x.shape}; got {dy.shape}")
    axis = AXES[check_choice("norm", norm, AXES)]
    deviations, size = _deviations(x, axis, check_real("eps", eps, least=0))
    y = deviations / size
    dx = dy - dy.mean(axis=axis, keepdims=True)
    dx -= y * (dy * y).mean(axis=axis, keepdims=True)
    return dx / size


@dataclass(frozen=True)
class StreamTrace(Trace):
    """A Trace that also holds what each layer hands on: the stream, where it ends.

    Parameters
    ----------
    u : list of numpy.ndarray, (..., batch, fan_out)
        ``z[i]``, or ``stream + scale * z[i]`` where a branch ends at layer i.
    du : list of numpy.ndarray, or None before the backward pass
        Gradients of the loss with respect to u, in their shapes.
    """

    u: list[np.ndarray] | None = None
    du: list[np.ndarray] | None = None


@dataclass(frozen=True)
class _Passes:
    """Both passes of one kind of network; see `residual`."""

    branch: int
    norm: str
    place: str
    scale: float
    eps: float

    def _normalize(self, u):
        return u if self.norm == "none" else normalize(u, self.norm, eps=self.eps)

    def _normalize_back(self, u, dy):
        if self.norm == "none":
            return dy
        return normalize_back(u, dy, self.norm, eps=self.eps)

    def _ends(self, i: int, layers: int) -> bool:
        """Tell whether a branch ends at layer i."""
        return 0 < i < layers - 1 and self.branch > 0 and i % self.branch == 0

    def _check(self, params: Params, x: np.ndarray) -> np.ndarray:
        check_params(params)
        inner = len(params) - 2
        if self.branch and (inner < 0 or inner % self.branch):
            raise ValueError(
                "params must have a first layer, a last layer and between them a "
                f"multiple of branch={self.branch} layers; got {inner + 2} layers"
            )
        width = params[0][0].shape[-1]
        for i, (W, _) in enumerate(params):
            if self._ends(i, len(params)) and W.shape[-1] != width:
                raise ValueError(
                    f"params[{i}] ends a branch and must have {width} outputs, the "
                    f"width of the stream; got W of shape {W.shape}"
                )
        return check_inputs(params, x)

    def forward(self, params: Params, x: np.ndarray, act: Activation) -> StreamTrace:
        """Run the network: h, z, and in u the stream."""
        check_activation(act)
        h, z, u, stream = [self._check(params, x)], [], [], 0.0
        for i, (W, b) in enumerate(params):
            z.append(h[-1] @ W + b[..., None, :])
            ends = self._ends(i, len(params))
            u.append(stream + self.scale * z[i] if ends else z[i])
            normal = self._normalize(u[i]) if i < len(params) - 1 else u[i]
            if i == 0 or ends:
                stream = normal if self.place == "post" else u[i]
            h.append(act(normal))
        return StreamTrace(params, h[:-1], z, u=u)

    def backward(self, trace: StreamTrace, act: Activation, dout) -> StreamTrace:
        """Send the gradient back: dz, dW, db, and in du that of the stream."""
        check_trace(trace, StreamTrace, "the forward pass of residual")
        check_activation(act)
        d = check_dout(trace, dout)
        last, stream, layers = len(trace.z) - 1, 0.0, []
        for i in reversed(range(last + 1)):
            if i < last:
                d, stream = self._back(trace, act, i, d, stream)
            dz = self.scale * d if self._ends(i, last + 1) else d
            layers.append((dz, trace.h[i].mT @ dz, dz.sum(axis=-2), d))
            d = dz @ trace.params[i][0].mT
        dz, dW, db, du = map(list, zip(*reversed(layers), strict=True))
        return replace(trace, dz=dz, dW=dW, db=db, du=du)

    def _back(self, trace, act, i: int, dh, stream):
        """Return the gradients of u[i] and of the stream that entered its addition."""
        normal = self._normalize(trace.u[i])
        d = dh * act.slope(normal, trace.h[i + 1])
        joins = i == 0 or self._ends(i, len(trace.z))
        if joins and self.place == "post":
            d = d + stream
        d = self._normalize_back(trace.u[i], d)
        if joins and self.place == "pre":
            d = d + stream
        return d, (d if joins else stream)


def residual(
    branch: int = 1,
    *,
    norm: str = "none",
    place: str = "pre",
    scale: float = 1.0,
    eps: float = 1e-5,
) -> tuple[Callable, Callable]:
    """Return the forward and backward pass of a network of branches around a stream.

    ``h[i + 1] = act(N(u[i]))`` with the normalization N.  ``u[i] = z[i]``, except where
    a branch ends: there ``u[i] = stream + scale * z[i]``.  The stream goes on as
    ``u[i]`` (pre) or ``N(u[i])`` (post); it starts with layer 0.

    Parameters
    ----------
    branch : int
        Layers in each branch; 0 for a network without skips.
    norm : {"none", "layer", "batch"}
        What N does: see `normalize`; "batch" uses the given batch in each pass.
    place : {"pre", "post"}
        Whether N stands before the activations only, or in the stream.
    scale : float
        What each branch is multiplied by, such as ``1 / sqrt(branches)``.
    eps : float
        Added to the variances.

    Returns
    -------
    tuple of two callables
        ``(params, x, act) -> Trace`` and ``(trace, act, dout) -> Trace``, as `fit` and
        `propagate` take them.  Index i belongs to layer i, as in `forward`; the traces
        also hold u, and du, its gradient.

    Raises
    ------
    ValueError
        By the passes, if the layers between the first and the last are no whole
        branches, or a branch ends at another width than the stream's.

    Notes
    -----
    He et al. (2016), *Identity mappings*: "pre"; the names as in Xiong et al. (2020).
    A branch starts at zero when the W of its last layer does, as in Fixup (Zhang et al.
    2019) or with a normalization whose last gain is zero.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> params = init_mlp([100] * 12, he_normal, rng)  # ten branches of one layer
    >>> run, run_back = residual(1, scale=10**-0.5)
    >>> trace = run(params, rng.standard_normal((50, 100)), relu)
    >>> bool(growth(second_moment(trace.u[:-1])) < 1.2)  # about 1 + 1 / 10
    True
    """
    passes = _Passes(
        check_count("branch", branch, least=0),
        check_choice("norm", norm, ("none", *AXES)),
        check_choice("place", place, ("pre", "post")),
        check_real("scale", scale),
        check_real("eps", eps, least=0),
    )
    return passes.forward, passes.backward
