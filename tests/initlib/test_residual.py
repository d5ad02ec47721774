"""Branches and normalization: gradients against differences, and what is exact."""

import numpy as np
import pytest

from initlib import (
    fit,
    forward,
    gelu,
    init_mlp,
    lecun_normal,
    mean_squared_error,
    normalize,
    normalize_back,
    propagate,
    relu,
    residual,
    stack,
    tanh,
    zeros,
)
from tests.initlib.differences import numeric_gradient, relative_errors

KINDS = [
    (branch, norm, place)
    for branch in (0, 1, 2)
    for norm in ("none", "layer", "batch")
    for place in ("pre", "post")
]
SIZES = [3, 5, 4, 5, 4, 5, 2]  # branches of two layers; WIDE ones also of one
WIDE = [3, 5, 5, 5, 2]


def network(rng, sizes):
    return init_mlp(sizes, lecun_normal, rng, bias_std=0.5)


@pytest.mark.parametrize(("branch", "norm", "place"), KINDS)
def test_every_gradient_entry(branch, norm, place, rng):
    params = network(rng, WIDE if branch == 1 else SIZES)
    passes = residual(branch, norm=norm, place=place, scale=0.7)
    x, dout = rng.standard_normal((4, 3)), rng.standard_normal((4, 2))
    errors = list(relative_errors(passes, params, tanh, x, dout))
    assert len(errors) == sum(W.size + b.size for W, b in params)
    assert max(errors) < 1e-6


@pytest.mark.parametrize("norm", ["none", "layer", "batch"])
def test_every_gradient_entry_of_an_ensemble(norm, rng):
    params = stack([network(rng, WIDE) for _ in range(2)])
    passes = residual(1, norm=norm)
    x, dout = rng.standard_normal((4, 3)), rng.standard_normal((2, 4, 2))
    assert max(relative_errors(passes, params, gelu, x, dout)) < 1e-6


@pytest.mark.parametrize(
    "wrong",
    [{"scale": 0.6}, {"norm": "none"}, {"norm": "batch"}, {"place": "post"}],
    ids=str,
)
def test_the_backward_pass_of_another_network_would_be_noticed(wrong, rng):
    params = network(rng, SIZES)
    kind = {"norm": "layer", "place": "pre", "scale": 0.7}
    x, dout = rng.standard_normal((4, 3)), rng.standard_normal((4, 2))
    passes = residual(2, **kind)[0], residual(2, **{**kind, **wrong})[1]
    assert max(relative_errors(passes, params, tanh, x, dout)) > 1e-3


@pytest.mark.parametrize("norm", ["layer", "batch"])
def test_gradient_of_a_normalization(norm, rng):
    x, dy = rng.standard_normal((2, 4, 5)), rng.standard_normal((2, 4, 5))
    dx = normalize_back(x, dy, norm, eps=0.1)
    numeric = numeric_gradient(lambda: (normalize(x, norm, eps=0.1) * dy).sum(), x)
    np.testing.assert_allclose(dx, numeric, rtol=0, atol=1e-7)
    assert abs(dx - normalize_back(x, dy, norm, eps=0)).max() > 1e-3


def test_one_input_that_is_not_finite_spoils_no_other():
    x, dy = np.array([[np.nan, 1.0], [1.0, 3.0]]), np.eye(2)
    back = normalize_back(x, dy), normalize_back(np.eye(2), np.nan * x)
    for y in (normalize(x), *back):
        assert np.isnan(y[0]).all()
    assert np.isfinite([normalize(x)[1], back[0][1]]).all()


@pytest.mark.parametrize(("norm", "axis"), [("layer", -1), ("batch", -2)])
def test_means_and_variances(norm, axis, rng):
    y = normalize(3 + 5 * rng.standard_normal((2, 40, 30)), norm, eps=0)
    np.testing.assert_allclose(y.mean(axis=axis), 0, atol=1e-12)
    np.testing.assert_allclose(y.var(axis=axis), 1, rtol=1e-12)
    assert abs(y.var(axis=-3 - axis) - 1).max() > 0.01  # not along the other axis


def test_without_skips_and_norm_it_is_forward(rng):
    params, x = network(rng, SIZES), rng.standard_normal((4, 3))
    plain, trace = forward(params, x, relu), residual(0)[0](params, x, relu)
    with_skips = residual(2)[0](params, x, relu)
    for i in range(len(params)):
        np.testing.assert_allclose(trace.z[i], plain.z[i], rtol=1e-12)
        np.testing.assert_array_equal(trace.u[i], trace.z[i])
    assert abs(with_skips.z[-1] - plain.z[-1]).max() > 1e-3


@pytest.mark.parametrize("place", ["pre", "post"])
def test_the_stream_by_hand(place, rng):
    params, x = network(rng, WIDE), rng.standard_normal((4, 3))
    trace = residual(1, norm="layer", place=place, scale=0.5)[0](params, x, tanh)
    s = x @ params[0][0] + params[0][1]
    for i in (1, 2):
        np.testing.assert_allclose(trace.u[i - 1], s)
        n = normalize(s)
        W, b = params[i]
        s = (n if place == "post" else s) + 0.5 * (np.tanh(n) @ W + b)
    W, b = params[3]
    np.testing.assert_allclose(trace.z[3], np.tanh(normalize(s)) @ W + b)
    np.testing.assert_array_equal(trace.u[3], trace.z[3])


def test_index_rule(rng):
    params, x = network(rng, SIZES), rng.standard_normal((4, 3))
    run, run_back = residual(2, norm="batch", scale=0.5)
    trace = run_back(run(params, x, tanh), tanh, rng.standard_normal((4, 2)))
    lists = (trace.h, trace.z, trace.u, trace.dz, trace.dW, trace.db, trace.du)
    assert {len(things) for things in lists} == {6}
    for i, (W, b) in enumerate(params):
        np.testing.assert_allclose(trace.z[i], trace.h[i] @ W + b)
        np.testing.assert_allclose(trace.dW[i], trace.h[i].T @ trace.dz[i])
        ends = i in (2, 4)
        np.testing.assert_allclose(trace.dz[i], trace.du[i] * (0.5 if ends else 1))


def test_branches_that_end_at_zero_leave_the_stream_alone(rng):
    inits = [lecun_normal, *[lecun_normal, zeros] * 2, lecun_normal]
    params = init_mlp([3, 5, 4, 5, 4, 5, 2], inits, rng)
    trace = residual(2)[0](params, rng.standard_normal((4, 3)), relu)
    np.testing.assert_array_equal(trace.u[4], trace.u[0])
    assert abs(trace.z[3]).max() > 0  # the branches are at work all the same


def test_fit_takes_the_passes(rng):
    params, x = network(rng, SIZES), rng.standard_normal((50, 3))
    y = np.sin(x[:, :2])
    how = {"lr": 0.05, "steps": 200, "batch": 25, "rng": rng}
    passes = residual(2, norm="layer")
    run = fit(params, tanh, mean_squared_error, x, y, **how, passes=passes)
    assert run.losses[-10:].mean() < run.losses[:10].mean() / 3


def test_propagate_takes_the_passes(rng):
    trace = propagate(WIDE, lecun_normal, tanh, rng, passes=residual(1, norm="layer"))
    assert trace.du[0].shape == trace.u[0].shape == (256, 5)
