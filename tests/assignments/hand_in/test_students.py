"""Submissions are found in the layouts of courses, and told apart."""

import pytest

from assignments.hand_in.students import collect
from assignments.hand_in.uploads import SubmissionError
from tests.assignments.hand_in.files import NAMES, fill, packed


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


# Nobody vanishes


def test_a_class_in_one_zip_file_may_be_large(tmp_path):
    archive = tmp_path / "class.zip"
    archive.write_bytes(packed({f"s{n:04}.ipynb": "1" for n in range(1101)}))
    assert len(collect(archive, "d1-doubling", NAMES)) == 1101


def test_a_student_with_too_many_files_is_told_so(tmp_path):
    files = {f"{n:04}.txt": "" for n in range(1001)} | {"z.ipynb": "1"}
    fill(tmp_path, {"jane.zip": files})
    [student] = collect(tmp_path, "d1-doubling", NAMES)
    faults = [upload.fault for upload in student.uploads if upload.fault]
    assert faults == ["jane.zip holds 1002 files; only the first 1000 are looked at."]
    assert faults[0] in [upload.fault for upload in student.loaded().uploads]


@pytest.mark.parametrize("files", [CANVAS, MOODLE, PLAIN], ids=["canvas", "moodle", ""])
@pytest.mark.parametrize("kind", ["zip", "folder"])
def test_a_folder_around_all_submissions_is_no_student(tmp_path, files, kind):
    expected = {
        key: who[:2] for key, who in found(fill(tmp_path / "all", files)).items()
    }
    around = {f"submissions/{name}": content for name, content in files.items()}
    place = fill(tmp_path / "around", around)
    if kind == "zip":
        place = tmp_path / "around.zip"
        place.write_bytes(packed(around))
    assert {key: who[:2] for key, who in found(place).items()} == expected


def test_a_folder_of_the_only_student_stays_a_student(tmp_path):
    fill(tmp_path, {"jane/a.ipynb": "1", "jane/data/b.csv": "2"})
    assert set(found(tmp_path)) == {"jane"}


def test_two_students_are_never_made_one(tmp_path):
    fill(tmp_path, {"hw_2_2026_jane.ipynb": "1", "hw_2_2026_bob.ipynb": "2"})
    with pytest.raises(SubmissionError) as error:
        found(tmp_path)
    for name in ("hw_2_2026_jane.ipynb", "hw_2_2026_bob.ipynb", "student 2"):
        assert name in str(error.value)
