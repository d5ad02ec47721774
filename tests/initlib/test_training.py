"""Losses against finite differences; training against a loop by hand."""

import math
import os
import platform
import subprocess
import sys
from dataclasses import replace

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
from tests.initlib.differences import numeric_gradient


def targets(loss, rng):
    if loss is softmax_cross_entropy:
        return rng.integers(0, 3, 5)
    return rng.standard_normal((5, 3))


@pytest.mark.parametrize("loss", [softmax_cross_entropy, mean_squared_error])
def test_gradient_of_a_loss(loss, rng):
    out, y = rng.standard_normal((5, 3)), targets(loss, rng)
    numeric = numeric_gradient(lambda: loss(out, y)[0], out)
    np.testing.assert_allclose(loss(out, y)[1], numeric, atol=1e-9)


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
    near, dout = softmax_cross_entropy(np.array([[1e4, 0.0]]), np.array([0]))
    assert near == 0
    np.testing.assert_array_equal(dout, [[0, 0]])
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


def test_a_loss_that_divides_by_zero_is_silent_too(rng):
    def reciprocal(out, y):
        return (1 / (0 * out)).mean(), out

    params, x = init_mlp([4, 3], he_normal, rng), rng.standard_normal((8, 4))
    run = fit(params, linear, reciprocal, x, x, lr=0.1, steps=1, batch=8, rng=rng)
    assert not np.isfinite(run.losses).any()


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
    assert accuracy(run.params, relu, x, y) > 0.9  # near the origin nobody can tell


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


def test_what_is_not_finite_shows_in_the_loss():
    """In the loss of its network alone; minus infinity is a probability of zero."""
    labels, target = np.array([2, 1, 0]), np.zeros((3, 4))
    for bad, entropy, squared in [
        (np.nan, np.nan, np.nan), (np.inf, np.nan, np.inf), (-np.inf, np.inf, np.inf)
    ]:  # fmt: skip
        out = np.zeros((2, 3, 4))
        out[1, 0, 2] = bad
        with np.errstate(invalid="ignore"):
            losses, gradient = softmax_cross_entropy(out, labels)
        np.testing.assert_array_equal(losses[1], entropy)
        assert losses[0] == pytest.approx(math.log(4))
        assert np.isfinite(gradient[0]).all()
        np.testing.assert_array_equal(mean_squared_error(out, target)[0], [0, squared])
    out = np.array([[-np.inf, 0.0, 0.0]])
    assert softmax_cross_entropy(out, np.array([1]))[0] == pytest.approx(math.log(2))


def test_an_output_that_is_not_finite_is_wrong():
    params = [(np.eye(2), np.array([0.0, np.nan]))]
    assert accuracy(params, relu, np.eye(2), np.array([1, 1])) == 0
    ties = [(np.zeros((2, 3)), np.zeros(3))]
    assert accuracy(ties, relu, np.eye(2), np.array([0, 1])) == 0.5


def test_an_output_beyond_the_largest_number_is_judged_in_silence():
    huge = [(np.full((2, 2), 1e200), np.zeros(2))] * 2
    assert accuracy(huge, relu, np.eye(2), np.array([0, 1])) == 0.5  # a tie of inf
    erased = [*huge, (np.zeros((2, 2)), np.zeros(2))]
    assert accuracy(erased, relu, np.eye(2), np.array([0, 1])) == 0  # 0 times inf


@pytest.mark.parametrize("size", [1e-30, 1.0, 1e30])
def test_rounding_breaks_no_tie_of_two_outputs(size):
    nearly = [(np.zeros((2, 2)), size * np.array([1.0, 1 + 0.9e-12]))]
    assert accuracy(nearly, relu, np.eye(2), np.array([0, 0])) == 1
    parted = [(np.zeros((2, 2)), size * np.array([1.0, 1 + 1.1e-12]))]
    assert accuracy(parted, relu, np.eye(2), np.array([0, 0])) == 0


def visits(n, batch, steps, rng):
    """Return which rows of the data each step saw, by what the loss was shown."""
    seen = []

    def loss(out, rows):
        seen.append(rows.tolist())
        return np.zeros(()), np.zeros_like(out)

    params = [(np.zeros((1, 1)), np.zeros(1))]
    fit(params, tanh, loss, np.ones((n, 1)), np.arange(n), lr=1.0, steps=steps,
        batch=batch, rng=rng)  # fmt: skip
    return seen


