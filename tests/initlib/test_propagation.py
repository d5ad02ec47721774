"""Measures of a layer, on arrays whose answer is known."""

import math
from functools import partial

import numpy as np
import pytest
from scipy import stats

from initlib import (
    Activation,
    born_dead,
    correlation,
    dead_fraction,
    forward,
    growth,
    he_normal,
    init_mlp,
    jacobian_singular_values,
    lecun_normal,
    length_ratio,
    linear,
    lsuv,
    normal,
    orthogonal,
    propagate,
    relu,
    replicate,
    rms,
    saturation,
    second_moment,
    selu,
    sigmoid,
    softsign,
    spread,
    stack,
    tanh,
)


def test_measures_of_a_known_layer():
    same = np.full((4, 3), 2.0)
    assert second_moment([same])[0] == 4
    assert rms([same, 3 * same]).tolist() == [2, 6]
    assert spread([same])[0] == 0
    assert correlation([same])[0] == pytest.approx(1)
    opposite = np.array([[3.0, 0.0], [-1.0, 0.0]])
    assert second_moment([opposite])[0] == 2.5
    assert spread([opposite])[0] == pytest.approx(2 / math.sqrt(2))
    assert correlation([opposite])[0] == pytest.approx(-1)


def test_correlation_is_the_mean_over_pairs(rng):
    h = rng.standard_normal((5, 7)) + 0.3
    unit = h / np.linalg.norm(h, axis=1, keepdims=True)
    cosines = (unit @ unit.T)[np.triu_indices(5, 1)]
    assert correlation([h])[0] == pytest.approx(cosines.mean())
    with_zero_row = np.vstack([h, np.zeros(7)])
    assert correlation([with_zero_row])[0] == pytest.approx(cosines.mean())
    assert np.isnan(correlation([np.zeros((3, 2))])[0])


def test_measures_of_an_ensemble_are_those_of_its_networks(rng):
    layers = [rng.standard_normal((3, 6, n)) for n in (4, 5)]
    for measure in (
        second_moment, rms, spread, correlation, dead_fraction,
        partial(saturation, act=tanh, tol=0.2),
    ):  # fmt: skip
        together = measure(layers)
        assert together.shape == (2, 3)
        for s in range(3):
            alone = measure([h[s] for h in layers])
            np.testing.assert_allclose(together[:, s], alone)


def test_saturation():
    z = np.array([[-3.0, 0.0], [2.0, 5.0]])
    assert saturation([z], tanh)[0] == 0.5  # |tanh 2| = .964, |tanh 3| = .995
    assert saturation([z], tanh, tol=0.05)[0] == 0.75
    assert saturation([np.array([[-6.0, 6.0, 4.0]])], sigmoid)[0] == pytest.approx(
        2 / 3
    )
    assert saturation([np.array([[-1.0, 1.0]])], relu)[0] == 0.5
    assert saturation([np.array([[-9.0, 9.0]])], selu)[0] == 0.5
    with pytest.raises(ValueError, match="linear has none"):
        saturation([z], linear)


@pytest.mark.parametrize("tol", [0.01, 0.2])
@pytest.mark.parametrize("side", [-1, 1])
def test_saturation_begins_at_tol(tol, side):
    """A hair inside and a hair outside the distance `tol` of the asymptote."""
    for act, border in [(tanh, math.atanh(1 - tol)), (sigmoid, math.log(1 / tol - 1))]:
        for z, expected in [(border + 1e-6, 1), (border - 1e-6, 0)]:
            assert saturation([np.array([[side * z]])], act, tol=tol)[0] == expected
    assert (
        saturation([np.array([[2.64, 2.65]])], tanh)[0] == 0.5
    )  # tol is .01 if unsaid


def test_a_slow_approach_to_a_large_asymptote_saturates():
    wide = Activation("wide", lambda z: 10 * softsign(z), lambda z: 10 * softsign.df(z))
    assert saturation([np.array([[-1e6, 1e6, 1.0, 0.0]])], wide)[0] == 0.5


