"""Twins of the equations of chapter 10."""

import numpy as np

from initlib import gaussian_mean, leaky_relu, orthogonal, relu
from tests.book.equations.ensembles import gaussian
from tests.book.equations.twins import twin


@twin("eq-ortho-volume", about=0.15)
def volume(rng):
    return {"n": 20}


@twin(r"W^\top W = I", r"S = J^\top J")
def turned(rng):
    J = rng.standard_normal((5, 5))
    return {"W": orthogonal((5, 5), rng), "I": np.eye(5), "J": J, "S": J.T @ J}


@twin("eq-ortho-excess")
def unequal(rng):
    s = rng.uniform(0, 2, 50)
    return {"s": s, "e": (s**4).mean() / (s**2).mean() ** 2 - 1}


@twin("eq-ortho-add")
def added(rng):
    return {"e_W": 0.7, r"e_\phi": 0.4, "e": 10 * 0.7 + 9 * 0.4, "L": 10}


@twin("eq-ortho-speed", "u = a^L", within=1e-6)
def speed(rng):
    a, s, depth = 1.1, 2.0, 6
    u = a**depth
    step = 1e-6 * a ** (depth - 1) * (s - u)  # each of the factors moves by it
    v = ((a + step) ** depth - (a - step) ** depth) / 2e-6
    return {"a": a, "s": s, "L": depth, "u": u, "v": v}


@twin("eq-ortho-kappa")
def kappa(rng):
    g = gaussian()
    of_squares = (relu(g) ** 4).mean() / (relu(g) ** 2).mean() ** 2 - 1
    return {r"\kappa": of_squares, "g": g, r"\phi": relu}


@twin(r"\kappa = 6\,(1 + a^4)/(1 + a^2)^2 - 1")
def leaky(rng):
    a = rng.uniform(0.1, 0.9)
    act = leaky_relu(a)
    second, fourth = (gaussian_mean(lambda z, p=p: act(z) ** p) for p in (2, 4))
    return {"a": a, r"\kappa": fourth / second**2 - 1}
