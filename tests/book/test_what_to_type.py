"""Every line of *What do I type?* draws what its text promises.

Run here: initlib.  The other libraries are installed and run each week.
"""

import ast

import pytest

from tools.what_to_type import LIBRARIES, PAGE, parts, read, wrong

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


def test_other_weights_are_noticed():
    he = next(recipe for recipe in RECIPES if recipe.kind == "ReLU")
    halved = "he_normal(shape, rng) / 2"
    (fault,) = wrong(
        "initlib", IMPORTS["initlib"], type(he)("x", he.promised, {"initlib": halved})
    )
    assert fault.startswith("initlib, x: 0.0006")
    assert parts("# torch\na\n# Keras\nb\n") == {"torch": "a\n", "Keras": "b\n"}
