"""The rooms of the assignments: who imports whom, and what is sent into the sandbox."""

import ast
from pathlib import Path

import pytest

import assignments

HOUSE = Path(assignments.__file__).parent
READING = {"masters", "master_cells"}
ROOMS = {  # each with the rooms below it that it may use
    "inside": set(),
    "hostile": set(),
    "recipes": set(),
    "master_cells": set(),
    "master_faults": {"master_cells"},
    "masters": {"master_cells", "master_faults"},
    "release": READING,
    "fair": {"inside"},
    "grade": READING | {"inside"},
    "hand_in": READING,
    "digests": READING | {"hand_in"},
    "marks": READING | {"digests", "grade", "hand_in"},
    "marking": READING | {"hand_in", "marks"},
    "run": READING | {"digests", "grade", "hand_in", "marks", "release"},
    "proof": READING | {"grade", "hand_in", "hostile", "marks", "release"},
    "__main__": READING
    | {"grade", "hand_in", "marking", "marks", "proof", "release", "run"},
}
MATERIAL = {"wrong"}  # cells of notebooks, which import nothing of ours
OUTSIDE = {"pickle", "dill", "cloudpickle", "joblib", "marshal", "shelve"}


def sources(room: str) -> list[Path]:
    """Return the modules of a room."""
    single = HOUSE / f"{room}.py"
    return [single] if single.exists() else sorted((HOUSE / room).rglob("*.py"))


def imported(source: str) -> set[str]:
    """Return the names of all modules that a source imports, wherever it does."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def arrows(source: str) -> set[str]:
    """Return the rooms that a source imports."""
    parts = [name.split(".") for name in imported(source)]
    return {found[1] for found in parts if found[0] == "assignments"}


@pytest.mark.parametrize("room", ROOMS)
def test_imports_run_downward(room):
    assert sources(room), f"{room} is in the floor plan but not in assignments"
    for path in sources(room):
        assert arrows(path.read_text(encoding="utf-8")) - {room} <= ROOMS[room], path


def test_floor_plan_is_complete():
    files = {path.stem for path in HOUSE.glob("*.py")} - {"__init__"}
    folders = {path.relative_to(HOUSE).parts[0] for path in HOUSE.glob("*/**/*.py")}
    assert files | folders - MATERIAL == set(ROOMS)


def test_another_arrow_is_noticed():
    assert arrows("from assignments import run") == {"run"}
    assert arrows("def f():\n    from assignments.marks import totals") == {"marks"}
    assert arrows("import assignments.grade.walls as w") == {"grade"}
    assert arrows("from tools import jobs") == set()


def test_what_enters_the_sandbox_needs_nothing_else_of_ours():
    for path in sources("inside"):
        ours = arrows(path.read_text(encoding="utf-8"))
        assert ours <= {"inside"}, path


@pytest.mark.parametrize("room", ["inside", "grade"])
def test_nothing_that_speaks_with_a_student_unpickles(room):
    for path in sources(room):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {
            part for name in imported(ast.unparse(tree)) for part in name.split(".")
        }
        assert not OUTSIDE & names, path
        attributes = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
        assert "allow_pickle" not in attributes
        assert "load" not in attributes or path.name == "sandbox.py"  # json's
