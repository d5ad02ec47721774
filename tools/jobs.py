"""Do many jobs in parallel, here or on a Dask cluster, and resume after a stop.

A job is any value that can be sent to another process.  Each result is kept as soon as
it is there, so that a run that was stopped goes on where it was; a job that fails, or
takes its process with it, costs no other job its result.
"""

import os
import signal
import threading
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
from multiprocessing import (
    active_children,
    get_context,
    parent_process,
    resource_tracker,
)
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
def processes(workers: int) -> Iterator[Crew]:
    """Give processes on this machine, which end with this one, however it ends.

    Parameters
    ----------
    workers
        How many.
    """
    start_tracker()
    before = active_children()
    executor = ProcessPoolExecutor(workers, get_context("spawn"), follow)
    try:
        yield Crew(executor, workers)
    except BaseException:  # an interrupt waits for nobody
        for process in active_children():
            if process not in before:
                process.kill()
        executor.shutdown(wait=False, cancel_futures=True)
        raise
    executor.shutdown(cancel_futures=True)


def start_tracker() -> None:
    """Start what removes semaphores after a kill, and let it do so without a word."""
    known = os.environ.get("PYTHONWARNINGS", "")
    os.environ["PYTHONWARNINGS"] = f"{known},ignore:resource_tracker".strip(",")
    resource_tracker.ensure_running()
    os.environ["PYTHONWARNINGS"] = known


def follow() -> None:
    """Leave Ctrl-C to the process that started this one, and end when that ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    threading.Thread(target=end_with_parent, daemon=True).start()


def end_with_parent() -> None:
    """Wait for the end of the process that started this one; then end, too."""
    parent_process().join()
    os.kill(os.getpid(), signal.SIGKILL)


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
    """Return the future of a job; it holds the error if the job cannot be packed.

    A process that is started on the way never hears of Ctrl-C, which is for this one.
    """
    try:
        packed = pack(job)
    except Exception as error:
        future = Future()
        future.set_exception(error)
        return future
    known = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        return executor.submit(work, packed)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, known)
