"""Hold the JavaScript that trains in a page to initlib, number by number."""

import json
import math

import numpy as np
import pytest
import scipy

import initlib
from initlib.initializers import _haar
from initlib.training import _batches
from tests.initlib.test_widgets import node
from tools.paths import ROOT

SCRIPT = ROOT / "initlib/widgets/training.js"
PLAIN = [
    initlib.linear, initlib.sigmoid, initlib.tanh, initlib.relu, initlib.gelu,
    initlib.silu, initlib.elu, initlib.selu, initlib.softsign, initlib.softplus,
    initlib.sin,
]  # fmt: skip
ACTIVATIONS = {act.name: act for act in PLAIN}
ACTIVATIONS["leaky"] = initlib.leaky_relu(0.1)
CLOSE = {"rtol": 1e-10, "atol": 1e-10}
RATES = {"sgd": 0.05, "adam": 1e-3}
SIZES = [2, 13, 16, 9, 3]
STEPS = 100


def ask(cases, script=SCRIPT):
    """Let JavaScript compute each case; a number that JSON cannot hold becomes None."""
    path = ROOT / "tests/initlib/js/train.mjs"
    done = node("--no-warnings", path, script, input=json.dumps(cases))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def flat(array):
    return np.ravel(array).tolist()


def case_of(name, start, optimizer, seed):
    """Return a training run as JavaScript is asked for it, and the same in initlib."""
    rng = np.random.default_rng(seed)
    act, lr = ACTIVATIONS[name], RATES[optimizer]
    x, labels = initlib.spirals(rng, n=30)
    params = initlib.init_mlp(SIZES, start, rng, bias_std=0.1)
    batches = _batches(len(x), 32, np.random.default_rng(seed))
    order = [next(batches) for _ in range(STEPS)]
    run = initlib.fit(
        params, act, initlib.softmax_cross_entropy, x, labels, lr=lr, steps=STEPS,
        batch=32, rng=np.random.default_rng(seed), optimizer=optimizer,
    )  # fmt: skip
    trace = initlib.forward(params, x[order[0]], act)
    _, dout = initlib.softmax_cross_entropy(trace.z[-1], labels[order[0]])
    trace = initlib.backward(trace, act, dout)
    case = {
        "ask": "train", "sizes": SIZES, "act": name, "x": flat(x),
        "params": [[flat(W), flat(b)] for W, b in params], "labels": flat(labels),
        "order": [flat(rows) for rows in order], "lr": lr, "optimizer": optimizer,
    }  # fmt: skip
    wanted = {key: getattr(trace, key) for key in ("h", "z", "dz", "dW", "db")}
    told = {"losses": run.losses, "W": [W for W, _ in run.params]}
    right = initlib.accuracy(run.params, act, x, labels)
    return case, {**wanted, **told, "accuracy": [right]}


def all_cases():
    """One run for each activation and optimizer, from four starts in turn."""
    starts = [
        initlib.he_normal,
        initlib.xavier_uniform,
        initlib.orthogonal,
        initlib.torch_linear,
    ]
    pairs = [(name, optimizer) for name in ACTIVATIONS for optimizer in RATES]
    return {
        (name, optimizer): case_of(name, starts[i % 4], optimizer, i)
        for i, (name, optimizer) in enumerate(pairs)
    }


def differing(cases, script=SCRIPT):
    """Name activation, optimizer and quantity wherever the two implementations part."""
    told = ask([case for case, _ in cases.values()], script)
    return [
        (*key, quantity)
        for (key, (_, wanted)), found in zip(cases.items(), told, strict=True)
        for quantity, values in wanted.items()
        if not np.allclose(_joined(found[quantity]), _joined(values), **CLOSE)
    ]


def _joined(layers):
    return np.concatenate([np.ravel(np.asarray(layer, float)) for layer in layers])


@pytest.fixture(scope="module")
def cases():
    return all_cases()


def test_passes_gradients_losses_and_weights_are_those_of_initlib(cases):
    assert len(cases) == 2 * len(ACTIVATIONS) == 24
    assert {len(wanted["losses"]) for _, wanted in cases.values()} == {STEPS}
    assert differing(cases) == []


