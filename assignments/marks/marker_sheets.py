"""Write the sheets that markers fill in, one a question, and read them again."""

import math
from pathlib import Path

from assignments.marks import csv_files
from assignments.marks.csv_files import Table, TableError, guarded, number, unguarded
from assignments.marks.totals import Judgement, Total
from assignments.masters import Master, Question

COLUMNS = ("question", "student", "name", "answer", "points", "maximum", "comment")


def read_given(master: Master, paths: list[Path]) -> dict[str, Judgement]:
    """Return what markers filled in, by the name of the answer.

    Raises
    ------
    TableError
        If a file is not one of ours, or points are no number from 0 to the maximum.
    """
    questions = {question.id: question for question in master.manual}
    given = {}
    for path in paths:
        table = csv_files.read(path)
        places = [table.column(name) for name in COLUMNS]
        if None in places:
            raise TableError(f"{path}: needs the columns {', '.join(COLUMNS)}")
        for line in range(len(table.rows)):
            row = [table.get(line, place) for place in places]
            question, _, _, token, points, _, comment = row
            where = f"{path}, line {line + 2}"
            if not points.strip() and not comment.strip():
                continue
            if question not in questions:
                raise TableError(f"{where}: {master.name} has no question {question!r}")
            value = judged_points(points, questions[question], where)
            given[token] = Judgement(value, unguarded(comment))
    return given


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


def write_sheet(question: Question, totals: list[Total], folder: Path) -> Path:
    """Write the CSV of one question, with what is marked already; return its path."""
    rows = []
    for total in totals:
        record, judged = total.record, total.judged[question.id]
        if record.answers[question.id].items:
            who = [guarded(record.slug), guarded(record.name)]
            points = "" if judged.points is None else number(judged.points)
            of = [record.token(question.id), points, number(question.points)]
            rows.append([question.id, *who, *of, guarded(judged.comment)])
    path = folder / f"{question.id}.csv"
    Table(list(COLUMNS), rows).save(path)
    return path
