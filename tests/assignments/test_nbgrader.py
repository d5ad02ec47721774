"""A course that has nbgrader can release and grade the same masters with it."""

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
from tools.paths import ROOT

PATHS = masters.paths()


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """Give a course folder with all masters as its sources."""
    folder = tmp_path_factory.mktemp("course")
    settings = "c = get_config()\nc.CourseDirectory.course_id = 'init'\n"
    (folder / "nbgrader_config.py").write_text(settings)
    for path in PATHS:
        master = masters.read(path)
        source = folder / "source" / master.name
        source.mkdir(parents=True)
        for file in (path, *master.files):
            shutil.copy(file, source)
    return folder


def nbgrader(course: Path, *arguments: str) -> None:
    """Run a command of nbgrader as a teacher does, with the repository on the path."""
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
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
def test_nbgrader_releases_and_grades_a_master(course, path):
    master = masters.read(path)
    nbgrader(course, "generate_assignment", master.name, "--create")
    released = course / "release" / master.name / path.name
    sources = [cell["source"] for cell in json.loads(released.read_text())["cells"]]
    ours = [cell.source for cell in release.student(master).cells]
    assert ["".join(source).rstrip() for source in sources] == ours
    hand_in(course, "right", master.name, release.fill_in(master, master.solutions))
    if path == PATHS[0]:
        hand_in(course, "untouched", master.name, release.student(master))
    nbgrader(course, "autograde", master.name)
    right = earned(course, "right", master.name)
    full = {test.id: (test.points, test.points) for test in master.tests}
    assert {test: right[test] for test in full} == full
    if path == PATHS[0]:
        nothing = earned(course, "untouched", master.name)
        assert {test: nothing[test][0] for test in full} == dict.fromkeys(full, 0)
