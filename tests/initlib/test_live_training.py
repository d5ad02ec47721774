"""The race of two networks: its settings, words and forecasts, in both languages."""

import contextlib
import io
import json
import re

import matplotlib as mpl
import numpy as np
import pytest
import traitlets
from matplotlib.figure import Figure
from sklearn.datasets import load_digits

import initlib
from initlib.plotting import COLOURS, MARKERS, STYLE
from initlib.widgets import LiveTraining, bundle
from initlib.widgets.experiments import EXPERIMENTS
from initlib.widgets.racing import (
    ACTIVATIONS,
    STARTS,
    WITH_NUMBER,
    check_settings,
    check_start,
    data_of,
    first_pass,
    set_up,
    started,
    without_rounding,
)
from initlib.widgets.training import IMAGES, VIEWS, pack_digits
from tests.initlib.drawn import freeze
from tests.initlib.rendered import check_ticks
from tests.initlib.test_experiments import NAMES, ask, strays
from tests.initlib.test_widgets import node
from tools import compare

RACES = {name: one["settings"] for name, one in EXPERIMENTS.items()}
USUAL = RACES["thirty-relu-layers"]


def race(name="thirty-relu-layers", **changes):
    return set_up(name, changes)


# The scripts


@pytest.mark.parametrize("name", ["race.js", "worker.js"])
def test_a_joined_script_is_one_valid_module(tmp_path, name):
    path = tmp_path / "joined.mjs"
    path.write_text(bundle.join(name), "utf-8")
    done = node("--check", path)
    assert done.returncode == 0, done.stderr
    assert "import {" not in path.read_text("utf-8")
    assert len(path.read_bytes()) < 60_000


def test_a_joined_script_holds_what_is_needed_and_no_more():
    script = bundle.join("worker.js")
    assert "function* batches" in script
    assert "function leakyRelu" not in script
    assert bundle.needed("training.js", {"leakyRelu"}).startswith("function leakyRelu")
    for module, name in (("training.js", "speed"), ("live.js", "upright")):
        with pytest.raises(ValueError, match=rf"{module} exports no {name}"):
            bundle.needed(module, {name})


def test_a_joined_script_keeps_the_lines_of_its_texts():
    script = "  f(`a`, `b`);\n\n  g(`one\n\n  two`, 3);\n\n  h();"
    assert bundle.flush(script) == "f(`a`, `b`);\ng(`one\n\n  two`, 3);\nh();"


# Settings


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"experiment": "none"},
            "experiment must be one of thirty-relu-layers, .*none",
        ),
        ({"views": ["ears"]}, "each of views must be one of decisions.*'ears'"),
        ({"depth": 31}, "depth must be at most 30; got 31"),
        ({"lr": 0}, "lr must be greater than 0; got 0"),
        ({"start": "he"}, "start must be one of zeros, .*'he'"),
        ({"start": "normal:much"}, "start must end in a number; got 'normal:much'"),
        ({"start": "normal:100.5"}, "must end in a number; got 'normal:100.5'"),
        ({"activation": ("tanh", "step")}, "activation must be one of relu.*'step'"),
        ({"momentum": 1}, "setting must be one of data, .*'momentum'"),
        ({"optimizer": "lion"}, "optimizer must be one of sgd, adam; got 'lion'"),
        ({"alt": " "}, "alt is empty"),
    ],
)
def test_bad_settings_are_named(changes, message):
    with pytest.raises(ValueError, match=message):
        LiveTraining(**{"alt": "A race."} | changes)


def test_settings_are_checked_when_they_change():
    figure = LiveTraining(alt="A race.")
    figure.settings = race(seed=3)
    with pytest.raises(traitlets.TraitError, match="seed must be at least 0; got -1"):
        figure.settings = {**figure.settings, "seed": -1}
    with pytest.raises(
        traitlets.TraitError, match=r"differ must be one of start.*luck"
    ):
        figure.settings = {**figure.settings, "differ": "luck"}
    with pytest.raises(traitlets.TraitError, match=r"settings must be .*got"):
        figure.settings = {}
    assert figure.settings == race(seed=3)


def test_changes_go_to_both_sides_or_to_each():
    both = race(width=8)
    assert [side["width"] for side in both["sides"]] == [8, 8]
    assert both["differ"] == "start"
    apart = race("twenty-tanh-layers", start="he_normal", lr=(0.1, 0.2))
    assert [side["lr"] for side in apart["sides"]] == [0.1, 0.2]
    assert apart["differ"] == "lr"
    assert race(width=(8, 16))["differ"] == "all"


