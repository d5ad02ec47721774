"""Twins of the equations of chapter 1."""

import numpy as np
from scipy.optimize import brentq, minimize_scalar

from initlib import forward, linear, relu, sigmoid, tanh
from tests.book.equations.ensembles import from_one, gaussian, pairs, slope, white
from tests.book.equations.twins import twin


def neuron(x, w, b):
    return forward([(np.array(w)[:, None], np.array([b]))], x[None], linear).z[0].item()


@twin("eq-weights-neuron")
def neuron_twin(rng):
    x, w, b = rng.normal(size=5), rng.normal(size=5), rng.normal()
    layers = [(w[:, None], np.array([b])), (np.eye(1), np.zeros(1))]
    trace = forward(layers, x[None], tanh)
    symbols = {"x": from_one(x), "w": from_one(w), "b": b, "n": 5, r"\phi": tanh}
    return symbols | {"z": trace.z[0].item(), "y": trace.h[1].item()}


@twin("eq-weights-slopes", within=1e-8)
def slopes(rng):
    x, w, b = rng.normal(size=5), rng.normal(size=5), rng.normal()
    return {
        r"\frac{\partial z}{\partial x_k}": slope(lambda x: neuron(x, w, b), x),
        r"\frac{\partial z}{\partial w_k}": slope(lambda w: neuron(x, w, b), w),
        r"\frac{\partial z}{\partial b}": slope(lambda b: neuron(x, w, b), b),
        "x_k": x,
        "w_k": w,
    }


@twin("eq-weights-layer")
def layer(rng):
    h, W, b = rng.normal(size=(1, 3)), rng.normal(size=(3, 2)), rng.normal(size=2)
    z = forward([(W, b)], h, linear).z[0]
    return {"h": h, "W": W, "b": b, "z": z, r"\fanin": 3, r"\fanout": 2}


@twin("eq-weights-threshold")
def threshold(rng):
    w, b = rng.uniform(1, 3), rng.normal()
    crossing = brentq(lambda x: sigmoid(w * x + b) - 0.5, -9, 9, xtol=1e-14)
    x = rng.normal(size=7)
    return {"w": w, "b": b, "x": x, "x_0": crossing, r"\phi": sigmoid}


@twin("eq-weights-cross-entropy", within=1e-8)
def cross_entropy(rng):
    z, y = rng.normal(size=6), np.array([0, 1, 0, 1, 1, 0])

    def loss(z):
        return -np.log(np.where(y == 1, sigmoid(z), 1 - sigmoid(z)))

    derivative = slope(lambda z: loss(z).sum(), z)
    symbols = {"z": z, "y": y, r"\ell": loss(z), r"\sigma": sigmoid}
    return symbols | {r"\frac{\partial \ell}{\partial z}": derivative}


@twin(
    "eq-weights-gradient",
    r"\partial \ell / \partial w_k = (\partial \ell / \partial z)\, x_k",
    within=1e-8,
)
def gradient(rng):
    x, w, b, y = rng.normal(size=5), rng.normal(size=5), rng.normal(), 1
    z = neuron(x, w, b)
    return {
        r"\frac{\partial \ell}{\partial w_k}": slope(
            lambda w: -np.log(sigmoid(neuron(x, w, b))), w
        ),
        r"\frac{\partial \ell}{\partial z}": slope(lambda z: -np.log(sigmoid(z)), z),
        "x_k": x, "z": z, "y": y, r"\sigma": sigmoid,
    }  # fmt: skip


def prior_loss(b, p):
    """Average the cross-entropy of 100 answers of which 100 p are yes."""
    y = np.arange(100) < round(100 * p)
    return -np.log(np.where(y, sigmoid(b), 1 - sigmoid(b))).mean()


@twin("eq-weights-prior-loss")
def prior(rng):
    p = 0.07
    losses = {r"\ell": lambda b: prior_loss(b, p), r"\sigma": sigmoid}
    return losses | {"b": rng.normal(), "p": p}


