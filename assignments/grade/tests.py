"""Grade a submission: the master's own tests, out of reach of the student's code.

The tests run here, in the trusted process, where what the solution cells define is
replaced: functions by proxies that call the sandbox, variables by their values.  All
public parts run before the first hidden part, and nothing that happens later is told
but whether it passed: so no answer of the student's code can carry a hidden check out.
"""

import ast
import contextlib
import time
import traceback
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from nbformat import NotebookNode

from assignments.grade.errors import Fault, StudentError, tidy
from assignments.grade.part import Part
from assignments.grade.pictures import Picture
from assignments.grade.session import Cell, Session
from assignments.grade.walls import Limits
from assignments.master_cells import grade_id, shares
from assignments.masters import Check, Master

HIDDEN = "A hidden check failed."
NO_PICTURES = {}
SOME = "{} of {} hidden checks passed."
NOT_RUN = {"setup", "test", "demo", "text"}  # kinds of the master's cells


@dataclass(frozen=True)
class Mark:
    """What a test earned; the message tells the student what failed, or is empty."""

    points: float
    maximum: float
    message: str = ""


@dataclass
class Result:
    """What came out of a submission."""

    marks: dict[str, Mark]
    notes: list[str]
    seconds: float
    cpu_seconds: float
    drawn: dict[int, list[Picture | None]] = field(default_factory=dict)
    decoded: dict[str, Picture | None] = field(default_factory=dict)


def grade(
    master: Master,
    submission: NotebookNode,
    *,
    limits: Limits | None = None,
    shown: Mapping[int, Sequence[str]] = NO_PICTURES,
) -> Result:
    """Grade a submission.

    Parameters
    ----------
    master : Master
    submission : NotebookNode
        A notebook that a student handed in, whatever is in it.
    limits : Limits, optional
        What it may use.
    shown : mapping of int to sequence of str
        The places of the cells that a person is shown, and the pictures that each of
        them stores; these are decoded, in the sandbox, where the cell draws none.

    Raises
    ------
    Unavailable
        If no sandbox can be made here: nothing is ever run without one.
    """
    start, used = time.monotonic(), time.process_time()
    cells = own_cells(master, submission, shown)
    with Session(master, cells, limits or Limits()) as session:
        tests = [Test(check, given(master)) for check in master.tests]
        try:
            for test in tests:
                test.run(session, test.check.public, master)
            notes = session.notes
            decoded = pictures(session, shown)
            for test in tests:
                test.run_hidden(session, master)
        except Fault as fault:
            raise fault.__cause__ from None
        finally:
            for test in tests:
                test.names.clear()  # functions hold them: they would stay for long
    marks = {test.check.id: test.mark() for test in tests}
    seconds = time.monotonic() - start
    cpu = session.cpu_seconds + time.process_time() - used
    return Result(marks, notes, seconds, cpu, session.drawn, decoded)


def pictures(
    session: Session, shown: Mapping[int, Sequence[str]]
) -> dict[str, Picture | None]:
    """Return the stored pictures of the cells that drew none."""
    return {
        picture: decode(session, picture)
        for place, stored in shown.items()
        for picture in stored
        if not session.drawn.get(place)
    }


def decode(session: Session, picture: str) -> Picture | None:
    """Return a stored picture; None if it cannot be shown."""
    with session.part() as part:
        return session.kept(part.decode(picture))


def own_cells(
    master: Master,
    submission: NotebookNode,
    shown: Mapping[int, Sequence[str]] = NO_PICTURES,
) -> list[Cell]:
    """Return the code cells of a submission that are not the master's to run."""
    kept = {cell.id for cell in master.cells if cell.id and cell.kind in NOT_RUN}
    figures = {question.id for question in master.manual}
    cells, number = [], 0
    for place, cell in enumerate(submission.cells):
        if cell.get("cell_type") != "code":
            continue
        number += 1
        id = grade_id(cell)
        if id not in kept:
            name = f"Cell {number} ({id})" if id else f"Cell {number}"
            source = str(cell.get("source", ""))
            where = place if place in shown else None
            cells.append(Cell(tidy(name), source, id in figures, where))
    return cells


def given(master: Master) -> dict:
    """Return the names that the setup cells define, for one test."""
    names = {"__name__": "__main__"}
    with settled(master):
        for source in master.setup:
            exec(compile(source, "<setup>", "exec"), names)
    return names


@contextlib.contextmanager
def settled(master: Master):
    """Run trusted cells beside the master's data, and without warnings."""
    with contextlib.chdir(master.path.parent), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with np.errstate(all="ignore"):
            yield


class Test:
    """One test cell on its way to a mark."""

    def __init__(self, check: Check, names: dict):
        self.check, self.names = check, names
        self.message = ""
        self.share = 0.0  # of the points

    def run(self, session: Session, source: str, master: Master):
        """Run one part of the cell; keep what it says when it fails."""
        with session.part() as part, settled(master):
            try:
                self.names |= answers(part, source, master)
                exec(compile(source, "<test>", "exec"), self.names)
            except Exception as error:
                self.message = told(error, source)

    def run_hidden(self, session: Session, master: Master):
        """Run the hidden parts, if the public part passed; tell only how many pass."""
        if self.message:
            return
        parts, passed = shares(self.check.hidden), 0
        for source in parts:
            self.message = ""
            self.run(session, source, master)
            passed += not self.message
        self.share = passed / len(parts)
        told = HIDDEN if len(parts) == 1 else SOME.format(passed, len(parts))
        self.message = "" if passed == len(parts) else told

    def mark(self) -> Mark:
        """Return all points, none, or those of the hidden parts that pass."""
        maximum = self.check.points
        return Mark(maximum * self.share, maximum, self.message)


def answers(part: Part, source: str, master: Master) -> dict:
    """Return the student's variables and functions that a part of a test names."""
    nodes = ast.walk(ast.parse(source))
    used = {node.id for node in nodes if isinstance(node, ast.Name)}
    found = {}
    for name in sorted(used & set(master.names)):
        kind, value = part.read(name)
        if kind == "missing":
            raise StudentError(f"`{name}` is not defined: did its cell run?")
        found[name] = proxy(part, name) if kind == "callable" else value
    return found


def proxy(part: Part, name: str):
    """Return a function that calls the student's function of that name."""

    def call(*arguments, **options):
        return part.call(name, arguments, options)

    call.__name__ = call.__qualname__ = name
    return call


def told(error: Exception, source: str) -> str:
    """Return what a student is told of a failure in the public part of a test."""
    if isinstance(error, StudentError) or (
        isinstance(error, AssertionError) and str(error)
    ):
        return tidy(str(error))
    lines = [
        source.splitlines()[frame.lineno - 1].strip()
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == "<test>"
    ]
    failed = f"This check failed: {lines[-1]}" if lines else "A check failed."
    if isinstance(error, AssertionError):
        return tidy(failed)
    return tidy(f"{failed} ({type(error).__name__}: {error})")
