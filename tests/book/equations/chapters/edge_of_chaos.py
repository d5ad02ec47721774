"""Twins of the equations of chapter 9."""

from functools import partial

import numpy as np

from initlib import (
    c_map,
    chi,
    fixed_point,
    forecast,
    he_normal,
    leaky_relu,
    q_map,
    relu,
    sigmoid,
    tanh,
)
from tests.book.equations.ensembles import gaussian, pairs
from tests.book.equations.twins import twin

BIAS_VAR = 0.3


def at_rest(weight_var):
    return fixed_point(lambda q: q_map(q, tanh, weight_var, BIAS_VAR), 1.0)


def derivative(f, at, step=1e-4):
    return (f(at) - f(at - step)) / step if at == 1 else middle(f, at, step)


def middle(f, at, step):
    return (f(at + step) - f(at - step)) / (2 * step)


def tanh_map(weight_var):
    """Return the correlation map of tanh, its slope, and its fixed point below 1."""
    q = at_rest(weight_var)
    C = partial(c_map, act=tanh, weight_var=weight_var, bias_var=BIAS_VAR, q=q)
    return C, partial(derivative, C), fixed_point(C, 0.5)


def correlated(c, q):
    """Return samples of u, v and w of (9.2), of the right variances and correlation."""
    half = gaussian(1.0, 700)
    u, w = pairs(*[np.sqrt(q) * half / half.std()] * 2)
    return u, c * u + np.sqrt(1 - c**2) * w, w


@twin("eq-chaos-q-map", within=1e-3)
def second_moments(rng):
    weight_var = rng.uniform(2, 3)
    q = forecast(tanh, weight_var, 3, bias_var=BIAS_VAR).q
    sigmas = {r"\sigma_w": np.sqrt(weight_var), r"\sigma_b": np.sqrt(BIAS_VAR)}
    return sigmas | {"q": q, "l": 1, "z": gaussian(q[1]), r"\phi": tanh}


@twin("eq-chaos-c-map", r"v = c u + \sqrt{1 - c^2}\, w", within=2e-3)
def correlations(rng):
    weight_var, c = rng.uniform(2, 3), rng.uniform(0.2, 0.6)
    q, (C, _, _) = at_rest(weight_var), tanh_map(weight_var)
    u, v, w = correlated(c, q)
    sigmas = {r"\sigma_w": np.sqrt(weight_var), r"\sigma_b": np.sqrt(BIAS_VAR)}
    samples = {"u": u, "v": v, "w": w}
    return sigmas | samples | {"C": C, "c": c, r"q_\infty": q, r"\phi": tanh}


@twin("eq-chaos-slope", within=2e-3)
def slopes(rng):
    weight_var, c = rng.uniform(2, 3), rng.uniform(0.2, 0.6)
    q, (_, slope, _) = at_rest(weight_var), tanh_map(weight_var)
    u, v, _ = correlated(c, q)
    symbols = {"C'": slope, "c": c, "u": u, "v": v, "z": gaussian(q)}
    chi_there = {r"\chi": chi(tanh, weight_var, q), r"\sigma_w": np.sqrt(weight_var)}
    return symbols | chi_there | {r"\phi'": tanh.df}


@twin("eq-chaos-series", within=1e-5)
def series(rng):
    weight_var, c, terms = rng.uniform(2, 3), rng.uniform(0.2, 0.6), 40
    q, (C, _, _) = at_rest(weight_var), tanh_map(weight_var)
    x = np.linspace(-9, 9, 1200)
    density = np.exp(-(x**2) / 2) * (x[1] - x[0]) / np.sqrt(2 * np.pi)
    before, now, b = 0 * x, np.ones(x.size), []
    for k in range(terms):
        b.append(density @ (tanh(np.sqrt(q) * x) * now))
        before, now = now, (x * now - np.sqrt(k) * before) / np.sqrt(k + 1)
    p = weight_var * np.square(b) / q
    p[0] += BIAS_VAR / q
    indices = {"k": range(terms), "j": 3, r"\sigma_w": np.sqrt(weight_var)}
    return indices | {"C": C, "c": c, "p": p, "b": b, r"q_\infty": q}


@twin("eq-chaos-xi", r"\xi_c = -1/\ln C'(c_\infty)", within=1e-3)
def depth_scale(rng):
    """Measure it: the number of layers in which a small difference falls by e."""
    weight_var = rng.uniform(5, 6)
    C, slope, c = tanh_map(weight_var)
    near = c + 1e-4
    xi = 1 / np.log((near - c) / (C(near) - c))
    return {r"\xi_c": xi, "C'": slope, r"c_\infty": c}


