"""Losses against finite differences; training against a loop by hand."""

import math
import os

import numpy as np
import pytest

from initlib import (
    accuracy,
    backward,
    digits,
    fit,
    forward,
    he_normal,
    init_mlp,
    lecun_normal,
    linear,
    mean_squared_error,
    relu,
    softmax_cross_entropy,
    spirals,
    stack,
    tanh,
    zeros,
)


def numeric_gradient(loss, out, y, step=1e-6):
    gradient = np.empty_like(out)
    for index in np.ndindex(out.shape):
        up, down = out.copy(), out.copy()
        up[index] += step
        down[index] -= step
        gradient[index] = (loss(up, y)[0] - loss(down, y)[0]) / (2 * step)
    return gradient


def targets(loss, rng):
    if loss is softmax_cross_entropy:
        return rng.integers(0, 3, 5)
    return rng.standard_normal((5, 3))


@pytest.mark.parametrize("loss", [softmax_cross_entropy, mean_squared_error])
def test_gradient_of_a_loss(loss, rng):
    out, y = rng.standard_normal((5, 3)), targets(loss, rng)
    np.testing.assert_allclose(
        loss(out, y)[1], numeric_gradient(loss, out, y), atol=1e-9
    )


@pytest.mark.parametrize("loss", [softmax_cross_entropy, mean_squared_error])
def test_loss_of_an_ensemble(loss, rng):
    out, y = rng.standard_normal((4, 5, 3)), targets(loss, rng)
    values, gradients = loss(out, y)
    for s in range(4):
        value, gradient = loss(out[s], y)
        assert values[s] == pytest.approx(value, rel=1e-13)
        np.testing.assert_allclose(gradients[s], gradient, rtol=1e-13)


def test_known_losses():
    labels = np.array([0, 2])
    loss, dout = softmax_cross_entropy(np.zeros((2, 4)), labels)
    assert loss == pytest.approx(math.log(4))
    assert dout[0] == pytest.approx(np.array([-0.75, 0.25, 0.25, 0.25]) / 2)
    far, _ = softmax_cross_entropy(np.array([[1e4, 0.0]]), np.array([1]))
    assert far == 1e4
    mse, dout = mean_squared_error(np.array([[1.0, 3.0]]), np.array([[0.0, 1.0]]))
    assert mse == 2.5
    np.testing.assert_array_equal(dout, [[1, 2]])


def test_sgd_is_the_loop_by_hand(rng):
    params = init_mlp([4, 6, 3], lecun_normal, rng)
    x, y = rng.standard_normal((8, 4)), rng.integers(0, 3, 8)
    run = fit(
        params, tanh, softmax_cross_entropy, x, y,
        lr=0.3, steps=5, batch=8, rng=rng, weight_decay=0.1,
    )  # fmt: skip
    weights = [[W.copy(), b.copy()] for W, b in params]
    for step in range(5):
        trace = forward(weights, x, tanh)
        loss, dout = softmax_cross_entropy(trace.z[-1], y)
        assert run.losses[step] == pytest.approx(loss, rel=1e-12)
        trace = backward(trace, tanh, dout)
        for i, (W, b) in enumerate(weights):
            weights[i] = [W - 0.3 * (trace.dW[i] + 0.1 * W), b - 0.3 * trace.db[i]]
    for (W, b), (W1, b1) in zip(run.params, weights, strict=True):
        np.testing.assert_allclose(W, W1, rtol=1e-12)
        np.testing.assert_allclose(b, b1, rtol=1e-12)


def test_adam_is_kingma_and_ba(rng):
    """One weight, y = w x with x = 1 and target 0: the first steps by hand."""
    params = [(np.array([[2.0]]), np.array([0.0]))]
    run = fit(
        params, tanh, mean_squared_error, np.ones((1, 1)), np.zeros((1, 1)),
        lr=0.1, steps=3, batch=1, rng=rng, optimizer="adam",
    )  # fmt: skip
    w = np.array([2.0, 0.0])
    m = v = np.zeros(2)
    for t in range(1, 4):
        g = np.full(2, 2 * w.sum())
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        w = w - 0.1 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    assert run.params[0][0].item() == pytest.approx(w[0], rel=1e-12)
    assert run.params[0][1].item() == pytest.approx(w[1], rel=1e-12)


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_ensemble_trains_as_its_networks_do(optimizer, rng):
    networks = [init_mlp([4, 6, 5, 3], he_normal, rng) for _ in range(3)]
    x, y = rng.standard_normal((20, 4)), rng.integers(0, 3, 20)
    rates = np.array([0.01, 0.05, 0.1])

    def train(params, lr):
        return fit(
            params, relu, softmax_cross_entropy, x, y, lr=lr, steps=12, batch=6,
            rng=np.random.default_rng(5), weight_decay=0.01, optimizer=optimizer,
            measure=lambda p: accuracy(p, relu, x, y), every=4,
        )  # fmt: skip

    together = train(stack(networks), rates)
    assert together.losses.shape == (12, 3)
    np.testing.assert_array_equal(together.steps, [4, 8, 12])
    for s, params in enumerate(networks):
        alone = train(params, rates[s])
        np.testing.assert_allclose(together.losses[:, s], alone.losses, rtol=1e-10)
        np.testing.assert_array_equal(together.measured[:, s], alone.measured)
        for (W, b), (W1, b1) in zip(together.params, alone.params, strict=True):
            np.testing.assert_allclose(W[s], W1, rtol=1e-8, atol=1e-12)
            np.testing.assert_allclose(b[s], b1, rtol=1e-8, atol=1e-12)