@pytest.mark.parametrize("apart", [0.009, 0.011])
def test_what_moves_by_a_hundredth_far_out_has_no_asymptote(apart):
    step = Activation("step", lambda z: apart * (z > 1e5) - z * (z < 0), np.sign)
    if apart > 0.01:
        with pytest.raises(ValueError, match="step has none"):
            saturation([np.array([[1.0, 2e5]])], step)
    else:
        assert saturation([np.array([[1.0, 2e5]])], step, tol=0.001)[0] == 0.5


def test_length_ratio_is_what_real_he_networks_do(rng):
    """Mean and variance of the logarithm, against matrices; a mean of 2 would fail."""
    drawn = np.log(length_ratio(20, 4, 1500, rng))
    x = rng.standard_normal((1, 20))
    nets = stack([init_mlp([20] * 5 + [1], he_normal, s) for s in rng.spawn(1500)])
    last = forward(nets, x, relu).h[-1]
    real = np.log(second_moment([last])[0] / second_moment([x])[0])
    assert stats.ttest_ind(drawn, real).pvalue > 1e-3
    assert stats.levene(drawn, real).pvalue > 1e-3
    assert stats.ttest_ind(drawn + np.log(2), real).pvalue < 1e-9


def test_born_dead_follows_from_the_units_of_each_layer(rng):
    dead = born_dead(3, 10, rng, count=2000, batch=1)
    theory = 1 - (1 - 2.0**-3) ** 10
    assert abs(dead - theory) < 4 * math.sqrt(theory * (1 - theory) / 2000)
    assert abs(born_dead(4, 10, rng, count=2000, batch=1) - theory) > 0.2


def test_dead_fraction():
    z = np.array([[-1.0, -1.0, 0.0], [-2.0, 1.0, 0.0]])
    assert dead_fraction([z])[0] == pytest.approx(2 / 3)
    assert dead_fraction([relu(z)])[0] == pytest.approx(2 / 3)


def test_growth():
    assert growth([1, 2, 4, 8]) == pytest.approx(2)
    assert growth([5, 1]) == pytest.approx(0.2)
    assert isinstance(growth([3, 1]), float)
    np.testing.assert_allclose(growth([[1, 1], [2, 3], [4, 9]]), [2, 3])


def test_propagate_makes_both_passes(rng):
    trace = propagate([5, 7, 6, 3], he_normal, relu, rng, batch=11, bias_std=0.1)
    assert trace.h[0].shape == (11, 5)
    assert trace.dz[-1].shape == (11, 3)
    assert trace.params[0][1].any()
    x = rng.standard_normal((4, 5))
    np.testing.assert_array_equal(propagate([5, 2], he_normal, relu, rng, x=x).h[0], x)


def test_propagate_draws_as_it_says():
    """Weights, then inputs, then dout, all standard normal where not told otherwise."""
    trace = propagate([40, 9, 30], he_normal, relu, np.random.default_rng(4))
    own = np.random.default_rng(4)
    params = init_mlp([40, 9, 30], he_normal, own)
    x, dout = own.standard_normal((256, 40)), own.standard_normal((256, 30))
    np.testing.assert_array_equal(trace.params[1][0], params[1][0])
    np.testing.assert_array_equal(trace.h[0], x)
    np.testing.assert_array_equal(trace.dz[-1], dout)
    assert not any(b.any() for _, b in trace.params)


def test_propagate_sends_normal_numbers_both_ways(rng):
    trace = propagate([40, 9, 30], he_normal, relu, rng)
    for drawn in (trace.h[0], trace.dz[-1]):
        assert stats.ks_1samp(drawn.ravel(), stats.norm.cdf).pvalue > 1e-6
        width = math.sqrt(12) * (stats.norm.cdf(drawn.ravel()) - 0.5)  # uniform
        assert stats.ks_1samp(width, stats.norm.cdf).pvalue < 1e-6


def numeric_jacobian(params, act, x, step=1e-6):
    """d out / d x at one input, by central differences, in the layout of h @ W."""
    eye = step * np.eye(len(x))
    out = [forward(params, x + sign * eye, act).z[-1] for sign in (1, -1)]
    return (out[0] - out[1]) / (2 * step)


