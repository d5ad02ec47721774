"""Grade a class: in parallel, resumed where an earlier run stopped."""

import threading
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock, Timeout

from assignments import digests, masters, release
from assignments.grade import tests
from assignments.grade.tests import Mark
from assignments.grade.walls import Unavailable
from assignments.hand_in import answers
from assignments.hand_in.answers import Answer, Looks
from assignments.hand_in.notebook import choose
from assignments.hand_in.outlines import Outline, outline
from assignments.hand_in.students import Student, collect
from assignments.hand_in.uploads import SubmissionError
from assignments.marks import (
    class_table,
    gradebooks,
    late,
    marker_sheets,
    outputs,
    rosters,
    student_records,
)
from assignments.marks.csv_files import TableError
from assignments.marks.late import Policy
from assignments.marks.student_records import Record
from assignments.marks.totals import Judgement, Lateness, add_up, forgotten
from assignments.masters import Master, MasterError
from tools import jobs

ONE_AT_A_TIME = threading.Lock()  # a test runs in the folder of its master


class Job(NamedTuple):
    """A student whose submission is to be graded."""

    student: Student
    digest: str  # of all that the marks depend on

    def packed(self) -> "Job":
        """Return this job with the contents, so that no file is needed any more."""
        return Job(self.student.loaded(), self.digest)


class BusyError(RuntimeError):
    """Nothing can be written there, or another run does."""


