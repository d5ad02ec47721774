"""A control group for each sandbox, where the machine lets the grader make one.

There the kernel counts the memory of a whole sandbox, its own that it needs for it
included, and refuses more at once.  A group is made beside that of the grader, as a
superuser can, or whoever runs under `systemd --user`; in a container with a folder of
control groups to write in, its processes first move into a group of their own.
"""

import contextlib
import itertools
import os
import re
import subprocess
from functools import cache
from pathlib import Path

NAME = "initlib-sandbox"
OURS = "initlib-grader"  # the group of all other processes of a container
NEEDED = {"memory", "pids"}
SELF = Path("/proc/self")
MEMBER = re.compile(r"^0::(\S+)$", re.MULTILINE)
MOUNT = re.compile(r"^(?:\S+ ){3}(\S+) (\S+) .* - cgroup2 ", re.MULTILINE)
ENTER = 'echo 0 > "$0"/cgroup.procs && exec "$@"'  # a shell, run before all others

count = itertools.count()


def own(self: Path = SELF) -> tuple[Path, Path] | None:
    """Return the group of this process, and the top of those that it sees."""
    found = MEMBER.search(text(self / "cgroup"))
    mounted = MOUNT.search(text(self / "mountinfo"))
    if not (found and mounted):
        return None
    below = os.path.relpath(found[1], mounted[1])
    return Path(mounted[2], below), Path(mounted[2])


@cache
def home(self: Path = SELF) -> Path | None:
    """Return the group in which those of sandboxes can be made, if there is one."""
    if not (seen := own(self)):
        return None
    here, top = seen
    if here == top and lists(here / "cgroup.controllers") and not offers(here):
        make_room(here)
    for folder in (here.parent, here) if here != top else (here,):
        if offers(folder) and works(folder):
            return folder
    return None


def offers(folder: Path) -> bool:
    """Return whether groups in this one have the limits that are needed."""
    return lists(folder / "cgroup.subtree_control")


def lists(path: Path) -> bool:
    """Return whether a file names all that is needed."""
    return {*text(path).split()} >= NEEDED


def text(path: Path) -> str:
    """Return what is in a file; nothing if it is not there, or closed."""
    with contextlib.suppress(OSError):
        return path.read_text()
    return ""


def make_room(top: Path):
    """Let the groups in this one have limits.

    That of a container can only when it has no process, so they move into one in it.
    """
    with contextlib.suppress(OSError):
        if (top / "cgroup.type").exists():  # it is not that of the whole machine
            (top / OURS).mkdir(exist_ok=True)
            for process in (top / "cgroup.procs").read_text().split():
                with contextlib.suppress(ProcessLookupError):
                    (top / OURS / "cgroup.procs").write_text(process)
        (top / "cgroup.subtree_control").write_text("+memory +pids")


def works(folder: Path) -> bool:
    """Return whether a group can be made, limited, and entered."""
    try:
        with Group(folder, 1 << 30, 8) as group:
            return not subprocess.run(group.enter("true"), stderr=-3).returncode
    except OSError:
        return False


class Group:
    """A control group that bounds the memory and the number of processes.

    Parameters
    ----------
    folder : Path
        The group in which it is made.
    memory, processes : int
        What all processes in it may have together.
    """

    def __init__(self, folder: Path, memory: int, processes: int):
        self.path = folder / f"{NAME}-{os.getpid()}-{next(count)}"
        sweep(folder)
        self.path.mkdir()
        for name, value in (
            ("memory.max", memory),
            ("memory.swap.max", 0),
            ("memory.oom.group", 1),  # all of them go, or none
            ("pids.max", processes),
        ):
            if name != "memory.swap.max" or (self.path / name).exists():
                (self.path / name).write_text(str(value))

    def enter(self, *command: str) -> list[str]:
        """Return the command that runs another in this group."""
        return ["/bin/sh", "-c", ENTER, str(self.path), *command]

    def close(self):
        """Kill what is left in it, and remove it."""
        with contextlib.suppress(OSError):
            (self.path / "cgroup.kill").write_text("1")
        with contextlib.suppress(OSError):
            self.path.rmdir()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()


def sweep(folder: Path):
    """Remove the empty groups of graders that were killed."""
    for path in folder.glob(f"{NAME}-*-*"):
        if not Path("/proc", path.name.split("-")[-2]).exists():
            with contextlib.suppress(OSError):
                path.rmdir()


def said() -> str:
    """Say who counts the memory of a sandbox here."""
    if folder := home():
        return f"The kernel counts the memory of each submission, in {folder}."
    return (
        "The grader counts the memory of each submission, as it can make no control "
        "group here; see assignments/SAFETY.md."
    )
