"""Each experiment ends as it says, in JavaScript and in initlib.

In JavaScript two or one each day, with EVERY_TEST=1 all seven.
"""

import json

import numpy as np
import pytest

import initlib
from initlib.widgets.experiments import EXPERIMENTS
from initlib.widgets.racing import started
from tests.initlib.test_widgets import node
from tests.turns import EVERY_TEST, of_today
from tools.paths import ROOT

NETWORKS = 3
NAMES = list(EXPERIMENTS)
TODAY = of_today(NAMES, 4, every=EVERY_TEST)


def ask(*questions):
    """Let JavaScript answer questions about races."""
    path = ROOT / "tests/initlib/js/race.mjs"
    done = node("--no-warnings", path, input=json.dumps(questions))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def told():
    """Run experiments to their ends in JavaScript."""
    races = [{"ask": "run", "race": EXPERIMENTS[name]["settings"]} for name in TODAY]
    return dict(zip(TODAY, ask(*races), strict=True))


def strays(ends, accuracies):
    """Return the sides of a race that do not end where they should."""
    pairs = enumerate(zip(ends, accuracies, strict=True))
    return [side for side, ((low, high), found) in pairs if not low <= found <= high]


def in_initlib(race, side, rng):
    """Train networks as one side of a race is; return what the median one gets right.

    Deep networks go other ways on other processors, and now and then one is late.
    """
    how = race["sides"][side]
    x, labels = initlib.spirals(rng, n=100)
    sizes = [2] + [how["width"]] * (how["depth"] - 1) + [3]
    start, act = started(how["start"]), getattr(initlib, how["activation"])
    networks = [initlib.init_mlp(sizes, start, each) for each in rng.spawn(NETWORKS)]
    run = initlib.fit(
        initlib.stack(networks), act, initlib.softmax_cross_entropy, x, labels,
        lr=how["lr"], steps=race["steps"], batch=race["batch"], rng=rng,
        optimizer=how["optimizer"],
    )  # fmt: skip
    return np.median(initlib.accuracy(run.params, act, x, labels))


def test_experiments_are_seven_and_each_asks():
    assert len(NAMES) == 7
    assert all(one["question"].endswith("?") for one in EXPERIMENTS.values())


def beside(menus, race):
    """Return the settings of a race that no menu of the lab holds."""
    places = [race, *race["sides"]]
    return [
        (key, place[key])
        for key, values in menus.items()
        for place in places
        if key in place and place[key] not in values
    ]


def test_experiments_take_what_the_menus_of_the_lab_hold():
    (menus,) = ask({"ask": "menus"})
    assert {"lr", "width", "steps", "batch", "start"} < {*menus}
    races = {name: one["settings"] for name, one in EXPERIMENTS.items()}
    assert {name for name, race in races.items() if beside(menus, race)} == set()
    race = races["twenty-tanh-layers"]
    left, right = race["sides"]
    other = {**race, "sides": [{**left, "lr": 0.06}, right]}
    assert beside(menus, other) == [("lr", 0.06)]


def test_a_seed_is_a_whole_race():
    race = EXPERIMENTS["nothing-wrong"]["settings"]
    (mine, again), (other, _) = ask(
        {"ask": "first", "race": {**race, "seed": 5}},
        {"ask": "first", "race": {**race, "seed": 6}},
    )
    assert mine == again != other


@pytest.mark.parametrize("name", TODAY)
def test_race_ends_as_it_says_in_javascript(told, name):
    ends, race = EXPERIMENTS[name]["ends"], EXPERIMENTS[name]["settings"]
    assert strays(ends, [run["accuracy"] for run in told[name]]) == []
    for run in told[name]:
        assert len(run["losses"]) == race["steps"]
        assert None not in run["losses"]  # a loss that is no number


@pytest.mark.parametrize("name", NAMES)
def test_race_ends_as_it_says_in_initlib(name):
    rng, race = np.random.default_rng(0), EXPERIMENTS[name]["settings"]
    found = [in_initlib(race, side, rng) for side in (0, 1)]
    assert strays(EXPERIMENTS[name]["ends"], found) == []


def test_another_end_is_noticed():
    apart = [name for name in NAMES if EXPERIMENTS[name]["ends"][0][1] < 0.65]
    assert len(apart) == 5
    for name in apart:
        left, right = map(np.mean, EXPERIMENTS[name]["ends"])
        assert strays(EXPERIMENTS[name]["ends"], [left, right]) == []
        assert strays(EXPERIMENTS[name]["ends"], [right, left]) == [0, 1]