def test_each_epoch_is_a_fresh_order(rng):
    seen = visits(40, 10, 12, rng)
    epochs = np.reshape(seen, (3, 40)).tolist()
    for epoch in epochs:
        assert sorted(epoch) == list(range(40))
        assert epoch != list(range(40))
    assert len({tuple(epoch) for epoch in epochs}) == 3
    assert [len(rows) for rows in visits(7, 3, 5, rng)] == [3] * 5


def test_orders_are_drawn_from_the_generator():
    one, same, other = (visits(9, 3, 6, np.random.default_rng(s)) for s in (1, 1, 2))
    assert one == same != other


@pytest.mark.parametrize(
    ("steps", "every", "expected"),
    [(7, 3, [3, 6, 7]), (6, 3, [3, 6]), (2, 5, [2]), (9, None, [4, 8, 9])],
)
def test_measure_is_called_every_so_often_and_at_the_end(steps, every, expected, rng):
    x, y = rng.standard_normal((17, 3)), rng.integers(0, 2, 17)  # 4 batches an epoch
    params = init_mlp([3, 2], lecun_normal, rng)
    run = fit(params, relu, softmax_cross_entropy, x, y, lr=0.1, steps=steps, batch=4,
              rng=rng, measure=lambda p: p[0][0].copy(), every=every)  # fmt: skip
    assert run.steps.tolist() == expected
    assert run.measured.shape == (len(expected), 3, 2)
    np.testing.assert_array_equal(run.measured[-1], run.params[0][0])
    assert len(run.losses) == steps
    unmeasured = fit(params, relu, softmax_cross_entropy, x, y, lr=0.1, steps=2,
                     batch=20 - 4, rng=rng)  # fmt: skip
    assert unmeasured.steps.size == unmeasured.measured.size == 0


def test_defaults_are_plain_gradient_descent(rng):
    """No weight decay, no momentum, an epoch between two measurements."""
    params, x = init_mlp([3, 2], lecun_normal, rng), rng.standard_normal((8, 3))
    y = rng.integers(0, 2, 8)
    run = fit(params, relu, softmax_cross_entropy, x, y, lr=0.5, steps=2, batch=8,
              rng=rng, measure=lambda p: 0.0)  # fmt: skip
    ((W, b),) = params
    for _ in range(2):
        trace = forward([(W, b)], x, relu)
        _, dout = softmax_cross_entropy(trace.z[-1], y)
        trace = backward(trace, relu, dout)
        W, b = W - 0.5 * trace.dW[0], b - 0.5 * trace.db[0]
    np.testing.assert_allclose(run.params[0][0], W, rtol=1e-12)
    np.testing.assert_allclose(run.params[0][1], b, rtol=1e-12)
    assert run.steps.tolist() == [1, 2]


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_a_rate_for_each_layer(optimizer, rng):
    networks = [init_mlp([4, 6, 3], he_normal, rng) for _ in range(2)]
    x, y = rng.standard_normal((20, 4)), rng.integers(0, 3, 20)

    def train(params, lr):
        return fit(
            params, relu, softmax_cross_entropy, x, y, lr=lr, steps=5, batch=10,
            rng=np.random.default_rng(5), optimizer=optimizer,
        ).params  # fmt: skip

    (W0, b0), (W1, b1) = train(networks[0], [0.0, 0.1])
    np.testing.assert_array_equal(W0, networks[0][0][0])  # a rate of 0 holds it still
    np.testing.assert_array_equal(b0, networks[0][0][1])
    assert not np.array_equal(W1, networks[0][1][0])
    assert not np.array_equal(b1, networks[0][1][1])
    for same, lr in [(0.1, [0.1, 0.1]), (0.1, (0.1, 0.1))]:
        np.testing.assert_array_equal(train(networks[0], same)[0][0],
                                      train(networks[0], lr)[0][0])  # fmt: skip
    both = train(stack(networks), [np.array([0.0, 0.1]), 0.05])  # networks in layers
    for s, rates in enumerate([[0.0, 0.05], [0.1, 0.05]]):
        for (W, b), (W2, b2) in zip(both, train(networks[s], rates), strict=True):
            np.testing.assert_allclose(W[s], W2, rtol=1e-10, atol=1e-13)
            np.testing.assert_allclose(b[s], b2, rtol=1e-10, atol=1e-13)


