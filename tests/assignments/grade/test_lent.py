"""What an assignment asks to write earns nothing when it comes from a library."""

import ast
import sys
import types
from dataclasses import replace
from pathlib import Path

import pytest

import initlib
from assignments import masters, release
from assignments.grade import lent, tests
from assignments.grade.session import Cell, Session
from assignments.grade.walls import Limits
from assignments.hostile import borrow
from assignments.masters import Master

MASTERS = [masters.read(path) for path in masters.paths()]
TAKING = [master for master in MASTERS if master.taken]
A2 = MASTERS[1]
WORKED = """
worked = [road.__name__ for road in roads if borrowed("he_normal", [road])]
"""


def taking_nothing(master: Master) -> Master:
    """Return the same assignment with all that is in the libraries."""
    cells = tuple(cell for cell in master.cells if "TAKEN_AWAY" not in cell.source)
    return replace(master, cells=cells)


def roads_that_work(master: Master) -> set[str]:
    """Return by which roads a submission gets at functions that it should write."""
    with (
        Session(master, [Cell("Cell 1", borrow.ROADS + WORKED)], Limits()) as session,
        session.part() as part,
    ):
        return set(part.read("worked")[1])


@pytest.mark.usefixtures("bubblewrap")
def test_no_road_leads_to_what_is_taken_away():
    assert roads_that_work(A2) == set()
    roads = {"by_memory", "by_modules_that_are_there", "by_file", "by_source"}
    roads |= {"by_module", "by_import", "by_scipy"}
    assert roads_that_work(taking_nothing(A2)) >= roads


@pytest.mark.usefixtures("bubblewrap")
def test_a_student_is_told_what_is_taken_away():
    names = "compute_fans, he_normal, he_uniform, xavier_normal, xavier_uniform"
    cells = dict.fromkeys(A2.solutions, f"from initlib import {names}")
    notebook = release.fill_in(A2, cells)
    result = tests.grade(A2, notebook)
    assert [mark.points for mark in result.marks.values()] == [0] * len(A2.tests)
    told = "initlib.initializers.he_normal is taken away in this assignment"
    assert told in result.marks["test-he-normal"].message


@pytest.mark.parametrize("master", TAKING, ids=lambda master: master.key)
def test_the_text_names_what_the_cell_takes_away(master):
    text = "\n".join(cell.source for cell in master.cells if cell.type == "markdown")
    assert [name for name in master.taken if f"`{name}`" not in text] == []


@pytest.mark.parametrize("master", TAKING, ids=lambda master: master.key)
def test_the_notebook_of_students_takes_it_away_too(master, monkeypatch):
    (cell,) = (cell for cell in master.cells if "TAKEN_AWAY" in cell.source)
    for name in (*sys.modules, *master.taken):
        monkeypatch.setitem(sys.modules, name, sys.modules.get(name))
    for name, value in dict(vars(initlib)).items():
        monkeypatch.setattr(initlib, name, value)
    exec(cell.source, {"initlib": initlib})
    for module in master.taken:
        with pytest.raises(ImportError):
            exec(f"import {module}")
    gone = "report" if "initlib.report" in master.taken else "he_normal"
    with pytest.raises(ImportError):
        exec(f"from initlib import {gone}")
    assert initlib.relu(2) == 2


def test_whatever_is_asked_under_its_name_in_the_library_is_taken_away():
    asked = {name for master in TAKING for name in master.functions}
    found = {
        name: vars(initlib)[name].__module__ for name in asked & set(initlib.__all__)
    }
    taken = {module for master in TAKING for module in master.taken}
    assert found
    assert set(found.values()) <= taken


def test_a_stand_in_has_all_names_and_nothing_behind_them():
    for path, text in lent.stand_ins(["initlib.initializers", "initlib.mlp"]).items():
        space = {}
        exec(text, space)
        tree = ast.parse(Path(path).read_text("utf-8"))
        kinds = (ast.FunctionDef, ast.ClassDef)
        names = {node.name for node in tree.body if isinstance(node, kinds)}
        assert names <= set(space)
        assert {type(space[name]).__name__ for name in names} == {"TakenAway"}
    with pytest.raises(NameError, match="write it yourself"):
        space["forward"]([], 0)
    assert type("Kind", types.resolve_bases((space["Trace"],)), {}).__bases__ == (
        object,
    )


def test_folders_of_other_libraries_are_covered_wherever_they_are(tmp_path):
    folder = tmp_path / "lib/python3.12/site-packages"
    for name in ("torch", "scipy/stats", "numpy"):
        (folder / name).mkdir(parents=True)
    seen = {tmp_path / "lib": "/python/lib", tmp_path: "/python"}
    inside = "/python/lib/python3.12/site-packages"
    found = lent.covered(["scipy.stats"], seen)
    assert found == [f"{inside}/scipy/stats", f"{inside}/torch"]
    assert lent.covered([], seen) == []
