"""A record is stale when what decided its marks has changed, and only then."""

import shutil
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest

from assignments import digests, masters
from assignments.hand_in.students import Student
from assignments.hand_in.uploads import Upload
from tests.assignments.toy import cells, store

DECIDING = [
    *("inside/worker.py", "inside/protocol.py", "grade/tests.py", "grade/walls.py"),
    *("grade/seccomp.py", "fair/bounds.py", "fair/checks.py", "hand_in/notebook.py"),
    *("hand_in/answers.py", "masters.py", "master_cells.py"),
]
OTHERS = [
    *("marks/csv_files.py", "marks/html_pages.py", "marks/templates/feedback.html"),
    *("marks/student_records.py", "proof/cases.py", "hostile/fork_bomb.py", "run.py"),
    *("digests.py", "__main__.py", "release.py", "README.md"),
]


@pytest.fixture(scope="module")
def copies(tmp_path_factory) -> tuple[Path, Path]:
    """Give a copy of the assignments and of the library, to be changed."""
    folder = tmp_path_factory.mktemp("copies")
    for name, source in (("here", digests.HERE), ("library", digests.LIBRARY)):
        shutil.copytree(source, folder / name)
    return folder / "here", folder / "library"


@pytest.fixture
def digest(copies, master):
    """Return the digest with a byte more in a file, or with nothing changed."""

    def make(changed: Path | None = None) -> str:
        if changed is None:
            return digests.digest_of_tool(master, *copies)
        before = changed.read_bytes()
        changed.write_bytes(before + b"\n")
        try:
            return digests.digest_of_tool(master, *copies)
        finally:
            changed.write_bytes(before)

    return make


@pytest.mark.parametrize("name", DECIDING)
def test_what_decides_a_mark_is_covered(digest, copies, name):
    assert digest(copies[0] / name) != digest()


@pytest.mark.parametrize("name", ["mlp.py", "__init__.py", "widgets/figure.py"])
def test_the_library_is_covered(digest, copies, name):
    assert digest(copies[1] / name) != digest()


@pytest.mark.parametrize("name", OTHERS)
def test_what_writes_marks_out_marks_nobody_anew(digest, copies, name):
    assert digest(copies[0] / name) == digest()


def test_each_module_of_a_deciding_room_counts(digest, copies):
    rooms = ("inside", "grade", "fair", "hand_in")
    files = [path for room in rooms for path in (copies[0] / room).rglob("*.py")]
    assert len(files) > 15
    assert len({digest(path) for path in files} | {digest()}) == len(files) + 1


def test_the_master_and_its_data_are_covered(tmp_path):
    path = store(tmp_path, cells())
    before = digests.digest_of_tool(masters.read(path))
    np.savez(tmp_path / "d1-data.npz", x=np.arange(3))
    with_data = digests.digest_of_tool(masters.read(path))
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    changed = digests.digest_of_tool(masters.read(path))
    assert len({before, with_data, changed}) == 3


@pytest.mark.parametrize("library", ["numpy", "scipy"])
def test_versions_of_the_libraries_are_covered(digest, monkeypatch, library):
    before = digest()
    newer = {library: "99.0"}
    monkeypatch.setattr(digests, "version", lambda name: newer.get(name, version(name)))
    assert digest() != before


def test_a_submission_is_all_that_a_student_handed_in():
    def student(content=b"1", name="x.ipynb", late=False):
        uploads = [Upload(Path("all.zip"), (name,), content=content)]
        return Student("7", "Jane", "plain", uploads, late)

    others = [student(), student(b"2"), student(name="y.ipynb"), student(late=True)]
    found = {digests.digest_of_student(other, "tool") for other in others}
    assert len(found | {digests.digest_of_student(student(), "another")}) == 5
