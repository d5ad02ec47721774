"""Read and write the mark of one answer, while others may work on the same sheet."""

import re
from pathlib import Path

from filelock import Timeout

from assignments.marks import csv_files, marker_sheets
from assignments.marks.csv_files import Table, TableError, number, unguarded
from assignments.marks.marker_sheets import COLUMNS, COMMENT, POINTS, TOKEN
from assignments.marks.totals import Judgement, Total
from assignments.masters import Question

LONGEST = 5000  # characters of a comment
UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
NOTHING = Judgement(None)


class ConflictError(ValueError):
    """Another mark is there than the marker has seen."""

    def __init__(self, there: Judgement):
        points = "no points" if there.points is None else f"{number(there.points)}"
        super().__init__(f"meanwhile this answer has been given {points}")
        self.there = there


def marks_in(question: Question, path: Path) -> tuple[dict[str, Judgement], list[str]]:
    """Return the marks that a sheet holds by the name of the answer, and its faults."""
    found, faults = {}, []
    try:
        rows = list(marker_sheets.marked_rows(path)) if path.exists() else []
    except TableError as error:
        return {}, [str(error)]
    for line, row in rows:
        try:
            found[row[TOKEN]] = said(question, row, f"{path.name}, line {line}")
        except TableError as error:
            faults.append(str(error))
    return found, faults


def said(question: Question, row: list[str], where: str) -> Judgement:
    """Return what a row says."""
    points = marker_sheets.judged_points(row[POINTS], question, where)
    return Judgement(points, unguarded(row[COMMENT]))


def given(question: Question, points: str, comment: str) -> Judgement:
    """Return what a marker entered, if it can be a mark.

    Raises
    ------
    TableError
        If it cannot; the message says what is allowed.
    """
    if len(comment) > LONGEST:
        told = f"the comment has {len(comment)} characters, at most {LONGEST} fit"
        raise TableError(told)
    value = marker_sheets.judged_points(points, question, "points")
    rounded = None if value is None else float(number(value))
    lines = comment.replace("\r\n", "\n").replace("\r", "\n")
    return Judgement(rounded, UNWRITABLE.sub(" ", lines).strip())


def save(question: Question, total: Total, seen: Judgement, path: Path) -> None:
    """Write the mark of one answer into its sheet; all other rows stay as they are.

    Parameters
    ----------
    total
        The student, with the new mark.
    seen
        The mark that the marker saw before.

    Raises
    ------
    ConflictError
        If another mark is there, which is neither.
    TableError
        If the sheet cannot be read or written.
    """
    try:
        with marker_sheets.alone(path):
            save_alone(question, total, seen, path)
    except Timeout as error:
        raise TableError(f"{path.name} is being written by another program") from error
    except OSError as error:
        raise TableError(f"{path.name} cannot be written: {error.strerror}") from error


def save_alone(question: Question, total: Total, seen: Judgement, path: Path) -> None:
    """Do the work of `save`, nobody else being at it."""
    sheet = csv_files.read(path) if path.exists() else Table(list(COLUMNS), [])
    places = [sheet.column(name) for name in COLUMNS]
    if None in places:
        raise TableError(f"{path.name} has lost the columns {', '.join(COLUMNS)}")
    new, token = total.judged[question.id], total.record.token(question.id)
    lines = [n for n in range(len(sheet.rows)) if sheet.get(n, places[TOKEN]) == token]
    rows = {line: [sheet.get(line, place) for place in places] for line in lines}
    where = f"{path.name}, line "
    found = {said(question, row, f"{where}{n + 2}") for n, row in rows.items()}
    for there in found or {NOTHING}:
        if there not in (seen, new):
            raise ConflictError(there)
    if found == {new}:
        return
    if seen != NOTHING or sheet.encoding != "utf-8-sig":
        marker_sheets.keep_earlier(path)
    if not lines:
        lines = [len(sheet.rows)]
        sheet.rows.append([])
    for line in lines:
        texts = marker_sheets.row_of(question, total, None)
        for place, text in zip(places, texts, strict=True):
            sheet.set(line, place, text)
    sheet.encoding = "utf-8-sig"
    sheet.save(path)
