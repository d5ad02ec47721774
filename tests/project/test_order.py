"""Notebooks are run first, and in the order that lets two workers end together."""

from pathlib import Path
from types import SimpleNamespace

from conftest import SHARED, notebooks_first
from tools.paths import NOTEBOOKS


def names_in_order(*names: str) -> list[str]:
    items = [SimpleNamespace(path=Path(name), name=name) for name in names]
    return [item.name for item in notebooks_first(items)]


def test_what_takes_long_begins_and_tests_keep_their_order():
    names = [
        "book/01-weights-and-biases.ipynb",
        "tests/z/test_a.py",
        "book/03-scale.ipynb",
        "book/07-which-one.ipynb",
        "tests/test_b.py",
    ]
    assert names_in_order(*names) == [names[i] for i in (3, 2, 0, 1, 4)]


def test_what_takes_long_is_there():
    assert {path.stem for path in NOTEBOOKS} > set(SHARED)


def test_cells_of_a_notebook_keep_their_order():
    cells = [SimpleNamespace(path=Path("01-a.ipynb"), number=n) for n in range(3)]
    assert [cell.number for cell in notebooks_first(cells)] == [0, 1, 2]
