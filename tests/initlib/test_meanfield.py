"""Quadrature and maps against closed forms, and against wide networks."""

import math
from functools import partial

import numpy as np
import pytest
from scipy.special import erf as erf_function

from initlib import (
    Activation,
    c_map,
    chi,
    correlation,
    critical_weight_var,
    fixed_point,
    forecast,
    gain,
    gaussian_mean,
    gelu,
    growth,
    leaky_relu,
    linear,
    normal,
    propagate,
    q_map,
    relu,
    replicate,
    second_moment,
    selu,
    sigmoid,
    silu,
    sin,
    softplus,
    tanh,
)

erf = Activation(
    "erf", erf_function, lambda z: 2 / math.sqrt(math.pi) * np.exp(-np.square(z))
)
QS = [1e-6, 0.01, 1.0, 10.0, 1e4]


def arc_cosine(c):
    """E[relu(u) relu(v)] / E[relu(u)**2] at correlation c (Cho & Saul 2009)."""
    angle = math.acos(c)
    return (math.sin(angle) + (math.pi - angle) * c) / math.pi


@pytest.mark.parametrize("q", QS)
def test_moments_with_kinks_and_jumps(q):
    assert gaussian_mean(lambda z: relu(z) ** 2, q) == pytest.approx(q / 2, rel=1e-14)
    assert gaussian_mean(relu, q) == pytest.approx(math.sqrt(q / math.tau), rel=1e-14)
    assert gaussian_mean(relu.df, q) == pytest.approx(0.5, rel=1e-14)
    assert gaussian_mean(np.abs, q) == pytest.approx(math.sqrt(2 * q / math.pi))
    assert gaussian_mean(lambda z: z**4, q) == pytest.approx(3 * q**2, rel=1e-13)


@pytest.mark.parametrize("q", [*QS, 1e10])
def test_moments_of_smooth_functions(q):
    second = 2 / math.pi * math.asin(2 * q / (1 + 2 * q))
    assert gaussian_mean(lambda z: erf(z) ** 2, q) == pytest.approx(second, rel=1e-12)
    slope = 4 / math.pi / math.sqrt(1 + 4 * q)
    assert gaussian_mean(lambda z: erf.df(z) ** 2, q) == pytest.approx(slope, rel=1e-12)


@pytest.mark.parametrize("q", [0.01, 1.0, 10.0, 1000.0])
def test_moments_of_sin(q):
    second = -math.expm1(-2 * q) / 2
    assert gaussian_mean(lambda z: np.sin(z) ** 2, q) == pytest.approx(second, 1e-12)


def test_gauss_hermite_would_fail_the_same_tests():
    z, w = np.polynomial.hermite_e.hermegauss(80)
    w = w / math.sqrt(math.tau)
    second = 2 / math.pi * math.asin(2 * 1e4 / (1 + 2 * 1e4))
    assert w @ erf(100 * z) ** 2 != pytest.approx(second, rel=1e-3)
    assert w @ relu(z) != pytest.approx(math.sqrt(1 / math.tau), rel=1e-4)


def test_zero_variance():
    assert gaussian_mean(lambda z: z + 3, 0) == pytest.approx(3, rel=1e-14)
    assert q_map(0, sigmoid, 2.0, 0.1) == pytest.approx(0.6)


@pytest.mark.parametrize("c", [-1, -0.5, 0, 0.3, 0.9, 0.999, 1 - 1e-12, 1])
@pytest.mark.parametrize("q", [0.1, 1.0, 10.0, 100.0])
def test_c_map_closed_forms(c, q):
    assert c_map(c, relu, 2, 0, q) == pytest.approx(arc_cosine(c), abs=1e-14)
    assert c_map(c, linear, 1, 0, q) == pytest.approx(c, abs=1e-14)
    for act, mean in [
        (erf, lambda c: 2 / math.pi * math.asin(2 * q * c / (1 + 2 * q))),
        (sin, lambda c: math.exp(-q) * math.sinh(q * c)),
    ]:
        if act is sin and q > 10:
            continue  # turns too fast for the rule, as its docstring says
        expected = (1.3 * mean(c) + 0.2) / (1.3 * mean(1) + 0.2)
        assert c_map(c, act, 1.3, 0.2, q) == pytest.approx(expected, abs=1e-11)


