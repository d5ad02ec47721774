"""Losses with their gradients, and a plain training loop."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from tqdm.auto import tqdm

from initlib._checks import (
    check_array,
    check_callable,
    check_choice,
    check_count,
    check_real,
    check_rng,
)
from initlib.activations import Activation
from initlib.mlp import Params, Trace, backward, check_pairs, forward

TIE = 1e-12  # part of the largest output by which rounding may part equal ones
Loss = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]


def _check_labels(labels, out: np.ndarray) -> np.ndarray:
    labels = np.asarray(labels)
    if labels.dtype.kind not in "iu":
        raise TypeError(f"labels must be integers; got dtype {labels.dtype}")
    if labels.shape != out.shape[-2:-1]:
        raise ValueError(
            f"labels must have shape {out.shape[-2:-1]}, one for each row of out; "
            f"got {labels.shape}"
        )
    if labels.min() < 0 or labels.max() >= out.shape[-1]:
        raise ValueError(
            f"labels must lie in 0..{out.shape[-1] - 1}; "
            f"got {labels.min()}..{labels.max()}"
        )
    return labels


def _largest(out: np.ndarray) -> np.ndarray:
    """Return the largest output of each row; rows are short, columns reduce faster."""
    return out.mT.copy().max(axis=-2)[..., None]


def softmax_cross_entropy(out: np.ndarray, labels: np.ndarray):
    """Compute the mean of ``-log softmax(out)[label]`` over the batch.

    The gradient is ``(softmax(out) - onehot(labels)) / batch``.  NaN or plus infinity
    in the output of a network makes its loss NaN; minus infinity is a probability of 0.

    Parameters
    ----------
    out : numpy.ndarray, (..., batch, classes)
        Logits.
    labels : numpy.ndarray of int, (batch,)
        The right class of each row.

    Returns
    -------
    tuple
        Loss in nats, (...) (a float for one network), and its gradient, as `out`.

    Examples
    --------
    >>> loss, dout = softmax_cross_entropy(np.zeros((1, 4)), np.array([2]))
    >>> print(f"{loss:.3f}", dout)  # ln 4
    1.386 [[ 0.25  0.25 -0.75  0.25]]
    """
    out = check_array("out", out, ndim=2, finite=False)
    labels = _check_labels(labels, out)
    rows = np.arange(len(labels))
    shifted = out - _largest(out)
    p = np.exp(shifted)
    total = p.sum(axis=-1)
    loss = (np.log(total) - shifted[..., rows, labels]).mean(axis=-1)
    p /= total[..., None]
    p[..., rows, labels] -= 1
    p /= len(labels)
    return loss, p


def mean_squared_error(out: np.ndarray, target: np.ndarray):
    """Compute the mean of ``(out - target)**2`` over batch and outputs.

    The gradient is ``2 * (out - target) / (batch * n)``.  A network whose output holds
    NaN has loss NaN, and one whose output holds infinity has an infinite loss.

    Parameters
    ----------
    out : numpy.ndarray, (..., batch, n)
        Outputs.
    target : numpy.ndarray, (batch, n)
        Targets.

    Returns
    -------
    tuple
        Loss, (...) (a float for one network), and its gradient, as `out`.

    Examples
    --------
    >>> loss, dout = mean_squared_error(np.array([[1.0, 3.0]]), np.array([[0.0, 1.0]]))
    >>> print(loss, dout)
    2.5 [[1. 2.]]
    """
    out = check_array("out", out, ndim=2, finite=False)
    target = check_array("target", target, ndim=2)
    if target.shape != out.shape[-2:]:
        raise ValueError(
            f"target must have shape {out.shape[-2:]}, as the output; "
            f"got {target.shape}"
        )
    error = out - target
    return np.square(error).mean(axis=(-2, -1)), 2 * error / target.size


def accuracy(params: Params, act: Activation, x: np.ndarray, labels: np.ndarray):
    """Compute the fraction of inputs whose largest output is that of their label.

    Ties, up to rounding, go to the first of the largest outputs; a NaN output counts
    as wrong.

    Parameters
    ----------
    params : Params
        A network, or an ensemble of S.
    act : Activation
        Activation of the hidden layers.
    x : numpy.ndarray, (batch, n0)
        Inputs.
    labels : numpy.ndarray of int, (batch,)
        The right class of each input.

    Returns
    -------
    float, or numpy.ndarray of shape (S,)
        Between 0 and 1.

    Examples
    --------
    >>> same = [(np.eye(2), np.zeros(2))]  # a network that gives back what it gets
    >>> x = np.array([[1.0, 0.0], [0.0, 1.0], [0.3, 0.2], [0.5, 0.7]])
    >>> print(accuracy(same, relu, x, np.array([0, 1, 1, 1])))
    0.75
    """
    with np.errstate(over="ignore", invalid="ignore"):
        out = forward(params, x, act).z[-1]
        largest = _largest(out)
        level = (out == largest) | (out >= largest - TIE * abs(largest))
    first = level.argmax(axis=-1)
    right = first == _check_labels(labels, out)
    return (right & ~np.isnan(out).any(axis=-1)).mean(axis=-1)


@dataclass(frozen=True)
class Fit:
    """What a training run left behind.

    Parameters
    ----------
    params : Params
        The trained network or ensemble.
    losses : numpy.ndarray, (steps,) or (steps, S)
        Loss of each mini-batch, before the step that it caused.
    steps : numpy.ndarray of int, (k,)
        Steps after which `measure` was called; empty without one.
    measured : numpy.ndarray, (k, ...)
        What it returned.
    """

    params: Params
    losses: np.ndarray
    steps: np.ndarray
    measured: np.ndarray


def _batches(n: int, batch: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Yield mini-batches of indices for ever, each epoch in a fresh random order.

    What is left of an epoch when it is shorter than a batch is dropped.
    """
    while True:
        order = rng.permutation(n)
        for start in range(0, n - batch + 1, batch):
            yield order[start : start + batch]


