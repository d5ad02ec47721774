"""Twins of the equations of the assignments, and of the pages beside the chapters."""

from functools import partial

import numpy as np
from scipy.stats import norm

from initlib import TRUNCATED_STD, gain, gelu, q_map, relu, variance_scaling
from tests.book.equations.ensembles import drawn, gaussian
from tests.book.equations.twins import twin


def variance(rng, **options) -> dict:
    init = partial(variance_scaling, **options)
    return {"v": drawn(init, (8, 4), rng).var(), r"\fanin": 8, r"\fanout": 4}


@twin(r"v = 1/\mathrm{fan\_in}", within=0.04)
def forward_wish(rng):
    return variance(rng, mode="fan_in")


@twin(r"v = 1/\mathrm{fan\_out}", within=0.04)
def backward_wish(rng):
    return variance(rng, mode="fan_out")


@twin(
    r"v = 2/(\mathrm{fan\_in} + \mathrm{fan\_out})",
    r"\mathrm{fan\_in}\, v = 4/3",
    r"\mathrm{fan\_out}\, v = 2/3",
    within=0.04,
)
def compromise(rng):
    return variance(rng, mode="fan_avg")


@twin(r"\frac12\,\mathrm{fan\_in}\, v = 1", r"v = 2/\mathrm{fan\_in}", within=0.04)
def he(rng):
    return variance(rng, scale=2.0)


@twin(r"\mathbb{E}[h^2] = \frac12\mathbb{E}[z'^2]")
def half(rng):
    z = rng.uniform(-1, 3, size=20)
    z = np.concatenate([z, -z])
    return {"z'": z, "h": relu(z)}


@twin(r"1 - \frac{4\,\varphi(2)}", within=1e-4)
def truncated(rng):
    symbols = {"z": gaussian(n=1_000_000), "norm": np.abs, r"\varphi": norm.pdf}
    return symbols | {"terms": [TRUNCATED_STD**2]}


@twin(
    r"\sqrt{2/256} = 0.088",
    r"\sqrt{2/1040} = 0.044",
    r"\sqrt{2/(1 + 0.1^2)/576} = 0.059",
    within=0.008,
)
def rounded(rng):
    return {}


@twin(
    r"g = \frac{1}{\sqrt{\mathbb{E}[\phi(z)^2]}}\,",
    r"g = 1/\sqrt{\mathbb{E}[\phi(z)^2]}",
    within=1e-3,
)
def gain_of_any(rng):
    return {"g": gain(gelu), "z": gaussian(), r"\phi": gelu}


@twin(r"q' = g^2\, \mathbb{E}[\phi(z)^2]", within=1e-3)
def next_moment(rng):
    q, g = rng.uniform(1.5, 2), gain(gelu)
    next_q = q_map(q, gelu, g**2)
    return {"q": q, "q'": next_q, "g": g, "z": gaussian(q), r"\phi": gelu}


@twin(r"q_i = \mathbb{E}[z_i^2]")
def second_moment(rng):
    z = rng.normal(size=9)
    return {"z_i": z, "q_i": z @ z / 9}


@twin(r"x_{l+1} = x_l + \mathrm{relu}")
def residual(rng):
    W_1, W_2 = rng.normal(size=(2, 4, 4))
    x = [rng.normal(size=(3, 4))]
    for _ in range(3):
        x.append(x[-1] + np.maximum(x[-1] @ W_1, 0) @ W_2)
    blocks = {"L": 3, "l": range(3), r"\relu": relu}
    return blocks | {"x": x, "W_1": W_1, "W_2": W_2}


@twin(r"g^2\,\mathbb{E}[\phi'(z)^2] = 1.74", within=0.004)
def growth_of_wave(rng):
    z = gaussian()
    g = 1 / np.sqrt(np.mean((z + np.sin(2 * z)) ** 2))
    return {"g": g, "z": z, r"\phi'": lambda z: 1 + 2 * np.cos(2 * z)}