def test_gain():
    assert gain(relu) == pytest.approx(math.sqrt(2), rel=1e-14)
    assert gain(linear) == pytest.approx(1, rel=1e-14)
    assert gain(selu) == pytest.approx(1, rel=1e-14)
    for slope in (0.01, 0.3, 1.0, -1.0):
        expected = math.sqrt(2 / (1 + slope**2))
        assert gain(leaky_relu(slope)) == pytest.approx(expected, rel=1e-14)
    for act in (tanh, gelu, silu):  # the value has second moment 1 after scaling
        g = gain(act)
        assert gaussian_mean(lambda z, a=act, g=g: (g * a(z)) ** 2) == pytest.approx(1)


def test_critical_points():
    for act, bias_var in [(tanh, 0.05), (tanh, 0.3), (gelu, 0.05), (sigmoid, 0.0)]:
        weight_var, q = critical_weight_var(act, bias_var)
        assert chi(act, weight_var, q) == pytest.approx(1, abs=1e-10)
        assert q_map(q, act, weight_var, bias_var) == pytest.approx(q, rel=1e-10)
    assert critical_weight_var(relu, 0) == pytest.approx((2, 1))
    assert critical_weight_var(tanh, 0) == pytest.approx((1, 0), abs=1e-12)
    weight_var, _ = critical_weight_var(selu, 0.0)  # both sides of the kink count
    slope = gaussian_mean(lambda z: selu.df(z) ** 2, 1e-12)
    assert weight_var == pytest.approx(1 / slope, rel=1e-5)


@pytest.mark.parametrize("act", [relu, softplus], ids=lambda act: act.name)
def test_no_critical_point(act):
    with pytest.raises(ValueError, match=r"no critical point at bias_var = 0\.05"):
        critical_weight_var(act, 0.05)


def test_fixed_point():
    q = fixed_point(lambda q: q_map(q, tanh, 2.0, 0.05), 1.0)
    assert q_map(q, tanh, 2.0, 0.05) == pytest.approx(q, rel=1e-11)
    assert fixed_point(math.cos, 0.5) == pytest.approx(0.7390851332151607)
    with pytest.raises(RuntimeError, match="within 50 iterations"):
        fixed_point(lambda q: q_map(q, tanh, 1.0), 1.0, max_iter=50)
    with pytest.raises(RuntimeError, match="left the finite numbers"):
        fixed_point(lambda q: q_map(q, relu, 1e30), 1.0)


def simulate(act, weight_var, bias_var, rng, *, width=300, depth=6):
    """Return q of the last layer, growth of the gradient's RMS, and correlation."""
    std = math.sqrt(weight_var / width)
    trace = propagate(
        [width] * (depth + 1), partial(normal, std=std), act, rng,
        batch=32, bias_std=math.sqrt(bias_var),
    )  # fmt: skip
    rms = np.sqrt(second_moment(trace.dz))
    return second_moment(trace.z)[-1], growth(rms[::-1]), correlation(trace.z)[-1]


@pytest.mark.parametrize(
    ("act", "weight_var", "bias_var"),
    [(tanh, 1.5, 0.1), (relu, 2.0, 0.0), (sigmoid, 4.0, 0.5)],
    ids=lambda v: getattr(v, "name", ""),
)
def test_theory_agrees_with_wide_networks(act, weight_var, bias_var, rng):
    """Means of 24 random networks, to within four standard errors and 1 / width."""
    draws = replicate(lambda r: simulate(act, weight_var, bias_var, r), rng, n=24)
    error = 4 * draws.std(axis=0, ddof=1) / math.sqrt(len(draws))
    q, c, log_growth = weight_var + bias_var, bias_var / (weight_var + bias_var), 0.0
    for _ in range(5):
        log_growth += math.log(chi(act, weight_var, q)) / 2
        c = c_map(c, act, weight_var, bias_var, q)
        q = q_map(q, act, weight_var, bias_var)
    theory = np.array([q, math.exp(log_growth / 5), c])
    distance = np.abs(draws.mean(axis=0) - theory)
    assert (distance < error + 0.02 * np.abs(theory)).all()
    assert abs(draws.mean(axis=0) - 1.15 * theory)[1] > error[1]


@pytest.mark.parametrize("act", [relu, tanh, sigmoid], ids=lambda act: act.name)
@pytest.mark.parametrize(("bias_var", "first", "c"), [(0, 1, 0), (0.3, 2, -0.4)])
@pytest.mark.parametrize("depth", [1, 6])
def test_forecast_is_the_loop_over_the_maps(act, bias_var, first, c, depth):
    wide = forecast(act, 1.7, depth, bias_var=bias_var, first=first, c=c)
    q = 1.7 * first + bias_var
    c = (1.7 * first * c + bias_var) / q
    for layer in range(depth):
        assert wide.q[layer] == pytest.approx(q, rel=1e-13)
        assert wide.chi[layer] == pytest.approx(chi(act, 1.7, q), rel=1e-13)
        assert wide.c[layer] == pytest.approx(c, abs=1e-13)
        c, q = c_map(c, act, 1.7, bias_var, q), q_map(q, act, 1.7, bias_var)
    assert wide.q.shape == wide.chi.shape == wide.c.shape == (depth,)