def _sgd(arrays: list[np.ndarray]):
    return lambda gradients, t: gradients


def _adam(arrays: list[np.ndarray], beta1=0.9, beta2=0.999, eps=1e-8):
    """Kingma & Ba (2014), with their default constants."""
    means = [np.zeros_like(a) for a in arrays]
    squares = [np.zeros_like(a) for a in arrays]

    def directions(gradients, t):
        for m, v, g in zip(means, squares, gradients, strict=True):
            m += (1 - beta1) * (g - m)
            v += (1 - beta2) * (np.square(g) - v)
            yield m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps)

    return directions


OPTIMIZERS = {"sgd": _sgd, "adam": _adam}


def _check_data(x, y, batch) -> tuple[np.ndarray, np.ndarray]:
    x, y = check_array("x", x, ndim=2), np.asarray(y)
    if x.ndim != 2 or y.ndim == 0 or len(x) != len(y):
        raise ValueError(
            "x must have shape (n, n0) and y one entry for each row of x; "
            f"got {x.shape} and {y.shape}"
        )
    check_count("batch", batch, most=len(x))
    return x, y


def _check_rates(lr, params: Params) -> list[np.ndarray]:
    """Return the learning rate of each layer, of shape () or (S,)."""
    rates = list(lr) if isinstance(lr, (list, tuple)) else [lr] * len(params)
    if len(rates) != len(params):
        raise ValueError(
            f"lr as a list must hold a rate for each of the {len(params)} layers "
            f"(rates of networks are an array); got {len(rates)}"
        )
    rates = [check_array("lr", rate, ndim=0) for rate in rates]
    networks = params[0][0].shape[:-2]
    for rate in rates:
        if rate.shape not in ((), networks) or (rate < 0).any():
            raise ValueError(
                "lr must be a number >= 0, or an array of one for each network, of "
                f"shape {networks}; got {rate!r}"
            )
    return rates


def _check_calls(loss, measure, passes) -> tuple[Callable, Callable]:
    check_callable("loss", loss)
    if measure is not None:
        check_callable("measure", measure)
    if not isinstance(passes, (list, tuple)) or len(passes) != 2:
        raise TypeError(f"passes must be a pair (forward, backward); got {passes!r}")
    return tuple(check_callable("each of passes", f) for f in passes)


