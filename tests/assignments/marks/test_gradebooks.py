"""Marks go into what was downloaded from Canvas and Moodle."""

import pytest

from assignments.marks import gradebooks
from assignments.marks.csv_files import TableError
from tests.assignments.marks.students import total

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Doubling (99),Other (98),Final Score
,,,,,Manual Posting,,
    Points Possible,,,,,10.00,5.00,(read only)
"Doe, Jane",7,s7,jane,"S, 1",,3.00,51.2
"Roe, John",8,s8,john,S1,2.00,N/A,40
"Ex, Cused",9,s9,cused,S1,EX,,
"Student, Test",5,,x,S1,,,
"""


def merged(master, tmp_path, content, totals, encoding="utf-8", **options):
    """Return the merged file as bytes, and the report."""
    path = tmp_path / "downloaded.csv"
    path.write_bytes(content.encode(encoding))
    report = gradebooks.merge(master, totals, path, tmp_path / "out.csv", **options)
    return (tmp_path / "out.csv").read_bytes(), report


def test_marks_go_into_the_gradebook_of_canvas(master, tmp_path):
    totals = [total(), total(0, id="8"), total(id="9"), total(id="77", name="New")]
    content, report = merged(master, tmp_path, CANVAS, totals)
    expected = CANVAS.replace('1",,3', '1",5.5,3').replace("S1,2.00", "S1,4")
    assert content.decode() == expected
    assert report.written == 2
    assert report.said == [
        "Jane Doe (9) is left out: downloaded.csv says EX.",
        "New (77) is not in downloaded.csv, or not only once.",
    ]


def test_marks_that_are_not_complete_are_left_out(master, tmp_path):
    content, report = merged(master, tmp_path, CANVAS, [total(None)])
    assert content.decode() == CANVAS
    assert report.said == ["Jane Doe (7) is left out until marked by hand: why."]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_encoding_and_line_ends_stay(master, tmp_path, encoding, newline):
    downloaded = CANVAS.replace("Roe", "Müller").replace("\n", newline)
    content, _ = merged(master, tmp_path, downloaded, [total()], encoding)
    expected = downloaded.replace('1",,3', '1",5.5,3')
    assert content == expected.encode(encoding)


def test_semicolons_come_with_commas_in_numbers(master, tmp_path):
    possible = "    Points Possible;;;10,00"
    downloaded = f"Student;ID;Section;Doubling (99)\n{possible}\nJ;7;S;\n"
    content, report = merged(master, tmp_path, downloaded, [total()])
    assert content.decode().endswith("J;7;S;5,5\n")
    assert report.said == []


def test_another_maximum_is_said_and_nothing_is_scaled(master, tmp_path):
    downloaded = CANVAS.replace("10.00", "100.00")
    content, report = merged(master, tmp_path, downloaded, [total()])
    assert ",5.5,3.00" in content.decode()
    assert report.said[0].startswith("The platform counts to 100.00, the assignment to")


def test_a_login_is_found_for_submissions_with_plain_names(master, tmp_path):
    totals = [total(layout="plain", id="Jane"), total(layout="plain", id="s8")]
    _, report = merged(master, tmp_path, CANVAS, totals)
    assert (report.written, report.said) == (2, [])


def test_two_submissions_of_one_student_are_said(master, tmp_path):
    totals = [total(layout="plain", id="jane")]
    totals.append(total(layout="plain", id="s7", name="J"))
    _, report = merged(master, tmp_path, CANVAS, totals)
    assert report.written == 1
    assert report.said == ["J (s7) and Jane Doe (jane) are the same in downloaded.csv."]


def test_column_is_named_where_the_title_does_not_tell(master, tmp_path):
    twice = CANVAS.replace("Other (98)", "d1 (98)")
    with pytest.raises(TableError, match="several columns for 'Doubling'; name one"):
        merged(master, tmp_path, twice, [total()])
    with pytest.raises(TableError, match=r"no column for 'Doubling'.*, of: Student"):
        merged(master, tmp_path, CANVAS.replace("Doubling", "Week 3"), [total()])
    with pytest.raises(TableError, match="there is no one column 'Week 3'; there are"):
        merged(master, tmp_path, CANVAS, [total()], column="Week 3")
    content, _ = merged(master, tmp_path, twice, [total()], column="d1 (98)")
    assert ",,5.5,51.2" in content.decode()


@pytest.mark.parametrize("column", ["ID", "Student", "SIS Login ID"])
def test_no_mark_replaces_who_a_student_is(master, tmp_path, column):
    with pytest.raises(TableError, match=f"column '{column}' says who a student is"):
        merged(master, tmp_path, CANVAS, [total()], column=column)


WORKSHEET = """\
Identifier,Full name,Email address,Status,Grade,Maximum Grade,Feedback comments
Participant 123,Jane Doe,j@x.org,Submitted,,10.00,=1+1
Participant 12,John Roe,r@x.org,Submitted,3.00,10.00,
"""
GRADEBOOK = """\
First name,Surname,ID number,Email address,Assignment: Doubling (Real),Course total
Jane,Doe,1,j@x.org,-,3
John,Roe,2,r@x.org,-,4
John,Roe,3,s@x.org,-,5
"""


def test_marks_go_into_the_worksheet_of_moodle(master, tmp_path):
    totals = [total(layout="moodle", id="123")]
    totals.append(total(layout="moodle", id="3", name="X"))
    content, report = merged(master, tmp_path, WORKSHEET, totals)
    expected = WORKSHEET.replace("Submitted,,10.00", "Submitted,5.5,10.00")
    assert content.decode() == expected
    assert report.said == ["X (3) is not in downloaded.csv, or not only once."]


def test_marks_go_into_the_gradebook_of_moodle_by_a_name_that_is_the_only_one(
    master, tmp_path
):
    totals = [
        total(layout="moodle", id="123", name="JANE  Doe"),
        total(layout="moodle", id="124", name="John Roe"),
        total(layout="plain", id="s@x.org"),
    ]
    content, report = merged(master, tmp_path, GRADEBOOK, totals)
    expected = GRADEBOOK.replace("j@x.org,-", "j@x.org,5.5")
    assert content.decode() == expected.replace("s@x.org,-", "s@x.org,5.5")
    assert report.said == ["John Roe (124) is not in downloaded.csv, or not only once."]


@pytest.mark.parametrize("content", ["", "no columns\n1\n"])
def test_what_is_no_table_is_refused(master, tmp_path, content):
    with pytest.raises(TableError, match="is no CSV file"):
        merged(master, tmp_path, content, [total()])
