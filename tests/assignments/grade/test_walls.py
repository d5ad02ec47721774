"""What a student's process can see, use and reach."""

import os
import sys
from pathlib import Path

import pytest

from assignments.grade import seccomp, walls
from assignments.grade.sandbox import Sandbox
from assignments.grade.walls import Given, Limits, Unavailable
from assignments.inside import protocol
from tests.assignments.worker import ask
from tools.paths import ROOT


@pytest.fixture(scope="module")
def box(bubblewrap):
    found = Sandbox(Limits(processes=20))
    yield found
    found.close()


@pytest.fixture
def probe(box):
    """Run code in the sandbox and return its variable `found`."""

    def run(code):
        assert ask(box.channel, do="run", source=code) == {"value": None}
        answer = ask(box.channel, do="read", name="found")
        return protocol.decode(answer["value"])

    return run


TRY = """
def attempt(action, *arguments):
    try:
        return str(action(*arguments))
    except OSError as error:
        return error.strerror
"""


def test_it_sees_python_and_nothing_of_ours(probe):
    code = """
import os
found = []
for folder, below, files in os.walk("/"):
    below[:] = [name for name in below if name != "proc"]
    found += [os.path.join(folder, name) for name in files]
"""
    found = probe(code)
    there = {Path(path) for path in found if path.startswith(f"{walls.CODE}/")}
    inside = [path for path in walls.INSIDE.rglob("*") if path.is_file()]
    assert there == {walls.CODE / path.relative_to(walls.INSIDE) for path in inside}
    library = (f"{ROOT}/initlib/", f"{Path(sys.prefix).resolve()}/")
    of_root = [path for path in found if path.startswith(f"{ROOT}/")]
    assert of_root
    assert not [path for path in of_root if not path.startswith(library)]
    secret = ("assignments/masters", "assignments/wrong", "/fair/", "/grade/")
    ours = [path for path in found if "/site-packages/" not in path]
    assert not [path for path in ours if any(word in path for word in secret)]
    assert not [path for path in found if path.startswith(("/etc/p", "/home"))]


def test_it_can_write_only_where_there_is_a_limit(probe):
    code = (
        TRY
        + f"""
import os
import sys
import numpy
folders = ["/", "/dev", "/tmp", "/dev/shm", ".", "/usr/lib", "/proc/sys/kernel",
           sys.prefix + "/lib", os.path.dirname(numpy.__file__),
           {str(ROOT / "initlib")!r}]
found = [folder for folder in folders
         if attempt(os.mkdir, folder + "/new").startswith("None")]
"""
    )
    assert probe(code) == ["/tmp", "/dev/shm", "."]
    code = """
import os
found = {}
for folder in ("/tmp", "/dev/shm"):
    disk = os.statvfs(folder)
    found[folder] = disk.f_blocks * disk.f_frsize
"""
    limits = Limits()
    assert probe(code) == {"/tmp": limits.disk, "/dev/shm": limits.shared}


def test_it_owns_nothing_and_may_nothing(probe):
    code = """
found = dict(line.split(":", 1) for line in open("/proc/self/status").readlines())
found = {key: value.strip() for key, value in found.items()}
"""
    status = probe(code)
    for rights in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
        assert int(status[rights], 16) == 0
    assert status["NoNewPrivs"] == "1"
    assert status["Seccomp"] == "2"
    assert status["Groups"] in ("", "65534")
    user = "1" if os.getuid() == 0 else "65534"
    assert set(status["Uid"].split()) == set(status["Gid"].split())
    assert status["Uid"].startswith(user)
    assert int(status["Uid"].split()[0]) >= 65534


def test_its_limits_cannot_be_raised(probe):
    code = """
import resource
found = {}
for name in ("AS", "CPU", "NPROC", "NOFILE", "FSIZE", "CORE", "MSGQUEUE", "MEMLOCK"):
    number = getattr(resource, "RLIMIT_" + name, 12)
    found[name] = list(resource.getrlimit(number))
    try:
        resource.setrlimit(number, (2**40, 2**40))
        found[name] = "raised"
    except (ValueError, OSError):
        pass
"""
    limits = Limits(processes=20)
    assert probe(code) == {
        "AS": [limits.memory] * 2,
        "CPU": [limits.cpu_seconds] * 2,
        "NPROC": [20, 20],
        "NOFILE": [limits.files] * 2,
        "FSIZE": [limits.disk] * 2,
        "CORE": [0, 0],
        "MSGQUEUE": [0, 0],
        "MEMLOCK": [0, 0],
    }


def test_each_sandbox_has_its_own_limit_of_processes(box, probe):
    code = """
import os
import signal
import time
children = []
try:
    while True:
        if (child := os.fork()) == 0:
            time.sleep(100)
        children.append(child)
except OSError:
    found = len(children)
"""
    alone = 19 if os.getuid() == 0 else 18  # bubblewrap's process counts for a user
    assert probe(code) == alone
    with_another = Sandbox(Limits(processes=20))
    try:
        assert ask(with_another.channel, do="run", source=code) == {"value": None}
        answer = ask(with_another.channel, do="read", name="found")
        assert answer == {"value": alone}
    finally:
        with_another.close()
    while not box.sweep():
        probe("found = 0")


