"""The health report finds what is wrong in sick networks, and nothing in others."""

import json
import math
import os
from collections import Counter
from functools import partial
from types import SimpleNamespace

import nbformat
import numpy as np
import pytest

from initlib import (
    constant,
    correlation,
    forecast,
    forward,
    he_normal,
    init_mlp,
    lecun_normal,
    normal,
    relu,
    report,
    selu,
    sigmoid,
    sin,
    softplus,
    tanh,
    torch_linear,
    variance_scaling,
    xavier_normal,
    zeros,
)
from initlib.report import COLUMNS, WHERE, Finding, _dead, _of_gradients, _parts
from tests.turns import of_today
from tools.paths import CHAPTERS

EVERY = "EVERY_ANSWER" in os.environ
START = {relu: he_normal, tanh: xavier_normal, selu: lecun_normal, sigmoid: zeros}
X = np.random.default_rng(1).standard_normal((64, 64))


def net(act, depth, rng, *, init=None, width=64):
    return init_mlp([64, *[width] * (depth - 1), 10], init or START[act], rng)


def kinds(params, act, rng) -> Counter:
    return kinds_of(report(params, act, X, rng=rng))


def kinds_of(found) -> Counter:
    return Counter(finding.kind for finding in found.findings)


HEALTHY = [(act, seed) for seed in range(100) for act in (relu, tanh, selu)]


