"""The walls around a student's code: what it can see, use and reach.

All of that is decided here, and by the filter in `seccomp`, alone:

- `visible` lists the folders that it can read: Python's, the system's libraries,
  `initlib`, and `inside`, the folder of the worker.  Neither masters and hidden checks
  nor submissions and marks nor anybody's home are among them.
- `lent` says what of these an assignment takes away.
- `command` is the command line: bubblewrap makes empty namespaces (no network, no other
  process, no shared memory), mounts that list read-only, and two folders to write in
  that have a size; the process is of a user who owns nothing, without capabilities.
- `Limits` bounds each process.

Nothing is run without a sandbox: where bubblewrap cannot make one, `Unavailable` says
why and what to do.
"""

import importlib.util
import itertools
import os
import platform
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib

from assignments.grade import lent, seccomp

HERE = Path(__file__).resolve().parents[1]
INSIDE = HERE / "inside"
LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache")
TOOLS = ("setpriv", "prlimit")
HOME = "/tmp/home"  # where the student's cells run
CODE = "/tmp/grader/assignments/inside"  # where `inside` lies in there
FIRST = "assignments.inside.first"  # which starts the worker
FONTS = "/tmp/matplotlib"
ENVIRONMENT = {
    "HOME": HOME,
    "LANG": "C.UTF-8",
    "MPLBACKEND": "agg",
    "MPLCONFIGDIR": FONTS,
    "MKL_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
}
READ_ONLY = ("/proc", "/dev", "/")  # no process writes into another's memory
FIRST_USER = 0x70000000  # nobody has such an id: systemd and others stay below

count = itertools.count()


class Unavailable(RuntimeError):  # noqa: N818 - a state of the machine
    """No sandbox can be made here; the message says why, and what to do."""


@dataclass(frozen=True)
class Limits:
    """What a submission may use: seconds, bytes, and numbers of things."""

    cell_seconds: float = 20
    call_seconds: float = 10
    part_seconds: float = 60  # all calls of one part of a test
    total_seconds: float = 300  # everything
    cpu_seconds: int = 120  # of one process
    memory: int = 1536 << 20  # addresses of one process
    resident: int = 1536 << 20  # memory of all processes and files together
    disk: int = 64 << 20  # all files in /tmp together
    shared: int = 16 << 20  # all files in /dev/shm together
    output: int = 48 << 20  # one answer, everything that is not one included
    processes: int = 32  # and threads
    files: int = 128  # open at a time, of one process
    restarts: int = 20  # after what broke a sandbox


def visible() -> dict[Path, str]:
    """Return what can be read inside: paths, and where each is mounted.

    Raises
    ------
    Unavailable
        If the folder of the assignments is part of it.
    """
    prefixes = {sys.prefix, sys.base_prefix, Path(sys.executable).resolve().parents[1]}
    paths = [Path(path) for path in LIBRARIES]
    for prefix in map(Path, sorted(map(str, prefixes))):
        paths += [prefix / name for name in ("bin", "lib", "lib64", "pyvenv.cfg")]
    if library := importlib.util.find_spec("initlib"):
        paths += map(Path, library.submodule_search_locations)
    for path in paths:
        if HERE.is_relative_to(path.resolve()):
            raise Unavailable(
                f"{HERE} lies in {path}, which students' code can read; "
                "keep the assignments apart from the Python environment"
            )
    fonts = Path(matplotlib.get_cachedir()).glob("fontlist-*.json")
    seen = {path: str(path) for path in paths if path.exists()}
    seen |= {Path(found(tool)): found(tool) for tool in TOOLS}
    seen |= {path: f"{FONTS}/{path.name}" for path in fonts}
    return seen | {INSIDE: CODE}


def found(tool: str) -> str:
    """Return the path of a program.

    Raises
    ------
    Unavailable
        If it is not installed.
    """
    if path := shutil.which(tool):
        return path
    package = "bubblewrap" if tool == "bwrap" else "util-linux"
    raise Unavailable(
        f"{tool} is not installed, and nothing is graded without a sandbox: "
        f"`sudo apt-get install {package}`, or see assignments/SAFETY.md"
    )


@dataclass(frozen=True)
class Given:
    """What an assignment brings into its sandbox, and what it takes away there."""

    files: tuple[Path, ...] = ()  # data, found in the folder where cells run
    taken: tuple[str, ...] = ()  # names of modules


