"""Twins of the equations of chapter 14."""

import math

import numpy as np

from tests.book.equations.ensembles import gaussian
from tests.book.equations.twins import twin


def softmaxed(scores):
    weights = np.exp(scores - scores.max())
    return weights / weights.sum()


@twin("eq-transformer-keys")
def keys(rng):
    a = softmaxed(rng.normal(size=7))
    read = math.fsum(a) ** 2 / math.fsum(weight * weight for weight in a)
    return {"a": a, "j": range(7), "N": read}


@twin("eq-transformer-lognormal", within=0.01, about=0.01)
def lognormal(rng):
    g = rng.uniform(0.3, 0.5)
    s = gaussian(g)
    read = 1 / np.dot(softmaxed(s), softmaxed(s))
    return {"N": read, "T": len(s), "s": s, "g": g, "e": math.e}


@twin("eq-transformer-mixed", within=5e-3)
def mixed(rng):
    """Average over lognormal weights, and the product over two correlated rows."""
    c, g, tokens = rng.uniform(0.2, 0.5), rng.uniform(0.4, 0.6), 3
    s, both = gaussian(g), gaussian(2 * g * (1 + c))
    mean = np.exp(s).mean()
    squares = np.exp(2 * s).mean() / mean**2 / tokens
    products = np.exp(both).mean() / mean**2 / tokens
    symbols = {"c": c, "g": g, "T": tokens, "e": math.e}
    return symbols | {"m": c + (1 - c) * squares, "r": c + (1 - c) * products}


@twin("eq-transformer-stream")
def stream(rng):
    start, f, v = rng.uniform(0.5, 2, size=3)
    q = start
    for _ in range(12):
        q += f * f * v  # attention
        q += f * f * v  # MLP
    return {"q_L": q, "q_0": start, "L": 12, "f": f, "v": v}


@twin("eq-transformer-harmonic", about=5e-4)
def harmonic(rng):
    return {"L": 180}


# In lines


@twin(r"g = (1 - c)\,\sigma^2", within=1e-3)
def scores(rng):
    """Let all keys share a part c of their second moment."""
    c, sigma = rng.uniform(0.3, 0.6, size=2)
    s = sigma * (math.sqrt(c) * rng.normal() + math.sqrt(1 - c) * gaussian())
    return {"c": c, r"\sigma": sigma, "g": np.var(s)}


@twin(r"f = 1/\sqrt{2L}")
def depth_factor(rng):
    """Let the branches of L blocks add just one second moment v."""
    return {"L": 12, "f": math.sqrt(1 / (12 + 12))}