def test_nothing_is_wrong_in_healthy_networks():
    for act, seed in of_today(HEALTHY, 7, every=EVERY):
        rng = np.random.default_rng([7, seed])
        depth, width = (2, 5, 10, 20, 30)[seed % 5], (64, 96)[seed // 5 % 2]
        found = report(net(act, depth, rng, width=width), act, X, rng=rng)
        assert found.findings == [], f"{act.name}, seed {seed}: {found}"


def spoiled(change, act=relu):
    """Make a healthy network and change its hidden layer in the middle."""

    def make(depth, rng):
        params = net(act, depth, rng)
        middle = depth // 2
        change(params, middle, rng)
        return params

    return act, make


def drawn(act, init):
    return act, lambda depth, rng: net(act, depth, rng, init=init)


def with_one_bad_number(value, of):
    def change(params, i, rng):
        params[i][of].flat[0] = value

    return change


def set_to(of, value, layer=0):
    def change(params, i, rng):
        params[i + layer][of][:] = value

    return change


def twins(params, i, rng):
    """Let the even units of a layer be and do what the odd ones are and do."""
    (W, b), (V, _) = params[i], params[i + 1]
    W[:, ::2], b[::2], V[::2] = W[:, 1::2], b[1::2], V[1::2]


def copies(params, i, rng):
    params[i][0][:, ::2] = params[i][0][:, 1::2]


def scaled(factor):
    def change(params, i, rng):
        for W, _ in params:
            W *= factor

    return change


def scaled_once(factor):
    def change(params, i, rng):
        params[i][0][:] *= factor

    return change


FAULTS = {
    "Xavier on ReLU": (*drawn(relu, xavier_normal), "vanishing signal"),
    "torch's default": (*drawn(relu, torch_linear), "vanishing gradient"),
    "normal of .01": (*drawn(tanh, partial(normal, std=0.01)), "vanishing signal"),
    "half of He": (*spoiled(scaled(0.5)), "vanishing signal"),
    "a layer of nearly nothing": (*spoiled(scaled_once(1e-4)), "vanishing signal"),
    "a layer of zeros": (*spoiled(set_to(0, 0.0)), "vanishing signal"),
    "zeros": (*drawn(tanh, zeros), "copied units"),
    "one constant": (*drawn(relu, partial(constant, value=0.1)), "copied units"),
    "twins": (*spoiled(twins), "copied units"),
    "equal units": (*spoiled(copies, tanh), "copied units"),
    "twice He": (
        *drawn(relu, partial(variance_scaling, scale=6.0)), "exploding signal",
    ),
    "a layer times 10000": (*spoiled(scaled_once(1e4)), "exploding signal"),
    "large tanh": (*drawn(tanh, partial(normal, std=1.0)), "saturated units"),
    "tanh of gain 3": (*spoiled(scaled(3.0), tanh), "exploding gradient"),
    "biases of tanh": (*spoiled(set_to(1, 9.0), tanh), "saturated units"),
    "sigmoid with Xavier": (*drawn(sigmoid, xavier_normal), "vanishing gradient"),
    "biases far below 0": (*spoiled(set_to(1, -9.0)), "dead units"),
    "biases far above 0": (*spoiled(set_to(1, 300.0)), "equal inputs"),
    "a NaN": (*spoiled(with_one_bad_number(math.nan, of=0)), "not finite"),
    "an infinite bias": (*spoiled(with_one_bad_number(math.inf, of=1)), "not finite"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(fault, rng):
    act, make, kind = FAULTS[fault]
    for depth in (14, 20, 26):
        found = kinds(make(depth, rng), act, rng)
        assert found[kind] == 1, f"{depth} layers: {found}"


def test_all_kinds_are_among_the_faults():
    assert {kind for *_, kind in FAULTS.values()} == set(WHERE)
    assert len(FAULTS) == 20


def test_numbers_and_layers_are_those_of_the_fault(rng):
    params = net(relu, 10, rng)
    params[4][1][:] = -9
    (dead,) = (
        finding
        for finding in report(params, relu, X, rng=rng).findings
        if finding.kind == "dead units"
    )
    assert dead.layers[0] == 4
    assert (dead.measured, dead.severity) == (1, "critical")
    assert 0 < dead.expected < 0.3
    params[4][1][:] = 0
    params[4][1][:50] = -9  # 50 of 64
    (dead,) = report(params, relu, X, rng=rng).findings
    assert (dead.layers, dead.measured, dead.severity) == ((4,), 50 / 64, "warning")


@pytest.mark.parametrize(
    ("fault", "layers"),
    [
        ("a layer of nearly nothing", range(7, 13)),  # 13 is the output
        ("a layer of zeros", range(7, 13)),
        ("a layer times 10000", range(7, 14)),
        ("equal units", [7]),
        ("twins", [7]),
        ("biases far below 0", range(7, 13)),
        ("biases of tanh", [7]),
        ("biases far above 0", range(7, 13)),
        ("an infinite bias", range(7, 14)),
    ],
)
def test_a_fault_shows_from_its_layer_on(fault, layers, rng):
    act, make, kind = FAULTS[fault]
    findings = report(make(14, rng), act, X, rng=rng).findings
    assert [f.layers for f in findings if f.kind == kind] == [tuple(layers)]


def test_the_number_of_equal_inputs_is_that_of_their_worst_layer(rng):
    params = net(relu, 6, rng)
    params[2][1][:] = 300
    found = {f.kind: f for f in report(params, relu, X, rng=rng).findings}
    equal = found["equal inputs"]
    assert equal.layers[0] == 2
    cosines = correlation(forward(params, X, relu).z)
    assert equal.measured in cosines[list(equal.layers)]
    assert equal.measured > 0.99 > cosines[1]


LUCK = 3 * math.sqrt(5 / 64) / 2  # of one layer of 64 units


@pytest.mark.parametrize(
    ("kind", "border"),
    [
        ("exploding signal", 5 * math.sqrt(2) * math.exp(LUCK)),
        ("vanishing signal", math.exp(-LUCK) / 5),
    ],
)
def test_five_times_beyond_luck_is_a_warning_and_1000_times_critical(kind, border, rng):
    def severity(size):
        params = net(relu, 2, rng)
        params[0][0][:] = size / np.sqrt(np.square(X).mean()) * np.eye(64)
        found = report(params, relu, X, rng=rng).findings
        return next((f.severity for f in found if f.kind == kind), "none")

    off = 1.01 if kind == "exploding signal" else 1 / 1.01
    beyond = border * (200 if kind == "exploding signal" else 1 / 200)
    assert (severity(border / off), severity(border * off)) == ("none", "warning")
    assert (severity(beyond / off), severity(beyond * off)) == ("warning", "critical")


def test_from_how_many_dead_units_on_is_a_finding(rng):
    params, found = net(relu, 4, rng), {}
    for dead in range(16, 65):
        params[1][1][:dead] = -99
        for finding in report(params, relu, X, rng=rng).findings:
            if finding.kind == "dead units" and 1 in finding.layers:
                found.setdefault(finding.severity, (dead, finding.expected))
    dead, expected = found["warning"]
    room = 0.2 + 3 / 2 / math.sqrt(64)
    assert dead == math.floor(64 * (expected + room)) + 1
    assert found["critical"][0] == math.floor(64 * 0.9) + 1


@pytest.mark.parametrize(("apart", "part"), [(4e-7, 0.5), (6e-7, 0.0)])
def test_copies_share_six_decimals(apart, part, rng):
    """Of four units two are alike, but for a difference."""
    units = np.array([[1.0, 1.0, 0.5, 0.2], [0.3, 0.3, -0.4, 0.1]])
    units[1, 1] += apart
    params = [(units, np.zeros(4)), (np.eye(4), np.zeros(4))]
    found = report(params, tanh, X[:, :2], rng=rng).findings
    assert sum(f.measured for f in found if f.kind == "copied units") == part


def test_a_healthy_gradient_shrinks_as_theory_says(rng):
    """The gradient in z[0] has passed the activations behind z[0] to z[7]."""
    small = net(tanh, 10, rng, init=partial(normal, std=0.01))
    found = {f.kind: f for f in report(small, tanh, X, rng=rng).findings}
    healthy = forecast(tanh, 1.0, 10)
    expected = math.sqrt(np.prod(healthy.chi[:8]))
    assert found["vanishing gradient"].expected == pytest.approx(expected)
    assert expected < 0.9


@pytest.mark.parametrize(("part", "sick"), [(0.99, False), (1.01, True)])
def test_the_luck_of_a_gradient_gathers_from_the_output_on(part, sick):
    """Narrow layers near the input trouble no gradient behind them."""
    widths = np.array([16, 256, 64, 256, 10])
    luck = 3 / 2 * np.sqrt([sum(5 / widths[i:]) for i in range(5)])
    lengths = np.append(part * 5 * np.exp(luck[:-1]), 1)
    dz = [np.full((4, n), s / n**0.5) for n, s in zip(widths, lengths, strict=True)]
    run = SimpleNamespace(z=dz, dz=dz)
    found = [*_of_gradients(run, SimpleNamespace(chi=np.ones(5)))]
    assert [f.layers for f in found] == ([(0, 1, 2, 3)] if sick else [])


def test_inputs_may_be_equal(rng):
    """Their cosine is 1, or a little more by rounding."""
    params = init_mlp([64, 8, 10], he_normal, rng)
    for _ in range(30):
        equal = np.tile(rng.standard_normal(64), (2, 1))
        assert "equal inputs" not in kinds_of(report(params, relu, equal, rng=rng))


def test_what_is_not_finite_is_critical(rng):
    params = net(relu, 3, rng)
    params[0][0][0, 0] = math.nan  # one unit of 64, and all units behind it
    first = report(params, relu, X, rng=rng).findings[0]
    assert (first.kind, first.severity) == ("not finite", "critical")
    assert (first.layers, first.measured, first.expected) == ((0, 1, 2), 1, 0)


@pytest.mark.parametrize("value", [math.nan, math.inf])
@pytest.mark.parametrize("where", [np.s_[0, 0], np.s_[:], np.s_[:, :2]])
def test_what_is_not_finite_is_no_copy(value, where, rng):
    params = net(relu, 3, rng)
    params[1][0][where] = value
    assert kinds(params, relu, rng)["not finite"] == 1
    assert kinds(params, relu, rng)["copied units"] == 0


def test_random_inputs_are_expected_to_differ(rng):
    params = net(sigmoid, 10, rng, init=xavier_normal)
    found = {f.kind: f for f in report(params, sigmoid, rng=rng).findings}
    assert found["equal inputs"].expected < 0.99 < found["equal inputs"].measured


def test_a_gradient_that_is_not_finite_is_found(rng):
    params = net(tanh, 3, rng)
    params[0][0][:, 5] = 0  # so that its outgoing weights move no signal
    params[1][0][5] = 1e308
    first = report(params, tanh, X, rng=rng).findings[0]
    assert (first.kind, first.layers) == ("not finite", (0,))
    assert 0 < first.measured <= 1 / 64


def test_twins_are_critical_and_copies_alone_a_warning(rng):
    for change, severity in ((twins, "critical"), (copies, "warning")):
        params = net(tanh, 6, rng)
        change(params, 2, rng)
        (found,) = report(params, tanh, X, rng=rng).findings
        assert (found.kind, found.severity) == ("copied units", severity)
        assert (found.layers, found.measured, found.expected) == ((2,), 1, 0)


def test_a_head_of_zeros_is_healthy_and_a_loud_one_is_not(rng):
    params = net(relu, 8, rng)
    params[-1][0][:] = 0
    assert report(params, relu, X, rng=rng).findings == []
    params[-1][0][:] = 100 * rng.standard_normal((64, 10))
    (found,) = report(params, relu, X, rng=rng).findings
    assert (found.kind, found.layers) == ("exploding signal", (7,))


def test_inputs_that_were_never_scaled_are_noticed(rng):
    params = net(relu, 3, rng)
    assert report(params, relu, X, rng=rng).findings == []
    (found,) = report(params, relu, 200 * X, rng=rng).findings
    assert (found.kind, found.layers) == ("exploding signal", (0, 1, 2))
    assert found.measured == pytest.approx(200 * math.sqrt(2), rel=0.4)
    assert found.expected == pytest.approx(math.sqrt(2))


def test_widths_may_differ_and_a_network_may_have_one_layer(rng):
    wide = init_mlp([64, 256, 48, 256, 48, 10], he_normal, rng)
    assert report(wide, relu, X, rng=rng).findings == []
    assert report(net(relu, 1, rng), relu, X, rng=rng).findings == []
    assert report([(np.ones((2, 1)), np.ones(1))], relu, rng=rng).findings == []


def test_activations_without_a_healthy_start_are_served(rng):
    for act in (softplus, sin):
        assert report(net(act, 3, rng, init=he_normal), act, rng=rng).findings == []
    deep = kinds(net(softplus, 40, rng, init=lecun_normal), softplus, rng)
    assert deep["vanishing gradient"] == 1


def test_it_tells_prints_and_shows_the_same(rng):
    params = net(tanh, 9, rng, init=zeros)
    found = report(params, tanh, X, rng=rng)
    lines = repr(found).splitlines()
    assert lines[0] == "9 layers of tanh, 64 inputs: 3 findings"
    assert lines[1].split() == (" ".join(COLUMNS).split())
    shown = found._repr_html_()
    for finding, line in zip(found.findings, lines[2:], strict=True):
        assert all(cell in line and cell in shown for cell in finding.cells())
    told = json.loads(json.dumps(found.as_dict()))
    assert told["network"] == "9 layers of tanh, 64 inputs"
    assert [Finding(**{**one, "layers": tuple(one["layers"])})
            for one in told["findings"]] == found.findings  # fmt: skip
    healthy = report(net(tanh, 9, rng), tanh, rng=rng)
    assert repr(healthy) == "9 layers of tanh, 256 random inputs: nothing is wrong"
    assert healthy._repr_html_() == f'<div class="report"><p>{healthy!r}.</p></div>'
    assert healthy.as_dict()["findings"] == []


def test_ranges_of_layers():
    finding = Finding("dead units", "warning", (0, 2, 3, 4, 9), 1.0, 0.0, "x")
    assert finding.cells()[2] == "0, 2-4, 9"


def test_the_same_stream_gives_the_same_report():
    def told(seed):
        params = net(relu, 12, np.random.default_rng(3), init=xavier_normal)
        return report(params, relu, rng=np.random.default_rng(seed)).as_dict()

    assert told(0) == told(0)
    assert told(0) != told(1)


def test_each_finding_points_to_a_section_that_is_there():
    for where in WHERE.values():
        chapter, section = where.split(", ", 1)
        number = int(chapter.removeprefix("chapter "))
        (path,) = (path for path in CHAPTERS if path.name.startswith(f"{number:02}-"))
        cells = nbformat.read(path, as_version=4).cells
        lines = [line for cell in cells for line in cell.source.splitlines()]
        assert any(line.lstrip("#").strip() == section for line in lines), where


@pytest.mark.parametrize("c", [0.0, 0.5, 0.9])
def test_two_inputs_silence_a_unit_as_often_as_geometry_says(c):
    assert _dead(c, 2) == pytest.approx(1 / 4 + np.arcsin(c) / (2 * np.pi), abs=1e-6)


def test_a_zero_with_a_sign_is_a_copy_of_zero():
    plus, minus = _parts(np.array([1.0, 0.0])), _parts(np.array([1.0, -0.0]))
    assert plus.tobytes() == minus.tobytes()
