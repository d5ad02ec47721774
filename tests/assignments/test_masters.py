"""Masters: their cells are told apart, and what is wrong is said in a sentence."""

import nbformat
import pytest

from assignments import masters
from assignments.master_cells import kind_of
from assignments.masters import Check, MasterError, Question
from tests.assignments.toy import (
    CONSTANT,
    MODEL,
    SETUP,
    SOLVED,
    cell,
    cells,
    demo,
    store,
)


def test_cells_are_told_apart(tmp_path):
    master = demo(tmp_path)
    assert (master.name, master.key, master.title) == ("d1-doubling", "d1", "Doubling")
    kinds = "text setup text solution test solution test demo text manual manual"
    assert [cell.kind for cell in master.cells] == kinds.split()
    assert master.setup == (SETUP,)
    assert master.solutions == {"double": SOLVED, "level": CONSTANT}
    public = 'assert double(2) == 4, "double(2) should be 4"'
    hidden = "assert double(-17.5) == -35.0"
    assert master.tests[0] == Check("test-double", 3, public, hidden, "Twice")
    assert master.tests[1].hidden == ""
    assert master.manual[0] == Question("why", 2, "markdown", MODEL, "Why")
    assert master.points() == 10


def test_names_of_solution_cells_are_found(tmp_path):
    source = """\
import math
from os import path
### BEGIN SOLUTION
def f(x):
    inner = 1
    return inner
class C:
    pass
a, (b, *c) = 1, (2, 3)
if a:
    d = 4
for e in range(3):
    pass
g: int = 7
scale = lambda x: [y for y in x]
### END SOLUTION"""
    content = [*cells(), cell("solution", source, "many")]
    master = masters.read(store(tmp_path, content))
    assert set(master.functions) == {"double", "f", "C"}
    assert set(master.variables) == {"level", *"abcdeg", "scale"}
    assert set(master.names) == set(master.functions) | set(master.variables)


def test_data_beside_a_master_belongs_to_it(tmp_path):
    for name in ("d1-data.npz", "d1-more.csv", "d2-data.npz", "d1-other.ipynb"):
        (tmp_path / name).touch()
    names = [path.name for path in demo(tmp_path).files]
    assert names == ["d1-data.npz", "d1-more.csv"]


OUTPUT = nbformat.v4.new_output("stream", text="1")
HIDDEN = "### BEGIN HIDDEN TESTS\nassert 1\n### END HIDDEN TESTS"
FAULTS = {
    "no kind": (
        nbformat.v4.new_code_cell("x = 1"),
        r"cell 12 \(code\): of no known kind; allowed are a solution",
    ),
    "no tag": (
        cell("setup", "x = 1", "more") | {"metadata": {"tags": []}},
        "of no known kind",
    ),
    "two tags": (
        nbformat.v4.new_code_cell(
            "x = 1",
            metadata=cell("demo", "").metadata | {"tags": ["setup", "demo"]},
        ),
        "of no known kind",
    ),
    "markdown test": (cell("test", "x", "t", 1, markdown=True), "of no known kind"),
    "old schema": (
        cell("solution", SOLVED, "more", schema_version=2),
        r"cell 12 \(more\): schema_version is 2; it must be 3",
    ),
    "task": (cell("manual", "x", "more", 1, markdown=True, task=True), "is a task"),
    "bad id": (cell("solution", SOLVED, "More_1"), "grade_id is 'More_1'; it must be"),
    "same id": (
        cell("solution", SOLVED, "double"),
        r"cell 4 \(double\): its grade_id is there more than once",
    ),
    "no points": (cell("test", "assert 1", "more"), "points is None; a graded cell"),
    "points of zero": (cell("test", "assert 1", "more", points=0), "points is"),
    "outputs": (
        cell("demo", "1", "more") | {"outputs": [OUTPUT]},
        "has outputs; a master is kept without them",
    ),
    "no solution": (cell("solution", "x = 1", "more"), "has no `### BEGIN SOLUTION`"),
    "mark of a test": (
        cell("solution", f"{CONSTANT}\n{HIDDEN}", "more"),
        "has the mark '### BEGIN HIDDEN TESTS'; allowed here: `### BEGIN SOLUTION` and",
    ),
    "mark in words": (
        cell("demo", "x = 1  # BEGIN SOLUTION", "more"),
        "allowed here: none, alone on a line",
    ),
    "never ended": (
        cell("solution", "### BEGIN SOLUTION\nx = 1", "more"),
        "its marks are not in turns: ### BEGIN SOLUTION",
    ),
    "not last": (
        cell("test", f"{HIDDEN}\nassert 2", "more", 1),
        "the hidden tests must be one block at the end",
    ),
    "two blocks": (
        cell("test", f"{HIDDEN}\n{HIDDEN}", "more", 1),
        "the hidden tests must be one block at the end",
    ),
    "no Python": (cell("demo", "!pip list", "more"), "no plain Python: invalid syntax"),
    "no Python when split": (
        cell("test", f"if 1:\n    {HIDDEN}", "more", 1),
        "no plain Python: expected an indented block",
    ),
    "no name": (
        cell("solution", "### BEGIN SOLUTION\nprint(1)\n### END SOLUTION", "more"),
        "defines no name",
    ),
    "empty test": (
        cell("test", "### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS", "more", 1),
        "is empty; a test has public or hidden asserts",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_wrong_with_a_cell_is_said(tmp_path, fault):
    added, message = FAULTS[fault]
    path = store(tmp_path, [*cells(), nbformat.from_dict(added)])
    with pytest.raises(MasterError, match=message):
        masters.read(path)


@pytest.mark.parametrize("kind", ["setup", "solution", "test"])
def test_a_master_without_such_a_cell_is_refused(tmp_path, kind):
    without = [cell for cell in cells() if kind_of(cell) != kind]
    with pytest.raises(MasterError, match=f"d1-doubling.ipynb: it has no {kind} cell"):
        masters.read(store(tmp_path, without))


def test_all_faults_are_said_at_once(tmp_path):
    bad = [cell("demo", "a b", "first"), cell("demo", "c d", "second")]
    with pytest.raises(MasterError) as error:
        masters.read(store(tmp_path, [*cells(), *bad]))
    assert "(first)" in str(error.value)
    assert "(second)" in str(error.value)


@pytest.mark.parametrize("content", ["", "{}", '{"cells": 3}', "\x00\x01"])
def test_what_is_no_notebook_is_no_master(tmp_path, content):
    path = tmp_path / "d1.ipynb"
    path.write_text(content)
    with pytest.raises(MasterError, match=r"d1\.ipynb: no valid notebook"):
        masters.read(path)


def test_masters_are_found_by_key_and_name():
    for path in masters.paths():
        key = path.stem.partition("-")[0]
        assert masters.find(key) == masters.find(path.stem) == path
    with pytest.raises(MasterError, match="no assignment 'a99'; there are: a1-"):
        masters.find("a99")
