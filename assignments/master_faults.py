"""Say in sentences what is wrong with a master."""

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping

from nbformat import NotebookNode

from assignments.master_cells import (
    HIDDEN,
    MARKS,
    SOLUTION,
    bound_names,
    kind_of,
    split,
)

SCHEMA = 3
GRADE_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
ALLOWED = (
    "allowed are a solution (solution), a test (grade, locked), a manual answer "
    "(grade, solution), and locked code with the tag `setup` or `demo`; "
    "markdown is a manual answer, locked text, or has no nbgrader metadata"
)


def problems(notebook: NotebookNode) -> Iterator[str]:
    """Yield what is wrong with a master, a sentence each."""
    counts = Counter(
        cell.metadata["nbgrader"].get("grade_id")
        for cell in notebook.cells
        if "nbgrader" in cell.metadata
    )
    for number, cell in enumerate(notebook.cells, 1):
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        where = f"cell {number} ({grade_id or cell.cell_type})"
        found = list(cell_problems(cell))
        if counts[grade_id] > 1 and grade_id:
            found.append("its grade_id is there more than once; each needs its own")
        yield from (f"{where}: {problem}" for problem in found)
    kinds = [kind_of(cell) for cell in notebook.cells]
    for kind in ("setup", "solution", "test"):
        if kind not in kinds:
            yield f"it has no {kind} cell; at least one is needed"


def cell_problems(cell: NotebookNode) -> Iterator[str]:
    """Yield what is wrong with one cell of a master."""
    kind = kind_of(cell)
    if kind is None:
        yield f"of no known kind; {ALLOWED}"
        return
    if "nbgrader" in cell.metadata:
        yield from metadata_problems(cell.metadata["nbgrader"])
    if cell.get("outputs") or cell.get("execution_count"):
        yield "has outputs; a master is kept without them"
    if found := list(mark_problems(cell.source, MARKS.get(kind))):
        yield from found
        return
    if kind == "solution" and f"### BEGIN {SOLUTION}" not in cell.source:
        yield f"has no `### BEGIN {SOLUTION}`; a solution keeps what students are given"
    if cell.cell_type == "code":
        yield from code_problems(cell.source, kind)


def metadata_problems(meta: Mapping) -> Iterator[str]:
    """Yield what is wrong with the nbgrader metadata of a cell."""
    if meta.get("schema_version") != SCHEMA:
        yield f"schema_version is {meta.get('schema_version')!r}; it must be {SCHEMA}"
    if meta.get("task"):
        yield "is a task; the grader knows no tasks, use a manual answer"
    if not GRADE_ID.fullmatch(str(meta.get("grade_id"))):
        yield (
            f"grade_id is {meta.get('grade_id')!r}; "
            "it must be lower-case words and digits joined by hyphens"
        )
    points = meta.get("points")
    if meta.get("grade") and (type(points) not in (int, float) or not points > 0):
        yield f"points is {points!r}; a graded cell needs a number above zero"


def mark_problems(source: str, allowed: str | None) -> Iterator[str]:
    """Yield what is wrong with the BEGIN and END marks in a cell.

    nbgrader takes every line that contains the words; so such a line must be
    nothing but the mark, of the kind that belongs here, and in turns.
    """
    lines = [line.strip() for line in source.splitlines()]
    found = [line for line in lines if re.search("(BEGIN|END) [A-Z]{4}", line)]
    pair = [f"### BEGIN {allowed}", f"### END {allowed}"] if allowed else []
    for line in found:
        if line not in pair:
            choice = " and ".join(f"`{mark}`" for mark in pair) or "none"
            yield f"has the mark {line!r}; allowed here: {choice}, alone on a line"
    if not set(found) <= set(pair):
        return
    if found != pair * (len(found) // 2):
        yield f"its marks are not in turns: {', '.join(found)}"
    elif allowed == HIDDEN and found and (found != pair or after(lines, pair[1])):
        yield f"the hidden tests must be one block at the end; `{pair[1]}` comes last"


def after(lines: list[str], mark: str) -> bool:
    """Return whether anything stands after the mark."""
    return any(lines[lines.index(mark) + 1 :])


def code_problems(source: str, kind: str) -> Iterator[str]:
    """Yield what is wrong with the Python of a cell."""
    for part in split(source) if kind == "test" else [source]:
        try:
            ast.parse(part)
        except SyntaxError as error:
            yield f"no plain Python: {error.msg} in line {error.lineno}"
            return
    if kind == "solution" and not list(bound_names(source)):
        yield "defines no name; a solution defines a function or a variable"
    if kind == "test" and not any(map(str.strip, split(source))):
        yield "is empty; a test has public or hidden asserts"
