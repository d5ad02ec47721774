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
        "to mark": "",
        "notes": "'@note",
    }
    assert (second["student"], second["why"]) == ("'=8", "")
    assert (second["to mark"], second["notes"]) == ("1", "")


def test_many_notes_are_one_short_cell(tmp_path, master):
    notes = [f"Cell {n} raised NameError: a;=1." for n in range(3000)]
    class_table.write_marks(master, [total(notes=notes)], tmp_path / "marks.csv")
    with (tmp_path / "marks.csv").open(encoding="utf-8-sig", newline="") as stream:
        [row] = csv.DictReader(stream)
    assert 250 < len(row["notes"]) <= 300
    assert row["notes"].startswith("Cell 0 raised NameError: a;'=1; Cell 1")


def test_parts_are_counted_over_those_who_are_marked(tmp_path, master):
    totals = [total(2), total(1, double=0), total(None, double=1.5)]
    class_table.write_parts(master, totals, tmp_path / "parts.csv")
    with (tmp_path / "parts.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = {row.pop("part"): list(row.values()) for row in csv.DictReader(stream)}
    assert tuple(rows) == master.parts
    assert rows["test-double"] == ["Twice", "3", "3", "1.5", "1", "1"]
    assert rows["why"] == ["Why", "2", "2", "1.5", "1", "0"]
    assert rows["plot"] == ["Why", "4", "3", "0", "0", "3"]
