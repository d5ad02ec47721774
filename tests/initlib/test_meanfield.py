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


@pytest.mark.parametrize("q", QS)
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
