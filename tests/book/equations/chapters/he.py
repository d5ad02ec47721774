"""Twins of the equations of chapter 6."""

from functools import partial

import numpy as np

from initlib import (
    forward,
    gain,
    gelu,
    he_normal,
    he_uniform,
    leaky_relu,
    orthogonal,
    q_map,
    relu,
    tanh,
    variance_scaling,
)
from tests.book.equations.ensembles import drawn, from_one, gaussian, white
from tests.book.equations.twins import twin


@twin(
    r"\phi(z)^2 + \phi(-z)^2 = z^2",
    r"\max(0, z)^2 + \max(0, -z)^2 = z^2",
)
def halves(rng):
    return {"z": rng.normal(size=9), r"\phi": relu}


def symmetric(rng, shape=(6, 10)):
    z = rng.uniform(-1, 3, size=shape)
    return np.concatenate([z, -z])


@twin("eq-he-half")
def half(rng):
    return {"z": symmetric(rng), r"\phi": relu}


@twin("eq-he-layer")
def he_layer(rng):
    h, W = rng.uniform(0, 2, size=(6, 10)), white(10, 0.3, rng)
    return {"h_i": h, "w": W, "z_i": h @ W, r"\fanin": 10}


@twin("eq-he-forward", r"\mathbb{E}[h_i^2] = \frac12 \mathbb{E}[z_{i-1}^2]")
def he_forward(rng):
    z, W = symmetric(rng), white(10, 0.3, rng)
    h = relu(z)
    return {"z_{i-1}": z, "h_i": h, "z_i": h @ W, "w": W, r"\fanin": 10}


@twin("eq-he", r"\operatorname{Var}(w) = 2/\mathrm{fan\_in}", within=0.04)
def he(rng):
    return {"w": drawn(he_normal, (7, 3), rng), r"\fanin": 7}


@twin("eq-he-backward")
def he_backward(rng):
    delta, W, z = rng.normal(size=(6, 10)), white(10, 0.3, rng).T, symmetric(rng)
    back = np.concatenate([delta @ W.T, delta @ W.T])
    back *= relu.df(np.hstack([z, z]))
    return {r"\delta_i": delta, r"\delta_{i-1}": back, "w": W, r"\fanout": 10}


@twin("eq-he-telescope")
def telescope(rng):
    return {"n": rng.uniform(1, 9, size=5), "L": 4}


@twin(
    "eq-he-torch",
    r"\sqrt 3 \cdot \sqrt{2/(1 + 5)} / \sqrt{\text{fan\_in}}"
    r" = 1/\sqrt{\text{fan\_in}}",
)
def torch_default(rng):
    return {r"\fanin": rng.uniform(2, 9)}


@twin("eq-he-gain", within=0.04)
def he_gain(rng):
    g = gain(tanh)
    w = drawn(partial(variance_scaling, scale=g**2), (7, 3), rng)
    return {"g": g, "z": gaussian(), r"\phi": tanh, "w": w, r"\fanin": 7}


@twin("eq-he-leaky")
def he_leaky(rng):
    a = rng.uniform(0.2, 0.6)
    return {"g": gain(leaky_relu(a)), "a": a}


@twin("eq-he-q-map", within=1e-3)
def he_map(rng):
    q, g = rng.uniform(1.5, 2), gain(gelu)
    q_next = q_map(q, gelu, g**2)
    return {"q": q, "q'": q_next, "g": g, "z": gaussian(q), r"\phi": gelu}


@twin("eq-he-ratio", r"z_j = \sqrt{2/n}\; |h|\, g_j")
def ratio(rng):
    n = 12
    h, W = rng.uniform(size=(1, 12)), he_normal((12, n), rng)
    W = W[:, np.argsort(-(h @ W)[0])]  # the first unit is on, so that it counts
    trace = forward([(W, np.zeros(n)), (np.eye(n), np.zeros(n))], h, relu)
    z, length = trace.z[0][0], np.linalg.norm(h)
    return {
        "h": h, "h'": trace.h[1], "n": n, r"\phi": relu, "z": from_one(z), "j": 3,
        "g": from_one(z / (np.sqrt(2 / n) * length)),
        "R": np.sum(trace.h[1] ** 2) / length**2,
    }  # fmt: skip


