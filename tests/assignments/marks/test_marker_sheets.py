"""Sheets that markers fill in."""

import re

import pytest

from assignments.marks import csv_files, marker_sheets
from assignments.marks.csv_files import TableError
from assignments.marks.totals import Judgement, add_up
from tests.assignments.marks.students import total


def test_a_sheet_is_filled_in_and_read_again(tmp_path, master):
    totals = [total(None), total(None, id="8", name="=cmd()")]
    totals.append(total(None, id="9", why=""))
    path = marker_sheets.write_sheet(master.manual[0], totals, tmp_path)
    table = csv_files.read(path)
    assert table.header == list(marker_sheets.COLUMNS)
    assert [row[2] for row in table.rows] == ["Jane Doe", "'=cmd()"]
    table.rows[0][4:7] = ["1,5", "2", "good"]
    table.save(path)
    given = marker_sheets.read_given(master, [path])
    assert given == {totals[0].record.token("why"): Judgement(1.5, "good")}
    again = [add_up(total.record, given) for total in totals]
    before = path.read_bytes()
    marker_sheets.write_sheet(master.manual[0], again, tmp_path)
    assert path.read_bytes() == before.replace(b'"1,5"', b"1.5")


def test_a_comment_without_points_is_kept(tmp_path, master):
    one = total(None)
    given = {one.record.token("why"): Judgement(None, "-- ask")}
    path = marker_sheets.write_sheet(
        master.manual[0], [add_up(one.record, given)], tmp_path
    )
    assert marker_sheets.read_given(master, [path]) == given
    assert add_up(one.record, given).open == ["why"]


@pytest.mark.parametrize("points", ["2.1", "-1", "two", "nan"])
def test_points_out_of_range_are_refused(tmp_path, master, points):
    path = marker_sheets.write_sheet(master.manual[0], [total(None)], tmp_path)
    path.write_text(path.read_text("utf-8-sig").replace(",,2,", f",{points},2,"))
    with pytest.raises(TableError, match=f"line 2: '{points}' is no number from 0"):
        marker_sheets.read_given(master, [path])


def test_other_files_are_refused_as_sheets(tmp_path, master):
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(TableError, match="needs the columns question, student"):
        marker_sheets.read_given(master, [path])
    path.write_text(f"{','.join(marker_sheets.COLUMNS)}\nhow,7,J,a1,1,2,\n")
    with pytest.raises(TableError, match="line 2: d1-doubling has no question 'how'"):
        marker_sheets.read_given(master, [path])
    with pytest.raises(TableError, match="cannot be read: No such file"):
        marker_sheets.read_given(master, [tmp_path / "none.csv"])


# No mark of a marker is lost


def filled(path, points="1.5", comment="good"):
    """Mark all answers in a sheet, as a person does."""
    table = csv_files.read(path)
    for row in table.rows:
        row[4], row[6] = points, comment
    table.save(path)
    return path.read_bytes()


def test_marks_of_students_who_are_not_in_the_folder_stay(tmp_path, master):
    question = master.manual[0]
    first = [total(None), total(None, id="8", name="=cmd()")]
    path = marker_sheets.write_sheet(question, first, tmp_path)
    filled(path)
    late = [total(None, id="9", name="Late")]
    marker_sheets.write_sheet(question, late, tmp_path)
    rows = {row[2]: row[4] for row in csv_files.read(path).rows}
    assert rows == {"Jane Doe": "1.5", "'=cmd()": "1.5", "Late": ""}
    given = marker_sheets.read_given(master, [path])
    assert len(given) == 2
    assert given[first[1].record.token("why")] == Judgement(1.5, "good")


def test_what_a_marker_saved_meanwhile_stays(tmp_path, master):
    question, one = master.manual[0], total(None)
    path = marker_sheets.write_sheet(question, [one], tmp_path)
    saved = filled(path)
    marker_sheets.write_sheet(question, [one], tmp_path)  # which knows of no mark
    assert path.read_bytes() == saved


def test_a_sheet_that_changes_is_kept_with_its_date(tmp_path, master):
    question = master.manual[0]
    path = marker_sheets.write_sheet(question, [total(None)], tmp_path)
    saved = filled(path)
    marker_sheets.write_sheet(question, [total(None)], tmp_path)
    assert not (tmp_path / "earlier").exists()  # nothing has changed
    marker_sheets.write_sheet(question, [total(None, id="9")], tmp_path)
    [backup] = (tmp_path / "earlier").iterdir()
    assert re.fullmatch(r"why-\d{4}-\d\d-\d\dT\d{6}\.\d+\.csv", backup.name)
    assert backup.read_bytes() == saved


def test_two_markers_who_disagree_are_named(tmp_path, master):
    question, totals = master.manual[0], [total(None)]
    sheets = []
    for name, points in (("one", "1.5"), ("two", "2")):
        sheets.append(marker_sheets.write_sheet(question, totals, tmp_path / name))
        filled(sheets[-1], points)
    told = "Jane Doe has 2 points for 'why' there, but 1.5 in .*one"
    with pytest.raises(TableError, match=told):
        marker_sheets.read_given(master, sheets)
    filled(sheets[1], "1.5", "")
    [judged] = marker_sheets.read_given(master, sheets).values()
    assert judged == Judgement(1.5, "good")
    filled(sheets[1], "", "ask")
    [judged] = marker_sheets.read_given(master, sheets).values()
    assert judged == Judgement(1.5, "good / ask")
