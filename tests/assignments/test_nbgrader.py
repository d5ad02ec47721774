"""A course that has nbgrader can release and grade the same masters with it.

Every second day it releases and grades one of them, or with EVERY_ANSWER=1, as each
week, every one.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from assignments import masters, release
from tests.turns import TURN, of_today
from tools.paths import ROOT

EVERY = os.environ.get("EVERY_ANSWER") == "1"
PATHS = of_today(masters.paths(), 5, every=EVERY, turn=TURN // 2)
pytestmark = pytest.mark.turns(2, 1)
PROGRAM = """\
import sys
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

config = Config()
config.CourseDirectory.course_id = "init"
api = NbGraderAPI(CourseDirectory(root=sys.argv[1], config=config), config=config)
for work in sys.argv[2:]:
    action, assignment, *student = work.split("/")
    if student:
        done = api.autograde(assignment, *student, force=False)
    else:
        done = api.generate_assignment(assignment, force=False, create=True)
    if not done["success"]:
        sys.exit(done.get("error") or done["log"])
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """Give a course in which nbgrader has released and graded what students have."""
    folder = tmp_path_factory.mktemp("course")
    for path in PATHS:
        master = masters.read(path)
        source = folder / "source" / master.name
        source.mkdir(parents=True)
        for file in (path, *master.files):
            shutil.copy(file, source)
    nbgrader(folder, *(f"generate/{path.stem}" for path in PATHS))
    for path in PATHS:
        master = masters.read(path)
        right = release.fill_in(master, master.solutions)
        hand_in(folder, "right", master.name, right)
    untouched = release.student(masters.read(PATHS[0]))
    hand_in(folder, "untouched", PATHS[0].stem, untouched)
    work = [f"autograde/{path.stem}/right" for path in PATHS]
    nbgrader(folder, *work, f"autograde/{PATHS[0].stem}/untouched")
    return folder


def nbgrader(course: Path, *work: str) -> None:
    """Let nbgrader work through its interface, in a process of its own.

    A teacher puts the repository on the path, as here; one process for all is what its
    commands do one by one, without four more seconds for each.
    """
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, course, *work],
        cwd=course,
        env=os.environ | {"PATH": programs, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def hand_in(course: Path, student: str, name: str, notebook) -> None:
    """Put a notebook where nbgrader collects it, with the released data."""
    folder = course / "submitted" / student / name
    shutil.copytree(course / "release" / name, folder)
    nbformat.write(notebook, folder / f"{name}.ipynb")


def earned(course: Path, student: str, name: str) -> dict[str, tuple[float, float]]:
    """Return what nbgrader gave for each test, and its maximum."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        [notebook] = gradebook.find_submission(name, student).notebooks
        return {
            grade.name: (grade.auto_score, grade.max_score) for grade in notebook.grades
        }


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_nbgrader_releases_a_master_as_we_do(course, path):
    released = course / "release" / path.stem / path.name
    sources = [cell["source"] for cell in json.loads(released.read_text())["cells"]]
    ours = [cell.source for cell in release.student(masters.read(path)).cells]
    assert ["".join(source).rstrip() for source in sources] == ours


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_nbgrader_gives_a_right_submission_all_points(course, path):
    right = earned(course, "right", path.stem)
    full = {test.id: (test.points, test.points) for test in masters.read(path).tests}
    assert {test: right[test] for test in full} == full


def test_nbgrader_gives_nothing_for_nothing(course):
    nothing = earned(course, "untouched", PATHS[0].stem)
    tests = [test.id for test in masters.read(PATHS[0]).tests]
    assert {test: nothing[test][0] for test in tests} == dict.fromkeys(tests, 0)
