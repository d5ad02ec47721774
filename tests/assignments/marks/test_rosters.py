"""Who did not hand in is said, by the list of the class."""

import pytest

from assignments.marks import csv_files, rosters
from assignments.marks.csv_files import TableError
from tests.assignments.marks.students import total
from tests.assignments.marks.test_gradebooks import CANVAS, GRADEBOOK, WORKSHEET

COURSE = "\n".join([*CANVAS.splitlines()[:5], CANVAS.splitlines()[-1], ""])


def compared(tmp_path, roster, totals):
    """Return who is missing, by the first cell, and what is said."""
    path, out = tmp_path / "class.csv", tmp_path / "not-handed-in.csv"
    path.write_text(roster)
    said = rosters.compare(totals, path, out)
    return [row[0] for row in csv_files.read(out).rows], said


@pytest.mark.parametrize(
    ("roster", "one", "missing"),
    [
        (COURSE, {"id": "7"}, ["Roe, John"]),
        (COURSE, {"id": "JANE", "layout": "plain"}, ["Roe, John"]),
        (WORKSHEET, {"id": "123", "layout": "moodle"}, ["Participant 12"]),
        ("ID;Name\n7;Jane\n8;John\n\n", {"id": "7"}, ["8"]),
    ],
)
def test_who_did_not_hand_in_is_listed(tmp_path, roster, one, missing):
    found, [said] = compared(tmp_path, roster, [total(**one)])
    assert found == missing
    end = f"1 of 2 in class.csv did not hand in: see {tmp_path}/not-handed-in.csv."
    assert said == end


def test_all_there(tmp_path):
    found, said = compared(tmp_path, COURSE, [total(id="7"), total(id="8")])
    assert (found, said) == ([], ["0 of 2 in class.csv did not hand in."])


def test_who_is_not_on_the_list_or_not_for_sure_is_said(tmp_path):
    totals = [total(id="9", name="X"), total(id="1", layout="moodle", name="John Roe")]
    found, said = compared(tmp_path, GRADEBOOK, totals)
    assert found == ["Jane", "John", "John"]
    assert said[:2] == [
        "X (9) is not in class.csv, or not only once.",
        "John Roe (1) is not in class.csv, or not only once.",
    ]


def test_a_list_that_names_nobody_is_refused(tmp_path):
    with pytest.raises(TableError, match="no column says who a student is; known: sis"):
        compared(tmp_path, "colour,size\nred,3\n", [total()])
