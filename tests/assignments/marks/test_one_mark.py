"""One mark is written while others work on the same sheet."""

import threading

import pytest

from assignments.marks import csv_files, marker_sheets, one_mark
from assignments.marks.csv_files import TableError
from assignments.marks.one_mark import NOTHING, ConflictError
from assignments.marks.totals import Judgement, add_up
from tests.assignments.marks.students import record, total


@pytest.fixture
def question(master):
    return master.manual[0]


def marked(points, comment="", **more):
    one = record(**more)
    return add_up(one, {one.token("why"): Judgement(points, comment)})


def marks(question, path):
    found, faults = one_mark.marks_in(question, path)
    assert faults == []
    return {judged.points: judged.comment for judged in found.values()}


@pytest.fixture
def path(tmp_path, question):
    students = [total(None), total(None, id="8", name="=cmd()")]
    return marker_sheets.write_sheet(question, students, tmp_path)


def test_a_mark_changes_one_row(question, path):
    before = path.read_bytes()
    one_mark.save(question, marked(1.5, "=good; so\nit is"), NOTHING, path)
    rows = csv_files.read(path).rows
    assert rows[0][4:] == ["1.5", "2", "'=good; so\nit is"]
    assert rows[1][4:] == ["", "2", ""]
    assert marks(question, path) == {1.5: "=good; so\nit is"}
    one_mark.save(question, marked(None), Judgement(1.5, "=good; so\nit is"), path)
    assert path.read_bytes() == before


def test_who_is_not_in_the_sheet_yet_gets_a_row(tmp_path, question, path):
    one_mark.save(question, marked(1, id="9"), NOTHING, path)
    assert [row[4] for row in csv_files.read(path).rows] == ["", "", "1"]
    new = tmp_path / "new/why.csv"
    one_mark.save(question, marked(1), NOTHING, new)
    assert marks(question, new) == {1.0: ""}


def test_two_markers_do_not_overwrite_each_other(question, path):
    one_mark.save(question, marked(1, "first"), NOTHING, path)
    with pytest.raises(ConflictError, match="been given 1") as told:
        one_mark.save(question, marked(2), NOTHING, path)
    assert told.value.there == Judgement(1, "first")
    one_mark.save(question, marked(1, "first"), NOTHING, path)  # they agree
    assert marks(question, path) == {1.0: "first"}
    assert not (path.parent / "earlier").exists()
    saved = path.read_bytes()
    one_mark.save(question, marked(2), told.value.there, path)
    [kept] = (path.parent / "earlier").iterdir()
    assert kept.read_bytes() == saved


def test_a_row_that_is_gone_is_a_conflict(question, path):
    table = csv_files.read(path)
    table.rows.clear()
    table.save(path)
    with pytest.raises(ConflictError, match="no points"):
        one_mark.save(question, marked(2), Judgement(1), path)


def test_many_marks_at_once_are_all_there(tmp_path, question):
    students = [marked(1.0, f"c{n}", id=str(n)) for n in range(24)]
    path = tmp_path / "why.csv"

    def mark(some):
        for one in some:
            one_mark.save(question, one, NOTHING, path)

    def grade():
        for _ in range(8):
            marker_sheets.write_sheet(question, [total(None, id="x")], tmp_path)

    work = [
        threading.Thread(target=mark, args=[students[:12]]),
        threading.Thread(target=mark, args=[students[12:]]),
        threading.Thread(target=grade),
    ]
    for thread in work:
        thread.start()
    for thread in work:
        thread.join()
    found, _ = one_mark.marks_in(question, path)
    assert sorted(one.comment for one in found.values()) == sorted(
        f"c{n}" for n in range(24)
    )


def test_a_sheet_from_a_spreadsheet_is_written_as_unicode(question, path):
    text = path.read_text("utf-8-sig").replace(",", ";").replace("Jane", "Zoë")
    path.write_bytes(text.encode("cp1252"))
    one_mark.save(question, marked(1.5, "σ² ≠ σ"), NOTHING, path)
    table = csv_files.read(path)
    assert (table.encoding, table.delimiter) == ("utf-8-sig", ";")
    assert table.rows[0][4:] == ["1.5", "2", "σ² ≠ σ"]
    assert [*(path.parent / "earlier").iterdir()]


@pytest.mark.parametrize("text", ["2.1", "-1", "two", "nan", "inf", "1e400", "1 2"])
def test_points_are_checked(question, text):
    with pytest.raises(TableError, match=f"'{text}' is no number from 0 to 2"):
        one_mark.given(question, text, "")


def test_what_is_entered_becomes_what_a_sheet_holds(question, path):
    judged = one_mark.given(question, " 1,33333 ", " a\r\nb\x00\ud800\t. ")
    assert judged == Judgement(1.3333, "a\nb  \t.")
    one = record()
    student = add_up(one, {one.token("why"): judged})
    one_mark.save(question, student, NOTHING, path)
    assert one_mark.marks_in(question, path)[0] == {one.token("why"): judged}
    with pytest.raises(TableError, match="has 5001 characters, at most 5000 fit"):
        one_mark.given(question, "", "x" * 5001)


def test_another_row_that_is_wrong_stops_nobody(question, path):
    table = csv_files.read(path)
    table.rows[1][4] = "two"
    table.save(path)
    one_mark.save(question, marked(1), NOTHING, path)
    found, faults = one_mark.marks_in(question, path)
    assert [one.points for one in found.values()] == [1]
    assert faults == ["why.csv, line 3: 'two' is no number from 0 to 2"]
    with pytest.raises(TableError, match="line 3: 'two'"):
        one_mark.save(question, marked(1, id="8", name="=cmd()"), NOTHING, path)


def test_other_files_are_not_written_to(question, path):
    path.write_text("a,b\n1,2\n")
    with pytest.raises(TableError, match=r"why\.csv has lost the columns question"):
        one_mark.save(question, marked(1), NOTHING, path)
    assert path.read_text() == "a,b\n1,2\n"
    assert one_mark.marks_in(question, path)[1]


def test_a_sheet_that_cannot_be_written_is_said(question, tmp_path, monkeypatch):
    monkeypatch.setattr(marker_sheets, "PATIENCE", 0.01)
    path = tmp_path / "why.csv"
    with (
        marker_sheets.alone(path),
        pytest.raises(TableError, match="is being written by another program"),
    ):
        one_mark.save(question, marked(1), NOTHING, path)
    (tmp_path / "file").write_text("")
    with pytest.raises(TableError, match="cannot be written"):
        one_mark.save(question, marked(1), NOTHING, tmp_path / "file/why.csv")
