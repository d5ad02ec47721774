"""Each experiment ends as it says, in JavaScript and in initlib."""

import json
from functools import partial

import numpy as np
import pytest

import initlib
from tests.initlib.test_widgets import node
from tools.paths import ROOT

NETWORKS = 3


def specked(shape, rng):
    return 0.3 + 0.01 * rng.standard_normal(shape)


OWN = {
    "constant": partial(initlib.constant, value=0.3),
    "specked": specked,
    "normal": partial(initlib.normal, std=2.0),
}


@pytest.fixture(scope="module")
def told():
    done = node("--no-warnings", ROOT / "tests/initlib/js/race.mjs")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


NAMES = [
    "thirty-relu-layers",
    "twenty-tanh-layers",
    "all-zero-tanh",
    "all-zero-sigmoid",
    "copies-and-a-speck",
    "large-and-saturated",
    "nothing-wrong",
]


def strays(ends, accuracies):
    """Return the sides of a race that do not end where they should."""
    pairs = enumerate(zip(ends, accuracies, strict=True))
    return [side for side, ((low, high), found) in pairs if not low <= found <= high]


def in_initlib(side, rng):
    """Train networks as one side of a race is; return what the median one gets right.

    Deep networks go other ways on other processors, and now and then one is late.
    """
    x, labels = initlib.spirals(rng, n=100)
    sizes = [2] + [side["width"]] * (side["depth"] - 1) + [3]
    start = OWN.get(side["start"]) or getattr(initlib, side["start"])
    act = getattr(initlib, side["activation"])
    networks = [initlib.init_mlp(sizes, start, each) for each in rng.spawn(NETWORKS)]
    run = initlib.fit(
        initlib.stack(networks), act, initlib.softmax_cross_entropy, x, labels,
        rng=rng, **{key: side[key] for key in ("lr", "steps", "batch", "optimizer")},
    )  # fmt: skip
    return np.median(initlib.accuracy(run.params, act, x, labels))


def test_experiments_are_these_and_each_asks(told):
    assert list(told) == NAMES
    assert all(about["question"].endswith("?") for about in told.values())
    assert all(about["same"] for about in told.values())  # a seed is a whole race


@pytest.mark.parametrize("name", NAMES)
def test_race_ends_as_it_says_in_javascript(told, name):
    runs = told[name]["runs"]
    assert strays(told[name]["ends"], [run["accuracy"] for run in runs]) == []
    for run, side in zip(runs, told[name]["sides"], strict=True):
        assert len(run["losses"]) == side["steps"]
        assert None not in run["losses"]  # a loss that is no number


@pytest.mark.parametrize("name", NAMES)
def test_race_ends_as_it_says_in_initlib(told, name):
    rng = np.random.default_rng(0)
    found = [in_initlib(side, rng) for side in told[name]["sides"]]
    assert strays(told[name]["ends"], found) == []


def test_another_end_is_noticed(told):
    apart = [name for name in NAMES if told[name]["ends"][0][1] < 0.65]
    assert len(apart) == 5
    for name in apart:
        left, right = (run["accuracy"] for run in told[name]["runs"])
        assert strays(told[name]["ends"], [right, left]) == [0, 1]