@twin("eq-weights-log-odds", within=1e-6)
def log_odds(rng):
    p = rng.integers(1, 40) / 100
    best = minimize_scalar(prior_loss, bracket=(-5, 0), args=(p,), tol=1e-12)
    return {"b": best.x, "p": p}


@twin("eq-weights-start-loss", about=1e-3)
def start_loss(rng):
    s = rng.uniform(0.25, 0.3)
    z = np.array(pairs(gaussian(s**2, 300), gaussian(s**2, 300)))
    z += 0.5  # the loss does not notice what all outputs have in common
    return {"s": s, "K": 2, "z": from_one(z), "z_k": z[0]}


@twin("eq-weights-decomposition")
def decomposition(rng):
    f, noise = rng.normal(), gaussian(0.3, 100)
    predicted, noise = pairs(rng.normal(0.4, 0.7, size=50), noise)
    return {
        "f": f, "y": f + noise, r"\hat f": predicted,
        r"\sigma_\varepsilon": noise.std(),
        r"\text{bias}": f - predicted.mean(),
        r"\text{variance}": predicted.var(),
        r"\text{noise}": noise.var(),
    }  # fmt: skip


@twin("eq-weights-projection")
def projection(rng):
    n, d, sigma = 30, 4, rng.uniform(0.2, 0.4)
    x = np.linspace(-1, 1, n)
    f, noise = np.sin(np.pi * x), sigma * np.sqrt(n) * np.eye(n)

    def fit(y):
        return np.polynomial.Polynomial.fit(x, y, d)(x)

    powers = np.vander(x, d + 1)
    return {
        "n": n, "d": d, "f": f, r"\sigma_\varepsilon": sigma, r"\varepsilon": noise,
        "H": powers @ np.linalg.pinv(powers),
        "norm": lambda columns: np.linalg.norm(columns, axis=0),
        r"\text{bias}": np.sqrt(np.mean((fit(f) - f) ** 2)),
        r"\text{variance}": np.mean([fit(y) ** 2 for y in noise]),
    }  # fmt: skip


@twin("eq-weights-gate")
def gate(rng):
    b, memory = rng.normal(), rng.normal()
    kept = memory
    for _ in range(50):
        kept *= sigmoid(b)
    return {"b": b, "c_0": memory, "c_{50}": kept, r"\sigma": sigmoid}


@twin("eq-weights-second-moment", "eq-weights-spread")
def second_moment(rng):
    return {"h": rng.normal(0.5, 2, size=40)}


@twin(
    "eq-weights-double-sum",
    r"\mathbb{E}[z_j^2] = \sum_k \sum_m \mathbb{E}[h_k h_m W_{kj} W_{mj}]",
)
def double_sum(rng):
    h, W = pairs(rng.normal(0.3, 1, size=(3, 20)), rng.normal(0.4, 1, size=(3, 20)))
    entries = {f"W_{{{k}j}}": lambda s, k=k: W[s[k]] for k in "km"}
    sizes = dict.fromkeys("km", range(3))
    return entries | sizes | {"h": h, "z_j": (h * W).sum(axis=0)}


@twin(
    "eq-weights-variance",
    r"\operatorname{Var}(z) = \mathrm{fan\_in}\, \operatorname{Var}(w)\,"
    r" \mathbb{E}[h^2]",
)
def variance(rng):
    h, W = rng.uniform(0, 2, size=(6, 10)), white(10, 0.3, rng)
    return {"h": h, "w": W, "z": h @ W, r"\fanin": 10}


@twin(
    "eq-weights-relu-moments",
    r"\mathbb{E}[h^2] = \frac12",
    r"\operatorname{Var}(h) = \frac12 - \frac1{2\pi}",
    within=1e-3,
)
def relu_moments(rng):
    z = gaussian()
    return {"z": z, "h": relu(z)}


# In lines


