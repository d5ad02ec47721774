"""A small assignment, for the tests of the grader: two right halves and their tests."""

from nbformat import v4

from assignments import masters
from assignments.grade.walls import Limits

SHORT = Limits(cell_seconds=1.5, call_seconds=1.5, part_seconds=15, total_seconds=90)
SECRET = "zebra"  # stands in every hidden part
SETUP = """import math

import numpy as np
"""
SOLUTIONS = {
    "lengths": "def lengths(x):\n    return np.sqrt((x**2).sum(axis=1))",
    "scale": "factor = 3.0",
    "weights": "def weights(shape, rng):\n    return factor * rng.normal(0, 1, shape)",
    "total": "def total(numbers):\n    return sum(numbers)",
    "rows": "def rows(x, count=2):\n    return [x[i] for i in range(count)]",
    "name": 'def name(kind):\n    return {"kind": kind, "pair": (1, 2.5)}',
}
TESTS = {
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


def cell(source: str, grade_id: str, grade: bool, solution: bool, tags: tuple = ()):
    """Return one cell in nbgrader's format."""
    meta = {"schema_version": 3, "grade_id": grade_id, "task": False}
    meta |= {"grade": grade, "solution": solution, "locked": not solution}
    if grade:
        meta["points"] = 2
    metadata = {"nbgrader": meta} | ({"tags": list(tags)} if tags else {})
    return v4.new_code_cell(source, id=grade_id, metadata=metadata)


def write(folder) -> masters.Master:
    """Write the assignment into a folder, and read it as a master."""
    cells = [cell(SETUP, "setup", False, False, ("setup",))]
    for key, solution in SOLUTIONS.items():
        marked = solution
        if solution.startswith("def"):
            head, body = solution.split("\n", 1)
            begin, end = "    ### BEGIN SOLUTION", "    ### END SOLUTION"
            marked = "\n".join([head, begin, body, end])
        else:
            marked = f"### BEGIN SOLUTION\n{solution}\n### END SOLUTION"
        cells.append(cell(marked, key, False, True))
        public, hidden = TESTS[key]
        begin, end = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
        test = "\n".join([public, begin, f"'{SECRET}'", hidden, end]).lstrip()
        cells.append(cell(test, f"test-{key}", True, False))
    path = folder / "toy-numbers.ipynb"
    notebook = v4.new_notebook(cells=cells)
    path.write_text(__import__("nbformat").writes(notebook))
    return masters.read(path)