def fit(
    params: Params,
    act: Activation,
    loss: Loss,
    x: np.ndarray,
    y: np.ndarray,
    *,
    lr: float | np.ndarray | Sequence[float | np.ndarray],
    steps: int,
    batch: int,
    rng: np.random.Generator,
    weight_decay: float = 0.0,
    optimizer: str = "sgd",
    measure: Callable[[Params], float | np.ndarray] | None = None,
    every: int | None = None,
    passes: tuple[Callable, Callable] = (forward, backward),
) -> Fit:
    """Train a network, or an ensemble in one go, by gradient descent on mini-batches.

    SGD: ``W -= lr * (dW + weight_decay * W)`` and ``b -= lr * db``.  Each epoch visits
    the data in a fresh order drawn from `rng`; all networks of an ensemble see the same
    batches.  The given params are left as they are.

    Parameters
    ----------
    params : Params
        Where to start: a network, or an ensemble of S.
    act : Activation
        Activation of the hidden layers.
    loss : callable
        ``(out, y) -> (loss, dout)``, such as `softmax_cross_entropy`.
    x, y : numpy.ndarray, (n, n0) and (n, ...)
        Inputs and labels or targets.
    lr : float, numpy.ndarray of shape (S,), or list of L of these
        Learning rate; an array holds one for each network, a list one for each layer.
    steps : int
        Number of updates.
    batch : int
        Rows of x in each mini-batch, at most n.
    rng : numpy.random.Generator
        Draws the order of the data.
    weight_decay : float
        The L2 penalty ``weight_decay / 2 * sum(W**2)`` is added to the loss that is
        descended (not to the losses that are returned); biases are not penalized.
    optimizer : {"sgd", "adam"}
        Plain gradient descent, or Adam (Kingma & Ba 2014) with its usual constants.
    measure : callable, optional
        ``params -> value``, called every `every` steps and after the last.
    every : int, optional
        Steps between two calls of `measure`; an epoch unless given.
    passes : pair of callables, optional
        ``(params, x, act) -> Trace`` and ``(trace, act, dout) -> Trace``, for another
        network than a multilayer perceptron.

    Returns
    -------
    Fit
        The trained params, the loss of every batch, and what `measure` returned.

    Notes
    -----
    A run that diverges goes on silently and leaves NaN losses: look at them.
    Runs of more than two seconds show a progress bar, unless TQDM_DISABLE is set.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> x, labels = spirals(rng)
    >>> params = init_mlp([2, 32, 32, 3], he_normal, rng)
    >>> run = fit(
    ...     params, relu, softmax_cross_entropy, x, labels,
    ...     lr=0.1, steps=2000, batch=50, rng=rng,
    ... )
    >>> print(accuracy(run.params, relu, x, labels) > 0.9)
    True
    """
    check_rng(rng)
    run, run_back = _check_calls(loss, measure, passes)
    x, y = _check_data(x, y, batch)
    every = check_count("every", max(1, len(x) // batch) if every is None else every)
    params = [(np.array(W, float), np.array(b, float)) for W, b in check_pairs(params)]
    descend = _descent(params, lr, weight_decay, optimizer)
    batches = _batches(len(x), batch, rng)
    losses, at, measured = [], [], []
    for t in _progress(range(1, check_count("steps", steps) + 1)):
        rows = next(batches)
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            trace = run(params, x[rows], act)
            value, dout = loss(trace.z[-1], y[rows])
            descend(run_back(trace, act, dout), t)
        losses.append(value)
        if measure is not None and (t % every == 0 or t == steps):
            at.append(t)
            measured.append(measure(params))
    return Fit(params, np.array(losses), np.array(at, dtype=int), np.array(measured))


def _descent(params: Params, lr, weight_decay, optimizer):
    """Return a function that moves params, in place, down the gradients of a trace."""
    decay = check_real("weight_decay", weight_decay, least=0)
    arrays = [a for layer in params for a in layer]
    directions = OPTIMIZERS[check_choice("optimizer", optimizer, OPTIMIZERS)](arrays)
    rates = [
        rate.reshape(rate.shape + (1,) * (a.ndim - rate.ndim))
        for layer, rate in zip(params, _check_rates(lr, params), strict=True)
        for a in layer
    ]

    def descend(trace: Trace, t: int) -> None:
        if decay:
            for (W, _), dW in zip(params, trace.dW, strict=True):
                dW += decay * W
        gradients = [d for pair in zip(trace.dW, trace.db, strict=True) for d in pair]
        moves = zip(arrays, directions(gradients, t), rates, strict=True)
        for array, direction, rate in moves:
            direction *= rate
            array -= direction

    return descend


def _progress(steps: range) -> Iterable[int]:
    """Show a bar on long fits; tqdm's notebook bar does not ask TQDM_DISABLE itself."""
    silent = os.environ.get("TQDM_DISABLE", "0") != "0"
    return tqdm(steps, desc="fit", delay=2, leave=False, disable=silent)
