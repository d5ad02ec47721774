"""Marks: added up, told to students, and put into what platforms give and take."""

import csv
import json
import re

import pytest
from bs4 import BeautifulSoup

from assignments import marks, pages, platforms, records, tables
from assignments.answers import Answer, Item
from assignments.grader import Mark
from assignments.marks import Judgement, Total, add_up
from assignments.records import Record
from assignments.tables import TableError
from tests.assignments.demo_master import demo

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture(scope="module")
def master(tmp_path_factory):
    return demo(tmp_path_factory.mktemp("masters"))


def record(id="7", name="Jane Doe", layout="canvas", double=3.0, why="Since", **more):
    answers = {"why": Answer((Item("text", why),)) if why else Answer(note="No.")}
    answers["plot"] = Answer(note="Not answered.")
    earned = {"test-double": Mark(double, 3, "" if double else "double(2) should be 4")}
    earned["test-level"] = Mark(1, 1)
    return Record(id, name, layout, "0", "x.ipynb", earned, answers, **more)


def total(points=1.5, **more) -> Total:
    """Return the marks of a student whose answer is marked."""
    one = record(**more)
    given = {} if points is None else {one.token("why"): Judgement(points, "good")}
    return add_up(one, given)


# Adding up


def test_tests_and_judgements_are_added(master):
    assert (total().points, total().open) == (5.5, [])
    assert (total(None).points, total(None).open) == (4, ["why"])
    assert total(None, why="").open == []  # an untouched answer needs no marker


def test_a_mark_is_for_one_answer_of_one_student():
    others = ({}, {"id": "8"}, {"layout": "moodle"}, {"why": "Else"}, {"name": "X"})
    tokens = {record(**other).token("why") for other in others}
    assert len(tokens) == 4  # the name alone makes no other student
    assert all(re.fullmatch("a[0-9a-f]{10}", token) for token in tokens)


def test_a_record_comes_back_as_it_was(tmp_path):
    told = record(name="José", notes=["one"], seconds=1.5, cpu_seconds=0.5)
    told.save(tmp_path)
    [path] = tmp_path.iterdir()
    assert records.load(path) == told
    assert path.name == f"{told.slug}.json"


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 0}', '{"format": 1}'])
def test_a_record_that_cannot_be_read_is_none(tmp_path, content):
    path = tmp_path / "x.json"
    path.write_text(content)
    assert records.load(path) is None
    assert records.load(tmp_path / "y.json") is None


def test_files_of_students_never_collide_or_leave_the_folder():
    ids = ["jane", "Jane", "../jane", "jane/", "", ".", "..", "x" * 300, "é", "jane_1"]
    slugs = [records.slug(way, id, "n") for id in ids for way in ("plain", "moodle")]
    assert len({slug.lower() for slug in slugs}) == len(slugs)
    assert all(re.fullmatch(r"[\w-]{1,80}", slug) for slug in slugs)
    assert slugs[0] == "jane"


# Sheets for markers


def test_a_sheet_is_filled_in_and_read_again(tmp_path, master):
    totals = [total(None), total(None, id="8", name="=cmd()")]
    totals.append(total(None, id="9", why=""))
    path = marks.write_sheet(master.manual[0], totals, tmp_path)
    table = tables.read(path)
    assert table.header == list(marks.COLUMNS)
    assert [row[2] for row in table.rows] == ["Jane Doe", "'=cmd()"]
    table.rows[0][4:7] = ["1,5", "2", "good"]
    table.save(path)
    given = marks.read_given(master, [path])
    assert given == {totals[0].record.token("why"): Judgement(1.5, "good")}
    again = [add_up(total.record, given) for total in totals]
    before = path.read_bytes()
    marks.write_sheet(master.manual[0], again, tmp_path)
    assert path.read_bytes() == before.replace(b'"1,5"', b"1.5")


def test_a_comment_without_points_is_kept(tmp_path, master):
    one = total(None)
    given = {one.record.token("why"): Judgement(None, "-- ask")}
    path = marks.write_sheet(master.manual[0], [add_up(one.record, given)], tmp_path)
    assert marks.read_given(master, [path]) == given
    assert add_up(one.record, given).open == ["why"]


@pytest.mark.parametrize("points", ["2.1", "-1", "two", "nan"])
def test_points_out_of_range_are_refused(tmp_path, master, points):
    path = marks.write_sheet(master.manual[0], [total(None)], tmp_path)
    path.write_text(path.read_text("utf-8-sig").replace(",,2,", f",{points},2,"))
    with pytest.raises(TableError, match=f"line 2: '{points}' is no number from 0"):
        marks.read_given(master, [path])


