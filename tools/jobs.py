"""Do many jobs in parallel, here or on a Dask cluster, and resume after a stop.

A job is any value that can be sent to another process.  Each result is kept as soon as
it is there, so that a run that was stopped goes on where it was; a job that fails, or
takes its process with it, costs no other job its result.
"""

import os
import signal
from collections.abc import Callable, Iterable, Iterator
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
from typing import NamedTuple, TypeVar

from tqdm import tqdm

AHEAD = 4  # jobs that wait for each worker

Job = TypeVar("Job")
Result = TypeVar("Result")


class Crew(NamedTuple):
    """What does the jobs: an executor, and how many it does at a time."""

    executor: Executor
    workers: int


@contextmanager
def processes(workers: int, preload: Iterable[str] = ()) -> Iterator[Crew]:
    """Give processes on this machine.

    Parameters
    ----------
    workers
        How many.
    preload
        Modules that are imported once for all of them.
    """
    context = get_context("forkserver")
    context.set_forkserver_preload(list(preload))
    ignore = (signal.SIGINT, signal.SIG_IGN)
    executor = ProcessPoolExecutor(workers, context, signal.signal, ignore)
    try:
        yield Crew(executor, workers)
    finally:  # after an interrupt, what runs is awaited, what waits is not begun
        executor.shutdown(cancel_futures=True)


@contextmanager
def cluster(address: str) -> Iterator[Crew]:
    """Give the workers of a Dask cluster.

    Parameters
    ----------
    address
        Of its scheduler, such as `tcp://10.0.0.5:8786`, or `local` for a new one here.
    """
    from dask.distributed import Client

    local = {"n_workers": os.cpu_count(), "threads_per_worker": 1}
    options = local if address == "local" else {"address": address}
    with Client(**options) as client:
        yield Crew(client.get_executor(pure=False), sum(client.nthreads().values()))


def sort_out(
    jobs: Iterable[Job], kept: Callable[[Job], Result | None]
) -> tuple[list[Result], list[Job]]:
    """Return the results that are there already, and the jobs that are to be done."""
    found, left = [], []
    for job in jobs:
        result = kept(job)
        if result is None:
            left.append(job)
        else:
            found.append(result)
    return found, left


def run(
    work: Callable[[Job], Result],
    jobs: list[Job],
    crew: Crew,
    *,
    keep: Callable[[Result], None],
    pack: Callable[[Job], Job] = lambda job: job,
    fatal: type[Exception] | tuple[type[Exception], ...] = (),
    unit: str = "job",
) -> tuple[list[Result], list[tuple[Job, Exception]]]:
    """Do all jobs; return the results, and the jobs that failed with their errors.

    Parameters
    ----------
    keep
        Called with each result as soon as it is there.
    pack
        Makes of a job what is sent; called late, so that few are in memory at a time.
    fatal
        Errors that end the run, because every job would meet them.
    """
    results, failed = [], []
    outcomes = finished(work, jobs, crew, pack)
    for job, future in tqdm(outcomes, total=len(jobs), unit=unit):
        try:
            result = future.result()
            keep(result)
        except fatal:
            raise
        except Exception as error:
            failed.append((job, error))
        else:
            results.append(result)
    return results, failed


def finished(
    work: Callable[[Job], Result],
    jobs: list[Job],
    crew: Crew,
    pack: Callable[[Job], Job] = lambda job: job,
) -> Iterator[tuple[Job, Future]]:
    """Yield each job with its future when it is finished, whatever came out.

    When a process dies, the jobs that are left run one by one, each in a process of its
    own, so that only the one that kills it fails.
    """
    waiting, running = list(reversed(jobs)), {}
    try:
        while waiting or running:
            while waiting and len(running) < AHEAD * crew.workers:
                future = submitted(crew.executor, work, pack, waiting[-1])
                running[future] = waiting.pop()
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                if isinstance(future.exception(), BrokenExecutor):
                    raise future.exception()
                yield running.pop(future), future
    except BrokenExecutor:
        for job in [*running.values(), *reversed(waiting)]:
            with processes(1) as single:
                future = submitted(single.executor, work, pack, job)
                wait([future])
            yield job, future


def submitted(
    executor: Executor,
    work: Callable[[Job], Result],
    pack: Callable[[Job], Job],
    job: Job,
) -> Future:
    """Return the future of a job; it holds the error if the job cannot be packed."""
    try:
        packed = pack(job)
    except Exception as error:
        future = Future()
        future.set_exception(error)
        return future
    return executor.submit(work, packed)
