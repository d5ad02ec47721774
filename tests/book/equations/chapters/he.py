"""Twins of the equations of chapter 6."""

from functools import partial

import numpy as np

from initlib import (
    forward,
    gain,
    gelu,
    he_normal,
    leaky_relu,
    q_map,
    relu,
    tanh,
    variance_scaling,
)
from tests.book.equations.chapters.zero_constant_symmetry import network
from tests.book.equations.ensembles import drawn, from_one, gaussian, white
from tests.book.equations.twins import twin


@twin(r"\phi(z)^2")
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


@twin("eq-he-forward")
def he_forward(rng):
    z, W = symmetric(rng), white(10, 0.3, rng)
    return {"z_{i-1}": z, "z_i": relu(z) @ W, "w": W, r"\fanin": 10}


@twin("eq-he", within=0.04)
def he(rng):
    return {"w": drawn(he_normal, (7, 3), rng), r"\fanin": 7}


@twin(r"\delta_{i-1} = (\delta_i")
def he_backward_step(rng):
    run = network(rng)
    W = [W for W, _ in run.params]
    return {r"\delta": run.dz, "W": W, "z": run.z, r"\phi'": tanh.df, "i": 1}


@twin("eq-he-backward")
def he_backward(rng):
    delta, W, z = rng.normal(size=(6, 10)), white(10, 0.3, rng).T, symmetric(rng)
    back = np.concatenate([delta @ W.T, delta @ W.T])
    back *= relu.df(np.hstack([z, z]))
    return {r"\delta_i": delta, r"\delta_{i-1}": back, "w": W, r"\fanout": 10}


@twin("eq-he-telescope")
def telescope(rng):
    return {"n": rng.uniform(1, 9, size=5), "L": 4}


@twin("eq-he-torch")
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


@twin("eq-he-ratio")
def ratio(rng):
    n = 12
    h, W = rng.uniform(size=(1, 12)), he_normal((12, n), rng)
    W = W[:, np.argsort(-(h @ W)[0])]  # the first unit is on, so that it counts
    trace = forward([(W, np.zeros(n)), (np.eye(n), np.zeros(n))], h, relu)
    z, length = trace.z[0][0], np.linalg.norm(h)
    return {
        "h": h, "h'": trace.h[1], "n": n, r"\phi": relu, "z": from_one(z),
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
