"""Each question of the FAQ is answered, and settled by a claim or an exercise."""

import re
from functools import cache

import pytest
import yaml

from tools.paths import NOTEBOOKS, ROOT
from tools.sphinxext.appendix import Chapter, beginning, read_chapter

APPENDIX = ROOT / "book" / "appendix"
FAQ = (APPENDIX / "faq.md").read_text("utf-8")
SETTLED = yaml.safe_load((APPENDIX / "confusions.yml").read_text("utf-8"))
ASKED = {f"C{n}" for n in range(1, 28)}  # in public, again and again
ENTRY = re.compile(r"(?ms)^\*\*(.+?)\*\*[^\n]*\n: (.*?)(?=^\*\*|^## |\Z)")
NUMBER = re.compile(r"(?m)^  :::\{settled-by\} (\S+)\n  :::$")
DEEP = re.compile(r"\.ipynb#[\w-]+\)|\{ref\}`[^`]*<exercise-[\d-]+>`")


@cache
def chapters() -> list[Chapter]:
    return [read_chapter(path.stem, path) for path in NOTEBOOKS]


def wrong_entries(page: str, settled: dict[str, list[str]]) -> list[str]:
    """Name questions without deep link or number, and numbers without a question."""
    found = dict(ENTRY.findall(page))
    numbers = {question: NUMBER.findall(answer) for question, answer in found.items()}
    shallow = [
        question for question, answer in found.items() if not DEEP.search(answer)
    ]
    unsettled = [question for question, told in numbers.items() if len(told) != 1]
    known = [number for told in numbers.values() for number in told]
    twice = {number for number in known if known.count(number) > 1}
    return [*shallow, *unsettled, *sorted({*known} ^ {*settled}), *sorted(twice)]


def wrong_places(settled: dict[str, list[str]], known: list[Chapter]) -> list[str]:
    """Name what begins no claim and is no exercise, or more than one, or nothing."""
    empty = [number for number, places in settled.items() if not places]
    places = {place for places in settled.values() for place in places}
    return empty + sorted(p for p in places if len(beginning(p, known)) != 1)


def test_each_question_is_answered_by_a_section_and_settled():
    assert SETTLED.keys() >= ASKED
    assert wrong_entries(FAQ, SETTLED) == []


def test_what_settles_a_question_is_one_claim_or_exercise():
    assert wrong_places(SETTLED, chapters()) == []


@pytest.mark.parametrize(
    ("old", "new", "faults"),
    [
        ("  :::{settled-by} C6\n  :::\n", "", ["fan_in or fan_out?", "C6"]),
        ("{settled-by} C6\n", "{settled-by} C99\n", ["C6", "C99"]),
        ("{settled-by} C6\n", "{settled-by} C7\n", ["C6", "C7"]),
        ("#why-002)", ")", ["Why do transformers start from 0.02?"]),
    ],
)
def test_entries_that_lost_something_are_noticed(old, new, faults):
    assert FAQ.count(old) == 1
    assert wrong_entries(FAQ.replace(old, new), SETTLED) == faults


@pytest.mark.parametrize(
    "place", ["Exercise 2.9", "Which zero, where", "With He", "the-same-seed-twice"]
)
def test_places_that_settle_nothing_are_noticed(place):
    assert wrong_places({"C6": [place]}, chapters()) == [place]
    assert wrong_places({"C6": []}, chapters()) == ["C6"]
    assert "Exercise 1.4" in wrong_places(SETTLED, chapters()[1:])
