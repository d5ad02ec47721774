"""Twins of the equations of chapter 5."""

import math

import numpy as np
from numpy.polynomial.hermite_e import hermegauss, hermeval

from initlib import chi, fixed_point, q_map, tanh, xavier_normal
from tests.book.equations.chapters.scale import moments
from tests.book.equations.ensembles import drawn, gaussian, slope, white
from tests.book.equations.twins import twin


@twin("eq-xavier-forward-layer")
def forward_layer(rng):
    h, W = rng.uniform(0, 2, size=(6, 10)), white(10, 0.3, rng)
    return {"h": h, "w": W, "z": h @ W, r"\fanin": 10}


def keeping(signal, W):
    """Scale weights such that what leaves the layer has the size of what enters."""
    return W * np.sqrt(np.mean(signal**2) / np.mean((signal @ W) ** 2))


@twin("eq-xavier-forward")
def forward_wish(rng):
    return {"w": keeping(rng.normal(size=(6, 10)), white(10, 1, rng)), r"\fanin": 10}


@twin(r"\frac{\partial\ell}{\partial h_i}", within=1e-8)
def gradient_of_input(rng):
    h, w, delta = rng.normal(size=4), rng.normal(size=(4, 3)), rng.normal(size=3)
    derivative = slope(lambda h: h @ w @ delta, h)[2]
    symbols = {"w": w, r"\delta": delta, "i": 2, "j": range(3)}
    return symbols | {r"\frac{\partial\ell}{\partial h_i}": derivative}


@twin("eq-xavier-backward-layer")
def backward_layer(rng):
    delta, W = rng.normal(size=(6, 10)), white(10, 0.3, rng).T
    symbols = {r"\delta": delta, "w": W, r"\fanout": 10}
    return symbols | {r"\frac{\partial\ell}{\partial h}": delta @ W.T}


@twin("eq-xavier-backward")
def backward_wish(rng):
    W = keeping(rng.normal(size=(6, 10)), white(10, 1, rng)).T
    return {"w": W, r"\fanout": 10}


@twin("eq-xavier", within=0.04)
def xavier(rng):
    return {"w": drawn(xavier_normal, (7, 3), rng), r"\fanin": 7, r"\fanout": 3}


@twin(r"\int_{-a}^{a}")
def variance_of_uniform(rng):
    return {"a": rng.uniform(1, 2)}


@twin("eq-xavier-q-map", within=1e-3)
def tanh_map(rng):
    sigma_w = rng.uniform(1.5, 2)
    q = moments(tanh, sigma_w**2, 3, first=0.8)
    return {"q": q, "l": 1, "z": gaussian(q[1]), r"\sigma_w": sigma_w}


@twin("q_{l+1} = q_l", within=1e-5)
def series(rng):
    return {"q": moments(tanh, 1.0, 2, first=1e-3), "l": 0, r"\dots": 0}


@twin("eq-xavier-decay", about=0.01)
def decay(rng):
    return {"q_l": moments(tanh, 1.0, 500)[-1], "l": 500}


@twin(r"\mathbb{E}[f^2] = \sum_k", within=1e-3)
def hermite(rng):
    x, weights = hermegauss(80)
    weights = weights / weights.sum()
    q = 0.3
    f = tanh(np.sqrt(q) * x)
    a = [
        weights @ (f * hermeval(x, np.eye(16)[k])) / math.factorial(k)
        for k in range(16)
    ]
    z = np.sqrt(q) * gaussian()
    return {"f": tanh(z), "f'": np.sqrt(q) * tanh.df(z), "a": a, "k": range(1, 16)}


@twin("eq-xavier-no-gain", within=1e-3)
def no_gain(rng):
    sigma_w = rng.uniform(1.3, 2)
    q = fixed_point(lambda q: q_map(q, tanh, sigma_w**2), 1.0)
    z = gaussian(q)
    slopes = {r"\phi": tanh(z), r"\phi'": tanh.df(z)}
    return slopes | {"q": q, r"\sigma_w": sigma_w, r"\chi": chi(tanh, sigma_w**2, q)}
