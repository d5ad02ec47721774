"""Submissions that attack the grader: each module says how, and spoils a notebook.

`spoil(notebook, honest)` gets a submission in which only the solution cells whose
grade_ids are in `honest` are right, and returns it spoiled.  Whatever it tries, it must
earn what the honest part earns, or, where the module says `EXPECTED = "at most"`, no
more than that; and it must leave nothing behind.
"""

import ast
import importlib
import pkgutil
from collections.abc import Collection

from nbformat import NotebookNode, v4

from assignments import masters
from assignments.masters import Master

TRACE = "initlib-hostile"  # in the names of all that an attack tries to leave behind


def names() -> list[str]:
    """Return the names of all attacks."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def honest_part(master: Master) -> dict[str, str]:
    """Return the solutions that are right in a submission before it is spoiled.

    It is the first half, because later ones may need earlier ones.
    """
    solutions = list(master.solutions.items())
    return dict(solutions[: (len(solutions) + 1) // 2])


def spoiled(master: Master, name: str) -> NotebookNode:
    """Return the partly right submission after an attack on it."""
    honest = honest_part(master)
    notebook = masters.apply(master, honest)
    return module(name).spoil(notebook, set(honest))


def module(name: str):
    """Return the module of an attack."""
    return importlib.import_module(f"{__name__}.{name}")


def problems(name: str, honest: dict, earned: dict) -> list[str]:
    """Return how the marks of a spoiled submission differ from those it should have.

    Parameters
    ----------
    name : str
        Of the attack.
    honest, earned : dict
        The marks of the partly right submission, and of the spoiled one.
    """
    at_most = getattr(module(name), "EXPECTED", "") == "at most"
    return [
        f"{test} earns {earned[test].points:g}, not {mark.points:g}"
        for test, mark in honest.items()
        if earned[test].points > mark.points
        or (earned[test].points < mark.points and not at_most)
    ]


def first(notebook: NotebookNode, *sources: str) -> NotebookNode:
    """Put code cells before all others."""
    notebook.cells[:0] = map(v4.new_code_cell, sources)
    return notebook


def last(notebook: NotebookNode, *sources: str) -> NotebookNode:
    """Put code cells behind all others."""
    notebook.cells += map(v4.new_code_cell, sources)
    return notebook


def unsolved(notebook: NotebookNode, honest: Collection[str]) -> list[str]:
    """Return the names of the functions that the honest part does not define."""
    found = []
    for cell in notebook.cells:
        meta = cell.metadata.get("nbgrader", {})
        theirs = meta.get("solution") and not meta["grade"]
        if theirs and meta["grade_id"] not in honest:
            tree = ast.parse(cell.source)
            found += [n.name for n in tree.body if isinstance(n, ast.FunctionDef)]
    return found


def replaced(
    notebook: NotebookNode, honest: Collection[str], attack: str
) -> NotebookNode:
    """Let each function that is not honest be the function `attack` of a cell."""
    names = unsolved(notebook, honest)
    return last(notebook, "\n".join([attack, *(f"{name} = attack" for name in names)]))
