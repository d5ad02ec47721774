"""Grade many submissions: in parallel, resumed where an earlier run stopped."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

from tqdm import tqdm

from assignments import answers, grader, records, sandbox
from assignments.answers import Answer
from assignments.grader import Mark
from assignments.masters import Master
from assignments.notebooks import choose
from assignments.records import Record
from assignments.submissions import Student, SubmissionError

AHEAD = 4  # submissions that wait for each worker
ONE_AT_A_TIME = threading.Lock()  # a test runs in the folder of its master

Job = tuple[Student, str]  # with the digest that the record gets
Work = Callable[[Student, str], Record]


def grade(
    master: Master, untouched: dict[str, str], student: Student, digest: str
) -> Record:
    """Grade what one student handed in.

    Parameters
    ----------
    untouched
        What students are given in the cell of each question.
    digest
        Of all that the marks depend on.
    """
    record = Record(student.id, student.name, student.layout, digest)
    if student.late:
        record.notes.append("Handed in late, says Canvas.")
    try:
        notebook, record.file, notes = choose(master, student)
    except SubmissionError as error:
        record.notes.append(f"Nothing could be graded. {error}")
        record.marks = {test.id: Mark(0, test.points) for test in master.tests}
        record.answers = {question.id: Answer() for question in master.manual}
        return record
    with ONE_AT_A_TIME:
        result = grader.grade(master, notebook)
    record.marks, record.notes = result.marks, record.notes + notes + result.notes
    record.seconds, record.cpu_seconds = result.seconds, result.cpu_seconds
    record.answers = answers.gather(master, untouched, notebook)
    return record


def sort_out(
    master: Master, students: list[Student], folder: Path
) -> tuple[list[Record], list[Job]]:
    """Return the records that still hold, and the jobs that are to be done."""
    tool = records.digest_of_tool(master)
    found, jobs = [], []
    for student in students:
        digest = records.digest_of_student(student, tool)
        name = records.slug(student.layout, student.id, student.name)
        record = records.load(folder / f"{name}.json")
        if record and record.digest == digest:
            found.append(record)
        else:
            jobs.append((student, digest))
    return found, jobs


def run(
    work: Work, jobs: list[Job], folder: Path, executor: Executor, ahead: int
) -> tuple[list[Record], list[str]]:
    """Do all jobs; return the records, and a sentence for each that failed.

    Parameters
    ----------
    folder
        Where each record is kept as soon as it is there.
    ahead
        How many jobs are given to the executor before the first is finished.

    Raises
    ------
    sandbox.Unavailable
        If submissions cannot be shut in on this machine.
    """
    found, failed = [], []
    outcomes = finished(work, jobs, executor, ahead)
    for (student, _), future in tqdm(outcomes, total=len(jobs), unit="submission"):
        try:
            record = future.result()
        except sandbox.Unavailable:
            raise
        except Exception as error:
            told = f"{type(error).__name__}: {error}"
            failed.append(f"{student.name} ({student.id}) is not graded: {told}")
        else:
            record.save(folder)
            found.append(record)
    return found, failed


def finished(
    work: Work, jobs: list[Job], executor: Executor, ahead: int
) -> Iterator[tuple[Job, Future]]:
    """Yield each job with its future when it is finished, whatever came out.

    When a process of the executor dies, the jobs that are left run one by one, each in
    a process of its own, so that only the one that kills it fails.
    """
    waiting, running = list(reversed(jobs)), {}
    try:
        while waiting or running:
            while waiting and len(running) < ahead:
                student, digest = waiting[-1]
                running[executor.submit(work, student.loaded(), digest)] = waiting.pop()
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                if isinstance(future.exception(), BrokenExecutor):
                    raise future.exception()
                yield running.pop(future), future
    except BrokenExecutor:
        for student, digest in [*running.values(), *reversed(waiting)]:
            with processes(1) as single:
                future = single.submit(work, student.loaded(), digest)
                wait([future])
            yield (student, digest), future


@contextmanager
def processes(count: int) -> Iterator[Executor]:
    """Give an executor of processes on this machine."""
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__])  # imported once for all of them
    ignore = (signal.SIGINT, signal.SIG_IGN)
    executor = ProcessPoolExecutor(count, context, signal.signal, ignore)
    try:
        yield executor
    finally:  # after an interrupt, what runs is awaited, what waits is not begun
        executor.shutdown(cancel_futures=True)


@contextmanager
def cluster(address: str) -> Iterator[tuple[Executor, int]]:
    """Give an executor on a Dask cluster, and how many workers it has.

    Parameters
    ----------
    address
        Of its scheduler, such as `tcp://10.0.0.5:8786`, or `local` for a new one here.
    """
    from dask.distributed import Client

    local = {"n_workers": os.cpu_count(), "threads_per_worker": 1}
    options = local if address == "local" else {"address": address}
    with Client(**options) as client:
        yield client.get_executor(pure=False), sum(client.nthreads().values())
