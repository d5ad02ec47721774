"""The toy master of the tests, and submissions to it.

It doubles numbers; `with_functions` adds functions of more kinds, for those tests that
call them in a sandbox.
"""

import json
from dataclasses import replace
from pathlib import Path

import nbformat

from assignments import masters, release
from assignments.grade.walls import Limits
from assignments.masters import Master

SETUP = "import numpy as np\n\nLEVEL = 3"
SOLVED = (
    "def double(x):\n    ### BEGIN SOLUTION\n    return x + x\n    ### END SOLUTION"
)
CONSTANT = "### BEGIN SOLUTION\nlevel = LEVEL + 1\n### END SOLUTION"
TEST = (
    'assert double(2) == 4, "double(2) should be 4"\n'
    "### BEGIN HIDDEN TESTS\n"
    "assert double(-17.5) == -35.0\n"
    "### END HIDDEN TESTS"
)
LEVEL_TEST = 'assert level == 4, f"level is {level}"'
MODEL = "Because adding a number to itself doubles it."
SHORT = Limits(cell_seconds=1.5, call_seconds=1.5, part_seconds=15, total_seconds=90)
SETTINGS = {"setup": (False, False, True), "demo": (False, False, True)}
SETTINGS |= {"solution": (False, True, False), "test": (True, False, True)}
SETTINGS |= {"manual": (True, True, False), "text": (False, False, True)}


def cell(kind, source, grade_id=None, points=None, markdown=False, **changes):
    """Return a cell of a master; changes go into its nbgrader metadata."""
    grade, solution, locked = SETTINGS[kind]
    meta = {"grade": grade, "solution": solution, "locked": locked, "task": False}
    meta |= {"grade_id": grade_id or kind, "schema_version": 3}
    meta |= {"points": points} if points else {}
    metadata = {"nbgrader": meta | changes}
    if kind in ("setup", "demo"):
        metadata["tags"] = [kind]
    new = nbformat.v4.new_markdown_cell if markdown else nbformat.v4.new_code_cell
    return new(source, metadata=metadata)


def cells() -> list:
    """Return the cells of a good master."""
    return [
        nbformat.v4.new_markdown_cell("# Doubling\n\n## You will\n\nSome text."),
        cell("setup", SETUP),
        nbformat.v4.new_markdown_cell("## Twice"),
        cell("solution", SOLVED, "double"),
        cell("test", TEST, "test-double", 3),
        cell("solution", CONSTANT, "level"),
        cell("test", LEVEL_TEST, "test-level", 1),
        cell("demo", "print(double(1))"),
        nbformat.v4.new_markdown_cell("## Why"),
        cell("manual", MODEL, "why", 2, markdown=True),
        cell("manual", "print('a plot')", "plot", 4),
    ]


def store(folder: Path, content: list, name: str = "d1-doubling.ipynb") -> Path:
    """Write a master of these cells."""
    path = folder / name
    nbformat.write(nbformat.v4.new_notebook(cells=content), path)
    return path


def demo(folder: Path) -> Master:
    """Write and read a good master."""
    return masters.read(store(folder, cells()))


def submission(master: Master, **answers: str) -> str:
    """Return the text of a notebook that a student hands in."""
    notebook = release.fill_in(master, answers)
    return json.dumps(notebook)


def solved(master: Master, **answers: str) -> str:
    """Return the text of a notebook in which all tests pass."""
    return submission(master, **master.solutions, **answers)


FUNCTIONS = {
    "lengths": "def lengths(x):\n    return np.sqrt((x**2).sum(axis=1))",
    "scale": "factor = 3.0",
    "weights": "def weights(shape, rng):\n    return factor * rng.normal(0, 1, shape)",
    "total": "def total(numbers):\n    return sum(numbers)",
    "rows": "def rows(x, count=2):\n    return [x[i] for i in range(count)]",
    "name": 'def name(kind):\n    return {"kind": kind, "pair": (1, 2.5)}',
}
CHECKS = {
    "lengths": (
        "assert np.allclose(lengths(np.array([[3.0, 4.0]])), [5]), 'a 3-4-5 triangle'",
        "assert lengths(np.zeros((7, 2))).shape == (7,)",
    ),
    "scale": ("assert factor > 0, f'{factor} is not positive'", "assert factor == 3"),
    "weights": (
        "W = weights((20, 30), np.random.default_rng(1))\n"
        "assert W.shape == (20, 30), f'its shape is {W.shape}'",
        "assert 2.5 < W.std() < 3.5",
    ),
    "total": (
        "assert total([1, 2]) == 3, 'one and two are three'",
        "assert total([0.5, 0.25]) == 0.75",
    ),
    "rows": (
        "found = rows(np.eye(3), count=1)\nassert len(found) == 1, 'one row'",
        "assert all(np.array_equal(a, b) for a, b in zip(rows(np.eye(2)), np.eye(2)))",
    ),
    "name": ("", "assert name('x') == {'kind': 'x', 'pair': (1, 2.5)}"),
}


def with_functions(folder: Path) -> Master:
    """Write and read the master with functions of more kinds."""
    more = []
    for key, source in FUNCTIONS.items():
        solution = f"### BEGIN SOLUTION\n{source}\n### END SOLUTION"
        public, hidden = CHECKS[key]
        hidden = f"### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS"
        more.append(cell("solution", solution, key))
        more.append(cell("test", f"{public}\n{hidden}".lstrip(), f"test-{key}", 2))
    return masters.read(store(folder, [*cells(), *more]))


def right(master: Master, **changed: str) -> nbformat.NotebookNode:
    """Return the reference, with some cells replaced."""
    models = {question.id: question.model for question in master.manual}
    return release.fill_in(master, master.solutions | models | changed)


def check(master: Master, id: str, **changed: str) -> masters.Check:
    """Return a test by its name, changed."""
    found = next(check for check in master.tests if check.id == id)
    return replace(found, **changed)
