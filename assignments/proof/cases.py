"""Prove that the grading of each assignment is fair and tight.

(a) The reference earns all points; (b) the untouched student notebook earns none;
(c) each wrong solution fails exactly the tests that its file lists; (d) a release has
the same bytes each time, is the one that is committed, and gives nothing away; (e) each
hostile submission earns what its honest part earns.
"""

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nbformat import NotebookNode

from assignments import masters, release
from assignments.grade import tests
from assignments.grade.tests import Mark, Result
from assignments.grade.walls import Limits
from assignments.hand_in import answers
from assignments.hand_in.answers import Answer, Looks
from assignments.marks import html_pages
from assignments.marks.student_records import Record
from assignments.marks.totals import add_up
from assignments.masters import Master
from assignments.proof import attacks, mistakes
from tools import jobs
from tools.paths import ROOT

RELEASED = ROOT / "book" / "assignments"
LONGEST = 800  # characters
MOST_SHOWN = 6_000_000  # bytes of an answer
HURRIED = Limits(  # ten times what an honest part needs on a busy machine
    cell_seconds=1,
    call_seconds=1,
    part_seconds=5,
    total_seconds=60,
    memory=768 << 20,
    resident=1024 << 20,
    disk=16 << 20,
    shared=4 << 20,
    output=16 << 20,
)


@dataclass(frozen=True)
class Case:
    """One thing to check; it is made again wherever it runs, so it is only names."""

    path: Path  # of the master
    kind: str
    name: str = ""

    def __str__(self) -> str:
        parts = (self.path.stem.partition("-")[0], self.kind, self.name)
        return " ".join(filter(None, parts))

    def problems(self) -> list[str]:
        """Check it; return what is wrong."""
        return KINDS[self.kind](read(self.path), self.name)


@cache
def read(path: Path) -> Master:
    """Read a master once."""
    return masters.read(path)


def cases(master: Master) -> list[Case]:
    """Return all that is to be checked of an assignment."""
    found = [Case(master.path, kind) for kind in ("reference", "untouched", "release")]
    found += [Case(master.path, "wrong", path.stem) for path in mistakes.paths(master)]
    found += [Case(master.path, "hostile", name) for name in attacks.names()]
    return found


def reference(master: Master, _: str) -> list[str]:
    """Check (a): the reference earns all points and raises nothing."""
    models = {question.id: question.model for question in master.manual}
    result = tests.grade(master, release.fill_in(master, master.solutions | models))
    lost = [
        f"loses {mark.maximum - mark.points:g} points in {test}: {mark.message}"
        for test, mark in result.marks.items()
        if mark.points != mark.maximum
    ]
    return lost + result.notes + told_secrets(master, result)


def untouched(master: Master, _: str) -> list[str]:
    """Check (b): what students are given earns nothing."""
    result = tests.grade(master, release.fill_in(master, {}))
    earned = [
        f"earns {mark.points:g} points in {test} for nothing"
        for test, mark in result.marks.items()
        if mark.points
    ]
    return earned + told_secrets(master, result)


def wrong(master: Master, name: str) -> list[str]:
    """Check (c): a wrong solution fails exactly the tests that its file lists."""
    mistake = mistakes.read(master, mistakes.FOLDER / master.key / f"{name}.py")
    notebook = release.fill_in(master, master.solutions | mistake.sources)
    result = tests.grade(master, notebook)
    marks = result.marks.items()
    failed = {test for test, mark in marks if mark.points < mark.maximum}
    found = [f"passes {test}" for test in sorted(mistake.fails - failed)]
    found += [
        f"fails {test}: {result.marks[test].message}"
        for test in sorted(failed - mistake.fails)
    ]
    return found + told_secrets(master, result)


def told_secrets(master: Master, result: Result) -> list[str]:
    """Return what the feedback page gives away."""
    unmarked = {question.id: Answer() for question in master.manual}
    record = Record("jane", "Jane", "plain", "", marks=result.marks, answers=unmarked)
    record.notes = result.notes
    page = html_pages.feedback(master, add_up(record, {}))
    lines = release.leaks(master, [release.text_of_page(page)])
    return [f"its feedback gives away: {line}" for line in lines]


def released(master: Master, _: str) -> list[str]:
    """Check (d): two releases have the same bytes, those that are committed."""
    with tempfile.TemporaryDirectory() as folder:
        once = release.release(master, Path(folder) / "1")
        again = release.release(master, Path(folder) / "2")
        return [
            f"{first.name} {told}"
            for first, second in zip(once, again, strict=True)
            for other, told in (
                (second, "is released with other bytes the second time"),
                (RELEASED / first.name, "is not what `release` writes: run it again"),
            )
            if not other.exists() or first.read_bytes() != other.read_bytes()
        ]


def attacked(master: Master, name: str) -> list[str]:
    """Check (e): a hostile submission earns what its honest part earns."""
    notebook = attacks.spoiled(master, name)
    shown = answers.stored(master, notebook)
    result = tests.grade(master, notebook, limits=HURRIED, shown=shown)
    found = attacks.problems(name, honest_marks(master.path), result.marks)
    found += too_much_to_look_at(master, notebook, result)
    found += [f"tells what is no short line: {text[:80]!r}" for text in odd(result)]
    return found + told_secrets(master, result)


def too_much_to_look_at(
    master: Master, notebook: NotebookNode, result: Result
) -> list[str]:
    """Return which answers are more than a marker's page can show at once."""
    given = {question.id: "" for question in master.manual}
    looks = Looks(result.drawn, result.decoded)
    sizes = {
        question: sum(len(item.content) for item in answer.items)
        for question, answer in answers.gather(master, given, notebook, looks).items()
    }
    return [f"{id}: {size} bytes" for id, size in sizes.items() if size > MOST_SHOWN]


def odd(result: Result) -> list[str]:
    """Return what students are told that does not fit in a line of a page."""
    told = [mark.message for mark in result.marks.values()] + result.notes
    return [text for text in told if len(text) > LONGEST or not text.isprintable()]


@cache
def honest_marks(path: Path) -> dict[str, Mark]:
    """Return what the part that hostile submissions leave right earns."""
    master = read(path)
    honest = release.fill_in(master, attacks.honest_part(master))
    return tests.grade(master, honest).marks


KINDS: dict[str, Callable[[Master, str], list[str]]] = {
    "reference": reference,
    "untouched": untouched,
    "wrong": wrong,
    "release": released,
    "hostile": attacked,
}


def report(chosen: list[Master], workers: int) -> int:
    """Check assignments in parallel, print a table; return 1 if anything is wrong."""
    todo = [case for master in chosen for case in cases(master)]
    width = max(len(str(case)) for case in todo)
    count = 0
    with jobs.processes(workers) as crew:
        for case, future in jobs.finished(timed, todo, crew):
            found, seconds = future.result()
            count += bool(found)
            told = "; ".join(found) or "as it should be"
            print(f"{case!s:{width}}  {seconds:5.1f} s  {told}", flush=True)
    print(f"{len(todo)} checks, {count} of them failed.")
    return int(count > 0)


def timed(case: Case) -> tuple[list[str], float]:
    """Check one case; return what is wrong, and how long it took."""
    start = time.perf_counter()
    found = case.problems()
    return found, time.perf_counter() - start