def test_forecast_of_a_linear_network_is_exact():
    wide = forecast(linear, 0.5, 4, first=4.0, c=0.25)
    np.testing.assert_allclose(wide.q, [2, 1, 0.5, 0.25], rtol=1e-13)
    np.testing.assert_allclose(wide.chi, 0.5, rtol=1e-13)
    np.testing.assert_allclose(wide.c, 0.25, rtol=1e-13)
    np.testing.assert_allclose(forecast(linear, 2.0, 3).q, [2, 4, 8], rtol=1e-13)
    np.testing.assert_allclose(forecast(linear, 2.0, 3).c, 0, atol=1e-15)
    shared = forecast(linear, 1.0, 2, bias_var=1.0).c  # biases, the same for all inputs
    np.testing.assert_allclose(shared, [1 / 2, 2 / 3], rtol=1e-13)


def test_forecast_where_there_is_no_signal():
    silent = forecast(tanh, 0.0, 3)
    np.testing.assert_array_equal(silent.q, 0)
    assert np.isnan(silent.c).all()
    woken = forecast(sigmoid, 1.0, 3, first=0.0)  # its 1/2 at zero wakes the next layer
    np.testing.assert_allclose(woken.q[:2], [0, 0.25])
    np.testing.assert_array_equal(woken.c[:2], [np.nan, 1])
    assert woken.c[2] == pytest.approx(1)
    dying = forecast(relu, 1e-200, 3)
    np.testing.assert_array_equal(dying.q[1:], 0)
    np.testing.assert_array_equal(dying.c, [0, np.nan, np.nan])


def test_forecast_shows_its_numbers():
    shown = repr(forecast(relu, 2.0, 2))
    assert shown == "Forecast(q=array([2., 2.]), chi=array([1., 1.]))"


def test_forecast_names_the_layer_that_is_no_longer_finite():
    """Behind ReLU, q grows by weight_var / 2: 1e100, 5e199, 2.5e299, and beyond."""
    assert forecast(relu, 1e100, 3).q[-1] == pytest.approx(2.5e299)
    with pytest.raises(RuntimeError, match="finite numbers at layer 3"):
        forecast(relu, 1e100, 5)


def test_forecast_agrees_with_a_wide_network(rng):
    wide = forecast(tanh, 2.0, 5, bias_var=0.1, c=0.0)
    std = math.sqrt(2 / 400)
    runs = replicate(lambda r: measured_like_a_forecast(std, r), rng, n=16)
    error = 4 * runs.std(axis=0, ddof=1) / 4
    theory = np.array([wide.q, wide.c])
    assert (np.abs(runs.mean(axis=0) - theory) < error + 0.01).all()
    assert (np.abs(runs.mean(axis=0) - 1.2 * theory) > error + 0.01).any(axis=1).all()


def measured_like_a_forecast(std, rng):
    trace = propagate(
        [400] * 6,
        partial(normal, std=std),
        tanh,
        rng,
        batch=32,
        bias_std=math.sqrt(0.1),
    )
    return second_moment(trace.z), correlation(trace.z)


def test_correlations_stay_within_their_bounds():
    """Rounding must not lead beyond 1, for the next layer takes no more."""
    for act in (relu, tanh, gelu, selu):
        assert forecast(act, 1.5, 60, bias_var=0.1, c=1.0).c.max() <= 1
        assert c_map(1, act, 1.5, 0.1, 0.7) <= 1
    assert -1 <= c_map(-1, linear, 1.0, 0.0, 0.3) <= 1


def test_a_fixed_point_is_reached_to_its_tolerance():
    steps = []

    def halve(x):
        steps.append(x)
        return x / 2

    assert fixed_point(halve, 1.0, tol=0.1) == 1 / 16  # a step of 1/16 <= 0.1
    assert len(steps) == 4
    assert fixed_point(lambda x: 1000 + (x - 1000) / 2, 1512.0, tol=0.1) == 1064
    assert fixed_point(lambda x: x, 3.0, max_iter=1) == 3
