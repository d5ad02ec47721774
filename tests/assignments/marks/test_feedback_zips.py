"""Feedback goes back to Canvas and Moodle, one zip file each."""

import io
import json
import zipfile

import nbformat
import pytest

from assignments.hand_in.students import CANVAS, Student, collect
from assignments.marks import feedback_zips
from assignments.marks.feedback_zips import canvas_member, write_zips
from assignments.marks.totals import add_up
from tests.assignments.hand_in.files import fill
from tests.assignments.marks.students import record, total


def opened(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def handed_in(tmp_path, files):
    """Return the students of a folder, and their marks."""
    students = collect(fill(tmp_path / "class", files), "d1-doubling", [])
    totals = []
    for one in students:
        graded = one.notebooks[-1].name if one.notebooks else ""
        made = record(one.id, one.name, one.layout, why="")
        made.file = graded
        totals.append(add_up(made, {}))
    return students, totals


def test_canvas_takes_notebooks_by_the_names_it_gave(tmp_path, master):
    files = {
        "doejane_7_10_a.ipynb": "{}",
        "doejane_7_12_a-1.ipynb": "{}",
        "roejohn_LATE_8_20_work.zip": {"in/x.ipynb": "{}"},
        "noone_9_30_essay.pdf": "%PDF",
    }
    students, totals = handed_in(tmp_path, files)
    said = write_zips(master, totals, students, tmp_path)
    path = tmp_path / "canvas-feedback.zip"
    found = opened(path)
    assert [*found] == ["doejane_7_12_a-1.ipynb", "roejohn_LATE_8_20_work.zip"]
    assert said == [
        f"Feedback for 2 students is in {path}.",
        "1 are left out of canvas-feedback.zip, of whom there is no file that Canvas "
        "takes feedback for.",
    ]
    for name, ids in zip(found, (("7", "12"), ("8", "20")), strict=True):
        numbers = [part for part in name.split("_") if part.isdigit()]
        assert tuple(numbers[:2]) == ids  # all that Canvas looks at
        assert CANVAS.match(name)
    notebook = nbformat.reads(found["doejane_7_12_a-1.ipynb"].decode(), as_version=4)
    nbformat.validate(notebook)
    assert "# Doubling: 4 of 10 points" in notebook.cells[0].source
    inside = opened(io.BytesIO(found["roejohn_LATE_8_20_work.zip"]))
    assert [*inside] == ["d1-doubling-feedback.ipynb"]


def test_the_same_marks_give_the_same_bytes(tmp_path, master):
    students, totals = handed_in(tmp_path, {"doejane_7_10_a.ipynb": "{}"})
    path, contents = tmp_path / "canvas-feedback.zip", set()
    for _ in range(2):
        write_zips(master, totals, students, tmp_path)
        contents.add(path.read_bytes())
    assert len(contents) == 1


def test_moodle_takes_pages_in_the_folders_of_its_download(tmp_path, master):
    folder = "Jane Doe_123_assignsubmission_file_"
    students, totals = handed_in(tmp_path, {f"{folder}/a.ipynb": "{}"})
    said = write_zips(master, totals, students, tmp_path)
    assert said == [f"Feedback for 1 students is in {tmp_path}/moodle-feedback.zip."]
    [(name, page)] = opened(tmp_path / "moodle-feedback.zip").items()
    assert name == f"{folder}/d1-doubling-feedback.html"
    assert b"4 of 10 points" in page


def test_who_waits_for_a_marker_is_left_out(tmp_path, master):
    students = [Student("7", "Jane", "moodle"), Student("8", "John", "moodle")]
    totals = [total(layout="moodle"), total(None, id="8", layout="moodle")]
    said = write_zips(master, totals, students, tmp_path)
    assert said[1] == "1 are left out of it until they are marked."
    assert len(opened(tmp_path / "moodle-feedback.zip")) == 1
    assert not (tmp_path / "canvas-feedback.zip").exists()
    assert write_zips(master, totals[1:], students, tmp_path) == []
    assert not (tmp_path / "moodle-feedback.zip").exists()  # nor that of an earlier run


def test_plain_names_have_no_platform(tmp_path, master):
    students, totals = handed_in(tmp_path, {"jane.ipynb": "{}"})
    assert write_zips(master, totals, students, tmp_path) == []


@pytest.mark.parametrize("message", ["# h\n<b>\n```\n    x", "\ud800", "![](x)\r\ny"])
def test_what_comes_from_a_submission_is_quoted(tmp_path, master, message):
    files = {"doejane_7_10_a.ipynb": "{}"}
    [student], [one] = handed_in(tmp_path, files)
    mark = one.record.marks["test-double"]
    one.record.marks["test-double"] = type(mark)(0, 3, message)
    one.record.notes.append(message)
    _, content = canvas_member(master, one, student)
    [cell] = json.loads(content)["cells"]
    lines = "".join(cell["source"]).splitlines()
    for line in message.splitlines():
        shown = f"    {line}".encode("utf-8", "replace").decode()
        assert lines.count(shown) == 2
        assert line not in lines


def test_hidden_checks_are_not_in_it(master):
    text = feedback_zips.as_notebook(master, total(double=0)).decode()
    assert "double(2) should be 4" in text
    assert "17.5" not in text
