"""Each assignment is graded fairly: what `python -m assignments check` proves.

One wrong solution of seven, which the day chooses, is graded in the sandbox, on each
second day the reference and on the others what nobody touched; with EVERY_ANSWER=1, as
each week, everything.  `test_luck` runs all of them without the sandbox.
Hostile submissions are tried in `test_attacks`.
"""

import os
from pathlib import Path

import pytest

from assignments import masters, release
from assignments.grade import tests
from assignments.proof import attacks, cases, mistakes
from assignments.proof.cases import Case
from assignments.proof.mistakes import MistakeError
from tests.assignments import toy
from tests.assignments.toy import demo, store
from tests.turns import TURN, of_today

PATHS = masters.paths()
DAYS = 7  # in which every wrong solution is graded
EVERY = os.environ.get("EVERY_ANSWER") == "1"


def tried(path: Path, turn: int = TURN, every: bool = EVERY) -> list[Case]:
    """Return the cases of an assignment that are tried, or all but the hostile ones."""
    found = {kind: [] for kind in ("reference", "untouched", "release", "wrong")}
    for case in cases.cases(masters.read(path)):
        found.get(case.kind, []).append(case)
    graded = found["reference"] + found["untouched"]
    return [
        *of_today(graded, 2, every=every, turn=turn + PATHS.index(path)),
        *found["release"],
        *of_today(found["wrong"], DAYS, every=every, turn=turn),
    ]


def pytest_generate_tests(metafunc):
    """Give each class the cases of its assignment."""
    if "case" in metafunc.fixturenames:
        metafunc.parametrize("case", tried(PATHS[metafunc.cls.number]), ids=str)


@pytest.mark.usefixtures("bubblewrap")
class Cases:
    """The tests of one assignment, in a class of their own to run beside the others."""

    def test_it_is_as_it_should_be(self, case):
        assert case.problems() == []


class TestA1(Cases):
    number = 0


class TestA2(Cases):
    number = 1


class TestA3(Cases):
    number = 2


class TestA4(Cases):
    number = 3


class TestA5(Cases):
    number = 4


def test_every_assignment_is_tried_with_enough():
    keys = [path.stem.split("-")[0] for path in PATHS]
    assert keys == ["a1", "a2", "a3", "a4", "a5"]
    assert len(attacks.names()) >= 15
    for path in PATHS:
        assert len(mistakes.paths(masters.read(path))) >= 8


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_turns_try_every_case(path):
    turns = [tried(path, turn, every=False) for turn in range(DAYS)]
    assert set().union(*turns) == {*tried(path, every=True)}
    for turn in turns:
        kinds = {case.kind for case in turn}
        assert kinds - {"reference", "untouched"} == {"release", "wrong"}
        assert len(kinds) == 3


# The checks themselves notice what they are for


@pytest.fixture
def master(tmp_path, monkeypatch):
    monkeypatch.setattr(mistakes, "FOLDER", tmp_path / "wrong")
    (tmp_path / "wrong/d1").mkdir(parents=True)
    return demo(tmp_path)


def earning(points: float, message: str = ""):
    """Return a grader that gives each test the same."""

    def grade(master, notebook, **options):
        mark = [(test.id, test.points) for test in master.tests]
        marks = {key: tests.Mark(points * most, most, message) for key, most in mark}
        return tests.Result(marks, [], 0, 0)

    return grade


def test_a_reference_that_loses_points_is_noticed(master, monkeypatch):
    monkeypatch.setattr(tests, "grade", earning(0, "no"))
    found = Case(master.path, "reference").problems()
    assert found[0] == "loses 3 points in test-double: no"


def test_points_for_nothing_are_noticed(master, monkeypatch):
    monkeypatch.setattr(tests, "grade", earning(1))
    found = Case(master.path, "untouched").problems()
    assert found[0] == "earns 3 points in test-double for nothing"


def test_feedback_with_a_hidden_check_is_noticed(master, monkeypatch):
    monkeypatch.setattr(tests, "grade", earning(0, "assert double(-17.5) == -35.0"))
    found = Case(master.path, "untouched").problems()
    assert found == ["its feedback gives away: assert double(-17.5) == -35.0"]


@pytest.mark.parametrize("message", ["line\nline", "long" * 300])
def test_a_message_that_is_no_short_line_is_noticed(master, monkeypatch, message):
    monkeypatch.setattr(tests, "grade", earning(0, message))
    found = Case(master.path, "hostile", "edit_cells").problems()
    assert found[0] == f"tells what is no short line: {message[:80]!r}"


WRONG = '''\
"""Squares."""
# fails: test-double

# %% double
def double(x):
    return x * x
'''


@pytest.mark.parametrize(
    ("points", "found"),
    [(1, ["passes test-double"]), (0, ["fails test-level: no"])],
)
def test_a_wrong_solution_that_passes_or_fails_too_much_is_noticed(
    master, monkeypatch, points, found
):
    (mistakes.FOLDER / "d1/squares.py").write_text(WRONG)
    monkeypatch.setattr(tests, "grade", earning(points, "no"))
    assert Case(master.path, "wrong", "squares").problems() == found


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"""Squares."""', "", "needs a docstring, a line `# fails: ...`"),
        ("# fails: test-double", "", "needs a docstring"),
        ("# %% double", "", "needs a docstring"),
        ("# %% double", "# %% triple", "d1-doubling does not have: triple"),
        ("test-double", "test-triple", "d1-doubling does not have: test-triple"),
    ],
)
def test_a_wrong_solution_says_what_it_is(master, old, new, message):
    path = mistakes.FOLDER / "d1/squares.py"
    path.write_text(WRONG.replace(old, new))
    with pytest.raises(MistakeError, match=message):
        mistakes.read(master, path)


def test_a_wrong_solution_may_be_a_change_of_the_right_one():
    right = "def double(x):\n    y = x\n    return y\n"
    change = "# -     y = x\n# +     y = x * x\n"
    wrong = mistakes.changed(right, change, "squares.py")
    assert wrong == "def double(x):\n    y = x * x\n    return y\n"
    assert mistakes.changed(right, WRONG, "squares.py") == WRONG


@pytest.mark.parametrize(("line", "times"), [("    y = z", 0), ("y", 2)])
def test_a_change_of_a_line_that_is_not_there_once_is_refused(line, times):
    with pytest.raises(MistakeError, match=f"the reference has {times} times"):
        mistakes.changed("y\ny\n", f"# - {line}\n# + 0\n", "squares.py")


def test_an_old_release_is_noticed(master, tmp_path, monkeypatch):
    monkeypatch.setattr(cases, "RELEASED", tmp_path / "book")
    case = Case(master.path, "release")
    old = ["d1-doubling.ipynb is not what `release` writes: run it again"]
    assert case.problems() == old
    release.release(master, tmp_path / "book")
    assert case.problems() == []
    store(tmp_path, [*toy.cells()[:-1]])
    cases.read.cache_clear()
    assert case.problems() == old
