"""Twins of the equations of chapter 1."""

import numpy as np
from scipy.optimize import brentq, minimize_scalar

from initlib import forward, linear, relu, sigmoid, tanh
from tests.book.equations.ensembles import from_one, gaussian, pairs, slope, white
from tests.book.equations.twins import twin


def neuron(x, w, b):
    return forward([(np.array(w)[:, None], np.array([b]))], x[None], linear).z[0].item()


@twin("eq-weights-neuron")
def neuron_twin(rng):
    x, w, b = rng.normal(size=5), rng.normal(size=5), rng.normal()
    layers = [(w[:, None], np.array([b])), (np.eye(1), np.zeros(1))]
    trace = forward(layers, x[None], tanh)
    symbols = {"x": from_one(x), "w": from_one(w), "b": b, "n": 5, r"\phi": tanh}
    return symbols | {"z": trace.z[0].item(), "y": trace.h[1].item()}


@twin("eq-weights-slopes", within=1e-8)
def slopes(rng):
    x, w, b = rng.normal(size=5), rng.normal(size=5), rng.normal()
    return {
        r"\frac{\partial z}{\partial x_i}": slope(lambda x: neuron(x, w, b), x),
        r"\frac{\partial z}{\partial w_i}": slope(lambda w: neuron(x, w, b), w),
        r"\frac{\partial z}{\partial b}": slope(lambda b: neuron(x, w, b), b),
        "x_i": x,
        "w_i": w,
    }


@twin("eq-weights-layer")
def layer(rng):
    h, W, b = rng.normal(size=(1, 3)), rng.normal(size=(3, 2)), rng.normal(size=2)
    z = forward([(W, b)], h, linear).z[0]
    return {"h": h, "W": W, "b": b, "z": z, r"\fanin": 3, r"\fanout": 2}


@twin("eq-weights-threshold")
def threshold(rng):
    w, b = rng.uniform(1, 3), rng.normal()
    crossing = brentq(lambda x: sigmoid(w * x + b) - 0.5, -9, 9, xtol=1e-14)
    x = rng.normal(size=7)
    return {"w": w, "b": b, "x": x, "x_0": crossing, r"\phi": sigmoid}


@twin("eq-weights-cross-entropy", within=1e-8)
def cross_entropy(rng):
    z, y = rng.normal(size=6), np.array([0, 1, 0, 1, 1, 0])

    def loss(z):
        return -np.log(np.where(y == 1, sigmoid(z), 1 - sigmoid(z)))

    derivative = slope(lambda z: loss(z).sum(), z)
    symbols = {"z": z, "y": y, r"\ell": loss(z), r"\sigma": sigmoid}
    return symbols | {r"\frac{\partial \ell}{\partial z}": derivative}


@twin("eq-weights-gradient", within=1e-8)
def gradient(rng):
    x, w, b, y = rng.normal(size=5), rng.normal(size=5), rng.normal(), 1
    z = neuron(x, w, b)
    return {
        r"\frac{\partial \ell}{\partial w_i}": slope(
            lambda w: -np.log(sigmoid(neuron(x, w, b))), w
        ),
        r"\frac{\partial \ell}{\partial z}": slope(lambda z: -np.log(sigmoid(z)), z),
        "x_i": x, "z": z, "y": y, r"\sigma": sigmoid,
    }  # fmt: skip


def prior_loss(b, p):
    """Average the cross-entropy of 100 answers of which 100 p are yes."""
    y = np.arange(100) < round(100 * p)
    return -np.log(np.where(y, sigmoid(b), 1 - sigmoid(b))).mean()


@twin("eq-weights-prior-loss")
def prior(rng):
    p = 0.07
    losses = {r"\ell": lambda b: prior_loss(b, p), r"\sigma": sigmoid}
    return losses | {"b": rng.normal(), "p": p}


@twin("eq-weights-log-odds", within=1e-6)
def log_odds(rng):
    p = rng.integers(1, 40) / 100
    best = minimize_scalar(prior_loss, bracket=(-5, 0), args=(p,), tol=1e-12)
    return {"b": best.x, "p": p}


@twin("eq-weights-start-loss", about=1e-3)
def start_loss(rng):
    s = rng.uniform(0.25, 0.3)
    z = np.array(pairs(gaussian(s**2, 300), gaussian(s**2, 300)))
    z += 0.5  # the loss does not notice what all outputs have in common
    return {"s": s, "K": 2, "z": from_one(z), "z_k": z[0]}


@twin("eq-weights-decomposition")
def decomposition(rng):
    f, noise = rng.normal(), gaussian(0.3, 100)
    predicted, noise = pairs(rng.normal(0.4, 0.7, size=50), noise)
    return {
        "f": f, "y": f + noise, r"\hat f": predicted,
        r"\sigma_\varepsilon": noise.std(),
        r"\text{bias}": f - predicted.mean(),
        r"\text{variance}": predicted.var(),
        r"\text{noise}": noise.var(),
    }  # fmt: skip


@twin("eq-weights-projection")
def projection(rng):
    n, d, sigma = 30, 4, rng.uniform(0.2, 0.4)
    x = np.linspace(-1, 1, n)
    f, noise = np.sin(np.pi * x), sigma * np.sqrt(n) * np.eye(n)

    def fit(y):
        return np.polynomial.Polynomial.fit(x, y, d)(x)

    powers = np.vander(x, d + 1)
    return {
        "n": n, "d": d, "f": f, r"\sigma_\varepsilon": sigma, r"\varepsilon": noise,
        "H": powers @ np.linalg.pinv(powers),
        "norm": lambda columns: np.linalg.norm(columns, axis=0),
        r"\text{bias}": np.sqrt(np.mean((fit(f) - f) ** 2)),
        r"\text{variance}": np.mean([fit(y) ** 2 for y in noise]),
    }  # fmt: skip


@twin("eq-weights-second-moment")
def second_moment(rng):
    return {"h": rng.normal(0.5, 2, size=40)}


@twin("eq-weights-double-sum")
def double_sum(rng):
    h, W = pairs(rng.normal(0.3, 1, size=(3, 20)), rng.normal(0.4, 1, size=(3, 20)))
    W = np.broadcast_to(W, h.shape) if W.ndim == 1 else W
    return {
        "h": h, "W_{ij}": lambda s: W[s["i"]], "W_{kj}": lambda s: W[s["k"]],
        "z_j": (h * W).sum(axis=0), "i": range(3), "k": range(3),
    }  # fmt: skip


@twin("eq-weights-variance")
def variance(rng):
    h, W = rng.uniform(0, 2, size=(6, 10)), white(10, 0.3, rng)
    return {"h": h, "w": W, "z": h @ W, r"\fanin": 10}


@twin("eq-weights-relu-moments", within=1e-3)
def relu_moments(rng):
    z = gaussian()
    return {"z": z, "h": relu(z)}