FAULTS = {
    "slope of the sigmoid": ("h * (1 - h)", "h * (1 + h)"),
    "slope of tanh": ("1 - h * h }", "1 - z * z }"),
    "constant of the SELU": ("1.6732632423543772", "1.6732642423543772"),
    "constant of Adam": ("beta2 = 0.999", "beta2 = 0.9990001"),
    "Adam's correction": ("[1 - beta1 ** t, ", "[1, "),
    "the loss's mean": ("part / labels.length", "part"),
    "the layer's own slope": ("z[i - 1][at], h[i][at]", "z[i - 1][at], h[i][0]"),
    "rows beyond fours": ("whole : 0; k < inner", "whole : 0; k < whole"),
    "bias": ("z.set(b, row * fanOut)", "z.set(b, 0)"),
    "rate": ("arrays[k][i] -= lr", "arrays[k][i] -= 1.000001 * lr"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_the_script_is_noticed(tmp_path, cases, fault):
    old, new = FAULTS[fault]
    text = SCRIPT.read_text("utf-8")
    assert text.count(old) == 1
    broken = tmp_path / "training.mjs"
    broken.write_text(text.replace(old, new), "utf-8")
    few = {key: cases[key] for key in cases if key[0] in ("sigmoid", "tanh", "selu")}
    assert differing(few, broken)


def test_forecast_is_that_of_initlib():
    grid = [(name, var) for name in ACTIVATIONS for var in (0.5, 1.0, 2.0)]
    asked = [
        {"ask": "forecast", "act": name, "weightVar": var, "depth": 8}
        for name, var in grid
    ]
    for (name, var), told in zip(grid, ask(asked), strict=True):
        wanted = initlib.forecast(ACTIVATIONS[name], var, 8)
        np.testing.assert_allclose(told["q"], wanted.q, rtol=1e-10, err_msg=name)
        np.testing.assert_allclose(told["chi"], wanted.chi, rtol=1e-10, err_msg=name)


@pytest.mark.parametrize("name", ["tanh", "relu", "gelu"])
@pytest.mark.parametrize("c", [-1.0, 0.0, 0.6, 1.0])
def test_correlations_are_those_of_initlib(name, c):
    wide = initlib.forecast(ACTIVATIONS[name], 1.5, 4, c=c)
    about = {"act": name, "weightVar": 1.5, "q": flat(wide.q), "c": c}
    (told,) = ask([{"ask": "correlations", **about}])
    np.testing.assert_allclose(told, wide.c, rtol=1e-9, atol=1e-12)


def test_no_correlation_is_told_of_a_signal_that_is_zero():
    about = {"ask": "correlations", "act": "relu", "weightVar": 0.0, "c": 0.5}
    (told,) = ask([{**about, "q": [0.0, 0.0]}])
    assert told == [None, None]
    assert np.isnan(initlib.forecast(initlib.relu, 0.0, 2, c=0.5).c).all()


class Told:
    """A generator that hands over numbers which were drawn before."""

    def __init__(self, values):
        self.values = values

    def standard_normal(self, shape):
        return self.values.reshape(shape).copy()


@pytest.mark.parametrize(("m", "n"), [(7, 7), (12, 5), (64, 64), (3, 1)])
def test_orthogonal_matrices_are_those_of_initlib(rng, m, n):
    gaussian = rng.standard_normal((m, n))
    (told,) = ask([{"ask": "haar", "gaussian": flat(gaussian), "m": m, "n": n}])
    wanted = _haar(m, n, Told(gaussian))
    np.testing.assert_allclose(np.reshape(told, (m, n)), wanted, atol=1e-12)


# Draws: variance, shape of the distribution, independence of neighbours

FANS = (300, 100)
NORMAL = {"lecun_normal": 1 / 300, "xavier_normal": 1 / 200, "he_normal": 2 / 300}
UNIFORM = {
    "lecun_uniform": 1 / 300, "xavier_uniform": 1 / 200, "he_uniform": 2 / 300,
    "torch_linear": 1 / 900,
}  # fmt: skip


def faults_of(weights, variance, distribution):
    """Return the statistics by which weights miss what they should be drawn from."""
    w = np.asarray(weights) / math.sqrt(variance)
    kurtosis, shape = {
        "normal": (3.0, scipy.stats.norm()),
        "uniform": (1.8, scipy.stats.uniform(-math.sqrt(3), 2 * math.sqrt(3))),
    }[distribution]
    root = math.sqrt(len(w))
    far = {  # in standard errors
        "mean": w.mean() * root,
        "variance": (np.square(w).mean() - 1) * root / math.sqrt(kurtosis - 1),
        "neighbours": (w[1:] * w[:-1]).mean() * root,
        "columns": (w[100:] * w[:-100]).mean() * root,
    }
    found = {name for name, errors in far.items() if abs(errors) > 4.5}
    misshapen = scipy.stats.kstest(w, shape.cdf).pvalue < 1e-5
    return found | ({"shape"} if misshapen else set())


@pytest.fixture(scope="module")
def draws():
    fans = dict(zip(("fanIn", "fanOut"), FANS, strict=True))
    asked = [
        {"ask": "draw", "start": start, "seed": seed, **fans}
        for seed, start in enumerate([*NORMAL, *UNIFORM])
    ]
    return dict(zip([*NORMAL, *UNIFORM], ask(asked), strict=True))


@pytest.mark.parametrize("start", [*NORMAL, *UNIFORM])
def test_draws_have_variance_and_shape_of_their_start(draws, start):
    distribution = "normal" if start in NORMAL else "uniform"
    assert not faults_of(draws[start], {**NORMAL, **UNIFORM}[start], distribution)


def test_draws_that_are_wrong_are_noticed(draws):
    he, uniform = np.array(draws["he_normal"]), np.array(draws["he_uniform"])
    assert "variance" in faults_of(he, NORMAL["he_normal"] * 1.05, "normal")
    assert "shape" in faults_of(uniform, UNIFORM["he_uniform"], "normal")
    assert "mean" in faults_of(he + 0.002, NORMAL["he_normal"], "normal")
    assert "neighbours" in faults_of(np.repeat(he, 2), NORMAL["he_normal"], "normal")
    assert "columns" in faults_of(np.tile(he[:100], 300), NORMAL["he_normal"], "normal")


def test_plain_starts_and_a_seed_do_as_they_say():
    shape = {"fanIn": 4, "fanOut": 3}
    zeros, half, one, again, other, narrow, limited = ask([
        {"ask": "draw", "start": "zeros", "seed": 0, **shape},
        {"ask": "draw", "start": "constant", "value": 0.5, "seed": 0, **shape},
        {"ask": "draw", "start": "he_normal", "seed": 1, **shape},
        {"ask": "draw", "start": "he_normal", "seed": 1, **shape},
        {"ask": "draw", "start": "he_normal", "seed": 2, **shape},
        {"ask": "draw", "start": "normal", "value": 1e-3, "seed": 3, **shape},
        {"ask": "draw", "start": "uniform", "value": 0.2, "seed": 3, **shape},
    ])  # fmt: skip
    assert zeros == [0] * 12
    assert half == [0.5] * 12
    assert one == again
    assert not set(one) & set(other)
    assert 0 < np.abs(narrow).max() < 6e-3
    assert 0.1 < np.abs(limited).max() < 0.2


@pytest.mark.parametrize(("fan_in", "fan_out"), [(20, 20), (20, 8), (8, 20)])
def test_orthogonal_starts_are_orthogonal_and_of_either_sign(fan_in, fan_out):
    asked = {"ask": "draw", "start": "orthogonal", "value": 3.0}
    fans = {"fanIn": fan_in, "fanOut": fan_out}
    drawn = np.reshape(
        ask([{**asked, **fans, "seed": seed} for seed in range(100)]),
        (100, fan_in, fan_out),
    )
    small = drawn if fan_in > fan_out else drawn.mT  # its columns are orthogonal
    unit = np.broadcast_to(9 * np.eye(min(fan_in, fan_out)), (small.mT @ small).shape)
    np.testing.assert_allclose(small.mT @ small, unit, atol=1e-12)
    first = drawn[:, 0, 0] / 3 * math.sqrt(max(fans.values()))
    assert abs(first.mean()) < 4.5 / 10
    assert abs(np.square(first).mean() - 1) < 4.5 * math.sqrt(2) / 10


def test_each_order_of_the_data_is_equally_likely():
    (orders,) = ask([{"ask": "permutations", "seed": 0, "n": 4, "count": 2400}])
    counts = np.unique(orders, axis=0, return_counts=True)[1]
    assert len(counts) == math.factorial(4)
    assert scipy.stats.chisquare(counts).pvalue > 1e-5
    assert scipy.stats.chisquare([200] * 12 + [80] * 12).pvalue < 1e-5


def test_spirals_are_those_of_initlib():
    ends = {"n": 40, "classes": 3, "turns": 0.75}
    about = {"ask": "spirals", "seed": 0, **ends}
    bare, noisy = ask([{**about, "noise": 0.0}, {**about, "noise": 0.05}])
    x, labels = initlib.spirals(np.random.default_rng(0), noise=0.0, **ends)
    np.testing.assert_allclose(bare["x"], flat(x), atol=1e-14)
    assert bare["labels"] == noisy["labels"] == flat(labels)
    noise = (np.array(noisy["x"]) - flat(x)) / 0.05
    assert scipy.stats.kstest(noise, "norm").pvalue > 1e-5


def test_ties_and_outputs_that_are_no_numbers_count_as_in_initlib():
    out = np.array([[1, 1, 0], [0, 2, 2 * (1 + 1e-15)], [0, 1, 3], [1e308, 1e308, 0.0]])
    labels = np.array([0, 1, 1, 1])
    (told,) = ask([{"ask": "accuracy", "out": flat(out), "labels": flat(labels)}])
    same = [(np.eye(3), np.zeros(3))]
    assert told == initlib.accuracy(same, initlib.linear, out, labels) == 0.5


def test_an_epoch_sees_each_row_once_and_drops_the_rest():
    (drawn,) = ask([{"ask": "batches", "n": 10, "batch": 3, "count": 6}])
    assert {len(rows) for rows in drawn} == {3}
    epochs = [sum(drawn[:3], []), sum(drawn[3:], [])]  # noqa: RUF017
    assert [len(set(epoch)) for epoch in epochs] == [9, 9]
    assert epochs[0] != epochs[1]
