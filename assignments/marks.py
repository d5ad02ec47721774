"""Bring the marks of tests and of markers together, and write them out."""

import json
import math
from dataclasses import dataclass
from pathlib import Path

from assignments import tables
from assignments.masters import Master, Question
from assignments.records import Record, write
from assignments.tables import Table, TableError, guarded, number, unguarded

COLUMNS = ("question", "student", "name", "answer", "points", "maximum", "comment")


@dataclass(frozen=True)
class Judgement:
    """What a marker gave one answer; no points if there is only a comment yet."""

    points: float | None
    comment: str = ""


@dataclass
class Total:
    """All marks of one student."""

    record: Record
    judged: dict[str, Judgement]  # by question

    @property
    def open(self) -> list[str]:
        """The questions that are not marked yet."""
        return [key for key, judged in self.judged.items() if judged.points is None]

    @property
    def points(self) -> float:
        """What is earned so far."""
        tests = sum(mark.points for mark in self.record.marks.values())
        return tests + sum(judged.points or 0 for judged in self.judged.values())


def add_up(record: Record, given: dict[str, Judgement]) -> Total:
    """Return a student's marks with those that markers gave.

    Parameters
    ----------
    given
        What markers gave, by the name of the answer.
    """
    judged = {
        question: given.get(record.token(question), Judgement(None))
        if answer.items
        else Judgement(0, answer.note)
        for question, answer in record.answers.items()
    }
    return Total(record, judged)


def forgotten(totals: list[Total], given: dict[str, Judgement]) -> list[str]:
    """Say which marks are for answers that are not there any more."""
    there = {
        total.record.token(question) for total in totals for question in total.judged
    }
    return [
        f"The mark of answer {token} ({number(judged.points)} points) is not used: "
        "the answer has changed since, or its student is not in the folder."
        for token, judged in given.items()
        if token not in there and judged.points is not None
    ]


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
        table = tables.read(path)
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


def write_marks(master: Master, totals: list[Total], path: Path) -> None:
    """Write the table of all marks."""
    tests = [test.id for test in master.tests]
    questions = [question.id for question in master.manual]
    header = ["student", "name", "points", "maximum", *tests, *questions, "notes"]
    rows = []
    for total in totals:
        record = total.record
        earned = [number(record.marks[test].points) for test in tests]
        for question in questions:
            points = total.judged[question].points
            earned.append("" if points is None else number(points))
        waiting = [f"Not marked yet: {key}" for key in total.open]
        notes = "; ".join(note.rstrip(".") for note in record.notes + waiting)
        who = [guarded(record.id), guarded(record.name)]
        sums = [number(total.points), number(master.points())]
        rows.append([*who, *sums, *earned, guarded(notes)])
    Table(header, rows).save(path)


def write_gradescope(master: Master, total: Total, folder: Path) -> None:
    """Write a student's `results.json` in Gradescope's format."""
    tests = [
        {
            "name": f"{test.heading} ({test.id})",
            "score": mark.points,
            "max_score": mark.maximum,
            "status": "passed" if mark.points == mark.maximum else "failed",
            "output": mark.message,
            "output_format": "text",
            "visibility": "visible",
        }
        for test, mark in ((test, total.record.marks[test.id]) for test in master.tests)
    ]
    for question in master.manual:
        judged = total.judged[question.id]
        tests.append(
            {
                "name": f"{question.heading} ({question.id})",
                "score": judged.points or 0,
                "max_score": question.points,
                "output": judged.comment
                or ("Not marked yet." if judged.points is None else ""),
                "output_format": "text",
                "visibility": "visible",
            }
        )
    results = {
        "score": total.points,
        "output": "\n".join(total.record.notes),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": tests,
    }
    content = json.dumps(results, ensure_ascii=False, indent=1)
    write(folder / total.record.slug / "results.json", content + "\n")
