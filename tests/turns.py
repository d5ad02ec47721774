"""Whose turn it is today, of what is more than one run can try.

The date decides, or TURN, a number that each run prints, so that it can be repeated.
All have their turn each week, in the runs with EVERY_ANSWER=1, EVERY_ATTACK=1 and
EVERY_VIEW=1.
"""

import os
from collections.abc import Sequence
from datetime import date

# Kept in the environment, for workers that begin after midnight.
TURN = int(os.environ.setdefault("TURN", str(date.today().toordinal())))


def of_today(things: Sequence, days: int, *, every: bool, turn: int = TURN) -> list:
    """Return the things whose turn it is if each has one in so many days; or all."""
    return list(things if every else things[turn % days :: days])