def test_it_reaches_nobody(probe):
    code = """
import socket
found = []
for family in range(64):
    try:
        socket.socket(family, socket.SOCK_DGRAM).close()
        found.append(family)
    except OSError:
        pass
found += [name for _, name in socket.if_nameindex()] if socket.AF_INET in found else []
"""
    assert probe(code) == []
    code = "import os\nfound = [n for n in os.listdir('/proc') if n.isdigit()]"
    assert probe(code) == ["1", "2"]  # bubblewrap and the worker
    code = "import os\nfound = sorted(os.listdir('/proc/self/fd'))"
    assert len(probe(code)) == 5  # three to nothing, the channel, and the folder itself
    code = "import os\nfound = dict(os.environ)"
    environment = probe(code)
    assert set(environment) <= {*walls.ENVIRONMENT, "PYTHONPATH", "PWD"}


HELD = """
import fcntl
import mmap
import os
found = []
try:
    mmap.mmap(-1, 4096)
    found.append("shared memory without a file")
except OSError:
    pass
try:
    with open("/dev/zero", "r+b") as file:
        mmap.mmap(file.fileno(), 4096)
    found.append("shared zeros")
except (OSError, ValueError):
    pass
with open("/tmp/file", "w+b") as file:
    file.write(bytes(4096))
    file.flush()
    mmap.mmap(file.fileno(), 4096)[0] = 1  # counts as the file does
    for take in (fcntl.lockf, lambda *where: fcntl.fcntl(file, 37, bytes(32))):
        try:
            take(file, fcntl.LOCK_EX, 1, 0)
            found.append("a lock of a part of a file")
        except OSError:
            pass
mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
os.remove("/tmp/file")
"""


def test_it_gets_no_memory_that_no_limit_counts(probe):
    assert probe(HELD) == []
    exec(HELD, space := {})
    assert {"shared memory without a file", "shared zeros"} <= {*space["found"]}


@pytest.mark.usefixtures("bubblewrap")
def test_many_empty_files_end_a_sandbox():
    code = """
number = 0
while True:
    open(f"/dev/shm/{number}", "w").close()
    number += 1
"""
    box = Sandbox(Limits(disk=1 << 20))
    try:
        with pytest.raises((protocol.EndedError, OSError)):
            ask(box.channel, do="run", source=code)
    finally:
        box.close()


def test_process_1_has_the_limits_and_is_closed_to_the_others(probe):
    code = """
found = []
for name in ("mem", "maps", "environ", "auxv"):
    try:
        open(f"/proc/1/{name}", "rb").read(1)
        found.append(name)
    except OSError:
        pass
limits = dict(line.split("  ", 1) for line in open("/proc/1/limits"))
found += [limits[name].split()[1] for name in ("Max address space", "Max open files")]
"""
    limits = Limits()
    assert probe(code) == [str(limits.memory), str(limits.files)]
    code = """
import os, signal
for number in range(1, 65):
    try:
        os.kill(1, number)
    except OSError:
        pass
found = "goes on"
"""
    assert probe(code) == "goes on"


def test_it_is_the_first_to_go_and_writes_into_no_process(probe):
    code = """
found = []
for name in ("oom_score_adj", "mem", "comm"):
    for process in ("self", "1"):
        try:
            open(f"/proc/{process}/{name}", "r+b").close()
            found.append([process, name])
        except OSError:
            pass
found.append([open("/proc/self/oom_score_adj").read().strip()])
"""
    assert probe(code) == [["1000"]]


def test_the_kernel_refuses_what_the_filter_names(probe):
    column = seccomp.ARCHITECTURES[os.uname().machine][1]
    calls = {name: numbers[column] for name, numbers in seccomp.REFUSED.items()}
    calls["clone"] = seccomp.CLONE[column]
    code = f"""
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
found = {{}}
for name, number in {calls!r}.items():
    flags = {seccomp.CLONE_NEWUSER}
    found[name] = [libc.syscall(number, flags, 0, 0, 0, 0), ctypes.get_errno()]
"""
    found = probe(code)
    assert found.pop("clone") == [-1, 1]
    assert {name for name, answer in found.items() if answer != [-1, 38]} == set()
    assert probe("import threading\nt = threading.Thread(target=print)\nt.start()\n"
                 "t.join()\nfound = 'threads start'") == "threads start"  # fmt: skip


def test_assignments_among_what_is_visible_are_no_sandbox(monkeypatch):
    inside = Path(sys.prefix) / "lib" / "assignments"
    monkeypatch.setattr(walls, "HERE", inside.resolve())
    with pytest.raises(Unavailable, match="apart from"):
        walls.visible()


def test_an_unknown_machine_is_no_sandbox(monkeypatch):
    monkeypatch.setattr(walls.platform, "machine", lambda: "mips")
    with pytest.raises(Unavailable, match="mips"):
        walls.refused()


@pytest.mark.usefixtures("bubblewrap")
def test_a_normal_user_gets_a_user_namespace_and_the_superuser_another_id(monkeypatch):
    monkeypatch.setattr(os, "getuid", lambda: 1000)
    words = walls.command(Limits(), Given(), (3, 4, 5), {})
    assert "--disable-userns" in words
    assert "65534" in words
    assert not [word for word in words if word.startswith("CAP_")]
    monkeypatch.setattr(os, "getuid", lambda: 0)
    first, second = (walls.command(Limits(), Given(), (3, 4, 5), {}) for _ in range(2))
    users = [words[words.index("--reuid") + 1] for words in (first, second)]
    assert len({*users}) == 2
    assert all(0x70000000 <= int(user) < 0x80000000 for user in users)
