"""Notebooks are run first, and in the order that lets two workers end together."""

from pathlib import Path
from types import SimpleNamespace

from conftest import last_chapters_first


def names_in_order(*names: str) -> list[str]:
    items = [SimpleNamespace(path=Path(name), name=name) for name in names]
    return [item.name for item in last_chapters_first(items)]


def test_the_last_chapter_begins_and_tests_keep_their_order():
    names = [
        "book/01-a.ipynb",
        "book/02-b.ipynb",
        "tests/z/test_a.py",
        "tests/test_b.py",
    ]
    assert names_in_order(*names) == [names[1], names[0], *names[2:]]


def test_cells_of_a_notebook_keep_their_order():
    cells = [SimpleNamespace(path=Path("01-a.ipynb"), number=n) for n in range(3)]
    assert [cell.number for cell in last_chapters_first(cells)] == [0, 1, 2]
