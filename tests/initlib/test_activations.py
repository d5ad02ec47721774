"""Derivatives against finite differences; constants against their definitions."""

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
    np.testing.assert_allclose(gelu(np.array([1.0])), 0.8413447460685429)
    np.testing.assert_allclose(softsign(np.array([-3.0])), -0.75)


def test_selu_keeps_mean_and_variance_of_a_standard_normal():
    assert abs(gaussian_mean(selu)) < 1e-14
    assert abs(gaussian_mean(lambda z: selu(z) ** 2) - 1) < 1e-14
    assert abs(gaussian_mean(elu)) > 0.1  # so the first line can fail
