"""What is tried in turn is tried, all of it, and by everybody in the same order."""

import subprocess
import sys
from datetime import date
from itertools import chain
from pathlib import Path

import pytest

from tests.turns import TURN, WEEK, is_today, of_today, put_off
from tools.paths import ROOT


@pytest.mark.parametrize("days", [1, 2, 4, 8])
def test_each_has_one_turn(days):
    things = list(range(8))
    seen = [of_today(things, days, every=False, turn=turn) for turn in range(days)]
    assert sorted(chain(*seen)) == things
    assert of_today(things, days, every=False, turn=days) == seen[0]
    assert all(seen)


class Test:
    """A test that may have a mark, as pytest knows it."""

    __test__ = False

    def __init__(self, *mark):
        self.mark = pytest.mark.turns(*mark).mark if mark else None

    def get_closest_marker(self, name):
        return self.mark if name == "turns" else None


def test_a_test_may_have_its_turn_on_one_day_of_some():
    days = [turn for turn in range(6) if is_today(Test(3, 1), every=False, turn=turn)]
    assert days == [1, 4]
    assert all(is_today(Test(), every=False, turn=turn) for turn in range(6))
    assert all(is_today(Test(3, 1), every=True, turn=turn) for turn in range(6))


def test_whoever_names_a_file_gets_all_its_tests():
    there, elsewhere = Test(3, 1), Test(3, 1)
    there.path, elsewhere.path = Path("/a/test_a.py"), Path("/a/test_b.py")
    when = {"every": False, "turn": 0}
    assert put_off([there, elsewhere], [there.path, Path("/a")], **when) == [elsewhere]
    assert put_off([there, elsewhere], [], **when | {"turn": 1}) == []


@pytest.mark.parametrize("mark", [(8, 0), (3, 3), (3, -1)])
def test_a_turn_that_never_comes_within_a_week_is_refused(mark):
    with pytest.raises(ValueError, match=f"day < days <= {WEEK}"):
        is_today(Test(*mark), every=False, turn=0)


def test_all_have_their_turn_each_week():
    assert of_today("abc", 3, every=True, turn=1) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("given", "turn"),
    [({}, date.today().toordinal() + sys.version_info.minor), ({"TURN": "7"}, 7)],
)
def test_the_date_decides_or_who_repeats_a_run(given, turn):
    code = "import os; from tests.turns import TURN; print(TURN, os.environ['TURN'])"
    said = subprocess.check_output(
        [sys.executable, "-c", code], cwd=ROOT, env=given, text=True
    )
    assert said == f"{turn} {turn}\n"


def test_a_run_says_whose_turn_it_is(request):
    said = request.config.hook.pytest_report_header(
        config=request.config, start_path=ROOT
    )
    assert any(f"TURN={TURN}" in str(line) for line in said)