@pytest.mark.parametrize("act", [tanh, relu, linear], ids=lambda act: act.name)
def test_jacobian_singular_values(act, rng):
    params = init_mlp([4, 6, 5, 3], lecun_normal, rng, bias_std=0.1)
    x = rng.standard_normal((3, 4))
    trace = forward(params, x, act)
    for sample in range(3):
        expected = np.linalg.svd(numeric_jacobian(params, act, x[sample]))[1]
        values = jacobian_singular_values(trace, act, sample=sample)
        np.testing.assert_allclose(values, expected, rtol=1e-6, atol=1e-8)
    ensemble = forward(stack([params, params]), x, act)
    assert jacobian_singular_values(ensemble, act).shape == (2, 3)


def test_orthogonal_linear_networks_are_isometries(rng):
    params = init_mlp([8] * 6, orthogonal, rng)
    values = jacobian_singular_values(forward(params, np.ones((1, 8)), linear), linear)
    np.testing.assert_allclose(values, 1, rtol=1e-12)


def test_replicate_streams_are_independent_and_repeatable():
    def measure(r):
        return r.standard_normal()

    first = replicate(measure, np.random.default_rng(3), n=8)
    assert first.shape == (8,)
    assert len(set(first)) == 8
    np.testing.assert_array_equal(
        first, replicate(measure, np.random.default_rng(3), 8)
    )
    pairs = replicate(lambda r: r.standard_normal(2), np.random.default_rng(3), n=4)
    assert pairs.shape == (4, 2)


def test_replicate_spawns_a_stream_for_each():
    """So no replicate depends on how much another has drawn."""
    parent = np.random.default_rng(3)
    expected = [r.standard_normal() for r in np.random.default_rng(3).spawn(16)]
    drawn = replicate(lambda r: r.standard_normal(), parent)
    np.testing.assert_array_equal(drawn, expected)
    lengths = iter(range(1, 17))
    greedy = replicate(
        lambda r: r.standard_normal(next(lengths))[0], np.random.default_rng(3)
    )
    np.testing.assert_array_equal(greedy, expected)
    again = replicate(lambda r: r.standard_normal(), parent)
    assert not set(again) & set(drawn)  # a parent never spawns a stream twice


@pytest.mark.parametrize("bias_std", [0.0, 0.5])
@pytest.mark.parametrize("act", [relu, tanh], ids=lambda act: act.name)
def test_lsuv_gives_every_layer_unit_variance(act, bias_std, rng):
    start = init_mlp([20] * 9, partial(normal, std=0.05), rng, bias_std=bias_std)
    before = [(W.copy(), b.copy()) for W, b in start]
    x = rng.standard_normal((200, 20))
    scaled = lsuv(start, x, act)
    variances = [z.var() for z in forward(scaled, x, act).z]
    np.testing.assert_allclose(variances, 1, atol=0.02)
    assert forward(start, x, act).z[-1].var() < 0.5
    for (W, b), (W0, b0), (V, _) in zip(start, before, scaled, strict=True):
        np.testing.assert_array_equal(W, W0)
        np.testing.assert_array_equal(b, b0)
        np.testing.assert_allclose(V / W, V[0, 0] / W[0, 0], rtol=1e-11)  # one factor


def test_lsuv_rescales_each_network_of_an_ensemble(rng):
    networks = [init_mlp([20] * 4, partial(normal, std=s), rng) for s in (0.05, 0.5)]
    x = rng.standard_normal((200, 20))
    for z in forward(lsuv(stack(networks), x, tanh), x, tanh).z:
        np.testing.assert_allclose(z.var(axis=(-2, -1)), 1, atol=0.02)


def test_lsuv_keeps_to_its_tolerance(rng):
    x = rng.standard_normal((200, 20))
    loose = [(W / np.sqrt(1.015), b) for W, b in lsuv(one_layer(rng), x, linear)]
    ((W, _),) = loose
    np.testing.assert_array_equal(lsuv(loose, x, linear)[0][0], W)  # off by 1.5 %
    assert not np.array_equal(lsuv(loose, x, linear, tol=0.01)[0][0], W)
    np.testing.assert_allclose(
        (x @ lsuv(loose, x, linear, tol=0.01)[0][0]).var(), 1, rtol=1e-12
    )


def one_layer(rng):
    return init_mlp([20, 20], partial(normal, std=0.7), rng)
