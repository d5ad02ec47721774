"""A sandbox that runs: made by bubblewrap, watched, and ended with all that is in it.

What the code inside can see, use and reach is decided in `walls`.
"""

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import tempfile
import threading

from assignments.grade import cgroups, lent, usage, walls
from assignments.grade.walls import Given, Limits, Unavailable

STARTING = 20.0  # seconds, far more than bubblewrap needs
WATCHING = 0.05  # seconds between two looks at what is used
MOST_FILES = 20_000
BUBBLEWRAPS = 2  # processes around those that count as the student's
NOTHING = Given()


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

    def __init__(self, limits: Limits, given: Given = NOTHING):
        self.limits = limits
        self.cpu_seconds = 0.0
        self._group = grouped(limits)
        self.channel, inside = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with inside:
                self._start(given, inside.fileno())
        except BaseException:
            self.channel.close()
            self._leave_group()
            raise
        self._closing = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    def _start(self, given: Given, channel: int):
        """Start bubblewrap, and find its process that is number 1 inside."""
        reading, writing = os.pipe()
        with contextlib.ExitStack() as stack:
            reported = stack.enter_context(os.fdopen(reading))
            report = stack.enter_context(os.fdopen(writing, "w"))
            filters = stack.enter_context(held(walls.refused()))
            stand_ins = {
                path: stack.enter_context(held(text.encode())).fileno()
                for path, text in lent.stand_ins(given.taken).items()
            }
            descriptors = (filters.fileno(), report.fileno(), channel)
            words = walls.command(self.limits, given, descriptors, stand_ins)
            self._process = subprocess.Popen(
                self._group.enter(*words) if self._group else words,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                pass_fds=(*descriptors, *stand_ins.values()),
                start_new_session=True,
                env={},
            )
            report.close()
            self._find_init(reported)

    def _find_init(self, reported):
        """Read from bubblewrap's report which process is number 1 inside."""
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
            used = usage.memory(self.init, self.limits.resident)
            if used > self.limits.resident or usage.files_in(self.init) > MOST_FILES:
                self._kill()

    def _count_time(self):
        used = sum(map(usage.cpu_seconds, usage.processes(self.init)))
        self.cpu_seconds = max(self.cpu_seconds, used)

    def sweep(self) -> bool:
        """Kill all processes but the worker; return whether it was alone.

        Many threads of its own are company, too: they keep it from making a copy.
        """
        inside = usage.processes(self.init)[1:]  # the worker, then all others
        for process in inside[1:]:
            usage.kill(process)
        threads = sum(len(usage.tasks(process)) for process in inside)
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
        self._leave_group()

    def _leave_group(self):
        """Remove the control group, which is empty now."""
        if self._group:
            self._group.close()


def grouped(limits: Limits) -> cgroups.Group | None:
    """Return a control group for a sandbox, where there can be one."""
    if folder := cgroups.home():
        most = limits.processes + BUBBLEWRAPS
        return cgroups.Group(folder, limits.resident, most)
    return None


@contextlib.contextmanager
def held(content: bytes):
    """Give a file without a name that holds this."""
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        yield file


def last_line(written: bytes) -> str:
    """Return the last line that is not empty."""
    return written.decode(errors="replace").strip().rpartition("\n")[-1]
