"""Write the sheets that markers fill in, one a question, and read them again.

A mark that a person gave is never deleted: what a sheet holds is kept when it is
written anew, and the sheet as it was is kept with its date.
"""

import math
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from filelock import FileLock

from assignments.marks import csv_files
from assignments.marks.csv_files import Table, TableError, guarded, number, unguarded
from assignments.marks.totals import Judgement, Total
from assignments.masters import Master, Question

COLUMNS = ("question", "student", "name", "answer", "points", "maximum", "comment")
TOKEN, POINTS, COMMENT = map(COLUMNS.index, ("answer", "points", "comment"))
PATIENCE = 20  # seconds that one waits for another who writes the same sheet


def read_given(master: Master, paths: list[Path]) -> dict[str, Judgement]:
    """Return what markers filled in, by the name of the answer.

    Raises
    ------
    TableError
        If a file is not one of ours, points are no number from 0 to the maximum, or
        two markers gave one answer different points.
    """
    questions = {question.id: question for question in master.manual}
    given, places = {}, {}
    for path in paths:
        for line, row in marked_rows(path):
            question, _, name, token, points, _, comment = row
            where = f"{path}, line {line}"
            if question not in questions:
                raise TableError(f"{where}: {master.name} has no question {question!r}")
            value = judged_points(points, questions[question], where)
            judged = Judgement(value, unguarded(comment))
            if token in given:
                told = f"{where}: {name}", question, places[token]
                judged = agreed(given[token], judged, *told)
            given[token], places[token] = judged, where
    return given


def marked_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a sheet that have points or a comment, with their lines."""
    table = csv_files.read(path)
    places = [table.column(name) for name in COLUMNS]
    if None in places:
        raise TableError(f"{path}: needs the columns {', '.join(COLUMNS)}")
    for line in range(len(table.rows)):
        row = [table.get(line, place) for place in places]
        if row[POINTS].strip() or row[COMMENT].strip():
            yield line + 2, row


def agreed(
    first: Judgement, second: Judgement, who: str, question: str, place: str
) -> Judgement:
    """Return what two markers gave one answer, if their points are the same."""
    points = [one.points for one in (first, second) if one.points is not None]
    if len({*points}) > 1:
        earlier, later = map(number, points)
        told = f"has {later} points for {question!r} there, but {earlier} in {place}"
        raise TableError(f"{who} {told}")
    comments = dict.fromkeys(filter(None, (first.comment, second.comment)))
    return Judgement(points[0] if points else None, " / ".join(comments))


def judged_points(text: str, question: Question, where: str) -> float | None:
    """Return the points that a marker wrote, if any."""
    if not text.strip():
        return None
    try:
        points = float(text.strip().replace(",", "."))
    except ValueError:
        points = math.nan
    if not 0 <= points <= question.points:
        told = f"{text!r} is no number from 0 to {number(question.points)}"
        raise TableError(f"{where}: {told}")
    return points


def alone(path: Path) -> FileLock:
    """Return a lock that only one of those who write a sheet holds."""
    return FileLock(path.with_name(f".{path.name}.lock"), timeout=PATIENCE)


def write_sheet(question: Question, totals: list[Total], folder: Path) -> Path:
    """Write the CSV of one question, with what is marked already; return its path."""
    path = folder / f"{question.id}.csv"
    with alone(path):
        write_alone(question, totals, path)
    return path


def write_alone(question: Question, totals: list[Total], path: Path) -> None:
    """Do the work of `write_sheet`, nobody else being at it."""
    marked = {}
    if path.exists():
        marked = {row[TOKEN]: row for _, row in marked_rows(path)}
    rows = [
        row_of(question, total, marked.pop(total.record.token(question.id), None))
        for total in totals
        if total.record.answers[question.id].items
    ]
    rows += marked.values()  # of students who are not among these
    sheet = Table(list(COLUMNS), rows)
    if path.exists() and sheet.content() != path.read_bytes():
        keep_earlier(path)
    sheet.save(path)


def row_of(question: Question, total: Total, saved: list[str] | None) -> list[str]:
    """Return the row of an answer; what a marker has saved since it was read stays."""
    record, judged = total.record, total.judged[question.id]
    who = [guarded(record.slug), guarded(record.name)]
    points = "" if judged.points is None else number(judged.points)
    of = [record.token(question.id), points, number(question.points)]
    row = [question.id, *who, *of, guarded(judged.comment)]
    if saved and not says(saved, judged):
        row[POINTS], row[COMMENT] = saved[POINTS], saved[COMMENT]
    return row


def says(saved: list[str], judged: Judgement) -> bool:
    """Return whether a row has these points; a comment may have been added to it."""
    try:
        points = (
            float(saved[POINTS].replace(",", ".")) if saved[POINTS].strip() else None
        )
    except ValueError:
        return False
    return points == judged.points and unguarded(saved[COMMENT]) in judged.comment


def keep_earlier(path: Path) -> None:
    """Keep a copy of a sheet as it is, with the date and time of now in its name."""
    folder = path.parent / "earlier"
    folder.mkdir(exist_ok=True, mode=0o700)
    now = f"{datetime.now():%Y-%m-%dT%H%M%S.%f}"
    shutil.copy2(path, folder / f"{path.stem}-{now}{path.suffix}")
