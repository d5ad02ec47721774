"""Read a master: the notebook of one assignment with its solutions and checks.

A master is a notebook in nbgrader's format.  This module tells its cells apart,
says in sentences what is wrong with one, and fills solutions in.
"""

import ast
import re
import symtable
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nbformat
from nbformat import NotebookNode

FOLDER = Path(__file__).with_name("masters")
SCHEMA = 3
GRADE_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
KINDS = {  # (cell type, grade, solution, locked) as nbgrader has them
    ("code", False, True, False): "solution",
    ("code", True, False, True): "test",
    ("code", True, True, False): "manual",
    ("markdown", True, True, False): "manual",
    ("markdown", False, False, True): "text",
}
LOCKED = ("setup", "demo")  # code that is neither graded nor solved: told by its tag
ALLOWED = (
    "allowed are a solution (solution), a test (grade, locked), a manual answer "
    "(grade, solution), and locked code with the tag `setup` or `demo`; "
    "markdown is a manual answer, locked text, or has no nbgrader metadata"
)
SOLUTION = "SOLUTION"
HIDDEN = "HIDDEN TESTS"
MARKS = {"solution": SOLUTION, "manual": SOLUTION, "test": HIDDEN}


class MasterError(ValueError):
    """A master is not well formed; the message has one line a fault."""


@dataclass(frozen=True)
class Cell:
    """One cell of a master."""

    kind: str  # setup, solution, test, demo, manual or text
    id: str  # its grade_id; empty where a text has none
    type: str  # code or markdown
    source: str
    points: float = 0


@dataclass(frozen=True)
class Check:
    """One test cell: what students see and run, and what only the grader runs."""

    id: str
    points: float
    public: str
    hidden: str
    heading: str  # of the section in which it stands


@dataclass(frozen=True)
class Question:
    """One answer that a person marks: text (markdown) or a plot (code)."""

    id: str
    points: float
    type: str
    model: str  # the model answer
    heading: str  # of the section in which it is asked


@dataclass(frozen=True)
class Master:
    """One assignment as its author wrote it."""

    path: Path
    notebook: NotebookNode
    cells: tuple[Cell, ...]

    @property
    def name(self) -> str:
        """The name of its file, such as `a2-xavier-and-he`."""
        return self.path.stem

    @property
    def key(self) -> str:
        """The short name, such as `a2`."""
        return self.name.partition("-")[0]

    @property
    def title(self) -> str:
        """The first heading."""
        found = [heading for cell in self.cells for heading in headings(cell)]
        return found[0] if found else self.name

    @property
    def files(self) -> tuple[Path, ...]:
        """The data that goes with it: `a3-....npz` and the like, beside the master."""
        beside = sorted(self.path.parent.glob(f"{self.key}-*"))
        return tuple(path for path in beside if path.suffix != ".ipynb")

    def of_kind(self, kind: str) -> list[Cell]:
        """Return the cells of one kind in their order."""
        return [cell for cell in self.cells if cell.kind == kind]

    @cached_property
    def setup(self) -> tuple[str, ...]:
        """The sources that run before a submission, in their order."""
        return tuple(cell.source for cell in self.of_kind("setup"))

    @cached_property
    def solutions(self) -> dict[str, str]:
        """The reference source of each solution cell by its grade_id."""
        return {cell.id: cell.source for cell in self.of_kind("solution")}

    @cached_property
    def tests(self) -> tuple[Check, ...]:
        """The test cells in their order."""
        return tuple(
            Check(cell.id, cell.points, *split(cell.source), heading)
            for cell, heading in self.with_headings("test")
        )

    @cached_property
    def manual(self) -> tuple[Question, ...]:
        """The questions that a person marks, in their order."""
        return tuple(
            Question(cell.id, cell.points, cell.type, cell.source, heading)
            for cell, heading in self.with_headings("manual")
        )

    def with_headings(self, kind: str) -> Iterator[tuple[Cell, str]]:
        """Yield the cells of one kind, each with the heading that it stands under."""
        heading = ""
        for cell in self.cells:
            heading = [heading, *headings(cell)][-1]
            if cell.kind == kind:
                yield cell, heading

    @cached_property
    def functions(self) -> tuple[str, ...]:
        """The names that solution cells define by `def` or `class`."""
        return tuple(name for name, kind in self._bound.items() if kind == "function")

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """The names that solution cells bind in other ways, imports left out.

        `f = lambda x: x` binds such a name too: the value tells, not the statement.
        """
        return tuple(name for name, kind in self._bound.items() if kind == "variable")

    @property
    def names(self) -> tuple[str, ...]:
        """All names that solution cells define."""
        return self.functions + self.variables

    @cached_property
    def _bound(self) -> dict[str, str]:
        return {
            name: kind
            for source in self.solutions.values()
            for name, kind in bound_names(source)
        }

    def points(self) -> float:
        """Return the points of all tests and questions together."""
        return sum(cell.points for cell in self.cells)


