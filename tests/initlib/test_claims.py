"""A claim passes when it is true, and only then."""

import json

import numpy as np
import pytest

from initlib import ClaimError, claim
from initlib.claims import MIME, read_claims

S = "A sentence."


@pytest.mark.parametrize(
    ("measured", "bounds"),
    [
        (0.5, {"equals": 0.5}),
        (0.51, {"equals": 0.5, "within": 0.02}),
        (3, {"above": 2, "below": 4}),
        (1e-7, {"below": 1e-6}),
        (True, {"equals": True}),
        (np.bool_(False), {"equals": False}),
        (np.float64(2), {"above": 1}),
        ([1.0, 1.1, 0.9, 1.0], {"above": 0.8}),
        (np.ones(4), {"equals": 1}),
        ([True, True], {"equals": True}),
        ([True, True, False] * 9, {"above": 1 / 3}),
    ],
)
def test_true(measured, bounds):
    assert claim(S, measured, **bounds).statement == S


@pytest.mark.parametrize(
    ("measured", "bounds"),
    [
        (0.5, {"equals": 0.501}),
        (0.53, {"equals": 0.5, "within": 0.02}),
        (4, {"above": 2, "below": 4}),
        (2, {"above": 2}),
        (False, {"equals": True}),
        ([1.0, 1.1, 0.9, 1.0], {"above": 1.2}),
        ([2.0, 2.1, 1.9, 2.0], {"equals": 1, "within": 0.5}),
        ([True, True, False], {"equals": True}),
    ],
)
def test_false(measured, bounds):
    with pytest.raises(ClaimError, match=r"false: 'A sentence.': claimed .* measured"):
        claim(S, measured, **bounds)


@pytest.mark.parametrize(
    "bounds", [{"above": 0.95}, {"below": 1.05}, {"equals": 1, "within": 0.1}]
)
def test_undecided(bounds):
    with pytest.raises(ClaimError, match=r"undecided: .* more replicates"):
        claim(S, [1.0, 1.1, 0.9, 1.0], **bounds)
    many = np.tile([1.0, 1.1, 0.9, 1.0], 50)
    claim(S, many, **bounds)


def test_three_standard_errors_are_the_border():
    values = np.array([-1.0, 1.0, -1.0, 1.0])
    error = values.std(ddof=1) / 2
    claim(S, values, above=-3.001 * error)
    with pytest.raises(ClaimError, match="undecided"):
        claim(S, values, above=-2.999 * error)


KEPT = {"equals": 0.5, "within": 0.1}
TEETH = [  # what is claimed, and rivals: outside, inside, and too close to tell
    (0.5, KEPT, [0.61, -0.5], [0.5, 0.6, 0.4], [[0.61, 0.65, 0.6, 0.62], [0.3, 0.4]]),
    (3, {"above": 2}, [2, -1, [1.0, 1.1]], [2.1, 9], [[1.5, 2.0, 1.7]]),
    (3, {"below": 4}, [4, [9.0, 9.1]], [3.9, -9], [[4.0, 5.0, 4.2]]),
    (3, {"above": 2, "below": 4}, [2, 4], [2.1, 3.9], [[0.0, 1.0, 2.0]]),
    ([3.0, 3.1], {"above": 2}, [1, [1, 1]], [[3.0, 2.0], 2.5], [[1.0, 2.9]]),
    (True, {"equals": True}, [False, np.bool_(False)], [True], []),
    (False, {"equals": False}, [True], [False], []),
    ([True, True], {"equals": True}, [False, [False, False]], [True, [True, True]], []),
    ([True, True], {"equals": True}, [[False] * 9 + [True]], [], [[True, True, False]]),
]


@pytest.mark.parametrize(("measured", "bounds", "outside", "inside", "close"), TEETH)
def test_the_bound_excludes_the_rival(measured, bounds, outside, inside, close):
    for value in outside:
        kept = claim(S, measured, **bounds, rival=("a coin", value))
        assert kept.rival.words == "a coin"
    for value in inside:
        with pytest.raises(ClaimError, match=r"toothless: .* a coin would"):
            claim(S, measured, **bounds, rival=("a coin", value))
    for value in close:
        with pytest.raises(ClaimError, match=r"undecided: .* of the rival"):
            claim(S, measured, **bounds, rival=("a coin", value))


def test_a_false_claim_is_false_whatever_its_rival():
    with pytest.raises(ClaimError, match="false: "):
        claim(S, 0.7, **KEPT, rival=("a coin", 0.9))


def test_three_standard_errors_are_the_border_of_a_rival_too():
    values = np.array([-1.0, 1.0, -1.0, 1.0])
    error = values.std(ddof=1) / 2
    claim(S, 9, above=3.001 * error, rival=("chance", values))
    with pytest.raises(ClaimError, match="undecided"):
        claim(S, 9, above=2.999 * error, rival=("chance", values))


