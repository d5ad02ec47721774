"""Put marks into the CSV that a teacher downloaded from Canvas or Moodle.

Only cells of the one column of this assignment change, and only in rows of students
whose marks are complete; the rest stays as it is, in its order and encoding.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from assignments.hand_in.students import Student
from assignments.marks import csv_files
from assignments.marks.csv_files import Table, TableError, number
from assignments.marks.student_records import Record
from assignments.marks.totals import Total
from assignments.masters import Master

PLAIN_IDS = (  # where an id that a teacher chose may stand
    "sis login id",
    "sis user id",
    "id number",
    "username",
    "email address",
    "id",
)
POSSIBLE = "points possible"
WHO = (  # columns that say who a student is, which no mark may replace
    *PLAIN_IDS,
    *("identifier", "full name", "first name", "last name", "surname"),
    *("student", "section"),
)
LEFT_ALONE = ("EX", "N/A")  # Canvas: excused, not assigned


@dataclass
class Report:
    """What became of the marks."""

    written: int = 0
    said: list[str] = field(default_factory=list)


def merge(
    master: Master, totals: list[Total], path: Path, out: Path, column: str = ""
) -> Report:
    """Write a copy of a downloaded CSV with the marks in it.

    Parameters
    ----------
    path
        What was downloaded: the gradebook of Canvas, or of Moodle the grading
        worksheet of the assignment or the gradebook.
    out
        What is to be uploaded.
    column
        Header of the assignment's column, if it cannot be told by the title.

    Raises
    ------
    TableError
        If it is no such file, or has no column or several columns for it.
    """
    table = csv_files.read(path)
    place = column_of(master, table, column)
    report = Report()
    check_possible(master, table, place, report)
    rows = {}
    for total in totals:
        found = row_of(total.record, table)
        name = f"{total.record.name} ({total.record.id})"
        if found is None:
            report.said.append(f"{name} is not in {path.name}, or not only once.")
        elif found in rows:
            report.said.append(f"{name} and {rows[found]} are the same in {path.name}.")
        elif total.open:
            told = ", ".join(total.open)
            report.said.append(f"{name} is left out until marked by hand: {told}.")
        elif (told := table.get(found, place).strip()) in LEFT_ALONE:
            report.said.append(f"{name} is left out: {path.name} says {told}.")
        else:
            rows[found] = name
            table.set(found, place, written(total.points, table))
            report.written += 1
    table.save(out)
    return report


def check(master: Master, path: Path, column: str) -> None:
    """Refuse, before anything is graded, a file that marks cannot be put into.

    Raises
    ------
    TableError
        As `merge` does.
    """
    column_of(master, csv_files.read(path), column)


def column_of(master: Master, table: Table, column: str) -> int:
    """Return which column is the assignment's."""
    if column:
        if table.header.count(column) != 1:
            names = ", ".join(table.header)
            raise TableError(f"there is no one column {column!r}; there are: {names}")
        if same(column) in WHO:
            raise TableError(f"column {column!r} says who a student is, not a mark")
        return table.header.index(column)
    grade = table.column("grade")
    if grade is not None and table.column("identifier") is not None:
        return grade
    found = [place for place, name in enumerate(table.header) if means(name, master)]
    if len(found) != 1:
        names = ", ".join(table.header)
        told = "no column" if not found else "several columns"
        raise TableError(
            f"{told} for {master.title!r}; name one with --column, of: {names}"
        )
    return found[0]


def means(header: str, master: Master) -> bool:
    """Return whether a column is called like the assignment."""
    plain = re.sub(r" \(\d+\)$", "", header)  # Canvas adds the assignment's number
    plain = re.sub(r"^Assignment: ?| \(Real\)$", "", plain)  # Moodle's words
    return same(plain) in {same(master.title), same(master.name), same(master.key)}


def same(name: str) -> str:
    """Return a name without what two ways of writing it may differ in."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def row_of(record: Record | Student, table: Table) -> int | None:
    """Return which row is a student's, if exactly one is."""
    if record.layout == "canvas":
        return one_row(table, table.column("id"), record.id)
    identifier = table.column("identifier")
    if record.layout == "moodle" and identifier is not None:
        return one_row(table, identifier, record.id, last_digits)
    if record.layout == "moodle":
        return row_of_name(table, record.name)
    found = (one_row(table, table.column(name), record.id) for name in PLAIN_IDS)
    return next((row for row in found if row is not None), None)


def one_row(table: Table, column: int | None, wanted: str, read=same) -> int | None:
    """Return the row that has the wanted text in a column, if exactly one has."""
    if column is None:
        return None
    lines = range(len(table.rows))
    found = [line for line in lines if read(table.get(line, column)) == same(wanted)]
    return found[0] if len(found) == 1 else None


def last_digits(identifier: str) -> str:
    """Return the number of `Participant 123`, whatever the language."""
    found = re.search(r"\d+$", identifier.strip())
    return found[0] if found else ""


def row_of_name(table: Table, name: str) -> int | None:
    """Return the row of a full name in Moodle's gradebook, if exactly one has it."""
    first = table.column("first name")
    last = table.column("last name", "surname")
    if first is None or last is None:
        return one_row(table, table.column("full name"), name)
    names = [
        same(f"{table.get(line, first)} {table.get(line, last)}")
        for line in range(len(table.rows))
    ]
    return names.index(same(name)) if names.count(same(name)) == 1 else None


def check_possible(master: Master, table: Table, place: int, report: Report) -> None:
    """Say it if the platform counts to another maximum than the assignment."""
    moodle, lines = table.column("maximum grade"), range(len(table.rows))
    if moodle is None:  # Canvas has a row for it
        lines = [line for line in lines if same(table.get(line, 0)) == POSSIBLE]
    cells = [table.get(line, place if moodle is None else moodle) for line in lines]
    for cell in dict.fromkeys(cells):
        if cell.strip() and value(cell) != master.points():
            report.said.append(
                f"The platform counts to {cell.strip()}, the assignment to "
                f"{number(master.points())}: set it there, nothing is scaled here."
            )


def value(cell: str) -> float | None:
    """Return the number in a cell, with a point or a comma."""
    try:
        return float(cell.strip().replace(",", "."))
    except ValueError:
        return None


def written(points: float, table: Table) -> str:
    """Return a mark as the file writes numbers: with a comma where `;` parts cells."""
    text = number(points)
    return text.replace(".", ",") if table.delimiter == ";" else text
