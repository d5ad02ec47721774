"""What the processes of a sandbox are and use, read from /proc."""

import contextlib
import os
import signal
from pathlib import Path

TICK = 1 / os.sysconf("SC_CLK_TCK")  # second, as /proc counts the processors' time
IN_MEMORY = ("/tmp", "/dev/shm")
MEMORY = ("RssAnon:", "RssShmem:")  # lines in the status of a process


def processes(first: int) -> list[int]:
    """Return a process and all that descend from it."""
    found = [first]
    for process in found:
        for thread in tasks(process):
            children = read(Path(f"/proc/{process}/task/{thread}/children"))
            found += map(int, children.split())
    return found


def tasks(process: int) -> list[str]:
    """Return the threads of a process; none when it has ended."""
    try:
        return [path.name for path in Path(f"/proc/{process}/task").iterdir()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def resident(process: int) -> int:
    """Return the bytes of memory that a process has to itself, or shares by fork."""
    lines = read(Path(f"/proc/{process}/status")).splitlines()
    sizes = [line.split()[1] for line in lines if line.startswith(MEMORY)]
    return sum(map(int, sizes)) << 10


def cpu_seconds(process: int) -> float:
    """Return the time that a process, and the children that it waited for, used."""
    fields = read(Path(f"/proc/{process}/stat")).rpartition(")")[-1].split()
    return sum(map(int, fields[11:15])) * TICK


def read(path: Path) -> str:
    """Return the text of a file of a process; nothing when the process has ended."""
    try:
        return path.read_text(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def kill(process: int):
    """Kill a process that may have ended."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


def files_in(process: int) -> int:
    """Return the number of files in the folders in memory that a process sees."""
    return sum(files_below(Path(f"/proc/{process}/root{name}")) for name in IN_MEMORY)


def files_below(folder: Path) -> int:
    """Return the number of files of the file system that a folder is."""
    try:
        disk = os.statvfs(folder)
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return 0
    return disk.f_files - disk.f_ffree


def give_up_first(first: int):
    """Let the kernel end these processes before others when memory runs out.

    What the first process forks later inherits that.
    """
    for process in (first, *processes(first)):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            Path(f"/proc/{process}/oom_score_adj").write_text("1000")