def test_other_files_are_refused_as_sheets(tmp_path, master):
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(TableError, match="needs the columns question, student"):
        marks.read_given(master, [path])
    path.write_text(f"{','.join(marks.COLUMNS)}\nhow,7,J,a1,1,2,\n")
    with pytest.raises(TableError, match="line 2: d1-doubling has no question 'how'"):
        marks.read_given(master, [path])
    with pytest.raises(TableError, match="cannot be read: No such file"):
        marks.read_given(master, [tmp_path / "none.csv"])


def test_a_mark_of_an_answer_that_has_changed_is_said():
    one = total(None)
    given = {one.record.token("why"): Judgement(2), "a0": Judgement(1)}
    given["a1"] = Judgement(None, "only a comment")
    [said] = marks.forgotten([add_up(one.record, given)], given)
    assert said.startswith("The mark of answer a0 (1 points) is not used: the answer")


# The table of marks and Gradescope


def test_table_of_marks_has_every_part(tmp_path, master):
    totals = [total(notes=["@note."]), total(None, id="=8", double=0)]
    marks.write_marks(master, totals, tmp_path / "marks.csv")
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


def test_gradescope_gets_its_format(tmp_path, master):
    one = total(None, notes=["A note."])
    marks.write_gradescope(master, one, tmp_path)
    [path] = tmp_path.glob("*/results.json")
    results = json.loads(path.read_text(encoding="utf-8"))
    assert results["score"] == 4
    assert results["output"] == "A note."
    assert results["stdout_visibility"] == "hidden"
    assert results["tests"][0] == {
        "name": "Twice (test-double)",
        "score": 3,
        "max_score": 3,
        "status": "passed",
        "output": "",
        "output_format": "text",
        "visibility": "visible",
    }
    assert [test["output"] for test in results["tests"][2:]] == [
        "Not marked yet.",
        "Not answered.",
    ]
    assert sum(test["max_score"] for test in results["tests"]) == master.points()


# Pages


def checked(page: str) -> BeautifulSoup:
    """Return a page that is self-contained, without script, and in good order."""
    soup = BeautifulSoup(page, "html.parser")
    policy = soup.select_one("meta[http-equiv=Content-Security-Policy]")
    assert policy["content"].startswith("default-src 'none'")
    assert soup.select("script, link, iframe, object, [onerror], [onclick]") == []
    sources = [tag["src"] for tag in soup.select("[src]")]
    assert [source for source in sources if not source.startswith("data:image/")] == []
    assert soup.html["lang"] == "en"
    assert len(soup.select("h1")) == 1
    assert soup.select("img:not([alt])") == []
    return soup


def test_feedback_says_what_was_earned_and_why(master):
    page = checked(pages.feedback(master, total(double=0, notes=["A note."])))
    text = page.get_text(" ", strip=True)
    assert "2.5 of 10 points" in text
    assert "double(2) should be 4" in text
    assert "A note." in text
    assert "good" in text
    rows = [row.get_text(" ", strip=True) for row in page.select("tbody tr")]
    assert [row.split()[0] for row in rows] == ["Twice", "Twice", "Why", "Why"]
    assert "before the answers" not in text
    assert "before the answers" in pages.feedback(master, total(None))


def test_feedback_has_no_hidden_check(master):
    for points in (0, 3):
        page = pages.feedback(master, total(double=points))
        assert "17.5" not in page
        assert master.manual[0].model not in page


def test_nothing_that_a_student_writes_becomes_markup(master):
    evil = total(name=EVIL, id=EVIL, why=EVIL, notes=[EVIL])
    evil.record.file = EVIL
    evil.record.marks["test-double"] = Mark(0, 3, EVIL)
    evil.record.answers["plot"] = Answer(
        (Item("output", EVIL), Item("picture", 'data:image/png;base64,"><script>'))
    )
    evil = add_up(evil.record, {evil.record.token("why"): Judgement(1, EVIL)})
    for page in (
        pages.feedback(master, evil),
        pages.answers(master, master.manual[0], [evil]),
        pages.answers(master, master.manual[1], [evil]),
    ):
        assert EVIL in checked(page).get_text()


def test_page_of_answers_has_all_answers_and_the_model(master):
    pair = [total(None), total(id="8", name="John"), total(None, id="9", why="")]
    page = checked(pages.answers(master, master.manual[0], pair))
    assert [tag.get_text().split(" (")[0] for tag in page.select("h2")] == [
        "Jane Doe",
        "John",
    ]
    assert master.manual[0].model in page.select_one("details").get_text()
    assert pair[0].record.token("why") in page.get_text()


# What is downloaded from Canvas and Moodle

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
    report = platforms.merge(master, totals, path, tmp_path / "out.csv", **options)
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


def test_cells_that_look_like_formulas_are_guarded_and_come_back():
    for text in ("=1", "+1", "-1", "@x", "\t=1", "'=1", "plain", "", "'quoted'"):
        assert tables.unguarded(tables.guarded(text)) == text or text == "'=1"
        assert not tables.guarded(text).startswith(("=", "+", "-", "@", "\t"))
