"""Losses with their gradients, and a plain training loop."""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from tqdm.auto import tqdm

from initlib._checks import (
    check_array,
    check_choice,
    check_count,
    check_real,
    check_rng,
)
from initlib.activations import Activation
from initlib.mlp import Params, backward, forward

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


def softmax_cross_entropy(out: np.ndarray, labels: np.ndarray):
    """Compute the mean of ``-log softmax(out)[label]`` over the batch.

    The gradient is ``(softmax(out) - onehot(labels)) / batch``.

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

    Raises
    ------
    TypeError, ValueError
        If the labels are no integers, out of range, or of another length.
    """
    out = check_array("out", out, ndim=2, finite=False)
    labels = _check_labels(labels, out)
    rows = np.arange(len(labels))
    shifted = out - out.max(axis=-1, keepdims=True)
    p = np.exp(shifted)
    total = p.sum(axis=-1)
    loss = (np.log(total) - shifted[..., rows, labels]).mean(axis=-1)
    p /= total[..., None]
    p[..., rows, labels] -= 1
    p /= len(labels)
    return loss, p


def mean_squared_error(out: np.ndarray, target: np.ndarray):
    """Compute the mean of ``(out - target)**2`` over batch and outputs.

    The gradient is ``2 * (out - target) / (batch * n)``.

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

    Raises
    ------
    TypeError, ValueError
        If the shapes do not fit or the targets are not finite.
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

    Ties go to the first of the largest outputs; a NaN output counts as wrong.

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

    Raises
    ------
    TypeError, ValueError
        If shapes do not fit or the labels are no classes.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        out = forward(params, x, act).z[-1]
    right = out.argmax(axis=-1) == _check_labels(labels, out)
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


def _check_fit(params, x, y, lr, steps, batch, weight_decay):
    x, y = check_array("x", x, ndim=2), np.asarray(y)
    if x.ndim != 2 or len(x) != len(y):
        raise ValueError(
            "x must have shape (n, n0) and y one entry for each row of x; "
            f"got {x.shape} and {y.shape}"
        )
    check_count("steps", steps)
    if check_count("batch", batch) > len(x):
        raise ValueError(f"batch must be at most {len(x)}, the rows of x; got {batch}")
    check_real("weight_decay", weight_decay, least=0)
    lr = check_array("lr", lr, ndim=0)
    if lr.shape not in ((), params[0][0].shape[:-2]) or (lr < 0).any():
        raise ValueError(
            "lr must be one number >= 0, or one for each network of the ensemble; "
            f"got {lr!r}"
        )
    return x, y, lr


def fit(
    params: Params,
    act: Activation,
    loss: Loss,
    x: np.ndarray,
    y: np.ndarray,
    *,
    lr: float | np.ndarray,
    steps: int,
    batch: int,
    rng: np.random.Generator,
    weight_decay: float = 0.0,
    optimizer: str = "sgd",
    measure: Callable[[Params], float | np.ndarray] | None = None,
    every: int | None = None,
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
    lr : float, or numpy.ndarray of shape (S,)
        Learning rate; one for each network if an array.
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

    Returns
    -------
    Fit
        The trained params, the loss of every batch, and what `measure` returned.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as above.

    Notes
    -----
    A run that diverges goes on silently and leaves NaN losses: look at them.
    Runs of more than two seconds show a progress bar, unless TQDM_DISABLE is set.
    """
    check_rng(rng)
    check_choice("optimizer", optimizer, OPTIMIZERS)
    arrays = [np.array(a, dtype=np.float64) for layer in params for a in layer]
    params = list(zip(arrays[::2], arrays[1::2], strict=True))
    x, y, lr = _check_fit(params, x, y, lr, steps, batch, weight_decay)
    every = check_count("every", every or max(1, len(x) // batch))
    rates = [lr.reshape(lr.shape + (1,) * (a.ndim - lr.ndim)) for a in arrays]
    directions = OPTIMIZERS[optimizer](arrays)
    batches = _batches(len(x), batch, rng)
    losses, at, measured = [], [], []
    for t in _progress(range(1, steps + 1)):
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            value, gradients = _gradients(params, act, loss, x, y, next(batches))
            losses.append(value)
            if weight_decay:
                for W, dW in zip(arrays[::2], gradients[::2], strict=True):
                    dW += weight_decay * W
            for a, d, rate in zip(arrays, directions(gradients, t), rates, strict=True):
                d *= rate
                a -= d
        if measure is not None and (t % every == 0 or t == steps):
            at.append(t)
            measured.append(measure(params))
    return Fit(params, np.array(losses), np.array(at, dtype=int), np.array(measured))


def _progress(steps: range) -> Iterable[int]:
    """Show a bar on long fits; tqdm's notebook bar does not ask TQDM_DISABLE itself."""
    silent = os.environ.get("TQDM_DISABLE", "0") != "0"
    return tqdm(steps, desc="fit", delay=2, leave=False, disable=silent)


def _gradients(params, act, loss, x, y, rows):
    """Return the loss of a mini-batch and its gradients, ordered dW, db by layer."""
    trace = forward(params, x[rows], act)
    value, dout = loss(trace.z[-1], y[rows])
    trace = backward(trace, act, dout)
    return value, [g for pair in zip(trace.dW, trace.db, strict=True) for g in pair]