def find(name: str) -> Path:
    """Return the path of a master by its key, its name or its path.

    Raises
    ------
    MasterError
        If there is none, or more than one; the message names those that exist.
    """
    if name.endswith(".ipynb"):
        return Path(name)
    found = [path for path in paths() if name in (path.stem, path.stem.split("-")[0])]
    if len(found) != 1:
        names = ", ".join(path.stem for path in paths()) or "none"
        raise MasterError(f"no assignment {name!r}; there are: {names}")
    return found[0]


def paths() -> list[Path]:
    """Return the paths of all masters, sorted."""
    return sorted(FOLDER.glob("*.ipynb"))


def read(path: str | Path) -> Master:
    """Read a master and check that it is well formed.

    Raises
    ------
    MasterError
        If it is not; the message names the cell, the fault and what is allowed.
    """
    path = Path(path)
    try:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
    except Exception as error:
        raise MasterError(f"{path.name}: no valid notebook: {error}") from error
    if found := list(problems(notebook)):
        raise MasterError("\n".join(f"{path.name}: {problem}" for problem in found))
    return Master(path, notebook, tuple(map(as_cell, notebook.cells)))


def apply(master: Master, sources: Mapping[str, str]) -> NotebookNode:
    """Return the student notebook of a master with some cells filled in.

    Parameters
    ----------
    sources
        New source of solution or manual cells by grade_id; the other cells stay as
        they were released.  `apply(master, master.solutions)` is the reference.

    Raises
    ------
    KeyError
        If a grade_id is not that of a solution or manual cell.
    """
    from assignments import release  # which itself needs this module

    notebook = release.student(master)
    left = dict(sources)
    for cell in notebook.cells:
        meta = cell.metadata.get("nbgrader", {})
        if meta.get("solution") and meta["grade_id"] in left:
            cell.source = left.pop(meta["grade_id"])
    if left:
        raise KeyError(f"{master.name} has no solution cell {', '.join(left)}")
    return notebook


def as_cell(cell: NotebookNode) -> Cell:
    """Return a well-formed notebook cell as a Cell."""
    meta = cell.metadata.get("nbgrader", {})
    points = meta.get("points", 0) if meta.get("grade") else 0
    return Cell(
        kind_of(cell), meta.get("grade_id", ""), cell.cell_type, cell.source, points
    )


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


def headings(cell: Cell) -> list[str]:
    """Return the headings of a markdown cell."""
    found = re.findall(r"^#+ +(.+?) *$", cell.source, re.MULTILINE)
    return found if cell.type == "markdown" else []


def split(source: str) -> tuple[str, str]:
    """Return the public and the hidden part of a test cell."""
    public, _, rest = source.partition(f"### BEGIN {HIDDEN}")
    hidden, _, _ = rest.partition(f"### END {HIDDEN}")
    return public.strip("\n"), hidden.strip("\n")


def bound_names(source: str) -> Iterator[tuple[str, str]]:
    """Yield the names that a cell binds, each with `function` or `variable`."""
    table = symtable.symtable(source, "<cell>", "exec")
    for symbol in table.get_symbols():
        if symbol.is_namespace():
            yield symbol.get_name(), "function"
        elif symbol.is_assigned():
            yield symbol.get_name(), "variable"


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
