"""Twins of the equations of chapter 3."""

import numpy as np

from initlib import chi, fixed_point, orthogonal, q_map, relu, tanh
from tests.book.equations.chapters.zero_constant_symmetry import loss_with, network
from tests.book.equations.ensembles import gaussian, pairs, slope, white
from tests.book.equations.twins import twin


@twin("eq-scale-forward")
def scale_forward(rng):
    h, W = rng.uniform(0, 2, size=(6, 10)), white(10, 0.3, rng)
    sigma_w = np.sqrt(np.mean((h @ W) ** 2) / np.mean(h**2))
    return {"h": h, "w": W, "z": h @ W, r"\fanin": 10, r"\sigma_w": sigma_w}


def moments(act, weight_var, depth, first=1.0):
    """Return the second moments of an infinitely wide network, from the first on."""
    q = [first]
    while len(q) < depth:
        q.append(q_map(q[-1], act, weight_var))
    return q


@twin("eq-scale-qmap", within=1e-3)
def scale_qmap(rng):
    sigma_w = rng.uniform(1.5, 2)
    q = moments(tanh, sigma_w**2, 3, first=0.8)
    return {"q": q, "i": 1, "z": gaussian(q[1]), r"\phi": tanh, r"\sigma_w": sigma_w}


@twin(r"\delta_{i-1,bk}")
def entries_of_backward(rng):
    run, i, b, k = network(rng), 2, 3, 1
    W = [W for W, _ in run.params]
    return {
        r"\delta": run.dz, "W": W, "z": run.z, r"\phi'": tanh.df,
        "i": i, "b": b, "k": k, "j": range(4),
        r"\frac{\partial \ell}{\partial z_{i,bj}}": lambda s: run.dz[i][b, s["j"]],
        r"\frac{\partial z_{i,bj}}{\partial h_{i,bk}}": lambda s: W[i][k, s["j"]],
        r"\frac{\partial h_{i,bk}}{\partial z_{i-1,bk}}": tanh.df(run.z[i - 1][b, k]),
    }  # fmt: skip


@twin("eq-scale-backward", within=1e-7)
def scale_backward(rng):
    run, i = network(rng), 1
    derivative = slope(lambda W: loss_with(run, i, W=W), run.params[i][0])
    return {
        "W": [W for W, _ in run.params], "h": run.h, "z": run.z, r"\delta": run.dz,
        r"\phi'": tanh.df, "i": i, r"\frac{\partial\ell}{\partial W_i}": derivative,
    }  # fmt: skip


@twin("eq-scale-chi", within=1e-3)
def scale_chi(rng):
    sigma_w = rng.uniform(1.5, 2)
    q = moments(tanh, sigma_w**2, 2, first=0.8)
    delta = rng.normal(size=(4, 8))
    back = delta @ (sigma_w * orthogonal((8, 8), rng)).T
    back, slopes = pairs(back.ravel(), tanh.df(gaussian(q[0])))
    return {
        r"\delta": [back * slopes, delta], "q": q, "i": 1, "z": gaussian(q[1]),
        r"\chi": [chi(tanh, sigma_w**2, q_i) for q_i in q],
        r"\phi'": tanh.df, r"\sigma_w": sigma_w,
    }  # fmt: skip


@twin(r"\int_{-\infty}^{\infty}")
def slope_of_saturated(rng):
    return {}


# In lines


@twin(r"a = \sqrt 3\,\sigma", within=1e-6)
def limit(rng):
    a = rng.uniform(1, 2)
    return {"a": a, r"\sigma": np.std(a * np.linspace(-1, 1, 4_000_001))}


@twin(r"\mathbb{E}[\phi(z)^2] \approx q_i")
def nearly_linear(rng):
    return {"q_i": 0.001, "z": gaussian(0.001), r"\phi": tanh}


@twin(r"\mathbb{E}[\phi(z)^2] = q/2", within=1e-3)
def half_of_moment(rng):
    q = rng.uniform(1, 2)
    return {"q": q, "z": gaussian(q), r"\phi": relu}


@twin(
    r"\chi \approx \frac{4}{3\sqrt{2\pi}}\,\sigma_w",
    r"q \approx \sigma_w^2",
    r"\chi = \sigma_w^2\,\mathbb{E}[\phi'^2] \approx"
    r" \sigma_w^2 \cdot \frac{1}{\sqrt{2\pi}\,\sigma_w} \cdot \frac43",
    within=1e-3,
    about=0.05,
)
def large_weights(rng):
    sigma_w = np.sqrt(rng.uniform(2000, 3000))
    q = fixed_point(lambda q: q_map(q, tanh, sigma_w**2), 1.0)
    slopes = tanh.df(gaussian(q, 200_000))
    chi_there = chi(tanh, sigma_w**2, q)
    return {"q": q, r"\chi": chi_there, r"\phi'": slopes, r"\sigma_w": sigma_w}
