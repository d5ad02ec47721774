"""Marks do not depend on luck: right answers pass and named wrong ones fail, always.

Every test cell of every master runs here, in this process, on the reference solutions
and on the wrong ones; where chance has a part in it, 100 times with other seeds, which
INITLIB_SEED chooses, and with EVERY_ANSWER=1, as each week, 2,000 times.
Of the wrong ones of the fifth, whose checks train a network, a quarter runs each day.
"""

import os
import traceback
from contextlib import chdir
from functools import cache

import numpy as np
import pytest

from assignments import fair, masters
from assignments.fair import checks
from assignments.proof import mistakes
from tests.turns import of_today

SEED = int(os.environ.get("INITLIB_SEED", "0"))
EVERY = os.environ.get("EVERY_ANSWER") == "1"
SEEDS = range(2000) if EVERY else range(SEED % 20, 2000, 20)
NOT_BY_CHANCE = {"check_array", "check_reproducible", "check_varies"}
BY_CHANCE = {"check_distribution", "check_largest", "check_mean", "check_std"}
BY_CHANCE |= {"check_unrelated"}

MASTERS = {master.key: master for master in map(masters.read, masters.paths())}
WRONG = {
    f"{key}-{path.stem}": (key, mistakes.read(master, path))
    for key, master in MASTERS.items()
    for path in mistakes.paths(master)
}
DAYS = {"a5": 4}  # within which the wrong answers are tried, where not each day
TODAY = [
    name
    for key in MASTERS
    for name in of_today(
        [name for name in WRONG if WRONG[name][0] == key],
        DAYS.get(key, 1),
        every=EVERY,
    )
]


@cache
def compiled(source):
    return compile(source, "<cell>", "exec")


def run(source, names):
    exec(compiled(source), names)


def answers(master, replaced=None):
    """Run a submission and return its names."""
    names = {"__name__": "submission"}
    with chdir(masters.FOLDER):  # where the data of a master lie
        for source in master.setup:
            run(source, names)
        for source in (master.solutions | (replaced or {})).values():
            run(source, names)
    return names | {name: sent_copies(names[name]) for name in master.functions}


def sent_copies(function):
    """Let a function have copies of generators, as the grader sends them."""
    return lambda *values, **more: function(*map(sent, values), **more)


def sent(value):
    if not isinstance(value, np.random.Generator):
        return value
    bits = np.random.PCG64(0)  # much faster than `deepcopy`
    bits.state = value.bit_generator.state
    return np.random.Generator(bits)


def failure(source, names, base=0):
    """Run a part of a test cell and return the exception that it raised, or None."""
    with fair.seeded(base):
        try:
            run(source, dict(names))
        except Exception as error:
            return error
    return None


def failing(check, names):
    """Return the first exception of a test cell, or None."""
    return failure(check.public, names) or failure(check.hidden, names)


def decided_by_chance(error):
    """Return whether the check that failed could have passed with another seed."""
    frames = {frame.name for frame in traceback.extract_tb(error.__traceback__)}
    return not frames & NOT_BY_CHANCE


@pytest.fixture
def calls(monkeypatch):
    """List the calls of checks that chance decides, and of `fair.rng`."""
    made = []

    def watched(name, function):
        def watch(*values, **more):
            made.append(name)
            return function(*values, **more)

        return watch

    for name in BY_CHANCE | {"rng"}:
        watch = watched(name, getattr(fair, name))
        for module in (fair, checks):
            monkeypatch.setattr(module, name, watch)
    return made


class TestRight:
    """Each class goes to one worker; so this one and the next run side by side."""

    @pytest.mark.parametrize("key", MASTERS)
    def test_a_right_answer_never_fails(self, key, calls):
        master = MASTERS[key]
        names = answers(master)
        for check in master.tests:
            calls.clear()
            assert failing(check, names) is None
            for base in SEEDS if "rng" in calls else []:
                error = failure(check.hidden, names, base)
                assert error is None, f"{check.id}, base {base}: {error}"

    @pytest.mark.parametrize("key", MASTERS)
    def test_all_checks_together_fail_a_right_answer_once_in_a_million(
        self, key, calls
    ):
        master = MASTERS[key]
        names = answers(master)
        assert [c.id for c in master.tests if failing(c, names)] == []
        by_chance = sum(name != "rng" for name in calls)
        assert by_chance * fair.ALPHA <= 1e-6, by_chance


class TestWrong:
    @pytest.mark.parametrize("name", TODAY)
    def test_a_wrong_answer_always_fails_what_it_lists(self, name, calls):
        key, mistake = WRONG[name]
        tests = MASTERS[key].tests
        names = answers(MASTERS[key], mistake.sources)
        assert {check.id for check in tests if failing(check, names)} == mistake.fails
        for check in tests:
            if check.id in mistake.fails and failure(check.public, names) is None:
                calls.clear()
                error = failure(check.hidden, names)
                if "rng" in calls and decided_by_chance(error):
                    for base in SEEDS:
                        assert failure(check.hidden, names, base), f"{check.id}, {base}"


@pytest.mark.parametrize("key", MASTERS)
def test_there_are_enough_wrong_answers(key):
    made = [mistake for other, mistake in WRONG.values() if other == key]
    assert len(made) >= 8
    failed = frozenset().union(*(mistake.fails for mistake in made))
    assert failed == {check.id for check in MASTERS[key].tests}  # no test is idle
