"""The living cover: its network ends as its words say, in JavaScript and in initlib."""

import json

import pytest

from initlib.widgets import bundle
from tests.initlib.test_experiments import ask, in_initlib, strays
from tests.initlib.test_widgets import node
from tools.sphinxext.front_page import RACE

STUCK, LEARNS = [0.0, 0.45], [0.65, 1.0]
ENDS = {0.5: STUCK, 1.4: LEARNS, 4: STUCK}  # what the words say of each size
WORDS = """
import { coarser, outcome, ridge, spread } from "./ridges.mjs";
console.log(JSON.stringify([
  coarser([1, 2, 3, 4]),
  ridge([0, 2, 0], 100, 50),
  spread([...Array(18).fill(0), 6, 2, 1, 1, ...Array(18).fill(0)]),
  spread([3, ...Array(38).fill(0), 1]),
  outcome(1.4, 0.96), outcome(0.7, 0.55), outcome(0.5, 0.33), outcome(4, 0.34),
]));
"""


def with_size(sigma):
    (side,) = RACE["sides"]
    return {**RACE, "sides": [{**side, "start": f"sigma:{sigma}"}]}


@pytest.fixture(scope="module")
def told():
    races = [{"ask": "run", "race": with_size(sigma)} for sigma in ENDS]
    return dict(zip(ENDS, ask(*races), strict=True))


@pytest.mark.parametrize("sigma", ENDS)
def test_network_ends_as_its_words_say(told, sigma, rng):
    (run,) = told[sigma]
    assert strays([ENDS[sigma]], [run["accuracy"]]) == []
    assert strays([ENDS[sigma]], [in_initlib(with_size(sigma), 0, rng)]) == []


def test_ends_tell_the_sizes_apart(told):
    found = [run["accuracy"] for (run,) in told.values()]
    assert strays([STUCK, STUCK, LEARNS], found) == [1, 2]


def test_pictures_and_words_of_the_cover(tmp_path):
    for name, text in [("ridges", bundle.join("ridges.js")), ("words", WORDS)]:
        (tmp_path / f"{name}.mjs").write_text(text, encoding="utf-8")
    done = node("--no-warnings", tmp_path / "words.mjs")
    assert done.returncode == 0, done.stderr
    bins, outline, narrow, cup, *outcomes = json.loads(done.stdout)
    assert bins == [3, 7]
    assert outline == "M34 100L67.0 100.0L133.0 50.0L199.0 100.0L232 100z"
    assert narrow == "in the last layer 100 % lie within 0.1 of 0, and 0 % of a limit"
    assert cup == "in the last layer 0 % lie within 0.1 of 0, and 100 % of a limit"
    assert [said.partition(" % of the points are right")[0] for said in outcomes] == [
        *["96", "55", "33", "34"]
    ]
    said = "has learned", "learns slowly", "signal fades", "at one of their limits"
    assert all(words in text for words, text in zip(said, outcomes, strict=True))
