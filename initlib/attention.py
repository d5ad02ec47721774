"""A transformer as plain arrays: attention, blocks behind a layer norm, both passes.

A *stream* ``(..., batch, tokens, width)`` runs from the embedding to the head; each
block reads it twice, normalized, and adds what attention and a small MLP make of it
(pre-LN: Xiong et al. 2020).  The params are a list of (W, b) as those of a multilayer
perceptron: the embedding of token and position, for each block its six layers in the
order of `BLOCK`, and the head.  So `initlib.fit` trains them, with
``passes=(forward_transformer, backward_transformer)``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from initlib._checks import check_array, check_choice, check_count
from initlib.activations import Activation, check_activation
from initlib.initializers import Initializer
from initlib.mlp import (
    Params,
    Trace,
    check_dout,
    check_params,
    check_trace,
    init_mlp,
)
from initlib.residual import normalize, normalize_back

BLOCK = ("query", "key", "value", "output", "up", "down")
WIDER = 4  # units of an MLP's hidden layer for each of the stream


def attention_weights(q: np.ndarray, k: np.ndarray, *, heads: int = 1) -> np.ndarray:
    """Compute how much each token reads of every token.

    ``softmax(q @ k.T / sqrt(width / heads))`` in each head, row by row.

    Parameters
    ----------
    q, k : numpy.ndarray, (..., tokens, width)
        Queries and keys.
    heads : int
        Number of heads, each with its own share of the width.

    Returns
    -------
    numpy.ndarray, (..., heads, tokens, tokens)
        Positive, with rows that add up to 1.

    Raises
    ------
    ValueError
        If the shapes differ, or the heads do not divide the width.

    Notes
    -----
    Vaswani et al. (2017), scaled dot-product attention.

    Examples
    --------
    >>> q, k = np.array([[0.0], [1.0]]), np.array([[0.0], [np.log(3)]])
    >>> attention_weights(q, k)
    array([[[0.5 , 0.5 ],
            [0.25, 0.75]]])
    """
    q, k = (_by_head(a, heads) for a in _check_alike(q=q, k=k))
    scores = q @ k.mT / np.sqrt(q.shape[-1])
    scores -= scores.max(axis=-1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=-1, keepdims=True)
    return scores


def _check_alike(**arrays) -> list[np.ndarray]:
    arrays = {
        name: check_array(name, array, ndim=2, finite=False)
        for name, array in arrays.items()
    }
    if len(shapes := {array.shape for array in arrays.values()}) > 1:
        raise ValueError(
            f"{', '.join(arrays)} must have the same shape; got {sorted(shapes)}"
        )
    return list(arrays.values())


def _by_head(a: np.ndarray, heads: int) -> np.ndarray:
    """Cut (..., tokens, width) into (..., heads, tokens, width / heads)."""
    *others, width = a.shape
    if width % check_count("heads", heads):
        raise ValueError(f"heads must divide the width, {width}; got {heads}")
    return a.reshape(*others, heads, width // heads).swapaxes(-2, -3)


def _side_by_side(a: np.ndarray) -> np.ndarray:
    """Put (..., heads, tokens, n) together, as (..., tokens, heads * n)."""
    a = a.swapaxes(-2, -3)
    return a.reshape(*a.shape[:-2], -1)


def attend(
    q: np.ndarray, k: np.ndarray, v: np.ndarray, *, heads: int = 1
) -> np.ndarray:
    """Let each token take the mean of all values that its query asks for.

    ``attention_weights(q, k) @ v`` in each head, the heads side by side.

    Parameters
    ----------
    q, k, v : numpy.ndarray, (..., tokens, width)
        Queries, keys and values.
    heads : int
        Number of heads, each with its own share of the width.

    Returns
    -------
    numpy.ndarray, (..., tokens, width)

    Raises
    ------
    ValueError
        If the shapes differ, or the heads do not divide the width.

    Notes
    -----
    Vaswani et al. (2017).

    Examples
    --------
    >>> nothing_asked, v = np.zeros((2, 1)), np.array([[1.0], [4.0]])
    >>> attend(nothing_asked, nothing_asked, v)
    array([[2.5],
           [2.5]])
    """
    q, k, v = _check_alike(q=q, k=k, v=v)
    return _side_by_side(attention_weights(q, k, heads=heads) @ _by_head(v, heads))


def _attend_back(q, k, v, dout, heads: int) -> list[np.ndarray]:
    """Return the gradients of a loss with respect to q, k and v."""
    weights = attention_weights(q, k, heads=heads)
    q, k, v, dout = (_by_head(a, heads) for a in (q, k, v, dout))
    d = dout @ v.mT
    d -= (weights * d).sum(axis=-1, keepdims=True)
    dscores = weights * d / np.sqrt(q.shape[-1])
    back = dscores @ k, dscores.mT @ q, weights.mT @ dout
    return [_side_by_side(gradient) for gradient in back]


def init_transformer(
    sizes: Sequence[int],
    init: Initializer,
    rng: np.random.Generator,
    *,
    factors: Mapping[str, float | Sequence[float]] | None = None,
) -> Params:
    """Draw the parameters of a transformer; every bias is zero.

    Parameters
    ----------
    sizes : sequence of four int
        Kinds of tokens (also of outputs), positions, width, number of blocks.
    init : callable
        ``(shape, rng) -> W``, for every weight matrix.
    rng : numpy.random.Generator
        Source of randomness; layers draw from it in order.
    factors : mapping of str to float, or to one float for each block
        What the weights are multiplied by: "embedding", "query", "key", "value",
        "output", "up", "down", "head"; 1 if not given.

    Returns
    -------
    Params
        A list of 6 * blocks + 2 pairs (W, b); the embedding has a row for each kind of
        token, then one for each position.

    Raises
    ------
    ValueError
        If there is no layer of that name, or not a factor for each block.

    Notes
    -----
    "output" and "down" write into the stream; Radford et al. (2019) scale them by one
    over the square root of their number, twice that of the blocks.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> params = init_transformer([10, 8, 32, 1], lecun_normal, rng)
    >>> [W.shape for W, b in params]  # doctest: +NORMALIZE_WHITESPACE
    [(18, 32), (32, 32), (32, 32), (32, 32), (32, 32), (32, 128), (128, 32), (32, 10)]
    """
    kinds, positions, width, depth = _check_sizes(sizes)
    each = [width] * 5 + [WIDER * width]
    params = init_mlp([kinds + positions, *each * depth, width, kinds], init, rng)
    scales = np.ones(len(params))
    for name, factor in (factors or {}).items():
        check_choice("a name in factors", name, ["embedding", *BLOCK, "head"])
        scales[_places(name, depth)] = _check_factor(name, factor, depth)
    return [(s * W, b) for s, (W, b) in zip(scales, params, strict=True)]


def _check_sizes(sizes) -> list[int]:
    if not isinstance(sizes, (list, tuple)) or len(sizes) != 4:
        raise ValueError(
            "sizes must be [kinds of tokens, positions, width, blocks], four numbers; "
            f"got {sizes!r}"
        )
    return [check_count(f"sizes[{i}]", n) for i, n in enumerate(sizes)]


def _places(name: str, depth: int) -> slice:
    ends = {"embedding": slice(0, 1), "head": slice(-1, None)}
    if name in ends:
        return ends[name]
    return slice(1 + BLOCK.index(name), 1 + len(BLOCK) * depth, len(BLOCK))


def _check_factor(name: str, factor, depth: int) -> np.ndarray:
    factor = check_array(f"factors[{name!r}]", factor, ndim=0)
    if factor.shape not in ((), (depth,)):
        raise ValueError(
            f"factors[{name!r}] must be a number or one for each of the {depth} "
            f"blocks; got shape {factor.shape}"
        )
    return factor


def forward_transformer(
    params: Params, x: np.ndarray, act: Activation, *, heads: int = 1
) -> Trace:
    """Run a transformer on sequences of tokens and keep everything it computed.

    ``stream += W_o(attend(W_q(n), W_k(n), W_v(n)))`` with ``n = normalize(stream)``,
    then ``stream += W_down(act(W_up(normalize(stream))))``, in each block; the head
    reads the normalized stream.  Each token reads all tokens of its sequence.

    Parameters
    ----------
    params : Params
        From `init_transformer`, or an ensemble of S by `stack`.
    x : numpy.ndarray, (batch, tokens)
        Tokens 0, 1, 2, ...; at most as many as there are positions.
    act : Activation
        Activation of the MLPs.
    heads : int
        Number of heads.

    Returns
    -------
    Trace
        One h (..., batch, tokens, fan_in) and one z for each weight matrix; ``z[-1]``
        holds an output for each token.

    Raises
    ------
    ValueError
        If params are not those of a transformer, or x does not hold its tokens.

    Notes
    -----
    Vaswani et al. (2017); the normalization before each branch: Xiong et al. (2020).

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> params = init_transformer([10, 8, 32, 2], lecun_normal, rng)
    >>> forward_transformer(params, np.zeros((5, 8)), gelu, heads=4).z[-1].shape
    (5, 8, 10)
    """
    check_activation(act)
    h, z = [], []
    layer = partial(_layer, _check_transformer(params), h, z)
    stream = layer(_one_hot(params, x))
    for _ in range(len(params) // len(BLOCK)):
        n = normalize(stream)
        q, k, v = layer(n), layer(n), layer(n)
        stream = stream + layer(attend(q, k, v, heads=heads))
        stream = stream + layer(act(layer(normalize(stream))))
    layer(normalize(stream))
    return Trace(params, h, z)


def _check_transformer(params: Params) -> Params:
    check_params(params)
    blocks, rest = divmod(len(params) - 2, len(BLOCK))
    if blocks < 1 or rest:
        raise ValueError(
            f"params must hold 2 layers and {len(BLOCK)} for each block; "
            f"got {len(params)}"
        )
    return params


def _layer(params: Params, h: list, z: list, entering: np.ndarray) -> np.ndarray:
    """Apply the next layer, and keep what enters it and what leaves it."""
    W, b = params[len(z)]
    h.append(entering)
    z.append(_times(entering, W) + b[..., None, None, :])
    return z[-1]


def _rows(h: np.ndarray) -> np.ndarray:
    """Lay all tokens of all sequences in one axis."""
    return h.reshape(*h.shape[:-3], -1, h.shape[-1])


def _times(h: np.ndarray, W: np.ndarray) -> np.ndarray:
    out = _rows(h) @ W
    return out.reshape(*out.shape[:-2], *h.shape[-3:-1], out.shape[-1])


def _one_hot(params: Params, x) -> np.ndarray:
    """Mark the token and, behind all tokens, the position."""
    x = check_array("x", x, ndim=2)
    rows, kinds = params[0][0].shape[-2], params[-1][0].shape[-1]
    if x.ndim != 2 or x.shape[1] > rows - kinds:
        raise ValueError(
            f"x must have shape (batch, tokens) with at most {rows - kinds} tokens; "
            f"got {x.shape}"
        )
    if (x != x.round()).any() or x.min() < 0 or x.max() >= kinds:
        raise ValueError(f"x must hold tokens 0..{kinds - 1}; got {x.min()}..{x.max()}")
    token = np.eye(kinds, rows)[x.astype(int)]
    return token + np.eye(x.shape[1], rows, kinds)


def streams(trace: Trace) -> list[np.ndarray]:
    """Add up what the branches have written into the stream of a transformer.

    Parameters
    ----------
    trace : Trace
        From `forward_transformer`.

    Returns
    -------
    list of numpy.ndarray, (..., batch, tokens, width)
        The stream behind the embedding and behind each branch: 2 * blocks + 1 arrays.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> params = init_transformer([10, 8, 32, 2], lecun_normal, rng)
    >>> len(streams(forward_transformer(params, np.zeros((1, 8)), gelu)))
    5
    """
    found = [check_trace(trace, source="forward_transformer").z[0]]
    for i in range(1, len(trace.z) - 1, len(BLOCK)):
        for name in ("output", "down"):
            found.append(found[-1] + trace.z[i + BLOCK.index(name)])
    return found


def backward_transformer(
    trace: Trace, act: Activation, dout: np.ndarray, *, heads: int = 1
) -> Trace:
    """Send the gradient of a loss back through a transformer.

    Exact: through the attention weights ``A`` of each head the gradient of the scores
    is ``A * (dA - sum(A * dA))``, row by row.

    Parameters
    ----------
    trace : Trace
        From `forward_transformer`.
    act : Activation
        The activation that the forward pass used.
    dout : numpy.ndarray, (..., batch, tokens, kinds)
        Gradient of the loss with respect to the output ``z[-1]``, in its shape.
    heads : int
        The number of heads that the forward pass used.

    Returns
    -------
    Trace
        The same trace with dz, dW and db.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> params = init_transformer([10, 8, 32, 1], lecun_normal, rng)
    >>> trace = forward_transformer(params, np.zeros((5, 8)), gelu)
    >>> trace = backward_transformer(trace, gelu, np.ones((5, 8, 10)))
    >>> all(dW.shape == W.shape for dW, (W, b) in zip(trace.dW, params))
    True
    """
    seen, dz = streams(trace), [np.empty(0)] * len(trace.z)
    check_activation(act)
    back = partial(_back, trace.params, dz)
    d = normalize_back(seen.pop(), back(len(dz) - 1, check_dout(trace, dout)))
    for i in reversed(range(1, len(dz) - 1, len(BLOCK))):
        dup = back(i + 5, d) * act.slope(trace.z[i + 4], trace.h[i + 5])
        d = d + normalize_back(seen.pop(), back(i + 4, dup))
        dqkv = _attend_back(*trace.z[i : i + 3], back(i + 3, d), heads)
        dn = sum(back(i + j, dj) for j, dj in enumerate(dqkv))
        d = d + normalize_back(seen.pop(), dn)
    dz[0] = d
    dW = [_rows(h).mT @ _rows(d) for h, d in zip(trace.h, dz, strict=True)]
    return replace(trace, dz=dz, dW=dW, db=[d.sum(axis=(-3, -2)) for d in dz])


def _back(params: Params, dz: list, i: int, d: np.ndarray) -> np.ndarray:
    """Keep the gradient of what leaves layer i, and return that of what enters it."""
    dz[i] = d
    return _times(d, params[i][0].mT)