def test_both_languages_offer_and_allow_the_same():
    values = {
        "start": [
            *STARTS,
            *(f"{n}:0.5" for n in WITH_NUMBER),
            "he",
            "normal",
            "zeros:1",
        ],
        "activation": [*ACTIVATIONS, "step"],
        "depth": [0, 1, 30, 31, 2.5],
        "width": [1, 256, 257],
        "lr": [1e-5, 100.0, 0.0, 101.0],
        "optimizer": ["sgd", "adam", "lion"],
        "seed": [0, 9999, -1, 10_000],
        "steps": [1, 20_000, 0, 20_001],
        "batch": [1, 256, 0, 257],
    }
    (choices, *allowed) = ask(
        {"ask": "choices"},
        *({"ask": "allows", "key": k, "values": v} for k, v in values.items()),
    )
    for (key, some), told in zip(values.items(), allowed, strict=True):
        assert told == [is_allowed(key, value) for value in some], key
    assert {*choices["activation"]} == {*choices["shown"]} == {*ACTIVATIONS}
    assert {start.split(":")[0] for start in choices["start"]} == {
        *STARTS,
        *WITH_NUMBER,
    }
    assert all(check_start("start", start) for start in choices["start"])


def is_allowed(key, value):
    try:
        race(**{key: value})
    except (TypeError, ValueError):
        return False
    return True


def test_a_lock_leaves_one_difference():
    mixed = race(lr=(0.1, 0.2), depth=(3, 4))
    (one,) = ask({"ask": "locked", "race": mixed, "differ": "lr"})
    left, right = one["sides"]
    assert one["differ"] == "lr"
    assert (left["lr"], right["lr"]) == (0.1, 0.2)
    assert {**right, "lr": 0.1} == left == mixed["sides"][0]


def test_a_change_moves_both_sides_unless_they_may_differ_in_it():
    start = {"ask": "changed", "race": USUAL, "side": 1}
    shared, own, seed = ask(
        {**start, "key": "depth", "value": 9},
        {**start, "key": "start", "value": "zeros"},
        {**start, "key": "seed", "value": 4},
    )
    assert [side["depth"] for side in shared["sides"]] == [9, 9]
    assert [side["start"] for side in own["sides"]] == ["xavier_normal", "zeros"]
    assert seed == {**USUAL, "seed": 4}


# Addresses


def test_an_address_gives_its_race_back():
    races = [
        *RACES.values(),
        race(data="digits", seed=77, steps=321, batch=17, width=(5, 200)),
        race(start=("sigma:1.35", "normal:-0.25"), lr=2e-7, optimizer=("sgd", "adam")),
    ]
    addresses = ask(*({"ask": "address", "race": one} for one in races))
    read = ask(*({"ask": "read", "address": a, "usual": USUAL} for a in addresses))
    assert [one["race"] for one in read] == races
    assert [one["faults"] for one in read] == [[]] * len(races)
    assert len({*addresses}) == len(races)


def test_what_an_address_cannot_say_is_named_and_left():
    address = "depth=99&lr=&start=he,zeros&speed=4&seed=8&data=moons&differ=no"
    mistaken, other, shown = ask(
        {"ask": "read", "address": address, "usual": USUAL},
        {"ask": "read", "address": "the-seven", "usual": USUAL},
        {"ask": "choices"},
    )
    assert other is None
    assert mistaken["faults"] == [
        "depth must be a whole number from 1 to 30, not “99”",
        "lr must be a number above 0, at most 100, not “”",
        f"start must be one of {', '.join(shown['start'])}, not “he”",
        "there is no setting “speed”",
        "data must be one of spirals, digits, not “moons”",
        "differ must be one of start, activation, depth, width, lr, optimizer, all, "
        "not “no”",
    ]
    expected = json.loads(json.dumps(USUAL)) | {"seed": 8}
    expected["sides"][1]["start"] = "zeros"
    assert mistaken["race"] == expected


# The same in Python


