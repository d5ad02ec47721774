"""One notebook is graded, whatever is in it and beside it."""

import json
import os
import time

import nbformat
import pytest

from assignments.hand_in import uploads
from assignments.hand_in.uploads import SubmissionError
from assignments.master_cells import grade_id
from tests.assignments.hand_in.files import chosen, fill
from tests.assignments.toy import solved, submission


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


HUGE = b'{"cells": [' + b" " * uploads.LARGEST + b"]}"
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
        ("jane/report.pdf", "No notebook, so not graded: report.pdf"),
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
        *(None, 3, {}, {"cell_type": "other", "source": "x"}),
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


def test_every_file_beside_the_graded_one_is_accounted_for(tmp_path, master):
    old = {f"jane/{n:02}.ipynb": "{}" for n in range(12)}
    fill(tmp_path, old | {"jane/more.zip": "PK, damaged", "jane/notes.txt": "x"})
    for number, name in enumerate(old):
        os.utime(tmp_path / name, (number, number))
    fill(tmp_path, {"jane/z.ipynb": submission(master)})
    _, path, notes = chosen(master, tmp_path)
    told = " ".join(notes)
    assert path == "z.ipynb"
    for name in [*old, "jane/more.zip"]:
        assert name.removeprefix("jane/") in told
    assert "Not looked at: 00.ipynb, 01.ipynb, 02.ipynb." in notes


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"cells": [' + b"{}," * 2000 + b"{}]}", "has 2001 cells; at most 2000"),
        (b'{"cells": [{"outputs": [' + b"{}," * 300_000 + b"{}]}]}", "300000 parts"),
        (b'{"metadata": ' + b"[" * 300_001, "300000 parts"),
    ],
)
def test_what_is_too_much_to_read_is_said_at_once(tmp_path, master, content, message):
    begin = time.process_time()
    fill(tmp_path, {"jane.ipynb": content})
    with pytest.raises(SubmissionError, match=message):
        chosen(master, tmp_path)
    assert time.process_time() - begin < 1
