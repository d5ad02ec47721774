"""Twins of the equations of chapter 11."""

import numpy as np
from scipy.stats import norm

from initlib import fixed_point
from tests.book.equations.ensembles import gaussian, white
from tests.book.equations.twins import twin


def connections(size, k, s, g, n_x, n_y):
    """List the connections (output, input) of a convolution that wraps around."""
    return [
        ((row, column, out), ((s * row + i) % size, (s * column + j) % size, c))
        for row, column in np.ndindex(size // s, size // s)
        for i, j, c, out in np.ndindex(k, k, n_x, n_y)
        if c * g // n_x == out * g // n_y  # in the same group
    ]


@twin("eq-fans-count", "eq-fans-conv", "eq-fans-stride")
def convolution(rng, size=6, k=3, s=2):
    g = int(rng.integers(1, 3))
    n_x, n_y = 2 * g, 4 * g
    found = connections(size, k, s, g, n_x, n_y)
    N_y, N_x = (len(set(ends)) for ends in zip(*found, strict=True))
    fans = {r"\fanin": len(found) / N_y, r"\fanout": len(found) / N_x}
    return fans | {
        "N_x": N_x, "N_y": N_y, "k": k, "s": s, "g": g, "n_x": n_x, "n_y": n_y,
    }  # fmt: skip


@twin(
    "eq-fans-length",
    r"\mathbb{E}[\delta_x^2] = \mathrm{fan\_out} \operatorname{Var}(w)\,"
    r" \mathbb{E}[\delta_y^2]",
)
def way_back(rng):
    delta, W = rng.normal(size=(6, 10)), white(10, 0.3, rng).T
    symbols = {r"\delta_y": delta, r"\delta_x": delta @ W.T, "w": W}
    return symbols | {r"\fanin": 20, r"\fanout": 10, "N_x": 20, "N_y": 10}


@twin(r"\tfrac12\, \mathrm{fan\_in} \operatorname{Var}(w)", within=1e-9)
def behind_a_relu(rng):
    """Each number stands for what `white` weights do to half of a white vector."""
    W, half = white(10, 0.3, rng), np.sqrt(0.5)
    both = [half * np.eye(10) @ W * np.sqrt(10), half * np.eye(20) @ W.T * np.sqrt(20)]
    terms = [np.mean(sent**2) for sent in both]
    return {"w": W, r"\fanin": 10, r"\fanout": 20, "terms": terms}


@twin("eq-fans-floor")
def floor(rng):
    n = rng.integers(20, 400)
    return {"q": fixed_point(lambda q: q / 6 + 1 / (3 * n), 1.0), "n": n}


@twin("eq-fans-cut", within=1e-3)
def cut(rng):
    c = rng.uniform(1, 2.5)
    z = gaussian()
    symbols = {"z": z[abs(z) < c], "c": c, r"\varphi": norm.pdf}
    return symbols | {"P": norm.cdf(c) - norm.cdf(-c)}
