"""Derivatives against finite differences; constants against their definitions."""

import math

import numpy as np
import pytest

from initlib import (
    Activation,
    elu,
    gaussian_mean,
    gelu,
    leaky_relu,
    linear,
    relu,
    selu,
    sigmoid,
    silu,
    sin,
    softplus,
    softsign,
    tanh,
)

ALL = [
    linear, sigmoid, tanh, relu, gelu, silu, elu, selu, softsign, softplus, sin,
    leaky_relu(0.2),
]  # fmt: skip
BY_NAME = pytest.mark.parametrize("act", ALL, ids=lambda act: act.name)
Z = np.linspace(-6, 6, 1201) + 1e-3  # no point lies on a kink


@BY_NAME
def test_derivative_is_the_limit_of_differences(act):
    step = 1e-6
    numeric = (act(Z + step) - act(Z - step)) / (2 * step)
    np.testing.assert_allclose(act.df(Z), numeric, atol=2e-9)


@BY_NAME
def test_slope_from_the_value_is_the_derivative(act):
    np.testing.assert_allclose(act.slope(Z, act(Z)), act.df(Z), atol=1e-14)


@BY_NAME
def test_far_inputs_stay_finite_and_silent(act):
    far = np.array([-1e3, -50.0, 0.0, 50.0, 1e3])
    with np.errstate(all="raise", under="ignore"):
        assert np.isfinite(act(far)).all()
        assert np.isfinite(act.df(far)).all()


@BY_NAME
def test_shape_and_type_are_kept(act):
    for z in (np.zeros((2, 3, 4)), np.arange(3)):
        assert act(z).shape == act.df(z).shape == z.shape
        assert act.df(z).dtype == np.float64


def test_a_wrong_derivative_would_be_noticed():
    wrong = Activation("wrong", np.tanh, lambda z: 1 - np.tanh(z))
    with pytest.raises(AssertionError):
        test_derivative_is_the_limit_of_differences(wrong)


def test_known_values():
    assert sigmoid(np.zeros(1))[0] == 0.5
    assert sigmoid.df(np.zeros(1))[0] == 0.25
    assert relu.df(np.zeros(1))[0] == 0
    assert leaky_relu(0.3).df(np.zeros(1))[0] == 0.3
    assert selu.df(np.zeros(1))[0] == pytest.approx(1.7580993408473766)  # as below 0
    np.testing.assert_allclose(gelu(np.array([1.0])), 0.8413447460685429)
    np.testing.assert_allclose(softsign(np.array([-3.0])), -0.75)


def test_selu_keeps_mean_and_variance_of_a_standard_normal():
    assert abs(gaussian_mean(selu)) < 1e-14
    assert abs(gaussian_mean(lambda z: selu(z) ** 2) - 1) < 1e-14
    assert abs(gaussian_mean(elu)) > 0.1  # so the first line can fail


def test_defaults_and_names():
    assert leaky_relu()(np.array([-1.0, 1.0])).tolist() == [-0.01, 1]
    assert leaky_relu().df(np.array([-1.0, 1.0])).tolist() == [0.01, 1]
    assert leaky_relu().name == "leaky_relu(0.01)"
    assert repr(tanh) == "Activation('tanh')"
    assert {act.name for act in ALL[:-1]} == {
        "linear", "sigmoid", "tanh", "relu", "gelu", "silu", "elu", "selu", "softsign",
        "softplus", "sin",
    }  # fmt: skip


def test_values_on_both_sides_of_zero():
    z = np.array([-2.0, 3.0])
    expected = {
        sigmoid: [1 / (1 + math.exp(2)), 1 / (1 + math.exp(-3))],
        relu: [0, 3],
        silu: [-2 / (1 + math.exp(2)), 3 / (1 + math.exp(-3))],
        elu: [math.exp(-2) - 1, 3],
        selu: [1.7580993408473766 * (math.exp(-2) - 1), 3 * 1.0507009873554805],
        softplus: [math.log1p(math.exp(-2)), math.log1p(math.exp(3))],
        softsign: [-2 / 3, 3 / 4],
        sin: [math.sin(-2), math.sin(3)],
        gelu: [-2 * 0.0227501319481792, 3 * 0.9986501019683699],
    }
    for act, values in expected.items():
        np.testing.assert_allclose(act(z), values, rtol=1e-14)
