"""Compare what was handed in with the list of a class: who is missing, who is extra."""

from pathlib import Path

from assignments.marks import csv_files
from assignments.marks.csv_files import Table, TableError
from assignments.marks.gradebooks import POSSIBLE, WHO, row_of, same
from assignments.marks.totals import Total

ADDED = (POSSIBLE, "student, test")  # rows of Canvas's own


def read(path: Path) -> Table:
    """Read the list of a class, such as a gradebook that was downloaded.

    Raises
    ------
    TableError
        If no column says who a student is.
    """
    table = csv_files.read(path)
    if not who(table):
        known = ", ".join(WHO)
        raise TableError(f"{path}: no column says who a student is; known: {known}")
    return table


def who(table: Table) -> list[int]:
    """Return the columns that say who a student is."""
    places = [table.column(name) for name in WHO]
    return [place for place in places if place is not None]


def compare(totals: list[Total], path: Path, out: Path) -> list[str]:
    """Write the rows of those who did not hand in; return what is to be said.

    Parameters
    ----------
    path
        The list of the class.
    out
        The table of those who did not hand in.
    """
    table = read(path)
    found = {id(total): row_of(total.record, table) for total in totals}
    extra = [total.record for total in totals if found[id(total)] is None]
    said = [
        f"{record.name} ({record.id}) is not in {path.name}, or not only once."
        for record in extra
    ]
    students = [line for line in range(len(table.rows)) if is_student(table, line)]
    missing = [line for line in students if line not in found.values()]
    rows = [table.rows[line] for line in missing]
    Table(table.header, rows, table.encoding, table.delimiter).save(out)
    told = f"{len(missing)} of {len(students)} in {path.name} did not hand in"
    return [*said, f"{told}: see {out}." if missing else f"{told}."]


def is_student(table: Table, line: int) -> bool:
    """Return whether a row is of a student, not one that Canvas adds."""
    named = any(table.get(line, place).strip() for place in who(table))
    return named and same(table.get(line, 0)) not in ADDED
