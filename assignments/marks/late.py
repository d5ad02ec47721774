"""Take points off what was handed in late, by one rule for all, with extensions."""

import math
import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

from assignments.hand_in.students import Student
from assignments.marks import rosters
from assignments.marks.csv_files import Table, TableError
from assignments.marks.gradebooks import row_of
from assignments.marks.totals import Lateness

EXTENSION = ("extension", "extended until")  # columns of the roster
HANDED_IN = ("handed in", "submitted at", "last modified (submission)")
UNITS = {"min": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
RATE = re.compile(r"(\d+(?:\.\d+)?)(%?)/(day|hour)")
SPAN = re.compile(r"(\d+)(min|h|d)")
MOODLE = "%A, %d %B %Y, %I:%M %p"  # Friday, 27 November 2026, 10:15 PM
ISO = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?")
MOST_NAMED = 5


@dataclass(frozen=True)
class Rate:
    """What a day or an hour costs, begun ones in full."""

    amount: float
    percent: bool  # of the maximum
    each: timedelta


@dataclass(frozen=True)
class Policy:
    """What lateness costs."""

    rate: Rate
    due: datetime
    grace: timedelta = timedelta()

    def penalty(self, handed_in: datetime, due: datetime, maximum: float) -> float:
        """Return the points that are taken off."""
        if handed_in <= due + self.grace:
            return 0
        begun = math.ceil((handed_in - due) / self.rate.each)
        share = maximum / 100 if self.rate.percent else 1
        return min(maximum, begun * self.rate.amount * share)


def rate(text: str) -> Rate:
    """Return what `10%/day` or `0.5/hour` says; `none` takes nothing off.

    Raises
    ------
    ValueError
        If it says nothing of the kind.
    """
    if text == "none":
        return Rate(0, False, timedelta(days=1))
    found = RATE.fullmatch(text)
    if not found or (found[2] and float(found[1]) > 100):
        raise ValueError(f"{text!r} is not like 10%/day, 0.5/hour or none")
    return Rate(float(found[1]), bool(found[2]), timedelta(**{f"{found[3]}s": 1}))


def span(text: str) -> timedelta:
    """Return what `15min`, `2h` or `1d` says."""
    found = SPAN.fullmatch(text)
    if not found or len(found[1]) > 6:
        raise ValueError(f"{text!r} is not like 15min, 2h or 1d")
    return int(found[1]) * UNITS[found[2]]


def moment(text: str, *, ends: bool = False) -> datetime:
    """Return a date with its time, of this machine's zone where it names none.

    Parameters
    ----------
    text
        `2026-11-27`, `2026-11-27 22:15`, `2026-11-27T22:15:00+01:00`, or Moodle's
        `Friday, 27 November 2026, 10:15 PM`.
    ends
        Whether a day alone means its end; otherwise it is refused.
    """
    try:
        if not ISO.fullmatch(text):
            return datetime.strptime(text, MOODLE).astimezone()
        found = datetime.fromisoformat(text)
        if len(text) > len("2026-11-27"):
            return found.astimezone()
        if ends:
            return datetime.combine(found, time(23, 59, 59)).astimezone()
    except (ValueError, OverflowError):
        pass
    days = "2026-11-27, " if ends else ""
    raise ValueError(f"{text!r} is no time like {days}2026-11-27 22:15")


def judge(
    students: list[Student], policy: Policy, maximum: float, roster: Path | None
) -> dict[tuple[str, str], Lateness]:
    """Return the lateness of each student, by layout and id.

    Raises
    ------
    TableError
        If a cell of the roster is no time, or it is not known when somebody who may be
        late has handed in.
    """
    table = rosters.read(roster) if roster else Table([], [])
    check(table, roster)
    found, unknown = {}, []
    for student in students:
        row = row_of(student, table)
        extended = cell(table, row, EXTENSION)
        due = moment(extended, ends=True) if extended else policy.due
        known = time_of(student, table, row)
        if known is None and (student.layout != "canvas" or student.late):
            unknown.append(f"{student.name} ({student.id})")
        penalty = policy.penalty(known, due, maximum) if known else 0
        found[student.layout, student.id] = Lateness(due, known, penalty)
    if unknown:
        more = f" and {left} more" if (left := len(unknown) - MOST_NAMED) > 0 else ""
        raise TableError(
            "--late: it is not known when these handed in: "
            f"{', '.join(unknown[:MOST_NAMED])}{more}; name with --roster a table with "
            "a column `Handed in`, or Moodle's grading worksheet"
        )
    return found


def check(table: Table, path: Path | None) -> None:
    """Refuse a roster in which a time is none."""
    for names, ends in ((EXTENSION, True), (HANDED_IN, False)):
        place = table.column(*names)
        for line in range(len(table.rows) if place is not None else 0):
            try:
                if text := stripped(table.get(line, place)):
                    moment(text, ends=ends)
            except ValueError as error:
                where = f"{path}, line {line + 2}, {table.header[place]}"
                raise TableError(f"{where}: {error}") from error


def cell(table: Table, row: int | None, names: tuple[str, ...]) -> str:
    """Return what a row says in one of these columns."""
    place = table.column(*names)
    return "" if None in (row, place) else stripped(table.get(row, place))


def stripped(text: str) -> str:
    """Return a cell without what only says that there is nothing."""
    return text.strip().strip("-").strip() if set(text) <= {"-", " "} else text.strip()


def time_of(student: Student, table: Table, row: int | None) -> datetime | None:
    """Return when a student handed in: as the roster says, or the file's time.

    Files of Canvas and Moodle have the time at which they were packed, no more.
    """
    if told := cell(table, row, HANDED_IN):
        return moment(told)
    times = [upload.arrived for upload in student.uploads if upload.arrived]
    if student.layout != "plain" or not times:
        return None
    return datetime.fromtimestamp(max(times)).astimezone()
