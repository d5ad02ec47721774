"""Twins of the equations of chapter 8."""

import math

import numpy as np
from numpy.polynomial.hermite_e import hermegauss, hermeval

from initlib import (
    Activation,
    c_map,
    chi,
    gain,
    gaussian_mean,
    gelu,
    q_map,
    relu,
    sigmoid,
    silu,
    softplus,
    tanh,
)
from tests.book.equations.ensembles import gaussian
from tests.book.equations.twins import twin


def shares(act, count=40):
    """Split the second moment at a variance of 1 into those of Hermite polynomials."""
    x, weights = hermegauss(120)
    weights = weights / weights.sum()
    orders = np.eye(count)
    a = [weights @ (act(x) * hermeval(x, orders[k])) for k in range(count)]
    p = [a[k] ** 2 / math.factorial(k) for k in range(count)]
    return np.array(p) / (weights @ act(x) ** 2)


OFF_CENTRE = Activation(  # with a share of each order
    "SiLU off centre", lambda z: silu(z + 0.8), lambda z: silu.df(z + 0.8)
)


def at_gain(act):
    z = gaussian()
    return {"z": z, "f": gain(act) * act(z), "f'": gain(act) * act.df(z)}


@twin(
    "eq-any-shares",
    r"\mathbb{E}[f^2] = 1",
    r"m = p_0 = (\mathbb{E} f)^2",
    within=1e-3,
)
def any_shares(rng):
    p = shares(silu)
    symbols = {
        "p": p,
        "k": range(len(p)),
        "m": p[0],
        r"\chi": chi(silu, gain(silu) ** 2, 1),
    }
    return symbols | at_gain(silu)


@twin("eq-any-balance", within=1e-6)
def balance(rng):
    p = shares(OFF_CENTRE)
    rest = sum((k - 1) * p[k] for k in range(5, len(p)))
    symbols = {"p": p, "k": range(len(p)), r"\dots": rest}
    return symbols | {r"\chi": chi(OFF_CENTRE, gain(OFF_CENTRE) ** 2, 1)}


@twin("eq-any-slope", within=2e-3)
def slope_of_map(rng):
    symbols, g = at_gain(softplus), gain(softplus)
    z = symbols["z"]
    s = (q_map(1.001, softplus, g**2) - q_map(0.999, softplus, g**2)) / 0.002
    bent = {"f''": g * sigmoid.df(z), r"\chi": chi(softplus, g**2, 1), "s": s}
    return symbols | bent


@twin(
    "eq-any-reshape",
    r"\mathbb{E}[\gamma^2 (f + \delta)^2] = 1",
    r"\gamma^2\, \mathbb{E}[f'^2] = 1",
    r"\mathbb{E}[(f + \delta)^2] = \operatorname{Var}(f) + (\mathbb{E}[f] + \delta)^2",
)
def reshaped(rng):
    alpha, beta = rng.uniform(0.5, 1.5, size=2)
    z = gaussian()
    f, df = silu(alpha * z + beta), alpha * silu.df(alpha * z + beta)
    power = np.mean(df**2)
    delta = -f.mean() - np.sqrt(power - f.var())
    return {"f": f, "f'": df, r"\gamma": power**-0.5, r"\delta": delta}


@twin("eq-any-c-map", within=1e-6)
def correlations(rng):
    p, c = shares(silu), rng.uniform(0.4, 0.6)
    c_next = c_map(c, silu, gain(silu) ** 2, 0.0, 1.0)
    return {"p": p, "k": range(len(p)), "c": c, "c'": c_next}


@twin("eq-any-quadratic")
def quadratic(rng):
    m, c = rng.uniform(0.1, 0.3), rng.uniform(0.3, 0.6)
    return {"m": m, "c": c, "c'": np.dot([m, 1 - 2 * m, m], [1, c, c * c])}


@twin("eq-any-alike", about=0.01)
def alike(rng):
    m, depth, c = rng.uniform(0.02, 0.03), 60, 0.0
    for _ in range(depth):
        c += m * (1 - c) ** 2
    return {"m": m, "l": depth, "c_l": c}


# In lines


@twin(r"\phi(z) = z \tanh(\ln(1 + e^z))")
def of_mish(rng):
    def mish(z):
        return z * np.tanh(np.logaddexp(0, z))

    return {r"\phi": mish, "z": rng.normal(size=9), "e": math.e}


@twin(r"q' = g^2\, \mathbb{E}[\phi(\sqrt q\, x)^2]", within=1e-3)
def any_map(rng):
    q, g = rng.uniform(1.5, 2), gain(silu)
    symbols = {"q": q, "q'": q_map(q, silu, g**2), "g": g}
    return symbols | {r"\phi": silu, "x": gaussian()}


@twin(r"e' = e - m e^2")
def distance(rng):
    symbols = quadratic(rng)
    return {"m": symbols["m"], "e": 1 - symbols["c"], "e'": 1 - symbols["c'"]}


@twin(
    r"\mathbb{E}[\phi^2] = \mathbb{E}[z^2] = 1",
    r"z \phi \phi' = z^2",
    r"m = 2/\pi",
    within=1e-3,
)
def of_absolute_value(rng):
    z = gaussian()
    m = gaussian_mean(np.abs) ** 2
    return {"z": z, r"\phi": np.abs(z), r"\phi'": np.sign(z), "m": m}


@twin(r"\gamma = \sqrt 2")
def of_relu(rng):
    return {r"\gamma": gaussian_mean(lambda z: relu.df(z) ** 2) ** -0.5}


@twin(r"1 = 2\,\mathbb{E}[\phi^2] + \sigma_b^2", within=1e-3)
def resting_at_one(rng):
    return {r"\phi": gelu(gaussian()), r"\sigma_b": np.sqrt(1 - q_map(1, gelu, 2))}


@twin(
    r"\tanh^2 z = z^2 - \tfrac23 z^4 + \tfrac{17}{45} z^6 + \dots",
    r"(1 - \tanh^2 z)^2 \approx 1 - 2z^2 + \tfrac73 z^4",
    within=1e-6,
    about=1e-6,
)
def sixth_order(rng):
    z = rng.uniform(0.05, 0.06)
    rest = np.tanh(z) ** 2 - (z**2 - 2 / 3 * z**4 + 17 / 45 * z**6)
    return {"z": z, r"\dots": rest * (abs(rest) < z**8)}


@twin(r"\mathbb{E}[z^6] = 15 q^3", within=0.02)
def sixth_moment(rng):
    q = rng.uniform(1.5, 2)
    return {"q": q, "z": gaussian(q)}


@twin(
    r"\mathbb{E}[\tanh^2 z] \approx q - 2q^2 + \tfrac{17}{3} q^3",
    r"\mathbb{E}[\phi'^2] \approx 1 - 2q + 7q^2",
    r"q/\mathbb{E}[\tanh^2 z] \approx 1 + 2q - \tfrac53 q^2",
    r"\chi \approx 1 + \tfrac43 q^2",
    about=1e-5,
)
def of_small_signals(rng):
    q = rng.uniform(0.004, 0.005)
    z = gaussian(q)
    z = z * np.sqrt(q / np.mean(z**2))
    keeps = q / gaussian_mean(lambda z: tanh(z) ** 2, q)
    return {"q": q, "z": z, r"\phi'": tanh.df(z), r"\chi": chi(tanh, keeps, q)}
