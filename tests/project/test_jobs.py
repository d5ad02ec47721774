"""The engine for many jobs: nothing is lost, and no job costs another its result."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tools import jobs
from tools.jobs import Crew
from tools.paths import ROOT

pytestmark = pytest.mark.turns(3, 1)


@pytest.fixture
def crew():
    with ThreadPoolExecutor(2) as executor:
        yield Crew(executor, 2)


def square(n: int) -> int:
    """Do a job; some end badly."""
    if n == 3:
        raise ValueError("three")
    if n == 4:
        os._exit(1)
    return n * n


class FatalError(Exception):
    """What every job would meet."""


def refuse(n: int) -> int:
    """Meet it."""
    raise FatalError


def test_all_jobs_are_done_and_kept(crew):
    kept = []
    results, failed = jobs.run(square, [0, 1, 2, 5], crew, keep=kept.append)
    assert sorted(results) == sorted(kept) == [0, 1, 4, 25]
    assert failed == []


def test_a_job_that_fails_costs_itself_only(crew):
    results, failed = jobs.run(square, [1, 2, 3, 5], crew, keep=lambda result: None)
    assert sorted(results) == [1, 4, 25]
    assert [(job, str(error)) for job, error in failed] == [(3, "three")]


def test_a_job_that_cannot_be_packed_or_kept_costs_itself_only(crew):
    def pack(n):
        return 10 // n

    def keep(result):
        if result == 25:
            raise OSError("no room")

    results, failed = jobs.run(square, [0, 2, 5], crew, keep=keep, pack=pack)
    assert results == [4]
    told = {job: type(error) for job, error in failed}
    assert told == {0: ZeroDivisionError, 2: OSError}


def test_a_job_that_takes_its_process_with_it_costs_itself_only():
    with jobs.processes(2) as crew:
        results, failed = jobs.run(
            square, [1, 4, 2, 5, 6], crew, keep=lambda result: None
        )
    assert sorted(results) == [1, 4, 25, 36]
    assert [job for job, _ in failed] == [4]


def test_what_every_job_would_meet_ends_the_run(crew):
    with pytest.raises(FatalError):
        jobs.run(refuse, [1, 2], crew, keep=lambda result: None, fatal=FatalError)


def test_few_jobs_are_packed_ahead(monkeypatch):
    monkeypatch.setattr(jobs, "AHEAD", 2)
    packed, most = [], []

    def pack(n):
        packed.append(n)
        return n

    with ThreadPoolExecutor(1) as executor:
        outcomes = jobs.finished(abs, list(range(10)), Crew(executor, 1), pack)
        for done, _ in enumerate(outcomes):
            most.append(len(packed) - done)
    assert max(most) <= 2
    assert packed == list(range(10))


def test_a_second_run_does_what_is_left():
    stored = {1: 1, 2: 4}
    assert jobs.sort_out([1, 2, 3, 5], stored.get) == ([1, 4], [3, 5])
    assert jobs.sort_out([1], {}.get) == ([], [1])


def hang(folder) -> None:
    """Say which process does the job, and do it for a minute."""
    (folder / str(os.getpid())).touch()
    time.sleep(60)


SCRIPT = """
import signal
import sys
from pathlib import Path
from tests.project.test_jobs import hang
from tools import jobs

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may ignore it
with jobs.processes(2) as crew:
    jobs.run(hang, [Path(sys.argv[1])] * 4, crew, keep=print)
"""


def waited_for(condition, seconds: float = 30) -> bool:
    """Return whether a condition comes true in time."""
    end = time.monotonic() + seconds
    while not (met := condition()) and time.monotonic() < end:
        time.sleep(0.02)
    return met


def all_ended(folder) -> bool:
    """Return whether every process that did a job has ended."""
    return not any(Path("/proc", path.name).exists() for path in folder.iterdir())


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGKILL"])
def test_a_run_that_is_stopped_leaves_nothing(tmp_path, name):
    jobs_seen, temporary = tmp_path / "jobs", tmp_path / "temporary"
    jobs_seen.mkdir()
    temporary.mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT, jobs_seen],
        env=os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(temporary)},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as running:
        assert waited_for(lambda: len([*jobs_seen.iterdir()]) == 2)
        begin = time.monotonic()
        if name == "SIGINT":  # a terminal sends it to all
            os.killpg(running.pid, signal.SIGINT)
        else:
            running.send_signal(signal.Signals[name])
        told = running.communicate()[1]
    assert time.monotonic() - begin < 2
    assert waited_for(lambda: all_ended(jobs_seen), 2)
    assert "leaked" not in told
    assert told.count("Traceback") == (name == "SIGINT")
    assert [*temporary.iterdir()] == []
