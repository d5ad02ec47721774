"""Sheets that markers fill in."""

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