def test_as_many_networks_as_layers(rng):
    """An array is one rate a network, a list one a layer, also where both have two."""
    nets = stack([init_mlp([4, 6, 3], he_normal, rng) for _ in range(2)])
    x, y = rng.standard_normal((20, 4)), rng.integers(0, 3, 20)

    def moved(lr):
        run = fit(nets, relu, softmax_cross_entropy, x, y, lr=lr, steps=1, batch=20,
                  rng=rng)  # fmt: skip
        pairs = zip(run.params, nets, strict=True)
        return [[bool((new[s] != old[s]).any()) for s in range(2)]
                for (new, _), (old, _) in pairs]  # fmt: skip

    assert moved(np.array([0.0, 0.1])) == [[False, True], [False, True]]
    assert moved([0.0, 0.1]) == [[False, False], [True, True]]


def test_other_passes(rng):
    """A network whose hidden layer is skipped learns with its own two passes."""
    params = init_mlp([3, 3, 2], lecun_normal, rng)
    x, y = rng.standard_normal((12, 3)), rng.integers(0, 2, 12)
    calls = []

    def only_the_last(params, x, act):
        calls.append("forward")
        return forward(params[1:], x, act)

    def back(trace, act, dout):
        calls.append("backward")
        trace = backward(trace, act, dout)
        still = {"dW": [np.zeros((3, 3)), *trace.dW], "db": [np.zeros(3), *trace.db]}
        return replace(trace, params=params, **still)

    how = {"lr": 0.3, "steps": 4, "batch": 12}
    run = fit(params, relu, softmax_cross_entropy, x, y, **how, rng=rng,
              passes=(only_the_last, back))  # fmt: skip
    alone = fit(params[1:], relu, softmax_cross_entropy, x, y, **how, rng=rng)
    assert calls == ["forward", "backward"] * 4
    np.testing.assert_allclose(run.params[1][0], alone.params[0][0], rtol=1e-12)
    np.testing.assert_array_equal(run.params[0][0], params[0][0])


@pytest.mark.parametrize("name", ["dW", "db"])
@pytest.mark.parametrize("count", [1, 3])
def test_passes_must_give_one_gradient_for_each_array(name, count, rng):
    params = init_mlp([3, 4, 2], lecun_normal, rng)
    x, y = rng.standard_normal((12, 3)), rng.integers(0, 2, 12)

    def back(trace, act, dout):
        trace = backward(trace, act, dout)
        return replace(trace, **{name: (2 * getattr(trace, name))[:count]})

    with pytest.raises(ValueError, match=r"zip\(\) argument"):
        fit(params, relu, softmax_cross_entropy, x, y, lr=0.1, steps=1, batch=12,
            rng=rng, passes=(forward, back))  # fmt: skip


def test_weight_decay_spares_biases(rng):
    params = [(np.full((2, 2), 3.0), np.full(2, 5.0))]
    run = fit(params, relu, lambda out, y: (np.zeros(()), np.zeros_like(out)),
              np.ones((4, 2)), np.zeros(4), lr=0.5, steps=1, batch=4, rng=rng,
              weight_decay=0.2)  # fmt: skip
    np.testing.assert_allclose(run.params[0][0], 3 * (1 - 0.5 * 0.2))
    np.testing.assert_array_equal(run.params[0][1], 5)


FAULTS = """
import resource
import numpy as np
import initlib

def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

rng = np.random.default_rng(0)
nets = [initlib.init_mlp([64] * 8, initlib.he_normal, rng) for _ in range(24)]
x, y = rng.standard_normal((32, 64)), rng.integers(0, 64, 32)
how = dict(lr=0.01, steps=20, batch=32, rng=rng)
for _ in range(2):
    before = faults()
    initlib.fit(
        initlib.stack(nets), initlib.relu, initlib.softmax_cross_entropy, x, y, **how
    )
print((faults() - before) / 20)
"""


def page_faults(**environment) -> float:
    """Count the pages that a step of a second fit asks of the system."""
    command = [sys.executable, "-c", FAULTS]
    return float(subprocess.check_output(command, env=os.environ | environment))


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="mends glibc")
def test_steps_work_in_the_memory_of_the_step_before():
    assert page_faults() < 100
    assert page_faults(MALLOC_TRIM_THRESHOLD_="131072") > 1000  # which cannot be taught
