"""Twins of the equations of chapter 4."""

import numpy as np
from scipy.optimize import minimize, minimize_scalar

from initlib import (
    fit,
    forward,
    init_mlp,
    lecun_normal,
    linear,
    softmax_cross_entropy,
    tanh,
)
from initlib import mean_squared_error as squared_error
from tests.book.equations.twins import twin


@twin("eq-reg-loss")
def penalized_loss(rng):
    W, loss, price = rng.normal(size=(3, 4, 5)), rng.uniform(), rng.uniform()
    return {
        r"\ell": loss, r"\lambda": price,
        r"\ell_\lambda": loss + price * np.sum(W**2) / 2,
        "W_i": lambda s: W[s["i"]], "W": W[0],
        "i": range(3), "j": range(4), "k": range(5),
    }  # fmt: skip


@twin("eq-reg-step")
def step(rng):
    params = init_mlp([3, 2], lecun_normal, rng)
    x, y = rng.normal(size=(6, 3)), rng.normal(size=(6, 2))
    rate, price = 0.1, 0.4

    def stepped(weight_decay):
        options = {"lr": rate, "steps": 1, "batch": 6, "weight_decay": weight_decay}
        run = fit(params, linear, squared_error, x, y, rng=rng, **options)
        return run.params[0][0]

    W = params[0][0]
    return {
        "W": W, r"\eta": rate, r"\lambda": price,
        r"\frac{\partial \ell}{\partial W}": (W - stepped(0.0)) / rate,
        "after": {"W": stepped(price)},
    }  # fmt: skip


@twin("eq-reg-length")
def length(rng):
    return {"g": rng.normal(size=9), "w": rng.normal(size=9), r"\lambda": 0.7}


@twin("eq-reg-push", r"\lambda = 2(m - 1)\,\ell / \lVert w \rVert^2")
def push(rng):
    """Find the price that multiplies the loss by m."""
    w, loss, m = rng.normal(size=9), rng.uniform(), rng.uniform(2, 9)
    price = (m * loss - loss) / (w @ w / 2)
    return {r"\lambda": price, "w": w, "m": m, r"\ell": loss}


@twin("eq-reg-zero")
def near_zero(rng):
    """Give two tanh layers a size along the singular vectors of their gradient."""
    x, labels = rng.normal(size=(40, 6)), rng.integers(10, size=40)
    delta = (1 / 10 - np.eye(10)[labels]) / len(x)
    left, strengths, right = np.linalg.svd(x.T @ delta)
    size, price = 0.005, rng.uniform(1, 2)
    unit = np.eye(3)[:1]
    W = [-size * left[:, :1] @ unit, size * unit.T @ right[:1]]
    out = forward([(W[0], np.zeros(3)), (W[1], np.zeros(10))], x, tanh).z[-1]
    penalty = price / 2 * sum(np.sum(layer**2) for layer in W)
    return {
        r"\ell_\lambda": softmax_cross_entropy(out, labels)[0] + penalty,
        r"\lambda": price, "s_1": strengths[0], "a": size,
    }  # fmt: skip


# In lines


@twin(
    r"(1 - \eta\lambda)^t \approx e^{-\eta\lambda t}",
    r"(1 - \eta\lambda)^t = 1/2",
    r"t = \ln 2 / (-\ln(1 - \eta\lambda)) \approx \ln 2/(\eta\lambda)",
    about=1e-3,
)
def half_life(rng):
    rate, price = rng.uniform(0.005, 0.01, size=2)
    steps = np.log(0.5) / np.log(1 - rate * price)
    return {r"\eta": rate, r"\lambda": price, "t": steps}


@twin(
    r"\mathrm{fan\_in} \cdot \mathrm{fan\_out} \cdot 2/\mathrm{fan\_in}"
    r" = 2\,\mathrm{fan\_out}"
)
def squared_norm(rng):
    return {r"\fanin": 7, r"\fanout": 3}


@twin(
    r"\ell = \frac{1}{2n}\lVert Xw - y \rVert^2",
    r"w = (X^\top X + n\lambda I)^{-1} X^\top y",
    within=1e-6,
)
def ridge(rng):
    X, y, n, price = rng.normal(size=(7, 3)), rng.normal(size=7), 7, 0.4

    def loss(w):
        return np.mean((X @ w - y) ** 2) / 2

    w = minimize(lambda w: loss(w) + price * w @ w / 2, np.zeros(3), tol=1e-12).x
    symbols = {"X": X, "y": y, "n": n, r"\lambda": price, "I": np.eye(3), "w": w}
    return symbols | {r"\ell": loss(w)}


@twin(r"a^2 = \lVert W_1 \rVert / \lVert W_0 \rVert", within=1e-6)
def balance(rng):
    """Find the a for which the weights a W_0 and W_1 / a have the least norm."""
    W_0, W_1 = rng.normal(size=(3, 4)), rng.normal(size=(4, 2))

    def norm(a):
        return np.sum((a * W_0) ** 2) + np.sum((W_1 / a) ** 2)

    best = minimize_scalar(norm, bounds=(0.1, 9), options={"xatol": 1e-12})
    return {"a": best.x, "W_0": W_0, "W_1": W_1}
