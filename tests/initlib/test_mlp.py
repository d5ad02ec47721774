"""The network against a loop by hand, its gradients against finite differences."""

import numpy as np
import pytest

from initlib import (
    Trace,
    backward,
    forward,
    he_normal,
    init_mlp,
    lecun_normal,
    load_params,
    relu,
    stack,
    tanh,
    zeros,
)
from tests.initlib.differences import relative_errors
from tests.initlib.test_activations import ALL

SIZES = [3, 5, 4, 2]
PASSES = (forward, backward)


def network(rng, sizes=SIZES):
    return init_mlp(sizes, lecun_normal, rng, bias_std=0.5)


@pytest.mark.parametrize("act", ALL, ids=lambda act: act.name)
def test_every_gradient_entry(act, rng):
    params = network(rng)
    x, dout = rng.standard_normal((6, 3)), rng.standard_normal((6, 2))
    errors = list(relative_errors(PASSES, params, act, x, dout))
    assert len(errors) == sum(W.size + b.size for W, b in params)
    assert max(errors) < 1e-7


@pytest.mark.parametrize("act", [relu, tanh], ids=lambda act: act.name)
def test_every_gradient_entry_of_an_ensemble(act, rng):
    params = stack([network(rng) for _ in range(3)])
    x, dout = rng.standard_normal((6, 3)), rng.standard_normal((3, 6, 2))
    assert max(relative_errors(PASSES, params, act, x, dout)) < 1e-7


def test_a_wrong_gradient_would_be_noticed(rng):
    params, x = network(rng), rng.standard_normal((6, 3))
    dout = rng.standard_normal((6, 2))
    wrong = type(tanh)("wrong", tanh.f, tanh.df, lambda h: 1 - h)
    assert max(relative_errors(PASSES, params, wrong, x, dout)) > 1e-3


def test_index_rule(rng):
    params, x = network(rng), rng.standard_normal((6, 3))
    trace = backward(forward(params, x, tanh), tanh, rng.standard_normal((6, 2)))
    assert [W.shape for W, _ in params] == [(3, 5), (5, 4), (4, 2)]
    lists = (trace.h, trace.z, trace.dz, trace.dW, trace.db)
    assert all(len(things) == 3 for things in lists)
    for i, (W, b) in enumerate(params):
        np.testing.assert_allclose(trace.z[i], trace.h[i] @ W + b)
        np.testing.assert_allclose(trace.dW[i], trace.h[i].T @ trace.dz[i])
        np.testing.assert_allclose(trace.db[i], trace.dz[i].sum(axis=0))
    np.testing.assert_array_equal(trace.h[1], np.tanh(trace.z[0]))
    assert repr(trace) == (
        "Trace(forward and backward: (6, 3) -> (6, 5) -> (6, 4) -> (6, 2))"
    )


def test_one_layer_is_linear(rng):
    params, x = network(rng, [3, 2]), rng.standard_normal((6, 3))
    W, b = params[0]
    np.testing.assert_allclose(forward(params, x, relu).z[-1], x @ W + b)


def test_ensemble_equals_its_networks(rng):
    networks = [network(rng) for _ in range(4)]
    x, dout = rng.standard_normal((6, 3)), rng.standard_normal((4, 6, 2))
    together = backward(forward(stack(networks), x, relu), relu, dout)
    for s, params in enumerate(networks):
        alone = backward(forward(params, x, relu), relu, dout[s])
        for name in ("z", "dz", "dW", "db"):
            pairs = zip(getattr(together, name), getattr(alone, name), strict=True)
            for ours, theirs in pairs:
                np.testing.assert_allclose(ours[s], theirs, rtol=1e-12, atol=1e-14)


def test_each_network_may_have_its_own_inputs(rng):
    networks = [network(rng) for _ in range(2)]
    x = rng.standard_normal((2, 6, 3))
    out = forward(stack(networks), x, tanh).z[-1]
    np.testing.assert_allclose(out[1], forward(networks[1], x[1], tanh).z[-1])


def test_forward_leaves_inputs_and_params_alone(rng):
    params, x = network(rng), rng.standard_normal((6, 3))
    copies = [(W.copy(), b.copy()) for W, b in params]
    backward(forward(params, x, relu), relu, np.ones((6, 2)))
    for (W, b), (W0, b0) in zip(params, copies, strict=True):
        np.testing.assert_array_equal(W, W0)
        np.testing.assert_array_equal(b, b0)


def test_init_mlp_biases_and_layers(rng):
    params = init_mlp([64, 50, 50, 10], [he_normal, he_normal, zeros], rng)
    assert params[0][0].any()
    assert not params[2][0].any()
    assert not any(b.any() for _, b in params)
    biases = np.concatenate(
        [b for _, b in init_mlp([4, 3000, 3000], zeros, rng, bias_std=0.2)]
    )
    assert abs(biases.std() / 0.2 - 1) < 4.892 / np.sqrt(2 * biases.size)


def test_layers_draw_from_one_stream():
    def draw(seed):
        return init_mlp([5, 5, 5], lecun_normal, np.random.default_rng(seed))

    (first, _), (second, _) = draw(1)
    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(draw(1)[1][0], second)


def test_trace_before_the_backward_pass(rng):
    trace = forward(network(rng), np.ones((1, 3)), relu)
    assert isinstance(trace, Trace)
    assert trace.dz is trace.dW is trace.db is None


def test_a_trace_tells_what_it_holds(rng):
    assert repr(forward(network(rng), np.ones((1, 3)), relu)) == (
        "Trace(forward: (1, 3) -> (1, 5) -> (1, 4) -> (1, 2))"
    )


def test_weights_and_biases_come_in_order():
    """W[0], b[0], W[1], b[1], ... from one stream."""
    params = init_mlp([3, 4, 2], lecun_normal, np.random.default_rng(5), bias_std=0.3)
    own = np.random.default_rng(5)
    for (W, b), shape in zip(params, [(3, 4), (4, 2)], strict=True):
        np.testing.assert_array_equal(W, lecun_normal(shape, own))
        np.testing.assert_array_equal(b, 0.3 * own.standard_normal(shape[1]))


def stored(tmp_path, params, *, turned, biases=True):
    """Write a network as a state_dict of torch would be."""
    arrays = {}
    for i, (W, b) in enumerate(params):
        arrays[f"net.{2 * i}.weight"] = (W.T if turned else W).astype(np.float32)
        if biases:
            arrays[f"net.{2 * i}.bias"] = b.astype(np.float32)
    np.savez(tmp_path / "net.npz", **arrays)
    return tmp_path / "net.npz"


@pytest.mark.parametrize("turned", [True, False])
@pytest.mark.parametrize("biases", [True, False])
def test_a_stored_network_comes_back_the_right_way_round(turned, biases, tmp_path, rng):
    params = network(rng)
    path = stored(tmp_path, params, turned=turned, biases=biases)
    loaded, transposed = load_params(path)
    assert transposed is turned
    for (W, b), (V, c) in zip(params, loaded, strict=True):
        assert V.dtype == c.dtype == np.float64
        np.testing.assert_allclose(V, W, rtol=1e-6)
        np.testing.assert_allclose(c, b * biases, rtol=1e-6)


def test_square_matrices_are_turned_when_asked(tmp_path, rng):
    params = network(rng, [4, 4, 4])
    path = stored(tmp_path, params, turned=True)
    for transpose in (True, False):
        loaded, transposed = load_params(path, transpose=transpose)
        assert transposed is transpose
        right = np.allclose(loaded[0][0], params[0][0], rtol=1e-6)
        assert right is transpose
