"""Write the table of a class: all marks, part by part."""

from pathlib import Path

from assignments.marks.csv_files import Table, guarded, number
from assignments.marks.totals import Total
from assignments.masters import Master


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
