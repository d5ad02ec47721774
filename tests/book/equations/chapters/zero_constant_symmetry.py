"""Twins of the equations of chapter 2, and of the page on copies."""

import numpy as np
from scipy.optimize import minimize

from initlib import backward, forward, init_mlp, lecun_normal, tanh
from initlib import softmax_cross_entropy as cross_entropy
from tests.book.equations.ensembles import slope
from tests.book.equations.twins import twin


def network(rng):
    params = init_mlp([4, 4, 4, 4], lecun_normal, rng, bias_std=0.5)
    x, dout = rng.normal(size=(2, 5, 4))
    return backward(forward(params, x, tanh), tanh, dout)


@twin("eq-zero-forward")
def forward_pass(rng):
    run = network(rng)
    return {
        "W": [W for W, _ in run.params], "b": [b[None] for _, b in run.params],
        "h": [*run.h, tanh(run.z[-1])], "z": run.z,
        r"\phi": tanh, "i": range(3), "L": 3,
    }  # fmt: skip


def loss_with(run, i, *, W=None, b=None):
    """Return the loss whose gradient at the output is that of the run."""
    params = list(run.params)
    params[i] = (params[i][0] if W is None else W, params[i][1] if b is None else b)
    return np.sum(forward(params, run.h[0], tanh).z[-1] * run.dz[-1])


@twin(
    "eq-zero-backward",
    r"\partial\ell/\partial W_i = h_i^\top \delta_i",
    r"\delta_{i-1} = (\delta_i W_i^\top) \odot \phi'(z_{i-1})",
    within=1e-7,
)
def backward_pass(rng):
    run, i = network(rng), 1
    W, b = run.params[i]
    return {
        "W": [W for W, _ in run.params], "h": run.h, "z": run.z, r"\delta": run.dz,
        r"\phi'": tanh.df, "i": i,
        r"\frac{\partial\ell}{\partial W_i}": slope(
            lambda W: loss_with(run, i, W=W), W
        ),
        r"\frac{\partial\ell}{\partial b_i}": slope(
            lambda b: loss_with(run, i, b=b), b
        ),
    }  # fmt: skip


LABELS = np.array([0, 0, 0, 1, 2, 2])
FRACTIONS = np.array([3, 1, 2]) / 6


def loss_of_biases(b):
    return cross_entropy(np.tile(b, (6, 1)), LABELS)[0]


@twin(r"\frac{\partial \ell}{\partial b_k}", within=1e-8)
def gradient_of_output_bias(rng):
    b = rng.normal(size=3)
    p = np.exp(b) / np.exp(b).sum()
    derivative = slope(loss_of_biases, b)
    symbols = {"b": b, "p": p, "p_k": p, "f_k": FRACTIONS}
    return symbols | {r"\frac{\partial \ell}{\partial b_k}": derivative}


@twin("eq-zero-entropy", within=1e-8)
def entropy(rng):
    least = minimize(loss_of_biases, rng.normal(size=3), tol=1e-10).fun
    return {r"\ell_{\min}": least, "f": FRACTIONS, "k": range(3)}


@twin("eq-zero-permute")
def permutation(rng):
    run, order = network(rng), rng.permutation(4)
    (W, b), (following, _), _ = run.params
    swapped = [(W[:, order], b[order]), (following[order], run.params[1][1])]
    both = forward(run.params[:2], run.h[0], tanh), forward(swapped, run.h[0], tanh)
    assert np.allclose(both[0].z[-1], both[1].z[-1])
    return {
        "P": np.eye(4)[:, order], "W_i": W, "b_i": b[None], "W_{i+1}": following,
        "after": {
            "W_i": swapped[0][0], "b_i": swapped[0][1][None], "W_{i+1}": swapped[1][0]
        },
    }  # fmt: skip


def gradients(W, V, x, labels):
    params = [(W, np.zeros(W.shape[1])), (V, np.zeros(V.shape[1]))]
    trace = forward(params, x, tanh)
    return backward(trace, tanh, cross_entropy(trace.z[-1], labels)[1]).dW


