"""The table of all marks."""

import csv

from assignments.marks import class_table
from tests.assignments.marks.students import total


def test_table_of_marks_has_every_part(tmp_path, master):
    totals = [total(notes=["@note."]), total(None, id="=8", double=0)]
    class_table.write_marks(master, totals, tmp_path / "marks.csv")
    with (tmp_path / "marks.csv").open(encoding="utf-8-sig", newline="") as stream:
        first, second = csv.DictReader(stream)
    assert first == {
        "student": "7",
        "name": "Jane Doe",
        "points": "5.5",
        "maximum": "10",
        "test-double": "3",
        "test-level": "1",
        "why": "1.5",
        "plot": "0",
        "notes": "'@note",
    }
    assert (second["student"], second["why"]) == ("'=8", "")
    assert second["notes"] == "Not marked yet: why"
