"""Data: the same for the same seed, standardized where it says so."""

import numpy as np

from initlib import digits, spirals


def test_digits_split_and_standardization(rng):
    data = digits(rng)
    assert data.x_train.shape == (1348, 64)
    assert data.x_test.shape == (449, 64)
    assert set(data.y_train) == set(data.y_test) == set(range(10))
    std = data.x_train.std(axis=0)
    np.testing.assert_allclose(data.x_train.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(std[std > 0], 1)
    assert (std == 0).sum() >= 3  # pixels that are always white
    assert np.isfinite(data.x_test).all()


def test_digits_parts_do_not_overlap(rng):
    data = digits(rng, test_fraction=0.4)
    total = np.bincount(data.y_train) + np.bincount(data.y_test)
    assert total.tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def test_digits_of_a_seed():
    one, same, other = (digits(np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.x_train, same.x_train)
    assert not np.array_equal(one.y_train, other.y_train)


def test_spirals(rng):
    x, y = spirals(rng, n=50, classes=4, noise=0)
    assert x.shape == (200, 2)
    assert np.bincount(y).tolist() == [50] * 4
    np.testing.assert_allclose(np.linalg.norm(x[:50], axis=1), np.linspace(0, 1, 50))
    turned = x[:50] @ np.array([[0, 1], [-1, 0]])  # a quarter turn to the next class
    np.testing.assert_allclose(turned, x[50:100], atol=1e-12)
