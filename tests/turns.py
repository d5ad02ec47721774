"""Whose turn it is today, of what is more than one run can try.

The date decides and the version of Python, so that runs on three versions share three
turns; or TURN, a number that each run prints, so that it can be repeated.
All have their turn each week, in the runs with EVERY_ANSWER=1, EVERY_ATTACK=1,
EVERY_TEST=1 and EVERY_VIEW=1.
"""

import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

WEEK = 7  # days within which everything is tried
EACH_DAY = pytest.mark.turns(1, 0)  # as what `of_today` chooses in a file with turns
EVERY_TEST = os.environ.get("EVERY_TEST") == "1"
# Kept in the environment, for workers that begin after midnight.
TODAY = date.today().toordinal() + sys.version_info.minor
TURN = int(os.environ.setdefault("TURN", str(TODAY)))


def of_today(things: Sequence, days: int, *, every: bool, turn: int = TURN) -> list:
    """Return the things whose turn it is if each has one in so many days; or all."""
    return list(things if every else things[turn % days :: days])


def is_today(item, *, every: bool = EVERY_TEST, turn: int = TURN) -> bool:
    """Say whether a test runs, which `pytest.mark.turns(days, day)` may put off.

    It runs on one day of so many; tests with the same mark run on the same day.  What
    `of_today` chooses is not put off besides, since the two might never meet.
    """
    if (mark := item.get_closest_marker("turns")) is None:
        return True
    days, day = turns_of(mark)
    return every or turn % days == day


def put_off(items: list, named: list[Path], **when) -> list:
    """Return the tests that do not run today, of files that nobody named."""
    return [
        item for item in items if not (item.path in named or is_today(item, **when))
    ]


def turns_of(mark) -> tuple[int, int]:
    """Return of how many days a mark names which one, and refuse more than a week."""
    days, day = mark.args
    if not 0 <= day < days <= WEEK:
        raise ValueError(f"turns(days, day) needs 0 <= day < days <= {WEEK}: {mark}")
    return days, day
