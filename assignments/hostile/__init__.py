"""Submissions that attack the grader: each module says how, and spoils a notebook.

`spoil(notebook, honest)` gets a submission in which only the solution cells whose
grade_ids are in `honest` are right, and returns it spoiled.  Whatever it tries, it must
earn what the honest part earns, or, where the module says `EXPECTED = "at most"`, no
more than that; and it must leave nothing behind.
"""

import ast
from collections.abc import Collection

from nbformat import NotebookNode, v4

TRACE = "initlib-hostile"  # in the names of all that an attack tries to leave behind


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
