"""Data: the same for the same seed, standardized where it says so."""

import math

import numpy as np
import pytest
from sklearn.datasets import load_digits, load_iris

from initlib import compute_fans, digits, library_defaults, read_table, spirals


@pytest.mark.parametrize(
    ("name", "load"), [("digits", load_digits), ("iris", load_iris)]
)
def test_tables_are_those_of_scikit_learn(name, load):
    for read, loaded in zip(read_table(name), load(return_X_y=True), strict=True):
        assert read.dtype == loaded.dtype
        np.testing.assert_array_equal(read, loaded)


def test_tables_without_scikit_learn(monkeypatch):
    monkeypatch.setattr("initlib.data.find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match="iris come with scikit-learn: ins"):
        read_table("iris")


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


@pytest.mark.parametrize("turns", [0.25, 1.5, -1.0])
def test_spirals_turn(turns, rng):
    """The angle grows along a spiral, by `turns` revolutions in all."""
    x, _ = spirals(rng, n=200, turns=turns, noise=0)
    first = x[1:200]  # the first point is the origin and has no angle
    angle = np.unwrap(np.arctan2(first[:, 1], first[:, 0]))
    expected = math.tau * turns * np.linspace(0, 1, 200)[1:]
    np.testing.assert_allclose(angle, expected, atol=1e-9)


def test_spirals_defaults():
    x, y = spirals(np.random.default_rng(0))
    assert x.shape == (900, 2)
    assert np.bincount(y).tolist() == [300, 300, 300]
    clean, _ = spirals(np.random.default_rng(0), 300, classes=3, turns=0.75, noise=0.0)
    noise = (x - clean).ravel()
    assert abs(noise.std() / 0.05 - 1) < 4.9 / math.sqrt(2 * noise.size)
    assert abs(noise.mean()) < 4.9 * 0.05 / math.sqrt(noise.size)
    twice, _ = spirals(np.random.default_rng(0), noise=0.1)
    np.testing.assert_allclose(twice - clean, 2 * (x - clean), atol=1e-12)


def test_digits_hold_out_a_quarter_of_shuffled_images(rng):
    data = digits(rng)
    assert len(data.y_test) == round(1797 / 4)
    assert len(set(data.y_train[:12])) > 3  # the file's first rows are 0, 1, 2, ...
    assert data.y_train[:10].tolist() != list(range(10))
    half = digits(rng, test_fraction=0.5)
    assert len(half.y_test) == round(1797 / 2)


def test_digits_keep_image_and_label_together(rng):
    """The nearest training image has the same label, nearly always."""
    data = digits(rng)
    gaps = ((data.x_test[:100, None] - data.x_train) ** 2).sum(axis=-1)
    assert (data.y_train[gaps.argmin(axis=1)] == data.y_test[:100]).mean() > 0.9


def test_pixels_that_never_vary_in_training_are_zero(rng):
    data = digits(rng)
    constant = data.x_train.std(axis=0) == 0
    assert constant.any()
    np.testing.assert_array_equal(data.x_train[:, constant], 0)
    np.testing.assert_array_equal(data.x_test[:, constant], 0)


def test_library_defaults_are_numbers_of_known_libraries():
    table = library_defaults()
    assert {weight.library for weight in table} == {
        "torch", "Keras", "JAX", "Flax", "Haiku", "scikit-learn",
    }  # fmt: skip
    for weight in table:
        assert all(type(n) is int for n in weight.shape), weight
        assert weight.std >= 0
        assert (weight.largest is None) == (
            weight.distribution not in {"uniform", "truncated"}
        ), weight
        assert (weight.fan_in is None) == (weight.fan_out is None), weight
    assert library_defaults("Flax") == [w for w in table if w.library == "Flax"] != []


@pytest.mark.parametrize(
    ("make", "axes", "stride"),
    [
        ("nn.Linear(64, 512)", {"in_axis": 1, "out_axis": 0}, 1),
        ("nn.Conv2d(16, 32, 3)", {"in_axis": 1, "out_axis": 0}, 1),
        ("nn.Conv2d(16, 32, 3, stride=2)", {"in_axis": 1, "out_axis": 0}, 2),
        ("layers.Conv2D(32, 3)", {}, 1),
        ("hk.Linear(512)", {}, 1),
    ],
)
def test_fans_of_library_defaults_are_those_of_the_shape(make, axes, stride):
    weight = next(w for w in library_defaults() if w.make == make)
    fan_in, fan_out = compute_fans(weight.shape, **axes)
    assert (weight.fan_in, weight.fan_out * stride**2) == (fan_in, fan_out)
