"""Tell the cells of a master apart: their kinds, their hidden parts, their names."""

import ast
import re
import symtable
from collections.abc import Iterator
from dataclasses import dataclass

from nbformat import NotebookNode

KINDS = {  # (cell type, grade, solution, locked) as nbgrader has them
    ("code", False, True, False): "solution",
    ("code", True, False, True): "test",
    ("code", True, True, False): "manual",
    ("markdown", True, True, False): "manual",
    ("markdown", False, False, True): "text",
}
LOCKED = ("setup", "demo")  # code that is neither graded nor solved: told by its tag
SOLUTION = "SOLUTION"
HIDDEN = "HIDDEN TESTS"
PART = re.compile(r"^### PART *\n", re.MULTILINE)  # from here on, for other points
MARKS = {"solution": SOLUTION, "manual": SOLUTION, "test": HIDDEN}


@dataclass(frozen=True)
class Cell:
    """One cell of a master."""

    kind: str  # setup, solution, test, demo, manual or text
    id: str  # its grade_id; empty where a text has none
    type: str  # code or markdown
    source: str
    points: float = 0


def kind_of(cell: NotebookNode) -> str | None:
    """Return what kind a cell of a master is; None if it is none of them."""
    meta = cell.metadata.get("nbgrader")
    if meta is None:
        return None if cell.cell_type == "code" else "text"
    flags = tuple(meta.get(flag) for flag in ("grade", "solution", "locked"))
    if (cell.cell_type, *flags) == ("code", False, False, True):
        tagged = [tag for tag in LOCKED if tag in cell.metadata.get("tags", [])]
        return tagged[0] if len(tagged) == 1 else None
    return KINDS.get((cell.cell_type, *flags))


def as_cell(cell: NotebookNode) -> Cell:
    """Return a well-formed notebook cell as a Cell."""
    meta = cell.metadata.get("nbgrader", {})
    points = meta.get("points", 0) if meta.get("grade") else 0
    return Cell(
        kind_of(cell), meta.get("grade_id", ""), cell.cell_type, cell.source, points
    )


def grade_id(cell: NotebookNode) -> str:
    """Return the grade_id of a cell; nothing where there is none, or no text."""
    match cell:
        case {"metadata": {"nbgrader": {"grade_id": str(found)}}}:
            return found
    return ""


def headings(cell: Cell) -> list[str]:
    """Return the headings of a markdown cell."""
    found = re.findall(r"^#+ +(.+?) *$", cell.source, re.MULTILINE)
    return found if cell.type == "markdown" else []


def split(source: str) -> tuple[str, str]:
    """Return the public and the hidden part of a test cell."""
    public, _, rest = source.partition(f"### BEGIN {HIDDEN}")
    hidden, _, _ = rest.partition(f"### END {HIDDEN}")
    return public.strip("\n"), hidden.strip("\n")


def shares(hidden: str) -> list[str]:
    """Return the parts of a hidden part, each of which earns as many points."""
    return [part.strip("\n") for part in PART.split(hidden) if part.strip()] or [""]


def bound_names(source: str) -> Iterator[tuple[str, str]]:
    """Yield the names that a cell binds, each with `function` or `variable`."""
    table = symtable.symtable(source, "<cell>", "exec")
    for symbol in table.get_symbols():
        if symbol.is_namespace():
            yield symbol.get_name(), "function"
        elif symbol.is_assigned():
            yield symbol.get_name(), "variable"


def taken_away(source: str) -> list[str]:
    """Return the list `TAKEN_AWAY` of a cell; nothing where there is none.

    Raises
    ------
    ValueError
        If it is computed.
    """
    for statement in ast.parse(source).body:
        match statement:
            case ast.Assign(targets=[ast.Name(id="TAKEN_AWAY")], value=value):
                return ast.literal_eval(value)
    return []
