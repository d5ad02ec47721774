"""Write the table of a class: all marks, part by part."""

from pathlib import Path
from statistics import fmean

from assignments.marks import csv_files
from assignments.marks.csv_files import Table, guarded, number
from assignments.marks.totals import Total
from assignments.masters import Master

LATE = ("before penalty", "penalty", "handed in", "due")
TIME = "%Y-%m-%d %H:%M:%S"
LONGEST = 300  # characters of notes in a cell


def write_marks(master: Master, totals: list[Total], path: Path) -> None:
    """Write the table of all marks."""
    late = any(total.late for total in totals)
    header = ["student", "name", "points", "maximum", *(LATE if late else ())]
    header += [*master.parts, "to mark", "notes"]
    rows = []
    for total in totals:
        record = total.record
        points = [earned(total, part) for part in master.parts]
        who = [guarded(record.id), guarded(record.name)]
        sums = [number(total.points), number(master.points())]
        sums += lateness(total) if late else []
        waiting = str(len(total.open) or "")
        parts = ["" if given is None else number(given) for given in points]
        rows.append([*who, *sums, *parts, waiting, shortened(record.notes)])
    Table(header, rows).save(path)


def lateness(total: Total) -> list[str]:
    """Return the mark before the penalty, the penalty, and the times behind it."""
    late = total.late
    given = f"{late.handed_in:{TIME}}" if late.handed_in else ""
    return [number(total.raw), number(late.penalty), given, f"{late.due:{TIME}}"]


def has_penalties(path: Path) -> bool:
    """Return whether a table of marks was written with penalties."""
    return path.exists() and csv_files.read(path).column("penalty") is not None


def shortened(notes: list[str]) -> str:
    """Return notes in one cell; the feedback page and the record have all of them."""
    text = guarded("; ".join(note.rstrip(".") for note in notes))
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 2].rstrip()} …"


def write_parts(master: Master, totals: list[Total], path: Path) -> None:
    """Write how each part went: who is not marked yet does not count."""
    header = ["part", "section", "maximum", "marked", "mean", "all points", "none"]
    found = {part.id: part for part in (*master.tests, *master.manual)}
    rows = []
    for id in master.parts:
        part = found[id]
        points = [given for total in totals if (given := earned(total, id)) is not None]
        mean = number(fmean(points)) if points else ""
        full, none = points.count(part.points), points.count(0)
        counts = [str(len(points)), mean, str(full), str(none)]
        rows.append([id, guarded(part.heading), number(part.points), *counts])
    Table(header, rows).save(path)


def earned(total: Total, part: str) -> float | None:
    """Return the points of a student in one part, if it is marked."""
    if part in total.judged:
        return total.judged[part].points
    return total.record.marks[part].points
