"""A sandbox around the worker that runs a student's code.

What the code inside can see, use and reach is decided here alone:

- `visible` lists the folders that it can read: Python's, the system's libraries,
  `initlib`, and the few files of the worker.  Neither masters and hidden checks nor
  submissions and marks nor anybody's home are among them.
- `command` is the command line: bubblewrap makes empty namespaces (no network, no other
  process, no shared memory), mounts that list read-only, and two folders to write in
  that have a size; the process is of a user who owns nothing, without capabilities.
- `seccomp` refuses the system calls that get around namespaces and limits.
- `Limits` bounds each process; `Sandbox` watches what all of them use together, and
  kills every one at the end.

Nothing is run without a sandbox: where bubblewrap cannot make one, `Unavailable` says
why and what to do.
"""

import contextlib
import importlib.util
import itertools
import json
import os
import platform
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

import matplotlib

from assignments import seccomp

HERE = Path(__file__).resolve().parent
INSIDE = ("__init__.py", "function.py", "protocol.py", "worker.py")
LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache")
TOOLS = ("setpriv", "prlimit")
HOME = "/tmp/home"  # where the student's cells run
CODE = "/tmp/grader/assignments"  # the worker
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
FIRST_USER = 0x70000000  # nobody has such an id: systemd and others stay below
STARTING = 20.0  # seconds, far more than bubblewrap needs
TICK = 1 / os.sysconf("SC_CLK_TCK")  # second, as /proc counts the processors' time
WATCHING = 0.05  # seconds between two looks at what is used
MOST_FILES = 20_000
MEMORY = ("RssAnon:", "RssShmem:")  # lines in the status of a process

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
    resident: int = 2048 << 20  # memory of all processes together
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
    return seen | {HERE / name: f"{CODE}/{name}" for name in INSIDE}


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


def command(
    limits: Limits, files: tuple[Path, ...], descriptors: tuple[int, int, int]
) -> list[str]:
    """Return the command line of a sandbox with a worker in it.

    Parameters
    ----------
    limits : Limits
    files : tuple of Path
        Data of the assignment, to be found in the folder where cells run.
    descriptors : tuple of int
        Of the seccomp filter, of bubblewrap's report, of the worker's socket.
    """
    filters, report, channel = descriptors
    rights, drop = as_user()
    seen = visible() | {path: f"{HOME}/{path.name}" for path in files}
    return [
        found("bwrap"),
        *("--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"),
        *("--die-with-parent", "--new-session", "--cap-drop", "ALL"),
        *rights,
        *("--proc", "/proc", "--dev", "/dev"),
        *("--size", str(limits.disk), "--perms", "1777", "--tmpfs", "/tmp"),
        *("--size", str(limits.shared), "--perms", "1777", "--tmpfs", "/dev/shm"),
        *("--perms", "0777", "--dir", HOME, "--perms", "0777", "--dir", FONTS),
        *mounts(seen),
        *("--remount-ro", "/dev", "--remount-ro", "/", "--chdir", HOME, "--clearenv"),
        *(word for item in ENVIRONMENT.items() for word in ("--setenv", *item)),
        *("--setenv", "PYTHONPATH", str(Path(CODE).parent)),
        *("--seccomp", str(filters), "--info-fd", str(report), "--"),
        *drop,
        *(found("prlimit"), f"--as={limits.memory}", f"--cpu={limits.cpu_seconds}"),
        *(f"--nproc={limits.processes}", f"--nofile={limits.files}"),
        *(f"--fsize={limits.disk}", "--core=0", "--memlock=0", "--msgqueue=0", "--"),
        *(sys.executable, "-s", "-P", "-B", "-m", "assignments.worker", str(channel)),
    ]