def run_lines(text):
    """Run lines of Python and return what they print."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(text, "lines", "exec"), {})
    return printed.getvalue().splitlines()


@pytest.fixture(scope="module")
def lines():
    asked = [{"ask": "python", "race": race} for race in RACES.values()]
    return dict(zip(NAMES, ask(*asked), strict=True))


@pytest.mark.parametrize("name", ["all-zero-tanh", "copies-and-a-speck"])
def test_lines_of_python_end_as_the_race_does(lines, name):
    found = [int(told.removesuffix("% right")) / 100 for told in run_lines(lines[name])]
    assert strays(EXPERIMENTS[name]["ends"], found) == []


def test_all_lines_of_python_run():
    races = [
        *RACES.values(),
        race(data="digits", start=("sigma:1.5", "orthogonal"), activation="gelu"),
        race(start=("specked:0.1", "constant:1"), optimizer="adam", lr=1e-7),
    ]
    for one in races:
        one = {**one, "steps": 2}
        (text,) = ask({"ask": "python", "race": one})
        assert "steps=2," in text
        assert max(map(len, text.splitlines())) <= 88
        assert len(run_lines(text)) == 2
        for how in one["sides"]:
            assert how["activation"] in text
            assert f"{how['depth']}, {how['width']}, " in text


# The forecast


def foreseen(race, side):
    (told,) = ask({"ask": "foresee", "race": race, "side": side})
    return told


def in_initlib(race, side, told):
    """Return the forecast of initlib for the hidden layers of one side.

    The first layer has a variance of its own: as if its inputs were as much smaller.
    """
    how = race["sides"][side]
    initializer = {
        "normal:2": lambda n, m: 4.0,
        "xavier_normal": lambda n, m: 2 / (n + m),
        "he_normal": lambda n, m: 2 / n,
        "zeros": lambda n, m: 0.0,
    }[how["start"]]
    width = how["width"]
    inner, outer = initializer(width, width) * width, initializer(2, width) * 2
    first = told["first"] * (outer / inner if inner else 1)
    act = getattr(initlib, how["activation"])
    return initlib.forecast(act, inner, how["depth"] - 1, first=first, c=0.0)


WITH_THEORY = [
    (name, side)
    for name, one in RACES.items()
    for side in (0, 1)
    if ":0.3" not in one["sides"][side]["start"]
]


@pytest.mark.parametrize(("name", "side"), WITH_THEORY)
def test_forecast_is_that_of_initlib(name, side):
    told = foreseen(RACES[name], side)
    if RACES[name]["sides"][side]["start"] == "zeros":  # no signal, no gradient
        assert (
            told["q"] == told["chi"] == [0] * (RACES[name]["sides"][side]["depth"] - 1)
        )
        return
    wanted = in_initlib(RACES[name], side, told)
    np.testing.assert_allclose(told["q"], wanted.q, rtol=1e-10)
    np.testing.assert_allclose(told["chi"], wanted.chi, rtol=1e-10)
    np.testing.assert_allclose(told["c"], wanted.c, rtol=1e-8, atol=1e-12)


def test_variances_of_the_starts_are_those_of_their_draws(rng):
    fans = (96, 192)
    starts = [*STARTS, "normal:0.3", "sigma:1.7"]
    about = {"ask": "variance", "fanIn": fans[0], "fanOut": fans[1], "seed": 0}
    told = ask(*({**about, "start": start} for start in starts))
    for start, (variance, drawn) in zip(starts, told, strict=True):
        ours = np.square(started(start)(fans, rng)).mean()
        np.testing.assert_allclose([drawn, ours], variance, rtol=0.06, err_msg=start)


HOPES = {
    "thirty-relu-layers": ["no", "yes"],
    "twenty-tanh-layers": ["yes", "yes"],
    "all-zero-tanh": ["no", "yes"],
    "all-zero-sigmoid": ["no", "yes"],
    "copies-and-a-speck": ["no", "?"],
    "large-and-saturated": ["yes", "yes"],
    "nothing-wrong": ["yes", "yes"],
}


@pytest.mark.parametrize("name", NAMES)
def test_theory_expects_what_it_says(name):
    hopes = [foreseen(RACES[name], side)["hope"] for side in (0, 1)]
    assert hopes == HOPES[name]


def test_a_verdict_compares_what_came_with_what_was_expected():
    about = {"ask": "verdict", "race": USUAL}
    as_told, against, unsaid, burst, leaps = ask(
        {**about, "right": [0.33, 0.8], "hopes": ["no", "yes"], "guess": "right"},
        {**about, "right": [0.9, 0.33], "hopes": ["no", "yes"], "guess": "both"},
        {**about, "right": [0.9, 0.33], "hopes": ["?", "?"]},
        {**about, "right": [0, 0.8], "hopes": ["yes", "yes"]},
        {**about, "right": [0.4, 0.97], "hopes": ["no", "yes"], "last": [0.3, 0.45]},
    )
    assert as_told.count("as theory expects") == 2
    assert "Left gets 33 % right towards the end: it has not learned" in as_told
    assert as_told.endswith(" You guessed “right”: correct.")
    assert "last step" not in as_told
    assert "although theory expected that it would not" in against
    assert "theory sees nothing wrong with its start. Look elsewhere" in against
    assert against.endswith(" You guessed “both”: it was “left”.")
    assert unsaid.count("which theory left open") == 2
    assert "guess" not in unsaid
    assert burst.startswith("Left has burst: its outputs are no longer numbers.")
    assert "Left gets 40 % right towards the end: it has not" in leaps
    assert "97 % right towards the end (45 % after the very last step): it" in leaps


def test_sides_are_called_by_what_differs():
    races = [
        USUAL,
        race(depth=(1, 7), start="he_normal"),
        race(width=(16, 64), optimizer=("sgd", "adam"), start="zeros"),
        race("nothing-wrong"),
        {**race(start="zeros"), "differ": "all"},
    ]
    assert ask(*({"ask": "names", "race": one} for one in races)) == [
        ["Xavier", "He"],
        ["1 layer", "7 layers"],
        ["16 units a layer, SGD", "64 units a layer, Adam"],
        ["learning rate 0.0003", "learning rate 0.3"],
        ["all zero", "all zero"],
    ]


def test_theory_leaves_open_what_straight_lines_can_do():
    """Without an activation no start helps where no line parts the classes."""
    line, bent = (
        foreseen(race(activation=name, depth=3), 0) for name in ("linear", "tanh")
    )
    assert (line["hope"], bent["hope"]) == ("?", "yes")
    assert "all layers are as one" in line["why"]


# What is seen


def test_copies_are_alike_and_dead_units_dead():
    copies, zeros, alive = ask(
        {"ask": "look", "race": RACES["copies-and-a-speck"], "steps": 20},
        {"ask": "look", "race": race(start="zeros"), "steps": 3},
        {"ask": "look", "race": race("large-and-saturated"), "steps": 0},
    )
    units = np.reshape(copies["units"], (12, 16))
    assert np.ptp(units, axis=1).max() < 1e-6 < np.ptp(units, axis=0).max()
    assert (zeros["dead"], zeros["saturated"]) == (1, None)
    assert np.sum(zeros["gradients"]) == np.sum(zeros["activations"]) == 0
    assert alive["dead"] is None
    assert 0.3 < alive["saturated"] < 1
    assert [len(alive["activations"]), len(zeros["activations"])] == [4, 6]
    assert np.sum(alive["activations"], axis=1).tolist() == [64 * 16] * 4


def test_ten_layers_take_a_hundred_steps_a_second(record_property):
    heavy = race(depth=10, width=64, batch=64)
    rate = max(ask(*[{"ask": "rate", "race": heavy, "steps": 100}] * 3))
    record_property("measured", f"10 layers of 64, batch 64: {rate:.0f} steps a second")
    assert rate >= 100


def test_packed_digits_are_those_of_scikit_learn():
    packed = pack_digits()
    assert len(packed) == IMAGES * 65 // 2
    (told,) = ask({"ask": "digits", "bytes": [*packed]})
    pixels, labels = load_digits(return_X_y=True)
    chosen = np.random.default_rng(0).permutation(len(labels))[:IMAGES]
    assert told["labels"] == labels[chosen].tolist()
    wanted = np.minimum(pixels[chosen], 15)
    np.testing.assert_array_equal(np.reshape(told["pixels"], (-1, 64)), wanted)


def test_digits_are_standardized_over_those_to_learn_from(rng):
    x = rng.normal(3, 2, size=(30, 4))
    x[:20, 2] = 7
    asked = {"ask": "standardize", "x": x.ravel().tolist(), "columns": 4, "rows": 20}
    (told,) = ask(asked)
    done = np.reshape(told, x.shape)
    np.testing.assert_allclose(done[:20].mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(done[:20].std(axis=0), [1, 1, 0, 1], atol=1e-12)
    assert not done[:, 2].any()
    np.testing.assert_allclose(
        done[20:, 0], (x[20:, 0] - x[:20, 0].mean()) / x[:20, 0].std()
    )


# The picture that stays


def test_still_tells_its_settings_and_shows_signal_and_gradient():
    figure = LiveTraining(alt="A race.", views=VIEWS[:1])
    assert repr(figure).startswith("LiveTraining: left: xavier_normal, relu, 30 layers")
    assert "seed 0" in repr(figure)
    svg = figure.write_svg()
    assert svg == LiveTraining(alt="Another.").write_svg()
    assert svg != LiveTraining(alt="A race.", seed=1).write_svg()
    for word in ("left: xavier_normal, relu", "gradient (RMS)", "signal (RMS)"):
        assert word in re.sub(r"\s+", " ", svg)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_logarithmic_axes_of_the_still_name_two_powers(name):
    figure = Figure(figsize=(5.2, 3.6))
    with mpl.rc_context(STYLE):
        LiveTraining(name, alt="A race.")._draw(figure)
        figure.draw_without_rendering()
    for ax in figure.axes:
        check_ticks(ax, "y")


def test_a_gradient_that_cancels_is_0_whatever_rounding_leaves():
    copies, speck = (first_pass(RACES["copies-and-a-speck"], k)[1] for k in (0, 1))
    np.testing.assert_array_equal(copies[:-1], 0)
    assert copies[-1] > 0
    assert (speck > 1e-6).all()
    vanishing = 0.01 ** np.arange(30, 0, -1)
    np.testing.assert_array_equal(without_rounding(vanishing), vanishing)
    noise = np.array([3e-18, 1e-19, 1.0, 2.0])
    np.testing.assert_array_equal(without_rounding(noise), [0, 0, 1, 2])
    np.testing.assert_array_equal(without_rounding(np.zeros(3)), 0)


def test_a_third_side_is_refused():
    three = [*USUAL["sides"], USUAL["sides"][0]]
    with pytest.raises(ValueError, match="number of sides must be at most 2; got 3"):
        check_settings({**USUAL, "sides": three})


def test_races_are_over_three_spirals_or_the_first_digits(rng):
    x, labels = data_of(USUAL, rng)
    assert x.shape == (300, 2)
    assert np.bincount(labels).tolist() == [100] * 3
    x, labels = data_of(race(data="digits"), rng)
    assert (x.shape, labels.shape) == ((500, 64), (500,))


def test_races_take_whole_hundreds_of_steps():
    assert [one["steps"] % 100 for one in RACES.values()] == [0] * 7


def test_lines_of_a_still_have_the_colours_of_their_networks():
    figure = Figure()
    LiveTraining(alt="A race.")._draw(figure)
    left, right = (ax.get_position() for ax in figure.axes)
    assert left.x1 < right.x0, "side by side"
    for ax in figure.axes:
        assert [line.get_color() for line in ax.get_lines()] == COLOURS[:2]
        assert [line.get_marker() for line in ax.get_lines()] == MARKERS[:2]


def test_lab_has_all_and_a_race_is_small():
    lab, small = LiveTraining(alt="A.", lab=True), LiveTraining(alt="A.")
    assert [*lab._experiments] == NAMES
    assert [*small._experiments] == ["thirty-relu-layers"]
    assert {*small._parts} < {*lab._parts}
    assert (len(small._digits), len(lab._digits)) == (0, 26_000)
    assert len(json.dumps(small.get_state(), default=str)) < 95_000


def stored(figure):
    return {"1": {"model_name": "AnyModel", **freeze(figure.get_state())}}


def test_another_state_than_the_stored_one_is_noticed():
    """Settings, experiments, scripts and digits are compared with a fresh run."""
    true = LiveTraining(alt="A race.", lab=True)
    assert list(compare.states(stored(true), stored(true), {})) == []
    for name in ("settings", "_experiments", "_worker", "_esm", "_css", "_digits"):
        false = stored(LiveTraining(alt="A race.", lab=True))["1"]
        if name == "_digits":
            (buffer,) = false["buffers"]
            buffer["data"] = buffer["data"].replace("A", "B", 1)
        else:
            text = json.dumps(false["state"][name])
            false["state"][name] = json.loads(text.replace("3", "4", 1))
        assert list(compare.states(stored(true), {"1": false}, {})), name
