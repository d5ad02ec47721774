"""Lateness costs what the rule says, with extensions, or it is refused."""

import os
import time
from datetime import datetime, timedelta

import pytest

from assignments.hand_in.students import Student, collect
from assignments.marks import class_table, csv_files, html_pages, late
from assignments.marks.csv_files import TableError
from assignments.marks.late import Policy, Rate, moment, rate, span
from assignments.marks.totals import Lateness
from tests.assignments.hand_in.files import fill
from tests.assignments.marks.students import total

DUE = datetime.fromisoformat("2026-11-27T23:59:59+01:00")
DAY = Policy(Rate(10, True, timedelta(days=1)), DUE, timedelta(minutes=15))


@pytest.fixture(autouse=True)
def berlin(monkeypatch):
    """Grade in a zone in which the clock changes."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10%/day", Rate(10, True, timedelta(days=1))),
        ("2.5%/hour", Rate(2.5, True, timedelta(hours=1))),
        ("0.5/hour", Rate(0.5, False, timedelta(hours=1))),
        ("none", Rate(0, False, timedelta(days=1))),
    ],
)
def test_rates_are_read(text, expected):
    assert rate(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "10%", "10%/week", "-1%/day", "101%/day", "1e3/day", "ten/day", "%/day"],
)
def test_other_rates_are_refused(text):
    with pytest.raises(ValueError, match=r"is not like 10%/day, 0\.5/hour or none"):
        rate(text)


def test_spans_are_read():
    assert span("15min") == timedelta(minutes=15)
    assert span("36h") == span("1d") + span("12h")
    for text in ("", "15", "1.5h", "-1h", "1 h", "9999999d"):
        with pytest.raises(ValueError, match="is not like 15min, 2h or 1d"):
            span(text)


def test_times_are_read_in_the_zone_of_this_machine():
    assert moment("2026-11-27", ends=True) == DUE
    expected = datetime.fromisoformat("2026-11-27T22:15:00+01:00")
    for text in (
        *("2026-11-27 22:15", "2026-11-27T22:15:00", "2026-11-27T21:15:00Z"),
        *("2026-11-27 16:15-05:00", "Friday, 27 November 2026, 10:15 PM"),
    ):
        assert moment(text) == expected
    assert moment("2026-07-01 12:00").isoformat().endswith("+02:00")


@pytest.mark.parametrize(
    "text", ["", "27.11.2026", "2026-11-31", "2026-02-30 10:00", "soon", "2026-11-27"]
)
def test_other_times_are_refused(text):
    with pytest.raises(ValueError, match="is no time like 2026-11-27 22:15"):
        moment(text)


@pytest.mark.parametrize(
    ("handed_in", "expected"),
    [
        ("2026-11-20 10:00", 0),
        ("2026-11-27 23:59:59", 0),
        ("2026-11-28 00:14:59", 0),  # the end of the grace
        ("2026-11-28 00:15", 2),  # after it, the first day counts from its beginning
        ("2026-11-28 23:59:59", 2),
        ("2026-11-29 00:00", 4),
        ("2026-12-04 12:00", 14),
        ("2027-12-04 12:00", 20),
    ],
)
def test_days_that_have_begun_count(handed_in, expected):
    assert DAY.penalty(moment(handed_in), DUE, 20) == expected


def test_points_an_hour_across_a_change_of_the_clock():
    due = moment("2026-10-25 01:30")
    hourly = Policy(Rate(0.5, False, timedelta(hours=1)), due)
    assert hourly.penalty(moment("2026-10-25 03:30"), due, 20) == 1.5  # three hours
    assert hourly.penalty(moment("2026-10-25 01:30:01"), due, 20) == 0.5


ROSTER = """\
ID,Name,Extension,Handed in
1,Ann,,2026-11-27 12:00
2,Ben,,2026-11-28 12:00
3,Cat,2026-11-29,2026-11-28 12:00
4,Dan,2026-11-28 10:00,2026-11-28 12:00
5,Eve,-,
"""


def judged(tmp_path, students, content=ROSTER, policy=DAY):
    path = None
    if content:
        path = tmp_path / "class.csv"
        path.write_text(content)
    found = late.judge(students, policy, 20, path)
    return {id: judged.penalty for (_, id), judged in found.items()}


def named(*ids, layout="canvas", **more):
    return [Student(id, f"S{id}", layout, **more) for id in ids]


def test_extensions_replace_the_date(tmp_path):
    found = judged(tmp_path, named(*"1234"))
    assert found == {"1": 0, "2": 2, "3": 0, "4": 2}


def test_moodles_worksheet_says_when(tmp_path):
    content = (
        "Identifier,Full name,Grade,Maximum Grade,Last modified (submission)\n"
        'Participant 7,Jane,,20,"Saturday, 28 November 2026, 9:05 AM"\n'
        "Participant 8,John,,20,-\n"
    )
    assert judged(tmp_path, named("7", layout="moodle"), content) == {"7": 2}
    with pytest.raises(TableError, match=r"not known when these handed in: S8 \(8\);"):
        judged(tmp_path, named("7", "8", layout="moodle"), content)


def test_canvas_says_who_is_in_time_but_not_who_is_late(tmp_path):
    assert judged(tmp_path, named("5", "6")) == {"5": 0, "6": 0}
    assert judged(tmp_path, named("5"), content="") == {"5": 0}
    assert judged(tmp_path, named("2", late=True)) == {"2": 2}
    told = r"handed in: S5 \(5\), S6 \(6\); name with --roster"
    with pytest.raises(TableError, match=told):
        judged(tmp_path, named("2", "5", "6", late=True))
    many = named(*(str(n) for n in range(20, 30)), layout="moodle")
    with pytest.raises(TableError, match=r"S24 \(24\) and 5 more; name"):
        judged(tmp_path, many)


def test_files_with_plain_names_have_the_time_of_the_teachers_folder(tmp_path):
    zipped = {"inner/x.ipynb": "{}"}  # zip files of students say what they like
    folder = fill(tmp_path / "c", {"ann.ipynb": "{}", "ben/b.zip": zipped})
    for path, text in (("ann.ipynb", "2026-11-27"), ("ben/b.zip", "2026-11-28")):
        when = moment(f"{text} 12:00").timestamp()
        os.utime(folder / path, (when, when))
    students = collect(folder, "d1", [])
    assert judged(tmp_path, students, content="") == {"ann": 0, "ben": 2}


def test_a_zip_file_of_the_class_has_times_too(tmp_path):
    folder = fill(tmp_path, {"class.zip": {"ann.zip": {"x.ipynb": "{}"}}})
    [student] = collect(folder / "class.zip", "d1", [])
    [upload] = student.uploads
    assert upload.members == ("ann.zip", "x.ipynb")
    assert upload.arrived > 0
    inner = upload.time
    assert abs(inner - upload.arrived) < 10


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("2026-11-29", "29.11.", "line 4, Extension: '29.11.' is no time like 2026-11"),
        ("2026-11-27 12:00", "noon", "line 2, Handed in: 'noon' is no time like 2026"),
        ("2026-11-27 12:00", "2026-11-27", "line 2, Handed in: '2026-11-27' is no"),
    ],
)
def test_a_cell_that_is_no_time_is_named(tmp_path, old, new, told):
    with pytest.raises(TableError, match=told):
        judged(tmp_path, named("5"), ROSTER.replace(old, new, 1))


def test_mark_penalty_and_result_are_told(tmp_path, master):
    one = total()
    one.late = Lateness(DUE, moment("2026-11-28 12:00"), 2)
    two = total(0, id="8", double=0)
    two.late = Lateness(DUE, None, 20)
    class_table.write_marks(master, [one, two], tmp_path / "marks.csv")
    table = csv_files.read(tmp_path / "marks.csv")
    assert table.header[2:8] == ["points", "maximum", *class_table.LATE]
    times = ["2026-11-28 12:00:00", "2026-11-27 23:59:59"]
    assert table.rows[0][2:8] == ["3.5", "10", "5.5", "2", *times]
    assert table.rows[1][2:8] == ["0", "10", "1", "20", "", times[1]]
    assert class_table.has_penalties(tmp_path / "marks.csv")
    page = html_pages.feedback(master, one)
    assert (
        "Handed in 2026-11-28 12:00, due 2026-11-27 23:59: 5.5 points, less 2" in page
    )
    assert "lateness" not in html_pages.feedback(master, total())
