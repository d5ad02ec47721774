"""Submissions are found in the layouts of courses, and read whatever is in them."""

import base64
import io
import json
import os
import struct
import zipfile
import zlib

import nbformat
import pytest
from PIL import Image

from assignments import answers, notebooks, submissions
from assignments.answers import Item
from assignments.notebooks import choose, grade_id
from assignments.submissions import SubmissionError, collect
from tests.assignments.demo_master import MODEL, demo, solved, submission

NAMES = ["d1-doubling", "d2-other"]


@pytest.fixture(scope="module")
def master(tmp_path_factory):
    return demo(tmp_path_factory.mktemp("masters"))


def fill(folder, files):
    """Write files by their paths; a dict is a zip file."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(packed(content))
    return folder


def packed(content) -> bytes:
    if isinstance(content, dict):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, inner in content.items():
                archive.writestr(name, packed(inner))
        return stream.getvalue()
    return content.encode() if isinstance(content, str) else content


def found(folder):
    """Return who handed in what: by id the layout, the name and the files."""
    return {
        student.id: (student.layout, student.name, [up.name for up in student.uploads])
        for student in collect(folder, "d1-doubling", NAMES)
    }


CANVAS = {
    "doejane_12345_678901_d1-doubling.ipynb": "1",
    "roejohn_LATE_22_678902_d1-doubling-1.ipynb": "2",
    "anon_x7Yz_678903_work.ipynb": "3",
}
MOODLE = {
    "Jane Doe_123_assignsubmission_file_/d1.ipynb": "1",
    "José Núñez_124_assignsubmission_file_work.ipynb": "2",
    "Participant_125_assignsubmission_file_/deep/er/d1.ipynb": "3",
}
NBGRADER = {
    "submitted/jane/d1-doubling/d1-doubling.ipynb": "1",
    "submitted/jane/d1-doubling/timestamp.txt": "2026-01-01",
    "submitted/jane/d2-other/d2-other.ipynb": "other",
    "submitted/john/d1/d1-doubling.ipynb": "2",
    "submitted/only-the-other/d2/d2-other.ipynb": "3",
}
PLAIN = {"jane.ipynb": "1", "john.IPYNB": "2", "jo/work.ipynb": "3", "ann.txt": "4"}


def test_canvas_names_tell_the_student_and_the_delay(tmp_path):
    assert found(fill(tmp_path, CANVAS)) == {
        "12345": ("canvas", "doejane", ["doejane_12345_678901_d1-doubling.ipynb"]),
        "22": ("canvas", "roejohn", ["roejohn_LATE_22_678902_d1-doubling-1.ipynb"]),
        "anon_x7Yz": ("canvas", "anon_x7Yz", ["anon_x7Yz_678903_work.ipynb"]),
    }
    students = collect(tmp_path, "d1-doubling", NAMES)
    assert [student.id for student in students if student.late] == ["22"]


def test_moodle_folders_and_files_tell_the_participant(tmp_path):
    assert found(fill(tmp_path, MOODLE)) == {
        "123": ("moodle", "Jane Doe", ["d1.ipynb"]),
        "124": (
            "moodle",
            "José Núñez",
            ["José Núñez_124_assignsubmission_file_work.ipynb"],
        ),
        "125": ("moodle", "Participant", ["d1.ipynb"]),
    }


def test_nbgrader_folders_tell_student_and_assignment(tmp_path):
    expected = {
        "jane": ("plain", "jane", ["d1-doubling.ipynb", "timestamp.txt"]),
        "john": ("plain", "john", ["d1-doubling.ipynb"]),
    }
    assert found(fill(tmp_path, NBGRADER)) == expected
    assert found(tmp_path / "submitted") == expected


def test_plain_names_are_students(tmp_path):
    assert set(found(fill(tmp_path, PLAIN))) == {"jane", "john", "jo", "ann.txt"}


@pytest.mark.parametrize("files", [CANVAS, MOODLE, PLAIN], ids=["canvas", "moodle", ""])
def test_a_zip_file_is_as_good_as_a_folder(tmp_path, files):
    archive = tmp_path / "all.zip"
    archive.write_bytes(packed(files))
    inside = found(archive)
    unpacked = found(fill(tmp_path / "all", files))
    assert {key: who[:2] for key, who in inside.items()} == {
        key: who[:2] for key, who in unpacked.items()
    }
    students = collect(archive, "d1-doubling", NAMES)
    contents = {up.read() for student in students for up in student.notebooks}
    assert contents >= {b"1", b"2", b"3"}


def test_zip_files_within_are_looked_into(tmp_path):
    inner = {
        "mine/d1.ipynb": "1",
        "__MACOSX/mine/._d1.ipynb": "x",
        "deep.zip": {},
    }
    fill(tmp_path, {"doejane_1_2_all.zip": inner, "john.zip": {"x.ipynb": "2"}})
    students = collect(tmp_path, "d1-doubling", NAMES)
    assert [(who.id, [up.name for up in who.notebooks]) for who in students] == [
        ("1", ["doejane_1_2_all.zip/mine/d1.ipynb"]),
        ("john", ["john.zip/x.ipynb"]),
    ]
    assert students[0].notebooks[0].read() == b"1"


def test_nobody_can_hand_in_for_somebody_else(tmp_path):
    forged = "roejohn_22_9_d1.ipynb"
    moodle = "John Roe_22_assignsubmission_file_/x.ipynb"
    fill(
        tmp_path,
        {
            "doejane_1_2_x.zip": {forged: "", moodle: "", f"../{forged}": ""},
            f"Ann_3_assignsubmission_file_/{forged}": "",
            f"submitted.zip/{moodle}": "",
        },
    )
    assert set(found(tmp_path)) == {"1", "3", "submitted"}


def test_names_that_only_look_like_canvas_are_refused(tmp_path):
    fill(tmp_path, {"a2_2026_1_jane.ipynb": "", "b2_2026_1_john.ipynb": ""})
    with pytest.raises(SubmissionError, match="both a2 and b2 would be student 2026"):
        found(tmp_path)


@pytest.mark.parametrize("name", ["none", "empty", "broken.zip"])
def test_nothing_to_collect_is_said(tmp_path, name):
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken.zip").write_text("PK no zip file")
    with pytest.raises(SubmissionError, match=name):
        found(tmp_path / name)


def test_hidden_files_and_checkpoints_are_left_out(tmp_path):
    fill(tmp_path, {"jane/.ipynb_checkpoints/d1.ipynb": "", "jane/d1.ipynb": ""})
    fill(tmp_path, {".DS_Store": "", "jane/~d1.ipynb": ""})
    assert found(tmp_path) == {"jane": ("plain", "jane", ["d1.ipynb"])}


def chosen(master, folder):
    """Return what is graded for the one student, with the notes."""
    [student] = collect(folder, master.name, NAMES)
    notebook, path, notes = choose(master, student.loaded())
    return notebook, path, notes


def test_the_latest_notebook_is_graded_and_said(tmp_path, master):
    early, late = submission(master, level="level = 1"), submission(master, level="2")
    fill(tmp_path, {"jane/a.ipynb": late, "jane/b.ipynb": early})
    os.utime(tmp_path / "jane/b.ipynb", (1, 1))
    notebook, path, notes = chosen(master, tmp_path)
    assert notebook.cells[5].source == "2"
    assert path == "a.ipynb"
    assert notes == ["a.ipynb was graded, the latest; not graded: b.ipynb."]


def test_canvas_numbers_tell_what_is_latest_whatever_the_time(tmp_path, master):
    text = submission(master)
    fill(tmp_path, {"jane_1_900_x.ipynb": text, "jane_1_1000_x-1.ipynb": text})
    os.utime(tmp_path / "jane_1_1000_x-1.ipynb", (1, 1))
    assert chosen(master, tmp_path)[1] == "jane_1_1000_x-1.ipynb"


def test_a_broken_or_other_notebook_does_not_hide_a_good_one(tmp_path, master):
    other = json.dumps({"cells": [], "nbformat": 4, "nbformat_minor": 5})
    fill(tmp_path, {"jane_1_1_a.ipynb": submission(master)})
    fill(tmp_path, {"jane_1_2_b.ipynb": "", "jane_1_3_c.ipynb": other})
    _, path, notes = chosen(master, tmp_path)
    assert path == "jane_1_1_a.ipynb"
    assert notes[:2] == [
        "jane_1_3_c.ipynb is not of this assignment.",
        "jane_1_2_b.ipynb is empty.",
    ]


HUGE = b'{"cells": [' + b" " * submissions.LARGEST + b"]}"
BROKEN = {
    "empty": (b"", "is empty"),
    "blank": (b" \n", "is empty"),
    "text": (b"Dear teacher,", "is no notebook: Expecting value"),
    "bytes": (bytes(range(256)), "is no notebook: 'utf-8' codec"),
    "list": (b"[1, 2]", "is no notebook: it has no cells"),
    "no cells": (b'{"cells": 7}', "is no notebook: it has no cells"),
    "deep": (b"[" * 200_000, "is no notebook: maximum recursion depth"),
    "long number": (b'{"cells": ' + b"9" * 5000 + b"}", "is no notebook: Exceeds"),
    "huge": (HUGE, "is larger than 20 MB"),
    "old and broken": (b'{"worksheets": [3], "nbformat": 3}', "is of an old format"),
    "other": (b'{"cells": [{"cell_type": "code"}, 3]}', "is not of this assignment"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_what_cannot_be_graded_is_said_in_a_sentence(tmp_path, master, fault):
    content, message = BROKEN[fault]
    fill(tmp_path, {"jane.ipynb": content})
    with pytest.raises(SubmissionError, match=rf"^jane\.ipynb {message}"):
        chosen(master, tmp_path)


def test_a_zip_file_that_unpacks_to_too_much_is_not_unpacked(tmp_path, master):
    fill(tmp_path, {"jane.zip": {"bomb.ipynb": HUGE, "more.zip": {"b.ipynb": HUGE}}})
    assert (tmp_path / "jane.zip").stat().st_size < 100_000
    with pytest.raises(SubmissionError, match=r"b\.ipynb is larger than 20 MB"):
        chosen(master, tmp_path)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("jane.zip", "jane.zip is no readable zip file"),
        ("jane/report.pdf", "No notebook was handed in, only: report.pdf"),
    ],
)
def test_no_notebook_is_said(tmp_path, master, name, message):
    fill(tmp_path, {name: "PK something"})
    with pytest.raises(SubmissionError, match=message):
        chosen(master, tmp_path)


def test_a_link_is_not_followed(tmp_path, master):
    secret = tmp_path / "secret.ipynb"
    secret.write_text(solved(master))
    (tmp_path / "all").mkdir()
    (tmp_path / "all" / "jane.ipynb").symlink_to(secret)
    with pytest.raises(SubmissionError, match="is a link"):
        chosen(master, tmp_path / "all")


def test_cells_of_no_sound_form_do_no_harm(tmp_path, master):
    data = json.loads(submission(master))
    data["cells"][3:3] = [
        *(None, 3, {}, {"cell_type": "raw", "source": "x"}),
        {"cell_type": "code", "source": 3, "metadata": 4, "outputs": "x"},
        {"cell_type": "code", "metadata": {"nbgrader": [1]}, "outputs": [1, {}]},
        {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": []}}},
        {"cell_type": "markdown", "source": ["a", 3, "b"], "attachments": [2]},
    ]
    fill(tmp_path, {"jane.ipynb": json.dumps(data)})
    notebook, _, _ = chosen(master, tmp_path)
    assert [cell.source for cell in notebook.cells[3:7]] == ["", "", "", "ab"]
    assert [grade_id(cell) for cell in notebook.cells[3:8]] == [*[""] * 4, "double"]
    assert notebook.cells[3].outputs == []
    assert notebook.cells[6].attachments == {}


def test_a_notebook_of_the_old_format_is_read(tmp_path, master):
    old = nbformat.convert(nbformat.reads(solved(master), as_version=4), 3)
    fill(tmp_path, {"jane.ipynb": json.dumps(old)})
    notebook, _, _ = chosen(master, tmp_path)
    assert notebook.cells[3].source == master.solutions["double"]


# What a marker is shown of an answer


def png(size=(3, 2), form="PNG") -> str:
    stream = io.BytesIO()
    Image.new("RGB", size, "red").save(stream, form, comment=b"<script>")
    return base64.b64encode(stream.getvalue()).decode()


def claiming(width, height) -> str:
    """Return a small PNG whose head says that it is of this size."""
    content = bytearray(base64.b64decode(png()))
    content[16:24] = struct.pack(">II", width, height)
    content[29:33] = struct.pack(">I", zlib.crc32(content[12:29]))
    return base64.b64encode(content).decode()


def displayed(plain="", **pictures):
    data = {f"image/{kind}": content for kind, content in pictures.items()}
    data |= {"text/plain": plain} if plain else {}
    return {"output_type": "display_data", "data": data}


def items(master, outputs, source="plt.plot(x)"):
    """Return what a marker sees of an answer to `plot` with these outputs."""
    data = json.loads(submission(master, plot=source))
    data["cells"][10]["outputs"] = outputs
    untouched = {"plot": "# YOUR CODE HERE", "why": "YOUR ANSWER HERE"}
    upload = submissions.Upload(None, ("x.ipynb",), content=json.dumps(data).encode())
    notebook = notebooks.parse(upload)
    return answers.gather(master, untouched, notebook)["plot"].items


def test_pictures_are_drawn_anew(master):
    for kind in ("png", "jpeg"):
        output = displayed("x", **{kind: png(form=kind)})
        code, picture = items(master, [output])
        assert code == Item("code", "plt.plot(x)")
        head, content = picture.content.split(",")
        assert (picture.kind, head) == ("picture", "data:image/png;base64")
        drawn = base64.b64decode(content)
        assert b"script" not in drawn
        assert Image.open(io.BytesIO(drawn)).size == (3, 2)


def test_a_wide_picture_is_shown_smaller(master):
    _, picture = items(master, [displayed(png=png((2800, 100)))])
    drawn = base64.b64decode(picture.content.split(",")[1])
    assert Image.open(io.BytesIO(drawn)).size == (1400, 50)


@pytest.mark.parametrize(
    ("encoded", "message"),
    [
        ("%%%", "[a picture that cannot be read]"),
        (base64.b64encode(b"GIF89a" + bytes(50)).decode(), "cannot be read"),
        (png()[:60], "cannot be read"),
        (claiming(5000, 5000), "[a picture that is too large to show]"),
        (claiming(20_000, 20_000), "too large to show"),
    ],
    ids=["no base64", "gif", "cut off", "large", "bomb"],
)
def test_a_picture_that_is_none_is_said(master, encoded, message):
    _, item = items(master, [displayed(png=encoded)])
    assert item.kind == "output"
    assert message in item.content


def test_a_drawing_is_shown_as_a_picture_only(master):
    drawing = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    _, item = items(master, [displayed("x", **{"svg+xml": drawing})])
    assert item.kind == "picture"
    assert item.content.startswith("data:image/svg+xml;base64,")
    _, item = items(master, [displayed(**{"svg+xml": drawing + " " * 2_000_000})])
    assert item == Item("output", "[a drawing that is too large to show]")


def test_text_is_passed_on_as_text_and_html_never(master):
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": ["<b>", "1\n"]},
        {"output_type": "error", "ename": "E", "evalue": "<i>", "traceback": ["<u>"]},
        {
            "output_type": "execute_result",
            "data": {"text/html": "<script>", "text/plain": "<p>"},
        },
        {"output_type": "display_data", "data": 3},
        {"output_type": "stream", "text": {"a": 1}},
    ]
    _, *shown = items(master, outputs)
    assert [item.content for item in shown] == ["<b>1\n", "E: <i>", "<p>", ""]
    assert {item.kind for item in shown} == {"output"}


def test_a_very_long_answer_is_cut(master):
    text = {"output_type": "stream", "text": "x" * 30_000}
    shown = items(master, [text] * 40)
    assert len(shown) == answers.MOST_ITEMS
    assert shown[1].content.endswith("x\n[10000 more characters]")


def test_pictures_in_written_answers_are_shown(tmp_path, master):
    data = json.loads(submission(master, why="See ![](attachment:a.png)"))
    data["cells"][9]["attachments"] = {"a.png": {"image/png": png()}, "b": 3}
    fill(tmp_path, {"jane.ipynb": json.dumps(data)})
    notebook, _, _ = chosen(master, tmp_path)
    gathered = answers.gather(master, {"why": "", "plot": ""}, notebook)["why"]
    assert [item.kind for item in gathered.items] == ["text", "picture"]


def test_untouched_and_missing_answers_are_told_apart(tmp_path, master):
    data = json.loads(submission(master, why=MODEL))
    del data["cells"][10]
    fill(tmp_path, {"jane.ipynb": json.dumps(data)})
    notebook, _, _ = chosen(master, tmp_path)
    untouched = {"why": MODEL, "plot": ""}
    gathered = answers.gather(master, untouched, notebook)
    assert gathered["why"] == answers.Answer(note="Not answered.")
    assert gathered["plot"].note == "The cell of this answer is not there."
