"""The numbers of the book's texts are registered, and the registered are computed."""

import ast
import random
from dataclasses import replace
from pathlib import Path

import pytest

from tools.prose import Place, amiss, mutants, noticed, places
from tools.prose.evidence import set_by
from tools.prose.numbers import agrees, numbers_in
from tools.prose.register import renewed, text_of
from tools.prose.rule import (
    REGISTER,
    by_section,
    chapters_and_pages,
    facts_of,
    is_computed,
    read_register,
)

AIMS = {"decimal": 0.95, "percent": 0.95, "integer": 0.9, "word": 0.9, "fraction": 0.9}
PLACES = {"prose": 0.9, "caption": 0.9, "alt": 0.9, "claim": 0.95, "page": 0.9}
SAMPLE, RARE = 300, {"decimal", "percent", "fraction"}
TEXTS = chapters_and_pages()
every_text = pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)


@every_text
def test_numbers_are_registered(path):
    found = [
        f"{section}: {problem}"
        for section, texts in by_section(places(path))
        for problem in amiss(path.stem, section, texts)
    ]
    assert found == [], "run `make numbers`"


@every_text
def test_registered_numbers_are_computed(path):
    """Or answered for by hand, under `says`."""
    entries, nobody = renewed(path)
    assert nobody == []
    assert entries == read_register().get(path.stem, {}), "run `make numbers`"


def test_the_register_is_written_as_the_tool_writes_it():
    assert REGISTER.read_text("utf-8") == text_of(read_register())


@pytest.fixture(scope="module")
def campaign():
    """Change one number at a time, of a sample drawn from all texts of the book."""
    everything = [mutant for path in TEXTS for mutant in mutants(path)]
    sample = random.Random(0).sample(everything, SAMPLE)
    sample += [mutant for mutant in everything if mutant.kind in RARE]
    claims = [mutant for mutant in everything if mutant.place.kind == "claim"]
    sample += random.Random(0).sample(claims, SAMPLE)
    return [(mutant, noticed(mutant)) for mutant in sample]


@pytest.mark.parametrize(("kind", "aim"), AIMS.items())
def test_a_changed_number_is_noticed(campaign, kind, aim):
    tried = [seen for mutant, seen in campaign if mutant.kind == kind]
    assert len(tried) >= 10
    assert sum(tried) >= aim * len(tried)


@pytest.mark.parametrize(("where", "aim"), PLACES.items())
def test_a_changed_number_is_noticed_wherever_it_stands(campaign, where, aim):
    tried = [seen for mutant, seen in campaign if mutant.place.kind == where]
    assert len(tried) >= 10
    assert sum(tried) >= aim * len(tried)


def said(text: str, kind: str = "prose") -> list[tuple[str, str]]:
    place = Place(Path("chapter.ipynb"), 0, kind, "Section", text)
    return [(noun, number.text) for noun, number in facts_of(place)]


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("ten layers of 500 tanh units", [("layer", "ten"), ("unit", "500")]),
        ("in layers 1 and 10", [("layer…", "1"), ("layer…", "10")]),
        (
            "at least 97 % of it, or 1e-7",
            [("least…", "97"), ("or…", "1e-7")],
        ),
        ("a third of it, twice", [("…of", "third"), ("time", "twice")]),
        ("the third question", []),
        (
            r"it is $1/\sqrt{2}$, not $b_1 = 3$",
            [("…/√", "1"), ("/√…", "2"), ("b=…", "3")],
        ),
        ("not `0.5`, nor [this](v0.5.html)", []),
        ('"a mean of 4/5" {cite:p}`glorot2010`, of 7 units', [("unit", "7")]),
        ('"a mean of 4/5" in 7 units', [("mean…", "4/5"), ("unit", "7")]),
    ],
)
def test_a_number_is_read_with_its_noun(text, facts):
    assert said(text) == facts


@pytest.mark.parametrize(
    ("text", "printed", "agree"),
    [
        ("0.2236", "0.22354", False),
        ("0.2236", "0.22360", True),
        ("0.22", "0.2236", True),
        ("0.220", "0.22", True),
        ("0.23", "0.2236", False),
        ("97 %", "0.971", True),
        ("98 %", "0.971", False),
        ("ten", "10", True),
        ("ten", "11", False),
        ("half", "0.5", True),
        ("a third of", "0.33", True),
        ("a third of", "0.5", False),
        ("a millionth", "1e-06", True),
        ("100,000", "1e5", True),
    ],
)
def test_a_number_agrees_at_the_digits_it_shows(text, printed, agree):
    (number,), (other,) = numbers_in(text), numbers_in(printed)
    assert agrees(number, other) == agree


def test_settings_are_read_from_code_and_other_numbers_are_not():
    code = "sizes = [500] * 12\nlr = 1 / 3\nx[7] = f'{lr:.9f}'\nfig.set(x=77)"
    values = {float(number.value) for number in set_by(ast.parse(code))}
    assert values == {500, 12, 11, 10, 1, 3, 1 / 3}


def test_a_number_that_nothing_computes_is_not_entered():
    (page,) = (path for path in TEXTS if path.stem == "bias-and-variance")
    beside = next(place for place in places(page) if "coefficients over" in place.text)
    true, false = (
        replace(beside, text=f"The error is {number}.") for number in ("0.048", "0.047")
    )
    assert is_computed(true, *facts_of(true)[0])
    assert not is_computed(false, *facts_of(false)[0])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$3 \\cdot 10^{-5}$", 3e-5),
        ("7 × 10⁻⁷", 7e-7),
        ("25 million", 25e6),
        ("ten thousand", 1e4),
        ("10⁻⁸", 1e-8),
        ("\\frac12", 0.5),
        ("five percent", 0.05),
        ("10,000", 1e4),
    ],
)
def test_a_number_is_read_whole(text, value):
    (number,) = numbers_in(text)
    assert float(number.value) == pytest.approx(value)
