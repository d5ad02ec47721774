"""Read a master: the notebook of one assignment with its solutions and checks.

It is in nbgrader's format; `master_cells` says which kinds of cell there are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from assignments.master_cells import (
    Cell,
    as_cell,
    bound_names,
    headings,
    split,
    taken_away,
)
from assignments.master_faults import problems

FOLDER = Path(__file__).with_name("masters")


class MasterError(ValueError):
    """A master is not well formed; the message has one line a fault."""


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

    @cached_property
    def taken(self) -> tuple[str, ...]:
        """The modules that it takes away, because they do what students are to write.

        A demo cell says them to the students in a list `TAKEN_AWAY`.
        """
        return tuple(
            name for cell in self.of_kind("demo") for name in taken_away(cell.source)
        )

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

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of tests and questions, in the order of the notebook."""
        graded = [cell for cell in self.cells if cell.kind in ("test", "manual")]
        return tuple(cell.id for cell in graded)

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
