"""Each sandbox has a control group where there can be one, and elsewhere none."""

from pathlib import Path

import pytest

from assignments.grade import cgroups, sandbox
from assignments.grade.cgroups import Group
from assignments.grade.sandbox import Sandbox
from assignments.grade.walls import Limits
from assignments.inside import protocol
from tests.assignments.worker import ask

MOUNTS = """\
30 23 0:27 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
29 23 0:26 / {} rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate
"""


@pytest.fixture(autouse=True)
def forgotten():
    cgroups.home.cache_clear()
    yield
    cgroups.home.cache_clear()


@pytest.fixture
def process(tmp_path) -> Path:
    """Give what /proc tells of a process in a group, and that group's own files."""
    own = tmp_path / "self"
    own.mkdir()
    (own / "mountinfo").write_text(MOUNTS.format(tmp_path / "groups"))
    (own / "cgroup").write_text("4:memory:/x\n0::/user/grader.scope\n")
    folder(tmp_path, "groups")
    folder(tmp_path, "groups/user")
    folder(tmp_path, "groups/user/grader.scope")
    return own


def folder(tmp_path: Path, place: str) -> None:
    """Make a group whose groups have no limits, though they could."""
    (tmp_path / place).mkdir()
    (tmp_path / place / "cgroup.subtree_control").write_text("")
    (tmp_path / place / "cgroup.controllers").write_text("cpu memory pids")
    (tmp_path / place / "cgroup.procs").write_text("12\n13\n")


def texts(group: Path) -> dict[str, str]:
    """Return what is written in a group."""
    return {path.name: path.read_text() for path in group.iterdir() if path.is_file()}


def test_a_group_is_made_beside_that_of_the_grader(process, tmp_path):
    user = tmp_path / "groups/user"
    assert cgroups.home(process) is None
    (user / "cgroup.subtree_control").write_text("cpu memory pids\n")
    cgroups.home.cache_clear()
    assert cgroups.home(process) == user
    limits = {"memory.max": f"{2**31}", "memory.oom.group": "1", "pids.max": "34"}
    with Group(user, 2**31, 34) as group:
        assert texts(group.path) == limits
    assert texts(group.path) == limits | {"cgroup.kill": "1"}


def test_where_no_memory_is_counted_no_group_is_touched(process, tmp_path):
    (process / "cgroup").write_text("0::/\n")
    groups = tmp_path / "groups"
    (groups / "cgroup.type").write_text("domain")
    (groups / "cgroup.controllers").write_text("hugetlb")
    before = texts(groups)
    assert cgroups.home(process) is None
    assert texts(groups) == before
    assert not (groups / cgroups.OURS).exists()
    (process / "mountinfo").write_text("")
    cgroups.home.cache_clear()
    assert cgroups.home(process) is None
    cgroups.home.cache_clear()
    assert cgroups.home(tmp_path / "nothing") is None


@pytest.mark.parametrize("container", [True, False])
def test_only_a_container_lets_its_processes_move(process, tmp_path, container):
    (process / "cgroup").write_text("0::/\n")
    groups = tmp_path / "groups"
    if container:
        (groups / "cgroup.type").write_text("domain")
    cgroups.home(process)
    assert texts(groups)["cgroup.subtree_control"] == "+memory +pids"
    moved = groups / cgroups.OURS / "cgroup.procs"
    assert moved.exists() == container
    assert not container or moved.read_text() == "13"  # the last that was written


def test_groups_of_graders_that_were_killed_are_removed(tmp_path):
    gone, here = (tmp_path / f"{cgroups.NAME}-{pid}-0" for pid in (2**30, 1))
    gone.mkdir()
    here.mkdir()
    cgroups.sweep(tmp_path)
    assert [*tmp_path.iterdir()] == [here]


@pytest.mark.usefixtures("bubblewrap")
def test_a_sandbox_enters_its_group_and_removes_it(tmp_path, monkeypatch):
    monkeypatch.setattr(sandbox.cgroups, "home", lambda: tmp_path)
    box = Sandbox(Limits())
    [group] = tmp_path.iterdir()
    assert texts(group)["cgroup.procs"] == "0\n"
    assert ask(box.channel, do="run", source="") == {"value": None}
    box.close()
    assert texts(group)["cgroup.kill"] == "1"


TAKE = """
import mmap
kept = []
while True:
    kept.append(mmap.mmap(-1, 10**7, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS))
    kept[-1].write(bytes(10**7))
"""


@pytest.mark.usefixtures("bubblewrap")
def test_the_kernel_counts_where_it_can_and_the_grader_elsewhere(monkeypatch):
    if not (home := cgroups.home()):
        assert "The grader counts" in cgroups.said()
        assert sandbox.grouped(Limits()) is None
        return
    assert str(home) in cgroups.said()
    monkeypatch.setattr(sandbox.usage, "memory", lambda *_: 0)
    box = Sandbox(Limits(resident=300 << 20))
    group = box._group.path
    assert len((group / "cgroup.procs").read_text().split()) >= 2
    with pytest.raises((protocol.EndedError, OSError)):
        ask(box.channel, do="run", source=TAKE)
    assert int((group / "memory.peak").read_text()) <= 300 << 20
    box.close()
    assert not group.exists()