def as_user() -> tuple[list[str], list[str]]:
    """Return what bubblewrap is told of users, and what is run first inside.

    The number of processes is limited for each user, so each sandbox needs its own.
    A normal user gets that by a user namespace, in which no further one can be made.
    The superuser takes an id that nobody has, and gives it back with the process.
    """
    if os.getuid():
        nobody = ("--uid", "65534", "--gid", "65534")
        return ["--unshare-user", "--disable-userns", *nobody], []
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
    places = map(Path, seen.values())
    above = {folder for place in places for folder in place.parents}
    made = {Path("/"), Path("/tmp"), Path(HOME), Path(FONTS)} | set(
        map(Path, seen.values())
    )
    words = []
    for folder in sorted(above - made):
        words += ["--perms", "0755", "--dir", str(folder)]
    for path, place in sorted(seen.items(), key=lambda item: item[1]):
        words += ["--ro-bind", str(path), place]
    return words


class Sandbox:
    """A sandbox that runs, with a worker that listens on `channel`.

    Attributes
    ----------
    channel : socket.socket
        To the worker: datagrams that keep their boundaries.
    cpu_seconds : float
        What everything inside has used, as far as was seen.

    Raises
    ------
    Unavailable
        If it cannot be made here.
    """

    def __init__(self, limits: Limits, files: tuple[Path, ...] = ()):
        self.limits = limits
        self.cpu_seconds = 0.0
        self.channel, inside = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with inside:
                self._start(files, inside.fileno())
        except BaseException:
            self.channel.close()
            raise
        self._closing = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    def _start(self, files: tuple[Path, ...], channel: int):
        """Start bubblewrap, and find its process that is number 1 inside."""
        reading, writing = os.pipe()
        with os.fdopen(reading) as reported, tempfile.TemporaryFile() as filters:
            with os.fdopen(writing, "w") as report:
                filters.write(refused())
                filters.seek(0)
                descriptors = (filters.fileno(), report.fileno(), channel)
                self._process = subprocess.Popen(
                    command(self.limits, files, descriptors),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.PIPE,
                    pass_fds=descriptors,
                    start_new_session=True,
                    env={},
                )
            try:
                select.select([reported], [], [], STARTING)[0].remove(reported)
                self.init = json.load(reported)["child-pid"]
                self._pidfd = os.pidfd_open(self.init)
            except (ValueError, TypeError, OSError):
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self._process.pid, signal.SIGKILL)
                complaint = last_line(self._process.communicate()[1])
                raise Unavailable(
                    f"bubblewrap makes no sandbox here: {complaint}. It needs user "
                    "namespaces, which this machine may refuse; "
                    "see assignments/SAFETY.md"
                ) from None

    def complaint(self) -> str:
        """Kill every process inside, and return the last line written to stderr."""
        self._kill()
        return last_line(self._process.stderr.read())

    def _kill(self):
        """Kill the first process; with it, the kernel ends all others."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)

    def _watch(self):
        """End all processes when they use too much together."""
        while not self._closing.wait(WATCHING):
            self._count_time()
            used = sum(map(resident, processes(self.init)))
            if used > self.limits.resident or files_in(self.init) > MOST_FILES:
                self._kill()

    def _count_time(self):
        used = sum(map(cpu_seconds, processes(self.init)))
        self.cpu_seconds = max(self.cpu_seconds, used)

    def sweep(self) -> bool:
        """Kill all processes but the worker; return whether it was alone.

        Many threads of its own are company, too: they keep it from making a copy.
        """
        inside = processes(self.init)[1:]  # the worker, then all others
        for process in inside[1:]:
            kill(process)
        threads = sum(len(tasks(process)) for process in inside)
        return len(inside) == 1 and threads <= self.limits.processes // 2

    def close(self):
        """Kill every process inside, and wait until none is left."""
        if self._process.returncode is not None:
            return
        self._closing.set()
        self._watcher.join()
        self.channel.close()
        self._count_time()
        self._kill()
        select.select([self._pidfd], [], [])  # the first process ends after all others
        self._process.wait()
        self._process.stderr.close()
        os.close(self._pidfd)


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


def last_line(written: bytes) -> str:
    """Return the last line that is not empty."""
    return written.decode(errors="replace").strip().rpartition("\n")[-1]


def files_in(process: int) -> int:
    """Return the number of files in the /tmp that a process sees."""
    try:
        disk = os.statvfs(f"/proc/{process}/root/tmp")
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return 0
    return disk.f_files - disk.f_ffree
