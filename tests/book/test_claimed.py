"""The sentence of a claim says its own numbers, and its bound bears on their size."""

from pathlib import Path

import pytest

from initlib.claims import MIME, claim
from tests.book.stored import claims_in
from tools.paths import NOTEBOOKS
from tools.prose import mutants
from tools.prose.claimed import admitted, sizes, unfounded
from tools.prose.places import Place
from tools.prose.sweeping import listed, sweeping


def stored(sentence: str, measured, **bounds) -> dict:
    return claim(sentence, measured, **bounds)._repr_mimebundle_()[MIME]


def too_loose(claims: list[dict]) -> list[str]:
    """Return claims that name foreign numbers, or would admit the double or half."""
    return [
        f"{found['statement']} foreign: {foreign}, admitted: {sizes_admitted}"
        for found in claims
        for foreign in [unfounded(found)]
        for sizes_admitted in [sizes(found["statement"]) and admitted(found)]
        if foreign or sizes_admitted
    ]


def test_claims_say_their_own_numbers_and_no_other_size():
    """Numbers of bound, rival and measurement, or settings; see tools.prose.claimed."""
    assert [said for path in NOTEBOOKS for said in too_loose(claims_in(path))] == []


def changed_claims() -> list[dict]:
    """Return well-founded claims of the book with one size in the sentence changed."""
    changed = []
    for path in NOTEBOOKS:
        known = {found["statement"]: found for found in claims_in(path)}
        for mutant in mutants(path):
            found = known.get(mutant.place.text)
            if found is None or too_loose([found]):
                continue
            starts = {number.start for _, number in sizes(found["statement"])}
            if mutant.number.start in starts:
                changed.append({**found, "statement": mutant.mutated})
    return changed


def test_a_changed_size_in_a_sentence_is_noticed():
    changed = changed_claims()
    missed = [found["statement"] for found in changed if not unfounded(found)]
    assert len(missed) <= len(changed) // 20, missed


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("Two thirds of the signal stay.", ["Two thirds"]),
        ("Nine in ten units are dead.", ["Nine in ten"]),
        ("It shrinks by 1/√2 in 30 layers within 200 steps.", ["1/√2"]),
        ("The loss comes down to ln 10.", ["ln 10"]),
        ("At a rate of 0.1 the second takes twice as long.", ["twice"]),
        ("With variance 2/fan_in as many as 90 % arrive.", ["90"]),
        ("All three networks reach 90 % in fewer than 50 steps.", []),
        ("It is 1/2 − 1/(2π) = 0.341 of it.", ["0.341"]),
        ("It grows ten times, by 5 % per layer.", ["ten", "5"]),
        ("With noise of 10⁻⁸ it takes 20 steps.", []),
    ],
)
def test_sizes_are_told_from_settings(sentence, said):
    assert [number.text for _, number in sizes(sentence)] == said


HALF = {"equals": 0.5, "within": 0.02}
FOUR = {"equals": 4, "within": 0.5}
FEWER = {"below": 4, "rival": ("two layers", [8, 8, 8])}
TWICE = {"above": 2, "rival": ("a mean", 1.5)}


@pytest.mark.parametrize(
    ("measured", "bounds", "true", "false"),
    [
        (0.5, HALF, "It is a half.", "It is a third of it."),
        (0.51, HALF, "It is 0.5 within 0.02.", "It is 0.5 within 0.03."),
        (0.5, HALF, "It is 50 % within 2 %.", "It is 60 % within 2 %."),
        (3, TWICE, "More than twice, where a mean is 1.5.", "More than five times."),
        (3, TWICE, "More than twice.", "More than twice, where a mean is 1.6."),
        (0.7, {"equals": 0.5**0.5, "within": 0.1}, "It is 1/√2.", "It is 1/√3."),
        (2.3, {"equals": 2.302585, "within": 0.1}, "It is ln 10.", "It is ln 11."),
        (5, {"above": 3.5}, "At least four pairs.", "At least six of it."),
        (0.01, {"below": 0.025}, "Less than 2.5 points.", "Less than 2.4 points."),
        ([3, 3, 3], FEWER, "It is fewer than four.", "It is fewer than three."),
        ([4, 4], FOUR, "It is four times larger.", "It is twice as large."),
        ([3.9, 4, 4.1], FOUR, "It is four times larger.", "It is three times larger."),
        (
            1.1,
            {"above": 1, "below": 7 / 6},
            "It is a sixth longer.",
            "It is a fifth longer.",
        ),
    ],
)
def test_a_foreign_number_is_noticed(measured, bounds, true, false):
    assert unfounded(stored(true, measured, **bounds)) == []
    assert unfounded(stored(false, measured, **bounds)) != []


@pytest.mark.parametrize(
    ("measured", "narrow", "wide"),
    [
        (1.5, {"below": 3}, {"below": 3.01}),
        (1.5, {"above": 0.75}, {"above": 0.74}),
        (1.0, {"equals": 1, "within": 0.4}, {"equals": 1, "within": 0.6}),
        (4e-7, {"above": 0, "below": 8e-7}, {"above": 0, "below": 1e-6}),
        (-3, {"below": -1.5}, {"below": -1.4}),
        (-3, {"above": -6}, {"above": -7}),
    ],
)
def test_a_bound_that_admits_another_size_is_noticed(measured, narrow, wide):
    assert admitted(stored("It is so.", measured, **narrow)) == []
    assert len(admitted(stored("It is so.", measured, **wide))) == 1


def test_zero_truth_and_a_sign_have_no_other_size():
    assert admitted(stored("It is so.", 0, below=1)) == []
    assert admitted(stored("It is so.", True, equals=True)) == []
    assert admitted(stored("It is so.", 0.1, above=0)) == []


def test_sweeping_words_are_listed_for_every_page():
    text = "No network trains. It cannot be.\nNothing is anywhere: knowledge, many."
    place = Place(Path("page.md"), 0, "page", "Top", text)
    assert [words for _, words in sweeping(place)] == [
        ["no"],
        ["cannot"],
        ["nothing", "anywhere"],
    ]
    lines = list(listed([]))
    assert {path.stem for path in NOTEBOOKS} < {line.split(":")[0] for line in lines}
    seven = list(listed(["07"]))
    assert seven[0] == f"07-which-one: {len(seven) - 1} sentences"
    assert len(seven) > 1