@twin("eq-zero-one-unit")
def one_unit(rng):
    H, eta = 7, 0.3
    w, v = rng.normal(size=(4, 1)), rng.normal(size=(1, 3))
    x, labels = rng.normal(size=(6, 4)), LABELS
    wide = gradients(np.tile(w, H), np.tile(v, (H, 1)), x, labels)
    narrow = gradients(w, H * v, x, labels)
    return {
        "H": H, r"\eta": eta,
        r"\frac{\partial\ell}{\partial w}": narrow[0],
        r"\frac{\partial\ell}{\partial u}": narrow[1],
        r"\Delta w": -eta * wide[0][:, :1],
        r"\Delta u": H * -eta * wide[1][:1],
    }  # fmt: skip


class Copies:
    """A unit beside its copies, and the errors that come back to them."""

    def __init__(self, rng):
        self.x, self.delta = rng.normal(size=(6, 4)), rng.normal(size=(6, 3))
        self.w, self.v = rng.normal(size=(4, 1)), rng.normal(size=(1, 3))
        self.a, self.c = rng.normal(size=(4, 1)), rng.normal(size=(1, 3))

    def gradients(self, w, v):
        """Return those of the weights into and out of one unit."""
        s = self.x @ w
        back = (self.delta @ v.T) * tanh.df(s)
        return self.x.T @ back, tanh(s).T @ self.delta

    def deviations(self, a, c, step=1e-5):
        """Return, to first order, what a and c add to the gradients of a unit."""
        ends = [self.gradients(self.w + t * a, self.v + t * c) for t in (step, -step)]
        return [(up - down) / (2 * step) for up, down in zip(*ends, strict=True)]

    def curvature(self):
        """Return M: what it does to each deviation of a single entry."""
        columns = []
        for one in np.eye(7):
            into, out = self.deviations(one[:4, None], one[None, 4:])
            columns.append(np.concatenate([into[:, 0], out[0]]))
        return np.array(columns).T


def bend(s):
    return -2 * tanh(s) * tanh.df(s)


@twin("eq-zero-deviation", within=1e-7)
def deviation(rng):
    unit = Copies(rng)
    M = unit.curvature()
    rows = zip(unit.x[:, None], unit.delta[:, None], unit.x @ unit.w, strict=True)
    return {
        "a_j": unit.a, "c_j": unit.c, "v": unit.v, "S": M[:4, :4], "G": M[:4, 4:],
        r"\phi'": tanh.df, r"\phi''": bend,
        r"\sum": [{"x": x, r"\delta": delta, "z": z.item()} for x, delta, z in rows],
        "terms": unit.deviations(unit.a, unit.c),
    }  # fmt: skip


@twin("eq-zero-growth", within=1e-7)
def growth(rng):
    unit, eta = Copies(rng), 0.1
    M = unit.curvature()
    into, out = unit.deviations(unit.a, unit.c)
    return {
        "a_j": unit.a, "c_j": unit.c, "M": M, "S": M[:4, :4], "G": M[:4, 4:],
        "I": np.eye(7), r"\eta": eta,
        "after": {"a_j": unit.a - eta * into, "c_j": unit.c - eta * out},
    }  # fmt: skip


# In lines


@twin(r"\phi(z) P\, P^\top W_{i+1} = \phi(z)\, W_{i+1}")
def permuted(rng):
    run = network(rng)
    P = np.eye(4)[:, rng.permutation(4)]
    return {r"\phi": tanh, "z": run.z[0], "P": P, "W_{i+1}": run.params[1][0]}


@twin(
    r"v = u/H",
    r"b + \sum_{j=1}^{H} \phi(xw)\, v = b + \phi(xw)\, u",
)
def sum_of_copies(rng):
    x, w, v = rng.normal(size=(1, 4)), rng.normal(size=(4, 1)), rng.normal(size=(1, 3))
    u = v + v + v + v + v
    return {"x": x, "w": w, "v": v, "u": u, "H": 5, "b": 0.3, r"\phi": tanh}


@twin(r"T^\top = T^{-1}")
def rearrangement(rng):
    return {"T": np.eye(5)[:, rng.permutation(5)]}
