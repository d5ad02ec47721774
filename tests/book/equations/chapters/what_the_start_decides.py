"""Twins of the equations of chapter 15."""

import numpy as np

from initlib import backward, forward, mean_squared_error, normal, tanh
from tests.book.equations.twins import twin


@twin("eq-later-lazy")
def lazy(rng):
    """A step of the weights of tanh(X w), multiplied, towards random targets."""
    alpha, eta = 1e4, 0.1
    X, w, y = rng.normal(size=(3, 5)), rng.normal(size=5), rng.normal(size=3)
    g = np.tanh(X @ w)
    r, J = y, (1 - g**2)[:, None] * X
    step = -eta / alpha**2 * (alpha * J).T @ r
    return {
        r"\alpha": alpha, r"\eta": eta, "J": J, "r": r, r"\Delta w": step,
        r"\Delta f": alpha * (np.tanh(X @ (w + step)) - g),
    }  # fmt: skip


@twin("eq-later-path", within=0.01)
def path(rng):
    """Small steps of gradient descent, whose errors are added up."""
    X, y, a, lr = rng.normal(size=(3, 6)), rng.normal(size=3), 0.5, 1e-4
    u, v, total = np.full(6, a), np.full(6, a), 0
    for _ in range(4000):
        error = X @ (u**2 - v**2) - y
        g = X.T @ error
        u, v, total = u * (1 - 2 * lr * g), v * (1 + 2 * lr * g), total - 2 * lr * error
    s = np.log(u / a)
    return {
        "X": X, r"\lambda": total, "s": s, "s_j": s, "a": a, "w_j": u**2 - v**2
    }  # fmt: skip


@twin("eq-later-condense", about=0.001)
def condense(rng):
    X, y = rng.normal(size=(20, 4)), rng.normal(size=(20, 1))
    shapes = ((4, 6), (6, 1))
    params = [(normal(s, rng, std=1e-3), np.zeros(s[1])) for s in shapes]
    trace = forward(params, X, tanh)
    trace = backward(trace, tanh, mean_squared_error(trace.z[-1], y)[1])
    return {
        "n": 20, "X": X, "y": y, "v": params[1][0],
        r"\frac{\partial\ell}{\partial W}": trace.dW[0],
        r"\frac{\partial \ell}{\partial W}": trace.dW[0],
    }  # fmt: skip


@twin("eq-later-leap")
def leap(rng):
    n, eta = 5, 0.7
    u, v = rng.normal(size=(2, n))
    f = u @ v / np.sqrt(n)
    new_u, new_v = u - eta * f * v / np.sqrt(n), v - eta * f * u / np.sqrt(n)
    return {
        r"\eta": eta, "n": n, "f": f, r"\lambda": (u @ u + v @ v) / n,
        "after": {
            "f": new_u @ new_v / np.sqrt(n),
            r"\lambda": (new_u @ new_u + new_v @ new_v) / n,
        },
    }  # fmt: skip


def largest(W):
    return np.linalg.svd(W, compute_uv=False)[0]


@twin("eq-later-spectral", about=0.02)
def spectral(rng):
    m, n, sigma, eta = 300, 900, 0.2, 0.3
    first = -eta * np.sign(np.outer(rng.normal(size=m), rng.normal(size=n)))
    return {
        "m": m, "n": n, r"\sigma": sigma, r"\eta": eta,
        "s_W": largest(sigma * rng.normal(size=(m, n))),
        r"s_{\Delta W}": largest(first),
    }  # fmt: skip