@pytest.mark.parametrize("bad", [np.nan, np.inf, [1.0, np.nan]])
def test_a_rival_is_finite(bad):
    with pytest.raises(ClaimError, match="rival must be finite"):
        claim(S, 1, above=0, rival=("overflow", bad))


def test_one_replicate_of_a_rival():
    with pytest.raises(ClaimError, match="at least two"):
        claim(S, 1, above=0, rival=("chance", [-1.0]))


@pytest.mark.parametrize("bad", [np.nan, np.inf, [1.0, np.nan]])
def test_not_finite(bad):
    with pytest.raises(ClaimError, match="must be finite"):
        claim(S, bad, above=0)


def test_one_replicate():
    with pytest.raises(ClaimError, match="at least two"):
        claim(S, [1.0], above=0)


@pytest.mark.parametrize(
    ("measured", "text"),
    [
        (0.123456, "0.123"),
        (3.04e-7, "3.04 × 10⁻⁷"),
        (1e9, "10⁹"),
        (42, "42"),
        (-0.25, "−0.25"),
        (-3, "−3"),
        ([-1.0, -3.0, -2.0, -2.0], "−2.0 ± 0.4 (4 replicates)"),
        (True, "true"),
        ([0.5, 0.52, 0.48, 0.5], "0.500 ± 0.008 (4 replicates)"),
        ([1.0, 3.0, 2.0, 2.0], "2.0 ± 0.4 (4 replicates)"),
        ([100.0, 300.0, 200.0, 200.0], "200 ± 41 (4 replicates)"),
        ([-1e-6, 5e-6], "(2 ± 3) × 10⁻⁶ (2 replicates)"),
        ([3.0e-7, 3.4e-7, 3.2e-7, 3.2e-7], "(3.20 ± 0.08) × 10⁻⁷ (4 replicates)"),
        (
            [110000.0, 110004.0, 110002.0, 110002.0],
            "(1.100020 ± 0.000008) × 10⁵ (4 replicates)",
        ),
        ([2.0, 2.0], "2 in both replicates"),
        ([0.1] * 3, "0.1 in all 3 replicates"),  # whose mean is rounded
        ([0.3, 0.1 + 0.2], "0.3 in both replicates"),
        ([1.0, 1.0 + 1e-9], "1.0000000005 ± 0.0000000005 (2 replicates)"),
    ],
)
def test_measured_in_words(measured, text):
    bounds = {"equals": True} if measured is True else {"above": -9}
    assert claim(S, measured, **bounds).measured == text


@pytest.mark.parametrize(
    ("bounds", "text"),
    [
        ({"equals": 0.5}, "0.5"),
        ({"equals": 0.5, "within": 0.01}, "0.5 within 0.01"),
        ({"equals": 0.5, "within": 1e-9}, "0.5 within 10⁻⁹"),
        ({"equals": 0.51234, "within": 0.02}, "0.512 within 0.02"),
        ({"equals": 0.50001234, "within": 1e-4}, "0.50001 within 0.0001"),
        ({"equals": 0, "within": 1}, "0 within 1"),
        ({"above": 0.1}, "above 0.1"),
        ({"above": 0.1234567}, "above 0.1235"),
        ({"above": -0.1}, "above −0.1"),
        ({"above": 0.1, "below": 1}, "above 0.1 and below 1"),
    ],
)
def test_bound_in_words(bounds, text):
    assert claim(S, 0.5, **bounds).bound == text


@pytest.mark.parametrize(
    ("within", "text"),
    [(1e-9, "1.37199"), (1e-6, "1.37199"), (0, "1.37199"), (1e-3, "1.37")],
)
def test_a_narrow_bound_shows_more_digits(within, text):
    value = 1.371987
    assert claim(S, value, equals=value, within=within).measured == text


def test_words_are_set_as_a_page_sets_them():
    kept = claim("He's σ_w = 30, ξ_c and fan_in + 1.", 0.5, above=0)
    shown = kept._repr_mimebundle_()["text/html"]
    assert (
        "He\u2019s σ<sub>w</sub>\xa0=\xa030, ξ<sub>c</sub> and fan_in\xa0+\xa01."
        in shown
    )
    assert repr(kept).startswith("✓ He's σ_w = 30, ξ_c and fan_in + 1.")


def test_a_truth_value_shows_no_number():
    shown = claim(S, True, equals=True)._repr_mimebundle_()["text/html"]
    assert S in shown
    assert "easured" not in shown
    kept = claim(S, True, equals=True, rival=("a <coin>", False))
    shown = kept._repr_mimebundle_()["text/html"]
    assert '"measured">A &lt;coin&gt; would make it false.<' in shown
    assert "<details" not in shown