@twin(
    r"\sigma(z) = 1/(1 + e^{-z})",
    r"-\ln \sigma(z) = \ln(1 + e^{-z}) = \ln(1 + e^{z}) - z",
    r"-\ln(1 - \sigma(z)) = \ln(1 + e^{z})",
    r"e^{z}/(1 + e^{z}) = \sigma(z)",
    r"\sigma(0) = 1/2",
    r"\operatorname{sigmoid}(0) = 1/2",
    r"\sigma(z) = \tfrac12 + \tfrac12 \tanh(z/2)",
    r"\sigma(2z) = \tfrac12 (1 + \tanh z)",
)
def sigmoids(rng):
    return {"z": rng.normal(size=9), r"\sigma": sigmoid, r"\sigmoid": sigmoid}


@twin(
    r"e^{z} \approx 1 + z + z^2/2",
    r"\sum_j e^{z_j} \approx K\,(1 + \overline{z} + \overline{z^2}/2)",
    about=1e-6,
)
def exponentials(rng):
    z = rng.uniform(0.005, 0.01, size=5)
    means = {r"\overline{z}": z.mean(), r"\overline{z^2}": np.mean(z**2)}
    return means | {"z": z, "j": range(5), "K": 5}


@twin(r"\ln(1 + u) \approx u - u^2/2", r"\ln R \approx r - r^2/2", about=2e-4)
def logarithm(rng):
    u = rng.uniform(0.005, 0.01)
    return {"u": u, "r": u, "R": 1 + u}


@twin("H H^\\top = H", "H^2 = H = H^\\top")
def projected(rng):
    return {"H": projection(rng)["H"]}


@twin(
    r"\sigma_w^2 = \mathrm{fan\_in} \cdot \operatorname{Var}(w)",
    r"\sigma_w^2 = \mathrm{fan\_in}\,\operatorname{Var}(w)",
    r"\sigma_w^2 = \mathrm{fan\_in}\cdot\operatorname{Var}(w)",
    r"\sigma_w^2 = \mathrm{fan\_in}\,\mathbb{E}[w^2]",
    r"\sigma_w = \sqrt{\mathrm{fan\_in}\,\operatorname{Var}(w)}",
    r"\sigma_w = \sqrt{\mathrm{fan\_in}}\cdot\operatorname{std}(W)",
    r"\sigma_w = \sqrt{\mathrm{fan\_in}}\operatorname{std}(w)",
    r"q = \mathbb{E}[z^2]",
    r"q = \sigma_w^2\, \mathbb{E}[h^2]",
)
def scale_of_layer(rng):
    h, W = rng.uniform(0, 2, size=(6, 10)), white(10, 0.3, rng)
    q = np.mean((h @ W) ** 2)
    symbols = {"h": h, "w": W, "W": W, "z": h @ W, r"\fanin": 10, "q": q}
    return symbols | {r"\sigma_w": np.sqrt(q / np.mean(h**2))}


@twin(
    r"2 \cdot \frac12 = 1",
    r"\sqrt{2 \cdot 100 + 2 \cdot 10} = \sqrt{220}",
    r"2/400 = 1/200",
    r"300/200 = 3/2",
    r"100/200 = 1/2",
    r"100/400 = 1/4",
    r"\sqrt{784/100} = 2.8",
)
def arithmetic(rng):
    return {}


@twin(
    r"\mu = \sqrt 2/\sqrt{2\pi} = 1/\sqrt\pi",
    r"m^2 \left(\mathrm{fan\_in} + \mathrm{fan\_in}(\mathrm{fan\_in} - 1)/\pi\right)"
    r" = 1",
    within=5e-3,
)
def mean_of_weights(rng):
    h = relu(gaussian(2.0, 1000))
    moment = np.mean(np.sum(pairs(h, h), axis=0) ** 2)
    return {r"\mu": h.mean(), r"\fanin": 2, "m": 1 / np.sqrt(moment)}