@dataclass(frozen=True)
class Options:
    """How to grade; all of it can be left out."""

    workers: int = 2
    dask: str = ""  # address of a scheduler, or `local`
    shard: tuple[int, int] = (1, 1)  # the how manieth part of how many
    manual: tuple[Path, ...] = ()
    gradebook: Path | None = None
    column: str = ""
    roster: Path | None = None
    late: Policy | None = None


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
        If another run works in the same place, or there can be no folder.
    """
    own = out / master.name
    try:
        own.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise BusyError(
            f"{own}: no such folder can be made: {error.strerror}"
        ) from error
    part, parts = options.shard
    lock = FileLock(own / f".lock-{part}-of-{parts}", timeout=0)
    try:
        with lock:
            return grade_alone(master, folder, own, options)
    except Timeout as error:
        raise BusyError(f"another run is grading into {own}") from error


def grade_alone(master: Master, folder: Path, own: Path, options: Options) -> Outcome:
    """Do the work of `grade_folder`, nobody else being at it."""
    given_to(master, own, options)  # what is wrong with a sheet is said at once
    if options.gradebook:
        gradebooks.check(master, options.gradebook, options.column)
    if options.roster:
        rosters.read(options.roster)
    names = [path.stem for path in masters.paths()]
    part, parts = options.shard
    students = collect(folder, master.name, names)[part - 1 :: parts]
    lateness = lateness_of(master, students, own, options)
    known, todo = sort_out(master, students, own / "records")
    graded, failed = grade_all(master, todo, own / "records", options)
    found = sorted(known + graded, key=lambda record: (record.id, record.layout))
    said = []
    if parts == 1:
        given = given_to(master, own, options)
        totals = [add_up(record, given) for record in found]
        for total in totals:
            total.late = lateness.get((total.record.layout, total.record.id))
        said = forgotten(totals, given)
        said += outputs.write_all(master, totals, students, own)
        if path := options.gradebook:
            column = options.column
            said += outputs.write_gradebook(master, totals, own, path, column)
        if path := options.roster:
            said += rosters.compare(totals, path, own / "not-handed-in.csv")
    return Outcome(found, len(graded), failed, said, own)


def lateness_of(
    master: Master, students: list[Student], own: Path, options: Options
) -> dict[tuple[str, str], Lateness]:
    """Return what lateness costs whom; nothing without a rule for it.

    Raises
    ------
    TableError
        If it cannot be told, or an earlier run had such a rule and this one has none.
    """
    if options.late is None:
        if class_table.has_penalties(own / "marks.csv"):
            told = "has penalties: say --late again, or --late none"
            raise TableError(f"{own / 'marks.csv'} {told}")
        return {}
    if not options.late.rate.amount:
        return {}
    return late.judge(students, options.late, master.points(), options.roster)


def given_to(master: Master, own: Path, options: Options) -> dict[str, Judgement]:
    """Return what markers have given so far, by the name of the answer."""
    return marker_sheets.read_given(master, [*sheets(master, own), *options.manual])


def sheets(master: Master, own: Path) -> list[Path]:
    """Return the sheets that markers fill in, those that are there."""
    found = [own / "manual" / f"{question.id}.csv" for question in master.manual]
    return [path for path in found if path.exists()]


def sort_out(
    master: Master, students: list[Student], folder: Path
) -> tuple[list[Record], list[Job]]:
    """Return the records that still hold, and the jobs that are to be done."""
    tool = digests.digest_of_tool(master)
    todo = [Job(one, digests.digest_of_student(one, tool)) for one in students]
    return jobs.sort_out(todo, partial(record_of, folder))


def record_of(folder: Path, job: Job) -> Record | None:
    """Return the record of a student, if it still holds."""
    one = job.student
    name = student_records.slug(one.layout, one.id, one.name)
    record = student_records.load(folder / f"{name}.json")
    return record if record and record.digest == job.digest else None


def grade_all(
    master: Master, todo: list[Job], folder: Path, options: Options
) -> tuple[list[Record], list[str]]:
    """Grade on this machine or on a cluster; keep each record as soon as it is there.

    Raises
    ------
    Unavailable
        If submissions cannot be shut in on this machine.
    """
    if not todo:
        return [], []
    work = partial(grade_one, master, all_outlines(master))
    with crew(options, len(todo)) as found:
        return run(work, todo, folder, found)


def all_outlines(master: Master) -> list[Outline]:
    """Return what students are given in each assignment, in this one first."""
    found = [outline(master.name, release.student(master))]
    for path in masters.paths():
        if path.stem != master.name:
            with suppress(MasterError):  # it is for another day
                other = masters.read(path)
                found.append(outline(other.name, release.student(other)))
    return found


def crew(options: Options, most: int) -> AbstractContextManager[jobs.Crew]:
    """Return who grades: workers of a cluster, or processes here."""
    if options.dask:
        return jobs.cluster(options.dask)
    return jobs.processes(min(options.workers, most))


def run(
    work, todo: list[Job], folder: Path, crew: jobs.Crew
) -> tuple[list[Record], list[str]]:
    """Do all jobs; return the records, and a sentence for each that failed."""
    found, failed = jobs.run(
        work,
        todo,
        crew,
        keep=lambda record: record.save(folder),
        pack=Job.packed,
        fatal=Unavailable,
        unit="submission",
    )
    return found, [not_graded(job.student, error) for job, error in failed]


def not_graded(student: Student, error: Exception) -> str:
    """Say who is not graded, and why."""
    told = f"{type(error).__name__}: {error}"
    return f"{student.name} ({student.id}) is not graded: {told}"


def grade_one(master: Master, outlines: list[Outline], job: Job) -> Record:
    """Grade what one student handed in.

    Parameters
    ----------
    outlines
        What students are given, in this assignment first.
    """
    student, digest = job
    record = Record(student.id, student.name, student.layout, digest)
    if student.late:
        record.notes.append("Handed in late, says Canvas.")
    try:
        notebook, record.file, notes = choose(master, student, outlines)
    except SubmissionError as error:
        record.notes.append(f"Nothing could be graded. {error}")
        record.marks = {test.id: Mark(0, test.points) for test in master.tests}
        record.answers = {question.id: Answer() for question in master.manual}
        return record
    untouched = {cell.id: cell.source for cell in outlines[0].cells}
    shown = answers.stored(master, notebook)
    with ONE_AT_A_TIME:
        result = tests.grade(master, notebook, shown=shown)
    record.marks, record.notes = result.marks, record.notes + notes + result.notes
    record.seconds, record.cpu_seconds = result.seconds, result.cpu_seconds
    looks = Looks(result.drawn, result.decoded)
    record.answers = answers.gather(master, untouched, notebook, looks)
    return record
