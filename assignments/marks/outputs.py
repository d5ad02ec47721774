"""Write all that goes out: tables, pages, sheets, and files for platforms."""

from pathlib import Path

from assignments.hand_in.students import Student
from assignments.marks import (
    class_table,
    feedback_zips,
    gradebooks,
    gradescope,
    html_pages,
    marker_sheets,
)
from assignments.marks.totals import Total
from assignments.masters import Master


def write_all(
    master: Master, totals: list[Total], students: list[Student], own: Path
) -> list[str]:
    """Write the table of marks, the pages, and the files for platforms."""
    class_table.write_marks(master, totals, own / "marks.csv")
    class_table.write_parts(master, totals, own / "parts.csv")
    for total in totals:
        html_pages.write_feedback(master, total, own / "feedback")
        gradescope.write_gradescope(master, total, own / "gradescope")
    for question in master.manual:
        marker_sheets.write_sheet(question, totals, own / "manual")
        html_pages.write_answers(master, question, totals, own / "manual")
    unmarked = sum(len(total.open) for total in totals)
    said = [f"{unmarked} answers wait in {own / 'manual'}."] if unmarked else []
    return said + feedback_zips.write_zips(master, totals, students, own)


def write_gradebook(
    master: Master, totals: list[Total], own: Path, path: Path, column: str
) -> list[str]:
    """Write the downloaded CSV with the marks in it; return what is to be said."""
    out = own / f"{path.stem}-with-marks{path.suffix}"
    report = gradebooks.merge(master, totals, path, out, column)
    return [*report.said, f"{report.written} marks were put into {out}."]
