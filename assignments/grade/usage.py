"""What the processes of a sandbox are and use, read from /proc."""

import contextlib
import os
import signal
from pathlib import Path

TICK = 1 / os.sysconf("SC_CLK_TCK")  # second, as /proc counts the processors' time
IN_MEMORY = ("/tmp", "/dev/shm")
ANONYMOUS = ("RssAnon:", "VmSwap:", "HugetlbPages:")  # lines in a process's status
KERNEL = ("VmPTE:",)  # its tables of these pages
SHARES = ("Pss_Anon:", "SwapPss:", "Private_Hugetlb:", "Shared_Hugetlb:")


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


def memory(first: int, enough: int) -> int:
    """Return the bytes of memory that a process, its descendants and its files have.

    What processes share is counted once, if it matters: only more than enough is
    counted exactly, as that takes longer.
    """
    inside, files = processes(first), sum(used for used, _ in in_memory(first))
    most = sum(map(at_most, inside)) + files
    return most if most <= enough else sum(map(exactly, inside)) + files


def at_most(process: int) -> int:
    """Return the bytes of a process, with all that it shares with its copies."""
    return sizes(Path(f"/proc/{process}/status"), ANONYMOUS + KERNEL)


def exactly(process: int) -> int:
    """Return the bytes of a process, and its part of what it shares if that is told."""
    shares = sizes(Path(f"/proc/{process}/smaps_rollup"), SHARES)
    tables = sizes(Path(f"/proc/{process}/status"), KERNEL)
    return shares + tables if shares else at_most(process)


def sizes(path: Path, names: tuple[str, ...]) -> int:
    """Return the sum of the lines of these names."""
    lines = read(path).splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(names)) << 10


def cpu_seconds(process: int) -> float:
    """Return the time that a process, and the children that it waited for, used."""
    fields = read(Path(f"/proc/{process}/stat")).rpartition(")")[-1].split()
    return sum(map(int, fields[11:15])) * TICK


def read(path: Path) -> str:
    """Return the text of a file of a process; nothing when the process has ended."""
    try:
        return path.read_text(errors="replace")
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return ""


def kill(process: int):
    """Kill a process that may have ended."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


def files_in(process: int) -> int:
    """Return the number of files in the folders in memory that a process sees."""
    return sum(number for _, number in in_memory(process))


def in_memory(process: int) -> list[tuple[int, int]]:
    """Return the bytes and the number of files in each folder in memory."""
    return [used_below(process, name) for name in IN_MEMORY]


def used_below(process: int, name: str) -> tuple[int, int]:
    """Return the bytes and the number of files of the file system of a folder.

    A process that is about to be shut in still sees that of the grader.
    """
    folder = Path(f"/proc/{process}/root{name}")
    try:
        disk = os.statvfs(folder)
        if folder.stat().st_dev == Path(name).stat().st_dev:
            return 0, 0
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return 0, 0
    used = (disk.f_blocks - disk.f_bfree) * disk.f_frsize
    return used, disk.f_files - disk.f_ffree
