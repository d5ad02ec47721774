"""Grade a folder of submissions, and write all that students and teachers get."""

from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from filelock import FileLock, Timeout

from assignments import batch, marks, masters, pages, platforms, release, submissions
from assignments.marks import Total
from assignments.masters import Master
from assignments.notebooks import grade_id
from assignments.records import Record


class BusyError(RuntimeError):
    """Another run is writing to the same place."""


@dataclass(frozen=True)
class Options:
    """How to grade; all of it can be left out."""

    workers: int = 2
    dask: str = ""  # address of a scheduler, or `local`
    shard: tuple[int, int] = (1, 1)  # the how manieth part of how many
    manual: tuple[Path, ...] = ()
    gradebook: Path | None = None
    column: str = ""


@dataclass(frozen=True)
class Outcome:
    """What a run did."""

    records: list[Record]
    graded: int  # of them in this run
    failed: list[str]
    said: list[str]
    folder: Path


def grade_folder(
    master: Master, folder: Path, out: Path, options: Options = Options()
) -> Outcome:
    """Grade what is not graded yet, and write everything below `out`.

    A run of one shard of several grades only; the run without a shard, afterwards,
    finds all records there and writes the tables and pages.

    Raises
    ------
    BusyError
        If another run works in the same place.
    """
    own = out / master.name
    own.mkdir(parents=True, exist_ok=True, mode=0o700)
    part, parts = options.shard
    lock = FileLock(own / f".lock-{part}-of-{parts}", timeout=0)
    try:
        with lock:
            return grade_alone(master, folder, own, options)
    except Timeout as error:
        raise BusyError(f"another run is grading into {own}") from error


def grade_alone(master: Master, folder: Path, own: Path, options: Options) -> Outcome:
    """Do the work of `grade_folder`, nobody else being at it."""
    given = marks.read_given(master, [*sheets(master, own), *options.manual])
    names = [path.stem for path in masters.paths()]
    part, parts = options.shard
    students = submissions.collect(folder, master.name, names)[part - 1 :: parts]
    known, jobs = batch.sort_out(master, students, own / "records")
    graded, failed = grade_jobs(master, jobs, own / "records", options)
    found = sorted(known + graded, key=lambda record: (record.id, record.layout))
    said = []
    if parts == 1:
        totals = [marks.add_up(record, given) for record in found]
        said = marks.forgotten(totals, given) + write_all(master, totals, own)
        if options.gradebook:
            said += write_gradebook(master, totals, own, options)
    return Outcome(found, len(graded), failed, said, own)


def sheets(master: Master, own: Path) -> list[Path]:
    """Return the sheets that markers fill in, those that are there."""
    found = [own / "manual" / f"{question.id}.csv" for question in master.manual]
    return [path for path in found if path.exists()]


def grade_jobs(
    master: Master, jobs: list[batch.Job], folder: Path, options: Options
) -> tuple[list[Record], list[str]]:
    """Grade on this machine or on a cluster."""
    if not jobs:
        return [], []
    released = release.student(master)
    untouched = {grade_id(cell): cell.source.strip() for cell in released.cells}
    work = partial(batch.grade, master, untouched)
    with ExitStack() as stack:
        if options.dask:
            executor, count = stack.enter_context(batch.cluster(options.dask))
        else:
            count = min(options.workers, len(jobs))
            executor = stack.enter_context(batch.processes(count))
        return batch.run(work, jobs, folder, executor, batch.AHEAD * count)


def write_all(master: Master, totals: list[Total], own: Path) -> list[str]:
    """Write the table of marks, the pages, and Gradescope's files."""
    marks.write_marks(master, totals, own / "marks.csv")
    for total in totals:
        pages.write_feedback(master, total, own / "feedback")
        marks.write_gradescope(master, total, own / "gradescope")
    for question in master.manual:
        marks.write_sheet(question, totals, own / "manual")
        pages.write_answers(master, question, totals, own / "manual")
    unmarked = sum(len(total.open) for total in totals)
    return [f"{unmarked} answers wait in {own / 'manual'}."] if unmarked else []


def write_gradebook(
    master: Master, totals: list[Total], own: Path, options: Options
) -> list[str]:
    """Write the downloaded CSV with the marks in it; return what is to be said."""
    path = options.gradebook
    out = own / f"{path.stem}-with-marks{path.suffix}"
    report = platforms.merge(master, totals, path, out, options.column)
    return [*report.said, f"{report.written} marks were put into {out}."]