def test_replicates_of_a_truth_value_say_in_how_many_it_is_true():
    three = {"equals": True, "rival": ("a coin", [False] * 9 + [True])}
    kept = claim(S, [True] * 3, **three)
    assert kept.measured == "true in all 3 replicates"
    assert kept.rival.given == "false in 9 of 10 replicates"
    line = "rue in all 3 replicates; a coin would make it false in 9 of 10 replicates"
    assert f"✓ {S}\n  t{line}\n  claimed true" == repr(kept)
    shown = kept._repr_mimebundle_()["text/html"]
    kept_together = line.replace(" replicates", "\xa0replicates")
    assert f'"measured">T{kept_together}.<' in shown
    assert "Claimed true." in shown
    nowhere = claim(S, [True] * 3, equals=True, rival=("a coin", [False, False]))
    assert str(nowhere.rival) == "a coin would make it false in both replicates"
    share = claim(S, [True, True], above=0.5)
    assert share.measured == "1 in both replicates"


@pytest.mark.parametrize(
    ("measured", "equals", "rival"),
    [
        (True, 1, None),
        (1, True, None),
        ([1.0, 1.0], True, None),
        ([False, False], False, None),
        ([True, True], True, 0),
        ([True, True], True, [0.0, 0.0]),
        (True, True, 0),
        (1, 1, False),
    ],
)
def test_a_truth_value_is_compared_with_truth_values(measured, equals, rival):
    given = rival if rival is None else ("a coin", rival)
    with pytest.raises(TypeError, match=r"truth value .* got measured="):
        claim(S, measured, equals=equals, rival=given)


def test_a_rival_is_shown_and_the_bound_behind_the_check_mark():
    made = claim(S, 0.5, above=0.4, rival=("a <coin>", [0.2, 0.24]))
    shown = made._repr_mimebundle_()
    told = (
        "Measured 0.5; a &lt;coin&gt; would give 0.22\xa0±\xa00.02 (2\xa0replicates)."
    )
    assert f'<span class="measured">{told}</span>' in shown["text/html"]
    behind = shown["text/html"].partition("<details")[2]
    assert "</summary>Claimed above 0.4.</details>" in behind
    assert 'aria-label="checked; the bound"' in behind
    assert shown["text/plain"] == (
        f"✓ {S}\n  measured 0.5; a <coin> would give 0.22 ± 0.02 (2 replicates)\n"
        "  claimed above 0.4"
    )


@pytest.mark.parametrize(
    ("measured", "bounds", "numbers"),
    [
        (0.12345, {"above": 0.1}, (0.123, None, 1, 0.1, None)),
        (1.234567, {"equals": 1.234567}, (1.23457, None, 1, 1.234567, 1.234567)),
        (0.5, {"equals": 0.3 + 0.3, "within": 0.2}, (0.5, None, 1, 0.4, 0.8)),
        ([0.52, 0.48, 0.52, 0.48], {"below": 1}, (0.5, 0.012, 4, None, 1)),
        ([2.0, 2.0], {"below": 3}, (2, 0, 2, None, 3)),
        (True, {"equals": True}, (True, None, 1, 1, 1)),
        ([True, True], {"equals": True}, (1, 0, 2, 1, 1)),
    ],
)
def test_a_claim_keeps_its_numbers_as_they_are_shown(measured, bounds, numbers):
    kept = claim(S, measured, **bounds)._repr_mimebundle_()[MIME]["numbers"]
    assert kept == dict(
        zip(("value", "error", "n", "low", "high"), numbers, strict=True)
    )


def test_shows_itself():
    shown = claim("a < b & c.", 0.5, above=0.4, settles="S13")._repr_mimebundle_()
    assert set(shown) == {"text/plain", "text/html", MIME}
    assert "a &lt; b &amp; c." in shown["text/html"]
    assert shown["text/plain"] == "✓ a < b & c.\n  measured 0.5\n  claimed above 0.4"
    assert shown[MIME]["settles"] == "S13"
    assert f'id="{shown[MIME]["id"]}"' in shown["text/html"]
    parts = claim("10 %, 1/√2 or ln 2.", 0.1, above=0, rival=("√2/√3", -1))
    for together in ("10\xa0%", "1/\u2060√2", "ln\xa02", "√2/\u2060√3"):
        assert together in parts._repr_mimebundle_()["text/html"]
    other = claim("Another.", 0.5, above=0.4)
    assert other.id != shown[MIME]["id"]


def test_claims_are_read_back_from_a_notebook():
    made = claim("One is one.", 1, equals=1, rival=("two", 2))
    shown = json.loads(json.dumps(made._repr_mimebundle_()))
    cells = [{"cell_type": "markdown"}, {"outputs": [{"data": shown}, {"text": "1"}]}]
    (stored,) = read_claims({"cells": cells})
    assert stored["statement"] == "One is one."
    assert stored["measured"] == "1"
    two = {"words": "two", "given": "2", "value": 2, "error": None, "n": 1}
    assert stored["rival"] == two