def test_fit_leaves_its_arguments_alone(rng):
    params = init_mlp([4, 3], lecun_normal, rng)
    before = params[0][0].copy()
    x, y = rng.standard_normal((8, 4)), rng.integers(0, 3, 8)
    fit(params, tanh, softmax_cross_entropy, x, y, lr=1, steps=3, batch=4, rng=rng)
    np.testing.assert_array_equal(params[0][0], before)


def test_an_epoch_visits_every_row_once(rng):
    """A linear network on one-hot rows: each row's weight moves as often as seen."""
    x = np.eye(7)
    run = fit(
        [(np.zeros((7, 1)), np.zeros(1))], tanh,
        lambda out, y: (np.zeros(()), np.ones_like(out)), x, np.zeros((7, 1)),
        lr=1.0, steps=6, batch=2, rng=rng,
    )  # fmt: skip
    visits = -run.params[0][0].ravel()  # two epochs of three batches, one row dropped
    assert visits.sum() == 12
    assert set(visits) <= {1, 2, 0}
    assert (visits == 2).sum() >= 5


def test_divergence_is_silent_and_seen(rng):
    """A linear network under squared error and a rate far too large: no way back."""
    params = init_mlp([4, 30, 3], he_normal, rng)
    x, labels = rng.standard_normal((20, 4)), rng.integers(0, 3, 20)
    run = fit(
        params, linear, mean_squared_error, x, np.eye(3)[labels],
        lr=100.0, steps=200, batch=20, rng=rng,
    )  # fmt: skip
    assert np.isfinite(run.losses[0])
    assert np.isnan(run.losses[-1])
    assert accuracy(run.params, linear, x, labels) == 0


def test_digits_are_learned(rng):
    data = digits(rng)
    params = init_mlp([64, 64, 10], he_normal, rng)
    run = fit(
        params, relu, softmax_cross_entropy, data.x_train, data.y_train,
        lr=0.1, steps=420, batch=32, rng=rng,
    )  # fmt: skip
    assert accuracy(run.params, relu, data.x_test, data.y_test) > 0.93
    assert accuracy(params, relu, data.x_test, data.y_test) < 0.5


def test_spirals_are_learned(rng):
    x, y = spirals(rng, n=100)
    params = init_mlp([2, 64, 64, 3], he_normal, rng)
    run = fit(
        params, relu, softmax_cross_entropy, x, y,
        lr=0.01, steps=600, batch=50, rng=rng, optimizer="adam",
    )  # fmt: skip
    assert accuracy(run.params, relu, x, y) > 0.95


def test_zero_network_learns_only_the_class_entropy(rng):
    x, y = rng.standard_normal((60, 4)), np.repeat([0, 1], [45, 15])
    params = init_mlp([4, 8, 2], zeros, rng)
    run = fit(
        params, tanh, softmax_cross_entropy, x, y, lr=1.0, steps=300, batch=60, rng=rng
    )
    entropy = -(0.75 * math.log(0.75) + 0.25 * math.log(0.25))
    assert run.losses[-1] == pytest.approx(entropy, abs=1e-6)
    assert not run.params[0][0].any()


def test_progress_bar_is_silent_in_tests(capsys, rng):
    assert os.environ["TQDM_DISABLE"] == "1"
    x, y = rng.standard_normal((8, 4)), rng.integers(0, 3, 8)
    params = init_mlp([4, 3], lecun_normal, rng)
    fit(params, tanh, softmax_cross_entropy, x, y, lr=1, steps=3, batch=4, rng=rng)
    assert capsys.readouterr() == ("", "")
