"""The equations of the chapters hold: their text is evaluated with numbers."""

import os
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from tests.book.equations.latex import (
    Equation,
    equations,
    equations_of,
    formulas,
    read,
    texts,
)
from tests.book.equations.mutants import KINDS, changes, mutants
from tests.book.equations.twins import check, name_of, not_evaluated, notices, twins
from tests.book.equations.values import UnequalError, Values

SEED = int(os.environ.get("INITLIB_SEED", "0"))
TRUE_AS_WELL = {  # such a change makes no difference, or one of higher order
    ("eq-weights-projection", "H H^\\top", "H H"),  # H is symmetric
    ("q_{l+1} = q_l", "2 q_l^2", "2 q_{l+1}^2"),
    ("q_{l+1} = q_l", "2 q_l +", "2 q_{l+1} +"),
}


SAID = [*equations(), *formulas()]


@pytest.mark.parametrize("equation", SAID, ids=lambda e: e.label or e.page)
def test_equation_holds(equation):
    """One that only says what a symbol means stands in not_evaluated.txt instead."""
    if name := name_of(equation):
        check(name, equation.source, SEED)
    else:
        assert (equation.page, equation.source) in not_evaluated(), "has no twin"


def test_each_twin_has_an_equation():
    assert {name_of(equation) for equation in SAID} - {None} == set(twins())


def test_labels_differ():
    labels = Counter(equation.label for equation in equations() if equation.label)
    assert set(labels.values()) == {1}


def test_no_equation_is_displayed_in_another_way():
    text = "\n".join(text for _, text in texts())
    assert text.count("$$") == 2 * len(equations())
    assert "{math}" not in text
    assert r"\begin{equation" not in text


def test_an_equation_without_a_twin_is_noticed():
    (bare,) = equations_of("Text\n\n$$\n1 = 1 .\n$$ (eq-new)\n", "01")
    assert bare == Equation("01", "eq-new", "1 = 1 .")
    assert name_of(bare) is None
    assert name_of(replace(bare, label=None)) is None


def test_what_is_not_evaluated_stands_in_the_book():
    bare = {(e.page, e.source) for e in SAID if not name_of(e)}
    assert bare == not_evaluated()


def true_as_well(equation: Equation, changed: Equation) -> bool:
    return any(
        name_of(equation) == known
        and equation.source.replace(old, new) == changed.source
        for known, old, new in TRUE_AS_WELL
    )


def test_changed_equations_are_noticed():
    """Each fraction, exponent, sign, number and index is changed in turn."""
    tried = [(e, changed) for e in equations() for changed in changes(e)]
    missed = [(e, changed) for e, changed in tried if not notices(changed)]
    assert [pair for pair in missed if not true_as_well(*pair)] == []
    assert len(missed) == len(TRUE_AS_WELL)
    assert len(tried) > 500


def test_changed_equations_in_lines_are_noticed():
    tried = [changed for e in formulas() for changed in changes(e)]
    missed = {changed for changed in tried if not notices(changed)}
    assert missed <= set(formulas())  # 1/fan_in may become 2/fan_in where both stand
    assert len(tried) > 100 * len(missed)


def test_every_kind_of_change_is_made():
    made = Counter(kind for e in equations() for kind, _ in mutants(e.source))
    assert set(made) == {kind.__name__ for kind in KINDS}
    assert mutants(r"a^2 = \tfrac12 b_{i+1} - 3") == [
        ("fractions", r"a^2 = \frac{2}{2} b_{i+1} - 3"),
        ("fractions", r"a^2 = \frac{1}{3} b_{i+1} - 3"),
        ("fractions", r"a^2 = \frac{2}{1} b_{i+1} - 3"),
        ("exponents", r"a^{3} = \tfrac12 b_{i+1} - 3"),
        ("signs", r"a^2 = \tfrac12 b_{i+1} + 3"),
        ("numbers", r"a^3 = \tfrac12 b_{i+1} - 3"),
        ("numbers", r"a^2 = \tfrac12 b_{i+2} - 3"),
        ("numbers", r"a^2 = \tfrac12 b_{i+1} - 4"),
        ("indices", r"a^2 = \tfrac12 b_{i+2} - 3"),
    ]


SYMBOLS = {
    "a": 3.0, "b_i": 5.0, "v": {1: 2.0, 2: 7.0}, "n": 2, "k": range(3),
    "A": np.array([[1.0, 2.0], [0.0, 1.0]]), "u": np.array([1.0, 3.0]), "i": 1,
    "l": [10.0, 20.0, 30.0], r"\phi": np.abs, "z": np.array([-1.0, 1.0]),
}  # fmt: skip


@pytest.mark.parametrize(
    ("latex", "value"),
    [
        (r"-a^2 + \tfrac12\, b_i", -6.5),
        (r"\frac{1}{2a} b_i / 5", 1 / 6),
        (r"1 - 2 - 3", -4),
        (r"\sum_{i=1}^n v_i + 1", 10),
        (r"\sum_{i=1}^{n} v_i\, a", 27),
        (r"\sum_k k!\, a", 12),
        (r"\ln \sum_k e^{k} - a", np.log(1 + np.e + np.e**2) - 3),
        (r"\operatorname{tr}(A A^\top)", 6),
        (r"\lVert A u \rVert^2", 58),
        (r"u \cdot u", 10),
        (r"l_{i+1} - l_0", 20),
        (r"\mathbb{E}[\phi(z)^2] - (\mathbb{E} z)^2", 1),
        (r"\operatorname{Var}(u)", 1),
        (r"\int_0^{\infty} x\, e^{-x^2/2}\, \mathrm{d}x", 1),
        (r"\left[ z^2 \right]_1^a", 8),
        (r"\sqrt 3 \cdot \sqrt{3}", 3),
        (r"\tanh^2 z", np.tanh(1) ** 2),
    ],
)
def test_latex_is_read_as_it_is_meant(latex, value):
    (chain,) = read(latex).children
    assert np.allclose(Values(SYMBOLS, 1e-9).of(chain.children[0]), value, rtol=1e-9)


@pytest.mark.parametrize(
    "false",
    [
        r"z_i = h_i W_i + b_i, \qquad h_{i+1} = \phi(z_i), \qquad i = 0, \dots, L,",
        r"z_i = W_i h_i + b_i, \qquad h_{i+1} = \phi(z_i)",
        r"z_i = h_i W_i + b_i, \qquad h_{i+1} = z_i",
    ],
)
def test_a_false_part_of_an_equation_is_noticed(false):
    assert notices(Equation("02", "eq-zero-forward", false))


def test_unequal_sides_are_told():
    with pytest.raises(UnequalError, match=r"^0\.5 is not 0\.33"):
        check("eq-he-telescope", r"\frac12 = \frac13")
