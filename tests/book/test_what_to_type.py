"""Every line of *What do I type?* draws what its text promises.

Run here: initlib.  The other libraries are installed and run each week.
"""

import ast

import pytest

from tools.what_to_type import LIBRARIES, PAGE, Recipe, parts, read, wrong

IMPORTS, RECIPES = read(PAGE.read_text(encoding="utf-8"))
COLUMNS = 72


def named(recipe) -> str:
    return recipe.kind


@pytest.mark.parametrize("recipe", RECIPES, ids=named)
def test_lines_draw_what_is_promised(recipe):
    assert list(wrong("initlib", IMPORTS["initlib"], recipe)) == []


@pytest.mark.parametrize("recipe", RECIPES, ids=named)
def test_every_library_has_lines_that_fit(recipe):
    assert tuple(recipe.code) == LIBRARIES
    for code in recipe.code.values():
        ast.parse(code)
        assert max(map(len, code.splitlines())) <= COLUMNS


def faults(kind: str, code: str) -> list[str]:
    promised = next(recipe.promised for recipe in RECIPES if recipe.kind == kind)
    changed = Recipe(kind, promised, {"initlib": code})
    return list(wrong("initlib", IMPORTS["initlib"], changed))


@pytest.mark.parametrize(
    ("kind", "code", "got"),
    [
        ("ReLU", "he_normal(shape, rng) / 2", "0.0006"),
        ("The recurrent weights of an LSTM", "orthogonal((100, 400), rng)", "0.0025"),
        ("The bias of a forget gate", "np.full(100, -1)", "-1.0"),
        ("A convolution", "he_normal((3, 3, 100, 784), rng)", "0.0022"),
    ],
)
def test_other_values_are_noticed(kind, code, got):
    (fault,) = faults(kind, code)
    assert fault.startswith(f"initlib, {kind}: {got}")


def test_code_is_told_apart_by_library():
    assert parts("# torch\na\n# Keras, 3\nb\n") == {"torch": "a\n", "Keras": "b\n"}