def ratios(n, count, rng):
    """Draw R for layers of n units, of which a random number is on.

    The sum of the squares of k standard normal numbers is twice a gamma of shape k/2.
    """
    on = rng.binomial(n, 0.5, size=count)
    return 2 / n * 2 * rng.gamma(on / 2)


@twin("eq-he-variance", within=0.025)
def variance_of_ratio(rng):
    return {"R": ratios(8, 1_000_000, rng), "n": 8}


@twin("eq-he-lognormal", about=0.04)
def lognormal(rng):
    draw = partial(ratios, 300, 400_000, rng)
    return {"R": from_one([draw(), draw()]), "L": 2, "n": 300}


# In lines


@twin(r"a = \sqrt{6/\mathrm{fan\_in}}", within=1e-3)
def limit_of_uniform(rng):
    return {"a": abs(drawn(he_uniform, (7, 3), rng)).max(), r"\fanin": 7}


@twin(r"\operatorname{Var}(w) = 2/\mathrm{fan\_out}", within=0.04)
def backward_he(rng):
    init = partial(variance_scaling, scale=2.0, mode="fan_out")
    return {"w": drawn(init, (7, 3), rng), r"\fanout": 3}


@twin(r"\phi(z)^2 + \phi(-z)^2 = (1 + a^2)\, z^2")
def leaky_halves(rng):
    a = rng.uniform(0.2, 0.6)
    return {"a": a, "z": rng.normal(size=9), r"\phi": leaky_relu(a)}


@twin(r"\mathbb{E}[|z|^2] = \mathbb{E}[z^2]")
def absolute(rng):
    return {"z": rng.normal(size=9), "norm": np.abs}


@twin(
    r"a = \phi(g)^2",
    r"b = g^2",
    r"\mathbb{E}[\phi(g)^4] = \frac12 \mathbb{E}[g^4] = \frac32",
    r"\operatorname{Var}(a) = \frac32 - \frac14 = \frac54",
    r"\text{Cov}(a, b) = \mathbb{E}[a b] - \frac12 = \frac32 - \frac12 = 1",
    r"\frac1n (\mathbb{E}[g^4] - 1) = \frac2n",
    within=0.01,
)
def fourth_moments(rng):
    g = gaussian()
    squares = {"a": np.maximum(g, 0) ** 2, "b": g * g}
    covariance = {r"\text{Cov}": lambda a, b: np.cov(a, b)[0, 1]}
    return squares | covariance | {"g": g, "n": 7, r"\phi": relu}


@twin(r"2A/B \approx 1 + 2\alpha - \beta", about=1e-5)
def small_deviations(rng):
    alpha, beta = rng.uniform(0.0005, 0.001, size=2)
    return {"A": 0.5 + alpha, "B": 1 + beta, r"\alpha": alpha, r"\beta": beta}


@twin(
    r"|h'|^2/|h|^2 = 2 A / B",
    r"A = \sum_j \phi(g_j)^2",
    r"B = \sum_j g_j^2",
    r"A/n = \frac12 + \alpha",
    r"B/n = 1 + \beta",
)
def orthogonal_ratio(rng):
    n = 9
    h, W = rng.uniform(size=n), orthogonal((n, n), rng, gain=np.sqrt(2))
    z = h @ W
    g = rng.uniform(1, 2) * z  # its length is lost in the direction
    A, B = np.sum(relu(g) ** 2), np.sum(g**2)
    small = {r"\alpha": A / n - 1 / 2, r"\beta": B / n - 1}
    symbols = {"h": h, "h'": relu(z), "g": g, "j": range(n), "n": n, r"\phi": relu}
    return symbols | small | {"A": A, "B": B}
