"""A sandbox ends, whatever is in it, and nothing runs without one."""

import contextlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assignments.grade import usage, walls
from assignments.grade.sandbox import Sandbox
from assignments.grade.walls import Limits, Unavailable
from assignments.inside import protocol
from tests.assignments.worker import ask
from tools.paths import ROOT


def is_alive(process: int) -> bool:
    """Tell whether a process runs; one that ended may wait to be reaped by another."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text()
    return False


@pytest.mark.usefixtures("bubblewrap")
def test_closing_kills_everything():
    box = Sandbox(Limits())
    code = """
import os, time
for _ in range(5):
    if os.fork() == 0:
        os.setsid()
        time.sleep(1000)
"""
    ask(box.channel, do="run", source=code)
    inside = usage.processes(box.init)
    assert len(inside) == 7
    assert all(map(is_alive, inside))
    box.close()
    assert not [process for process in inside if is_alive(process)]
    assert box.cpu_seconds > 0
    box.close()  # a second time does nothing


@pytest.mark.usefixtures("bubblewrap")
def test_memory_of_all_processes_together_is_watched():
    box = Sandbox(Limits(resident=300 << 20))
    code = """
import os, time
for _ in range(3):
    os.fork()
taken = bytearray(10**8)
time.sleep(1000)
"""
    try:
        with pytest.raises((protocol.EndedError, OSError)):
            ask(box.channel, do="run", source=code)
    finally:
        box.close()


COPIES = """
import os, time
taken = bytearray(10**8)
for _ in range(6):
    if os.fork() == 0:
        time.sleep(1000)
time.sleep(0.3)
"""


@pytest.mark.usefixtures("bubblewrap")
def test_what_processes_share_is_counted_once():
    box = Sandbox(Limits(resident=300 << 20))
    try:
        assert ask(box.channel, do="run", source=COPIES) == {"value": None}
        most = sum(map(usage.at_most, usage.processes(box.init)))
        assert usage.memory(box.init, 0) < 300 << 20 < most
    finally:
        box.close()


@pytest.mark.usefixtures("bubblewrap")
def test_files_in_memory_are_counted():
    box = Sandbox(Limits(resident=250 << 20, disk=500 << 20))
    code = """
import time
for name in range(3):
    with open(f"/tmp/{name}", "wb") as file:
        file.write(bytes(10**8))
time.sleep(1000)
"""
    try:
        with pytest.raises((protocol.EndedError, OSError)):
            ask(box.channel, do="run", source=code)
    finally:
        box.close()


def test_what_cannot_be_told_apart_is_counted_in_full(monkeypatch):
    monkeypatch.setattr(usage, "SHARES", ("no such line",))
    here = os.getpid()
    assert usage.exactly(here) == usage.at_most(here) > 10 << 20


@pytest.mark.usefixtures("bubblewrap")
def test_nothing_outlives_a_grader_that_is_killed():
    code = """
import time
from assignments.grade.sandbox import Sandbox
from assignments.grade.walls import Limits
from assignments.inside import protocol
box = Sandbox(Limits())
request = {"seconds": 1000, "do": "run", "source": "import time; time.sleep(1000)"}
protocol.send(box.channel, b"12345678", request)
time.sleep(0.5)
print(box.init, flush=True)
time.sleep(1000)
"""
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as grader:
        first = int(grader.stdout.readline())
        assert Path(f"/proc/{first}").exists()
        grader.kill()
    for _ in range(100):
        if not Path(f"/proc/{first}").exists():
            return
        time.sleep(0.1)
    pytest.fail("its sandbox goes on")


@pytest.mark.usefixtures("bubblewrap")
def test_a_sandbox_that_ended_by_itself_can_be_closed():
    box = Sandbox(Limits())
    with pytest.raises((protocol.EndedError, OSError)):
        ask(box.channel, do="run", source="import os; os._exit(3)")
    box.close()


def test_without_bubblewrap_there_is_no_sandbox(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unavailable, match="apt-get install"):
        Sandbox(Limits())


@pytest.mark.usefixtures("bubblewrap")
def test_bubblewrap_that_fails_is_no_sandbox(monkeypatch, tmp_path):
    for tool in walls.TOOLS:
        (tmp_path / tool).symlink_to(shutil.which(tool))
    broken = tmp_path / "bwrap"
    broken.write_text("#!/bin/sh\necho bwrap: No permissions to make it >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unavailable, match=r"No permissions to make it.*SAFETY\.md"):
        Sandbox(Limits())
