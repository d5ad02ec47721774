"""A small master for tests, and submissions to it."""

import json
from pathlib import Path

import nbformat

from assignments import masters, release
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