@twin(r"\xi_q = -1/\ln s", within=1e-3)
def scale_of_sizes(rng):
    weight_var = rng.uniform(2, 3)
    step, q = partial(q_map, act=tanh, weight_var=weight_var, bias_var=0.3), None
    q = at_rest(weight_var)
    xi = 1 / np.log(1e-4 / (step(q + 1e-4) - q))
    return {r"\xi_q": xi, "s": derivative(step, q)}


def relu_map(c):
    return c_map(c, relu, 2.0, 0.0, 1.0)


@twin("eq-chaos-relu", r"C'(c) = 1 - \theta/\pi", within=1e-6)
def arc_cosine(rng):
    theta = rng.uniform(0.5, 1)
    slope = partial(derivative, relu_map)
    return {"C": relu_map, "C'": slope, r"\theta": theta, "c": np.cos(theta)}


def angles(depth, a=0.0):
    """Follow an angle through `depth` wide layers of leaky ReLUs of slope a."""
    theta = np.pi / 2
    for _ in range(depth):
        relu_part = (np.sin(theta) + (np.pi - theta) * np.cos(theta)) / np.pi
        cosine = (2 * a * np.cos(theta) + (1 - a) ** 2 * relu_part) / (1 + a**2)
        theta = np.arccos(cosine)
    return theta


@twin("eq-chaos-relu-rate", about=0.01)
def rate(rng):
    return {r"\theta_l": angles(4000), "l": 4000}


@twin(
    r"\theta_l \approx \frac{3\pi}{l} \cdot \frac{1 + a^2}{(1 - a)^2}",
    about=0.02,
)
def leaky_rate(rng):
    a = rng.uniform(0.2, 0.3)
    after_one = np.cos(angles(1, a))
    by_quadrature = c_map(0.0, leaky_relu(a), 2 / (1 + a**2), 0.0, 1.0)
    assert abs(after_one - by_quadrature) < 1e-9
    return {r"\theta_l": angles(4000, a), "l": 4000, "a": a}


@twin(
    r"\sin\theta - \theta\cos\theta \approx \theta^3/3",
    r"C \approx 1 - \theta^2/2 + \theta^3/(3\pi)",
    r"\theta' \approx \theta - \theta^2/(3\pi)",
    about=1e-3,
)
def small_angles(rng):
    theta = rng.uniform(0.04, 0.05)
    C = (np.sin(theta) + (np.pi - theta) * np.cos(theta)) / np.pi
    return {r"\theta": theta, "C": C, r"\theta'": np.arccos(C)}


@twin("eq-chaos-sum", within=0.05)
def plain_sum(rng):
    g, n = [], 500
    for _ in range(12):
        h, W = relu(rng.standard_normal(n)), he_normal((n, n), rng)
        g.append(W @ (h @ W > 0))
    return {"g_j": np.concatenate(g)}


# In lines


@twin(r"\chi = \sigma_w^2/2")
def chi_of_relu(rng):
    weight_var = rng.uniform(1, 3)
    return {r"\chi": chi(relu, weight_var, 0.7), r"\sigma_w": np.sqrt(weight_var)}


@twin(r"\chi = 1/6")
def chi_of_torch(rng):
    return {r"\chi": chi(relu, 1 / 3, 0.7)}


@twin(r"\frac n2 \cdot \frac2n = 1")
def halves(rng):
    return {"n": rng.uniform(5, 9)}


@twin(r"\mathbb{E}[\max(0, z)] = |h|/\sqrt{\pi n}", within=1e-3)
def mean_of_relu(rng):
    h, n = rng.normal(size=7), 11
    return {"h": h, "n": n, "z": gaussian(2 / n * np.sum(h**2))}


@twin(
    r"C(1 - \varepsilon) \approx 1 - \varepsilon + \frac12 C''(1)\, \varepsilon^2",
    about=1e-9,
)
def bend(rng):
    """A map with slope 1 at 1, up to the third order."""
    p = {2: rng.uniform(0.1, 0.2), 3: rng.uniform(0.1, 0.2)}
    p[1] = 1 - 2 * p[2] - 3 * p[3]
    p[0] = 1 - sum(p.values())
    symbols = {"C": lambda c: sum(p[k] * c**k for k in p), r"\varepsilon": 1e-3}
    return symbols | {"C''": lambda c: 2 * p[2] + 6 * p[3] * c}


@twin(r"\sigma(2z) = \frac12 + \frac12 \tanh z")
def disguise(rng):
    return {r"\sigma": sigmoid, "z": rng.normal(size=9)}


@twin(r"p \cdot (1/p)^2 = 1/p", r"p^2/p^2 = 1")
def kept(rng):
    return {"p": rng.uniform(0.5, 0.9)}
