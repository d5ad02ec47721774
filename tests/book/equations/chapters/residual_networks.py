"""Twins of the equations of chapter 13."""

import numpy as np

from initlib import forward, he_normal, init_mlp, relu, residual
from tests.book.equations.twins import twin


def stream(rng, branches, ends):
    """Return the stream of a wide network before and after its last branch."""
    s = rng.normal(size=(40, 2000))
    for _ in range(branches):
        before, f = s, ends(s, he_normal((2000, 2000), rng))
        s = s + f
    return before, f, s


@twin("s' = s + \\alpha\\, f .")
def added(rng):
    params = [(rng.normal(size=(4, 4)), rng.normal(size=4)) for _ in range(3)]
    x, alpha = rng.normal(size=(5, 4)), rng.uniform(2, 3)
    trace = residual(1, scale=alpha)[0](params, x, relu)
    f = forward(params[1:2], relu(trace.u[0]), relu).z[0]
    return {"s": trace.u[0], "s'": trace.u[1], r"\alpha": alpha, "f": f}


@twin("eq-res-sum", within=0.03)
def doubled(rng):
    alpha = rng.uniform(1.5, 2)
    s, f, _ = stream(rng, 1, lambda s, W: relu(s) @ W)
    return {"q": np.square(s).mean(), "q'": np.square(s + alpha * f).mean(),
            r"\alpha": alpha}  # fmt: skip


@twin("eq-res-mean", within=0.06)
def with_a_mean(rng):
    s, _, after = stream(rng, 4, lambda s, W: relu(s @ W))
    q = np.square(s).mean()
    return {"q": q, "q'": np.square(after).mean(), "a": s.mean() / np.sqrt(q)}


@twin("eq-res-pre", within=0.03)
def behind_a_norm(rng):
    alpha, params = rng.uniform(1.5, 2), init_mlp([2000] * 4, he_normal, rng)
    x = rng.normal(size=(40, 2000))
    u = residual(1, norm="layer", scale=alpha)[0](params, x, relu).u
    q, after = (np.square(s).mean() for s in u[:2])
    return {"q": q, "q'": after, r"\alpha": alpha}


@twin("eq-res-inverse")
def inverse(rng):
    params = [(rng.normal(size=(4, 4)), np.zeros(4)) for _ in range(2)]
    x, dout, c = rng.normal(size=(6, 4)), rng.normal(size=(6, 4)), rng.uniform(2, 3)
    run, run_back = residual(0, norm="batch", eps=0)
    scaled = [(c * params[0][0], params[0][1]), params[1]]
    g, g_c = (run_back(run(p, x, relu), relu, dout).dW[0] for p in (params, scaled))
    return {"g": g, "g_c": g_c, "c": c}


@twin("eq-res-rate")
def rate(rng):
    W, g, c = rng.normal(size=(3, 4)), rng.normal(size=(3, 4)), rng.uniform(2, 3)
    return {"W": W, "g": g, "g_c": g / c, "c": c, r"\eta": rng.uniform(0.1, 1)}


@twin("eq-res-chi", within=0.01)
def magnified(rng):
    h = relu(rng.normal(size=1_000_000))
    return {r"\chi": np.square(h).mean() / h.var()}
