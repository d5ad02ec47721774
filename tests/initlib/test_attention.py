"""The transformer against loops by hand, its gradients against finite differences."""

from functools import partial

import numpy as np
import pytest

import initlib
from initlib import (
    attend,
    attention_weights,
    backward_transformer,
    fit,
    forward_transformer,
    gelu,
    init_transformer,
    lecun_normal,
    mean_squared_error,
    relu,
    stack,
    streams,
    tanh,
)
from tests.initlib.differences import relative_errors

SIZES = [4, 3, 6, 2]
HEADS = 2
PASSES = (
    partial(forward_transformer, heads=HEADS),
    partial(backward_transformer, heads=HEADS),
)


def transformer(rng, sizes=SIZES):
    params = init_transformer(sizes, lecun_normal, rng)
    return [(W, 0.3 * rng.standard_normal(b.shape)) for W, b in params]


@pytest.mark.parametrize("act", [gelu, relu, tanh], ids=lambda act: act.name)
def test_every_gradient_entry(act, rng):
    params = transformer(rng)
    x, dout = rng.integers(0, 4, (2, 3)), rng.standard_normal((2, 3, 4))
    errors = list(relative_errors(PASSES, params, act, x, dout))
    assert len(errors) == sum(W.size + b.size for W, b in params)
    assert max(errors) < 1e-7


def test_every_gradient_entry_of_an_ensemble(rng):
    params = stack([transformer(rng, [3, 2, 4, 1]) for _ in range(2)])
    x, dout = rng.integers(0, 3, (2, 2)), rng.standard_normal((2, 2, 2, 3))
    assert max(relative_errors(PASSES, params, gelu, x, dout)) < 1e-7


@pytest.mark.parametrize("part", ["_attend_back", "normalize_back"])
def test_a_wrong_gradient_would_be_noticed(part, rng, monkeypatch):
    """Take the weights, or the size of a token, for constants."""

    def attend_back(q, k, v, dout, heads):
        weights = attention_weights(q, k, heads=heads)
        return [0 * q, 0 * k, weights[:, 0].mT @ dout]

    def size_only(x, dout):
        return dout / np.sqrt(x.var(axis=-1, keepdims=True) + 1e-5)

    wrong = {"_attend_back": attend_back, "normalize_back": size_only}[part]
    monkeypatch.setattr(initlib.attention, part, wrong)
    x, dout = rng.integers(0, 4, (2, 3)), rng.standard_normal((2, 3, 4))
    assert max(relative_errors(PASSES, transformer(rng), gelu, x, dout)) > 1e-3


def test_attention_is_what_loops_compute(rng):
    q, k, v = rng.standard_normal((3, 2, 5, 6))
    out = attend(q, k, v, heads=HEADS)
    weights = attention_weights(q, k, heads=HEADS)
    for b, head, i in np.ndindex(2, HEADS, 5):
        own = slice(3 * head, 3 * head + 3)
        scores = [q[b, i, own] @ k[b, j, own] / np.sqrt(3) for j in range(5)]
        expected = np.exp(scores) / np.exp(scores).sum()
        np.testing.assert_allclose(weights[b, head, i], expected)
        np.testing.assert_allclose(out[b, i, own], expected @ v[b, :, own])


def test_large_scores_do_not_overflow():
    q = np.array([[1e3], [-1e3]])
    np.testing.assert_array_equal(attention_weights(q, q)[0], np.eye(2))


def test_a_block_is_what_its_formula_says(rng):
    params, x = transformer(rng, [4, 3, 6, 1]), rng.integers(0, 4, (2, 3))
    E, query, key, value, output, up, down, head = params

    def norm(s):
        s = s - s.mean(axis=-1, keepdims=True)
        return s / np.sqrt((s**2).mean(axis=-1, keepdims=True) + 1e-5)

    def times(h, layer):
        return h @ layer[0] + layer[1]

    before = E[0][x] + E[0][4:] + E[1]
    n = norm(before)
    mixed = attend(*(times(n, w) for w in (query, key, value)), heads=HEADS)
    middle = before + times(mixed, output)
    after = middle + times(gelu(times(norm(middle), up)), down)
    trace = PASSES[0](params, x, gelu)
    for ours, theirs in zip(streams(trace), [before, middle, after], strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-12)
    np.testing.assert_allclose(trace.z[-1], times(norm(after), head), atol=1e-12)


def test_an_ensemble_equals_its_networks(rng):
    nets, x = [transformer(rng) for _ in range(3)], rng.integers(0, 4, (2, 3))
    dout = rng.standard_normal((3, 2, 3, 4))
    run, back = PASSES
    together = back(run(stack(nets), x, gelu), gelu, dout)
    for s, params in enumerate(nets):
        alone = back(run(params, x, gelu), gelu, dout[s])
        for name in ("z", "dz", "dW", "db"):
            pairs = zip(getattr(together, name), getattr(alone, name), strict=True)
            for ours, own in pairs:
                np.testing.assert_allclose(ours[s], own, rtol=1e-10, atol=1e-12)


def test_factors_reach_the_layers_that_they_name(rng):
    factors = {"embedding": 2, "query": 3, "down": [5, 7], "head": 0}
    params = init_transformer(SIZES, initlib.he_normal, rng, factors=factors)
    shapes = [W.shape for W, _ in params]
    block = [(6, 6)] * 4 + [(6, 24), (24, 6)]
    assert shapes == [(7, 6), *block, *block, (6, 4)]
    ones = partial(initlib.constant, value=1.0)
    params = init_transformer(SIZES, ones, rng, factors=factors)
    told = [2, *(3, 1, 1, 1, 1, 5), *(3, 1, 1, 1, 1, 7), 0]
    assert [W.max() for W, _ in params] == [W.min() for W, _ in params] == told
    assert not any(b.any() for _, b in params)


def test_fit_trains_it(rng):
    params = transformer(rng, [3, 2, 4, 1])
    x, y = rng.integers(0, 3, (8, 2)), rng.standard_normal((8, 6))

    def loss(out, target):
        value, d = mean_squared_error(out.reshape(len(out), -1), target)
        return value, d.reshape(out.shape)

    options = {"lr": 0.01, "steps": 100, "batch": 8, "rng": rng, "optimizer": "adam"}
    losses = fit(params, gelu, loss, x, y, passes=PASSES, **options).losses
    assert losses[-1] < 0.7 * losses[0]
