"""Twins of the equations of chapter 5."""

import math

import numpy as np
from numpy.polynomial.hermite_e import hermegauss, hermeval

from initlib import (
    chi,
    fixed_point,
    q_map,
    sigmoid,
    tanh,
    xavier_normal,
    xavier_uniform,
)
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


@twin(
    r"\frac{\partial\ell}{\partial h_k}",
    r"\partial\ell/\partial h_k = \sum_j \delta_j\, W_{kj}",
    within=1e-8,
)
def gradient_of_input(rng):
    h, W, delta = rng.normal(size=4), rng.normal(size=(4, 3)), rng.normal(size=3)
    derivative = slope(lambda h: h @ W @ delta, h)[2]
    symbols = {"W": W, r"\delta": delta, "k": 2, "j": range(3)}
    return symbols | {r"\frac{\partial\ell}{\partial h_k}": derivative}


@twin("eq-xavier-backward-layer")
def backward_layer(rng):
    delta, W = rng.normal(size=(6, 10)), white(10, 0.3, rng).T
    symbols = {r"\delta": delta, "w": W, r"\fanout": 10}
    return symbols | {r"\frac{\partial\ell}{\partial h}": delta @ W.T}


@twin("eq-xavier-backward")
def backward_wish(rng):
    W = keeping(rng.normal(size=(6, 10)), white(10, 1, rng)).T
    return {"w": W, r"\fanout": 10}


@twin(
    "eq-xavier",
    r"\operatorname{Var}(w) = 2/(\mathrm{fan\_in} + \mathrm{fan\_out})",
    within=0.04,
)
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


@twin(
    "eq-xavier-no-gain",
    r"\mathbb{E}[\phi^2] < q\, \mathbb{E}[\phi'^2]",
    r"q = \sigma_w^2\, \mathbb{E}[\phi^2]",
    within=1e-3,
)
def no_gain(rng):
    sigma_w = rng.uniform(1.3, 2)
    q = fixed_point(lambda q: q_map(q, tanh, sigma_w**2), 1.0)
    z = gaussian(q)
    slopes = {r"\phi": tanh(z), r"\phi'": tanh.df(z)}
    return slopes | {"q": q, r"\sigma_w": sigma_w, r"\chi": chi(tanh, sigma_w**2, q)}


# In lines


@twin(r"a = \sqrt{6/(\mathrm{fan\_in} + \mathrm{fan\_out})}", within=1e-3)
def limit_of_uniform(rng):
    largest = abs(drawn(xavier_uniform, (7, 3), rng)).max()
    return {"a": largest, r"\fanin": 7, r"\fanout": 3}


@twin(
    r"\tanh z = z - z^3/3 + \dots",
    r"\tanh^2 z = z^2 - \tfrac{2}{3} z^4 + \dots",
    r"\tanh^2 z < z^2",
    within=1e-6,
)
def series_of_tanh(rng):
    return {"z": rng.uniform(0.02, 0.03), r"\dots": 0}


@twin(r"\mathbb{E}[z^2] = q", r"\mathbb{E}[z^4] = 3q^2", within=0.01)
def normal_moments(rng):
    q = rng.uniform(1.5, 2)
    return {"q": q, "z": gaussian(q)}


@twin(
    r"\chi = \sigma_w^2\, \mathbb{E}[(1 - \tanh^2 z)^2]"
    r" \approx 1 - 2 q_l \approx 1 - 1/l",
    within=1e-6,
    about=1e-4,
)
def chi_of_depth(rng):
    q = moments(tanh, 1.0, 500)[-1]
    symbols = {"q_l": q, "l": 500, r"\sigma_w": 1, "z": gaussian(q)}
    return symbols | {r"\chi": chi(tanh, 1.0, q)}


@twin(
    r"\chi = \sigma_w^2\, \mathbb{E}[\phi'(z)^2]",
    r"\chi = \sigma_w^2\,\mathbb{E}[\phi'(z)^2]",
    within=1e-3,
)
def maps_of_he(rng):
    q = rng.uniform(0.5, 1)
    symbols = {"q": q, "z": gaussian(q)}
    slopes = {r"\phi'": tanh.df, r"\sigma_w": np.sqrt(2)}
    return symbols | slopes | {r"\chi": chi(tanh, 2.0, q)}


@twin(r"f' = \sqrt q\, \phi'", within=1e-8)
def stretched(rng):
    q, x = rng.uniform(1.5, 2), rng.normal(size=5)
    derivative = slope(lambda x: tanh(np.sqrt(q) * x).sum(), x)
    return {"q": q, "f'": derivative, r"\phi'": tanh.df(np.sqrt(q) * x)}


@twin(r"\mathbb{E}[\text{He}_k^2] = k!", within=0.01)
def norm_of_hermite(rng):
    return {r"\text{He}_k": gaussian() ** 2 - 1, "k": 2}


@twin(
    r"2 \tanh(z)\, W = 2\,(2\sigma(2z) - 1)\, W"
    r" = \sigma(2z) \cdot 4W - 2 \cdot \mathbf{1}^\top W"
)
def tanh_as_sigmoid(rng):
    z, W = rng.normal(size=(1, 4)), rng.normal(size=(4, 3))
    return {"z": z, "W": W, r"\sigma": sigmoid, r"\mathbf{1}": np.ones((4, 1))}


@twin(r"\partial\ell/\partial W = h^\top \delta", within=1e-8)
def gradient_of_weights(rng):
    h, W, delta = (
        rng.normal(size=(6, 4)),
        rng.normal(size=(4, 3)),
        rng.normal(size=(6, 3)),
    )
    derivative = slope(lambda W: np.sum(h @ W * delta), W)
    return {"h": h, r"\delta": delta, r"\frac{\partial \ell}{\partial W}": derivative}
