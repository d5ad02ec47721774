"""What hostile submissions earn, and that they leave nothing behind.

Every seventh attack is tried, on one assignment; the day chooses both.  With
EVERY_ATTACK=1, as each week, all are tried on all.  Four are graded at a time, so that
each is a neighbour whose grading the others must not disturb.
"""

import os
import shutil
import socket
from concurrent.futures import Future, wait
from contextlib import ExitStack
from itertools import chain
from pathlib import Path

import pytest

from assignments import masters
from assignments.grade import usage, walls
from assignments.grade.tests import Mark
from assignments.hostile import TRACE, open_sockets
from assignments.proof import attacks, cases
from assignments.proof.cases import Case
from tests.turns import TURN
from tools import jobs
from tools.paths import ROOT

PATHS = masters.paths()
DAYS = 7  # in which every attack is tried
EVERY = os.environ.get("EVERY_ATTACK") == "1"
pytestmark = pytest.mark.usefixtures("bubblewrap")


def targets(attack: str, turn: int = TURN, every: bool = EVERY) -> list[Path]:
    """Return the masters that an attack is tried on: one, or none, or every one."""
    number = attacks.names().index(attack)
    if every:
        return PATHS
    target = (number // DAYS + turn // DAYS) % len(PATHS)
    return PATHS[target : target + 1] if number % DAYS == turn % DAYS else []


TODAY = [attack for attack in attacks.names() if targets(attack)]


@pytest.fixture(scope="module")
def pool():
    with jobs.processes(4) as crew:
        yield crew.executor


@pytest.fixture(scope="module")
def listeners():
    """Listen where attacks connect to; a connection would wait to be accepted."""
    places = [
        (socket.AF_INET, ("127.0.0.1", open_sockets.PORT)),
        (socket.AF_UNIX, open_sockets.PATH),
        (socket.AF_UNIX, f"\0{TRACE}"),
    ]
    path = Path(open_sockets.PATH)
    path.unlink(missing_ok=True)  # as a run that was killed leaves it
    with ExitStack() as stack:
        found = []
        for family, place in places:
            server = stack.enter_context(socket.socket(family, socket.SOCK_STREAM))
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            server.bind(place)
            server.listen()
            server.setblocking(False)
            found.append(server)
        stack.callback(path.unlink)
        yield found


def left_behind(pool) -> list[str]:
    """Return the files and the processes that an attack left on this machine."""
    folders = {Path(place) for place in ("/", "/tmp", "/var/tmp", "/dev/shm", ".")}
    folders |= {Path.home(), ROOT, Path(shutil.__file__).parent}
    found = [str(path) for folder in folders for path in folder.glob(f"{TRACE}*")]
    users = {
        str(walls.FIRST_USER + (grader << 6) + number)
        for grader in pool._processes
        for number in range(64)
    }
    for status in Path("/proc").glob("[0-9]*/status"):
        lines = usage.read(status).splitlines()
        found += [str(status) for line in lines if users & set(line.split()[1:])]
    for process in pool._processes:
        found += [str(child) for child in usage.processes(process)[1:]]
    return [trace for trace in found if trace != open_sockets.PATH]


@pytest.fixture(scope="module")
def outcomes(pool, listeners) -> dict[str, list[Future]]:
    """Try all attacks, four at a time: while one waits for its limits, others work."""
    return {
        attack: [
            pool.submit(Case(path, "hostile", attack).problems)
            for path in targets(attack)
        ]
        for attack in TODAY
    }


@pytest.mark.parametrize("attack", TODAY)
def test_an_attack_earns_what_its_honest_part_earns(attack, outcomes):
    found = [future.result(timeout=300) for future in outcomes[attack]]
    assert found == [[]] * len(targets(attack))


def test_no_attack_leaves_anything_behind(pool, listeners, outcomes):
    assert len(wait(chain(*outcomes.values()), timeout=300).not_done) == 0
    assert left_behind(pool) == []
    for server in listeners:
        with pytest.raises(BlockingIOError):
            server.accept()


@pytest.mark.parametrize("path", masters.paths(), ids=lambda path: path.stem)
def test_there_is_something_to_spoil_and_something_to_gain(path):
    earned = [mark.points > 0 for mark in cases.honest_marks(path).values()]
    assert {*earned} == {True, False}


def test_turns_try_every_attack_on_every_assignment():
    for attack in attacks.names():
        turns = range(DAYS * len(PATHS))
        tried = [path for turn in turns for path in targets(attack, turn, False)]
        assert sorted(tried) == targets(attack, every=True) == PATHS
    for turn in range(DAYS):
        today = [targets(attack, turn, False) for attack in attacks.names()]
        assert {path for paths in today for path in paths} == {*PATHS}


def test_left_behind_sees_what_is_left(pool, tmp_path, monkeypatch):
    pool.submit(int).result()
    monkeypatch.chdir(tmp_path)
    (tmp_path / f"{TRACE}-file").touch()
    assert left_behind(pool) == [f"{TRACE}-file"]


def test_every_attack_says_what_it_does():
    assert len(attacks.names()) >= 50
    for name in attacks.names():
        module = attacks.module(name)
        assert module.__doc__.strip()
        assert module.spoil.__doc__.strip()
        assert getattr(module, "EXPECTED", "at most") == "at most"


def test_too_many_and_too_few_points_are_problems(monkeypatch):
    marks = {"a": Mark(2, 2), "b": Mark(0, 2)}
    swapped = {"a": Mark(0, 2), "b": Mark(2, 2)}
    assert attacks.problems("monkeypatch", marks, marks) == []
    assert len(attacks.problems("monkeypatch", marks, swapped)) == 2
    assert attacks.problems("take_over_worker", marks, swapped) == ["b earns 2, not 0"]
