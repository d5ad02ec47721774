"""Twins of the equations of chapter 12."""

import numpy as np

from initlib import sigmoid, softmax_cross_entropy
from tests.book.equations.twins import twin


def frequencies(rng, classes=5):
    f = rng.uniform(0.2, 1, classes)
    return f / f.sum()


def logarithms(rng):
    """Draw many outputs of four classes, and the log-probability of each class."""
    z = rng.normal(size=(4, 200_000))
    return 60 * z, z.max(axis=0).mean()


@twin("eq-out-price")
def price(rng):
    f, p = frequencies(rng), frequencies(rng)
    return {"f": f, "p": p, "k": range(len(f))}


@twin("eq-out-large", about=0.03)
def large(rng):
    z, largest = logarithms(rng)
    z += 20  # the loss does not notice what all outputs have in common
    from_one = np.concatenate([0 * z[:1], z])
    return {"s": 60, "K": 4, "M_K": largest, "z": from_one, "z_k": z[0]}


def trained(W, h, labels, T, eta, step):
    """Return W after a step of a head whose outputs a temperature divides."""
    dz = softmax_cross_entropy(h @ W / T, labels)[1] / T
    return W - step * eta * h.T @ dz


@twin("eq-out-temperature")
def temperature(rng):
    h, labels = rng.normal(size=(6, 3)), rng.integers(0, 4, 6)
    W, T, eta = rng.normal(size=(3, 4)), rng.uniform(2, 4), 0.3
    V = W / T
    dV = h.T @ softmax_cross_entropy(h @ V, labels)[1]
    stepped = trained(W, h, labels, T, eta, 1)
    return {
        "T": T, r"\eta": eta, "V": V, "after": {"V": stepped / T},
        r"\frac{\partial \ell}{\partial V}": dV,
        r"\frac{\partial\ell}{\partial V}": dV,
        r"\frac{\partial\ell}{\partial W}": (W - stepped) / eta,
    }  # fmt: skip


@twin("V = W/T", "z = hW/T = hV")
def divided(rng):
    h, W, T = rng.normal(size=(6, 3)), rng.normal(size=(3, 4)), rng.uniform(2, 4)
    return {"h": h, "W": W, "T": T, "V": W / T, "z": h @ W / T}


@twin("eq-out-wait", about=0.02)
def waiting(rng):
    p, eta = rng.uniform(1e-4, 3e-4), rng.uniform(0.3, 0.5)
    b, t = 0.0, 0
    while sigmoid(b) > 2 * p:
        b, t = b - eta * (sigmoid(b) - p), t + 1
    return {"p": p, r"\eta": eta, "t": t}


@twin("eq-out-time")
def time_of_a_gate(rng):
    b = rng.normal()
    kept = sigmoid(b) ** np.arange(2000)
    return {"b": b, r"\sigma": sigmoid, "T": kept.sum()}


@twin("eq-out-memory", within=1e-6)
def memory(rng):
    f, i, g, c = rng.uniform(0.1, 0.9, (4, 3))
    v = rng.normal(size=3)

    def loss(c):
        return np.tanh(c) @ v

    def slopes(of, at, width=1e-6):
        ends = [at + sign * width * np.eye(3) for sign in (1, -1)]
        return np.array([of(a) - of(b) for a, b in zip(*ends, strict=True)]) / 2 / width

    after = f * c + i * g
    return {
        "c_t": after, "f_t": f, "c_{t-1}": c, "i_t": i, "g_t": g,
        r"\frac{\partial\ell}{\partial c_{t-1}}": slopes(
            lambda c: loss(f * c + i * g), c
        ),
        r"\frac{\partial\ell}{\partial c_t}": slopes(loss, after),
    }  # fmt: skip


@twin("eq-out-tied", "z = h E^\\top", r"s = \sigma\sqrt{d}", within=0.03)
def tied(rng):
    d, sigma, rho = 50, 0.3, 0.6
    own = sigma * rng.normal(size=(40_000, d))
    noise = rng.normal(size=own.shape)
    h = rho * own / sigma + np.sqrt(1 - rho**2) * noise
    E = sigma * rng.normal(size=(300, d))
    z = h[:300] @ E.T
    return {
        r"\rho": rho, r"\sigma": sigma, "d": d, "z_i": (h * own).sum(axis=1),
        "z_j": z, "s": z.std(), "z": z, "h": h[:300], "E": E,
    }  # fmt: skip


@twin("eq-out-new")
def new_words(rng):
    z, m = rng.normal(size=30), 4
    new = np.exp(np.concatenate([z, np.full(m, z.mean())]))
    return {
        "z": z, "k": range(30), "K": 30, "m": m, r"\overline{z}": z.mean(),
        "P": new[30:].sum() / new.sum(),
    }  # fmt: skip