def command(
    limits: Limits,
    given: Given,
    descriptors: tuple[int, int, int],
    stand_ins: Mapping[Path, int],
) -> list[str]:
    """Return the command line of a sandbox with a worker in it.

    Parameters
    ----------
    limits : Limits
    given : Given
    descriptors : tuple of int
        Of the seccomp filter, of bubblewrap's report, of the worker's socket.
    stand_ins : mapping of Path to int
        Descriptors of what lies in the places of modules that are taken away.
    """
    filters, report, channel = descriptors
    rights, drop = as_user()
    seen = visible() | {path: f"{HOME}/{path.name}" for path in given.files}
    return [
        *first_to_go(),
        *bounded(limits),
        found("bwrap"),
        *("--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"),
        *("--die-with-parent", "--new-session", "--cap-drop", "ALL"),
        *rights,
        *("--proc", "/proc", "--dev", "/dev", "--dev-bind", "/dev/null", "/dev/zero"),
        *folders(limits),
        *mounts(seen),
        *without(lent.covered(given.taken, seen), stand_ins),
        *(word for place in READ_ONLY for word in ("--remount-ro", place)),
        *("--chdir", HOME, "--clearenv"),
        *(word for item in ENVIRONMENT.items() for word in ("--setenv", *item)),
        *("--setenv", "PYTHONPATH", str(Path(CODE).parents[1])),
        *("--seccomp", str(filters), "--info-fd", str(report), "--"),
        *drop,
        *(found("prlimit"), f"--nproc={limits.processes}", "--"),
        *(sys.executable, "-s", "-P", "-B", "-m", FIRST, str(channel)),
    ]


def without(covered: Sequence[str], stand_ins: Mapping[Path, int]) -> list[str]:
    """Return the words that cover what is taken away."""
    words = []
    for place in covered:
        words += ["--size", "4096", "--tmpfs", place, "--remount-ro", place]
    for path, descriptor in stand_ins.items():
        words += ["--perms", "0444", "--ro-bind-data", str(descriptor), str(path)]
    return words


def folders(limits: Limits) -> list[str]:
    """Return the words that make the folders in which a student may write."""
    return [
        *("--size", str(limits.disk), "--perms", "1777", "--tmpfs", "/tmp"),
        *("--size", str(limits.shared), "--perms", "1777", "--tmpfs", "/dev/shm"),
        *("--perms", "0777", "--dir", HOME, "--perms", "0777", "--dir", FONTS),
    ]


def first_to_go() -> list[str]:
    """Return the words that let the kernel end these first when memory runs out."""
    return ["/bin/sh", "-c", 'echo 1000 > /proc/self/oom_score_adj; exec "$0" "$@"']


def bounded(limits: Limits) -> list[str]:
    """Return the words that set the limits of a process and of its children.

    They hold for bubblewrap's own processes, too.  That of the number of processes is
    set inside: here the kernel would count all that a normal user has.
    """
    return [
        *(found("prlimit"), f"--as={limits.memory}", f"--cpu={limits.cpu_seconds}"),
        *(f"--nofile={limits.files}", f"--fsize={limits.disk}"),
        *("--core=0", "--memlock=0", "--msgqueue=0", "--"),
    ]


def as_user() -> tuple[list[str], list[str]]:
    """Return what bubblewrap is told of users, and what is run first inside.

    The number of processes is limited for each user, so each sandbox needs its own.
    A normal user gets that by a user namespace, in which no further one can be made.
    Its process 1 is not bubblewrap's, which the student would own, but `inside.first`.
    The superuser takes an id that nobody has, and gives it back with the process.
    """
    if os.getuid():
        nobody = ("--uid", "65534", "--gid", "65534")
        return ["--unshare-user", "--disable-userns", "--as-pid-1", *nobody], []
    user = str(FIRST_USER + (os.getpid() << 6) + next(count) % 64)
    drop = [found("setpriv"), "--reuid", user, "--regid", user, "--clear-groups"]
    rights = ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    return rights, [*drop, "--inh-caps=-all", "--no-new-privs", "--"]


def refused() -> bytes:
    """Return the filter of system calls.

    Raises
    ------
    Unavailable
        If there is none for this machine.
    """
    machine = platform.machine()
    if machine not in seccomp.ARCHITECTURES:
        known = " and ".join(seccomp.ARCHITECTURES)
        raise Unavailable(
            f"system calls can be refused on {known}; this machine is {machine!r}"
        )
    return seccomp.program(machine)


def mounts(seen: dict[Path, str]) -> list[str]:
    """Return the words that make folders and mount each path in them, read-only."""
    places = [Path(place) for place in seen.values()]
    above = {folder for place in places for folder in place.parents}
    made = {Path("/"), Path("/tmp"), Path(HOME), Path(FONTS), *places}
    words = []
    for folder in sorted(above - made):
        words += ["--perms", "0755", "--dir", str(folder)]
    for path, place in sorted(seen.items(), key=lambda item: item[1]):
        words += ["--ro-bind", str(path), place]
    return words
