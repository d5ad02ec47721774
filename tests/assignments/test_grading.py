"""Grading a folder: everything is written, nothing is lost, and nobody stops it."""

import csv
import json
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from filelock import FileLock

from assignments import batch, grading, masters, sandbox, submissions
from assignments.__main__ import main, parser
from assignments.grader import Mark
from assignments.grading import BusyError, Options, grade_folder
from assignments.records import Record
from assignments.tables import read
from tests.assignments.demo_master import MODEL, cells, demo, solved, store, submission
from tools.paths import ROOT

OPTIONS = Options(workers=2)


needs_bubblewrap = pytest.mark.skipif(
    not shutil.which("bwrap"), reason="no bubblewrap: apt-get install bubblewrap"
)


@pytest.fixture
def master(tmp_path):
    (tmp_path / "masters").mkdir()
    return demo(tmp_path / "masters")


@pytest.fixture
def folder(tmp_path, master):
    """A class: all right, half right, untouched, and broken."""
    half = submission(master, double="def double(x):\n    return x * x", why="Hm.")
    handed_in = {
        "ann_1_10_a.ipynb": solved(master, why=MODEL),
        "ben_2_20_a.ipynb": half,
        "cat_LATE_3_30_a.ipynb": submission(master),
        "dan_4_40_a.ipynb": "no notebook",
    }
    for name, text in handed_in.items():
        path = tmp_path / "class" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "class"


def table(path: Path) -> dict[str, dict[str, str]]:
    """Return the rows of a table of marks by student."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return {row["student"]: row for row in csv.DictReader(stream)}


def honest(student, digest, delay=0.0) -> Record:
    """Grade without a sandbox: two points for everybody."""
    time.sleep(delay)
    return Record(student.id, student.name, student.layout, digest, marks=MARKS)


MARKS = {"test-double": Mark(2, 3, ""), "test-level": Mark(0, 1, "")}


def raising(student, digest):
    """Fail for one student."""
    if student.id == "2":
        raise RuntimeError("our fault")
    return honest(student, digest)


def killing(student, digest):
    """End the process for one student."""
    if student.id == "2":
        os._exit(1)
    return honest(student, digest)


def unavailable(student, digest):
    """Have no sandbox."""
    raise sandbox.Unavailable("bwrap is not installed")


def jobs(folder) -> list:
    return [(student, "0") for student in submissions.collect(folder, "d1", [])]


def run(work, folder, out, executor, ahead=8):
    found, failed = batch.run(work, jobs(folder), out, executor, ahead)
    return sorted(record.id for record in found), failed


# Whole runs


class TestFolder:
    """A class is graded, marked by hand, and merged into a gradebook."""

    @needs_bubblewrap
    def test_from_folder_to_gradebook(self, tmp_path, master, folder):
        out = tmp_path / "out"
        first = grade_folder(master, folder, out, OPTIONS)
        own = out / "d1-doubling"
        assert (first.graded, first.failed, first.folder) == (4, [], own)
        assert first.said == [f"2 answers wait in {own / 'manual'}."]
        rows = table(own / "marks.csv")
        assert [rows[id]["points"] for id in "1234"] == ["4", "0", "0", "0"]
        assert rows["1"]["plot"] == "0"  # untouched
        assert rows["3"]["notes"].startswith("Handed in late, says Canvas")
        assert "dan_4_40_a.ipynb is no notebook" in rows["4"]["notes"]
        feedback = (own / "feedback/ben-2-f4d1fc.html").parent
        pages = {path.name.split("-")[0]: path for path in feedback.iterdir()}
        assert set(pages) == {"ann", "ben", "cat", "dan"}
        told = pages["ben"].read_text(encoding="utf-8")
        assert "A hidden check failed." in told
        assert "17.5" not in told
        results = [*own.glob("gradescope/*/results.json")]
        scores = sorted(
            json.loads(path.read_text("utf-8"))["score"] for path in results
        )
        assert scores == [0, 0, 0, 4]

        sheet = own / "manual/why.csv"
        filled = read(sheet)
        for row in filled.rows:
            row[4] = "2" if row[2] == "ann" else "0.5"
        filled.save(sheet)
        gradebook = tmp_path / "canvas.csv"
        lines = [f"N,{id},S," for id in "1234"]
        gradebook.write_text("\n".join(["Student,ID,Section,Doubling (9)", *lines, ""]))
        options = Options(workers=2, gradebook=gradebook)
        second = grade_folder(master, folder, out, options)
        assert (second.graded, second.failed) == (0, [])
        merged = own / "canvas-with-marks.csv"
        assert second.said == [f"4 marks were put into {merged}."]
        assert [row[3] for row in read(merged).rows] == ["6", "0.5", "0", "0"]
        assert "0.5 of 10 points" in pages["ben"].read_text(encoding="utf-8")

    def test_only_what_changed_is_graded_again(self, tmp_path, master, folder):
        own = tmp_path / "records"
        students = submissions.collect(folder, master.name, [])
        known, todo = batch.sort_out(master, students, own)
        assert (known, len(todo)) == ([], 4)
        for student, digest in todo:
            honest(student, digest).save(own)
        assert len(batch.sort_out(master, students, own)[0]) == 4
        (folder / "dan_4_41_a-1.ipynb").write_text("{}")
        (folder / "ben_2_20_a.ipynb").write_text(solved(master))
        next(own.glob("ann-1*.json")).write_text('{"format": 1')
        students = submissions.collect(folder, master.name, [])
        known, todo = batch.sort_out(master, students, own)
        assert [student.id for student, _ in todo] == ["1", "2", "4"]
        changed = cells()
        changed[4].source = changed[4].source.replace("-35.0", "-35")
        other = masters.read(store(master.path.parent, changed))
        assert len(batch.sort_out(other, students, own)[1]) == 4

    @needs_bubblewrap
    def test_shards_together_are_the_class(self, tmp_path, master, folder):
        out, graded = tmp_path / "out", []
        for part in (1, 2):
            outcome = grade_folder(master, folder, out, Options(1, shard=(part, 2)))
            graded.append([record.id for record in outcome.records])
            assert not (out / "d1-doubling/marks.csv").exists()
        assert graded == [["1", "3"], ["2", "4"]]
        outcome = grade_folder(master, folder, out, OPTIONS)
        assert (outcome.graded, len(outcome.records)) == (0, 4)
        assert len(table(out / "d1-doubling/marks.csv")) == 4

    def test_two_runs_into_one_place_are_refused(self, tmp_path, master, folder):
        own = tmp_path / "out" / "d1-doubling"
        own.mkdir(parents=True)
        with (
            FileLock(own / ".lock-1-of-1"),
            pytest.raises(BusyError, match="another run is grading into"),
        ):
            grade_folder(master, folder, tmp_path / "out", OPTIONS)

    def test_marks_are_for_the_teacher_alone(
        self, tmp_path, master, folder, monkeypatch
    ):
        monkeypatch.setattr(grading, "grade_jobs", lambda *_: ([], []))
        grade_folder(master, folder, tmp_path / "out", Options(shard=(1, 2)))
        assert (tmp_path / "out/d1-doubling").stat().st_mode & 0o077 == 0


# What can go wrong on the way


class TestTroubles:
    """No trouble with one submission costs another its mark."""

    def test_an_error_of_ours_costs_only_that_submission(self, tmp_path, folder):
        with ThreadPoolExecutor(2) as executor:
            found, failed = run(raising, folder, tmp_path / "out", executor)
        assert found == ["1", "3", "4"]
        assert failed == ["ben (2) is not graded: RuntimeError: our fault"]
        assert len([*(tmp_path / "out").iterdir()]) == 3

    def test_a_process_that_dies_costs_only_that_submission(self, tmp_path, folder):
        for path in [*folder.glob("cat*"), *folder.glob("dan*")]:
            path.unlink()
        with batch.processes(1) as executor:
            found, failed = run(killing, folder, tmp_path / "out", executor)
        assert found == ["1"]
        [told] = failed
        assert told.startswith("ben (2) is not graded: BrokenProcessPool")

    def test_without_a_sandbox_nothing_is_graded(self, tmp_path, folder):
        with (
            ThreadPoolExecutor(1) as executor,
            pytest.raises(sandbox.Unavailable, match="bwrap is not installed"),
        ):
            run(unavailable, folder, tmp_path / "out", executor)
        assert not (tmp_path / "out").exists()

    def test_each_mark_is_stored_before_the_next_is_there(self, tmp_path, folder):
        out = tmp_path / "out"
        seen = []

        def work(student, digest):
            seen.append(len([*out.glob("*.json")]))
            return honest(student, digest)

        with ThreadPoolExecutor(1) as executor:
            run(work, folder, out, executor, ahead=1)
        assert seen == [0, 1, 2, 3]

    def test_an_interrupt_loses_no_finished_mark(self, tmp_path, folder):
        out = tmp_path / "out"

        def interrupted(student, digest):
            if student.id == "3":
                raise KeyboardInterrupt
            return honest(student, digest)

        with ThreadPoolExecutor(1) as executor, pytest.raises(KeyboardInterrupt):
            run(interrupted, folder, out, executor, ahead=1)
        assert len([*out.glob("*.json")]) == 2
        assert [*out.glob(".*")] == []

    def test_a_killed_grader_goes_on_where_it_was(self, tmp_path, folder):
        """Kill the process group of a run, and let a second run finish it."""
        out = tmp_path / "out"
        script = (
            "import sys; from pathlib import Path; from functools import partial\n"
            "from concurrent.futures import ThreadPoolExecutor\n"
            "from tests.assignments.test_grading import batch, honest, jobs\n"
            "with ThreadPoolExecutor(1) as executor:\n"
            "    folder, out = map(Path, sys.argv[1:])\n"
            "    work = partial(honest, delay=0.2)\n"
            "    batch.run(work, jobs(folder), out, executor, 1)\n"
        )
        command = [sys.executable, "-c", script, folder, out]
        with subprocess.Popen(
            command,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stderr=subprocess.DEVNULL,
        ) as running:
            while len(found := [*out.glob("*.json")]) < 2 and running.poll() is None:
                time.sleep(0.01)
            running.kill()
        assert 2 <= len(found) < 4
        assert all(json.loads(path.read_text("utf-8")) for path in found)


@needs_bubblewrap
def test_dask_grades_the_same(tmp_path, master, folder):
    from dask.distributed import LocalCluster

    with LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None
    ) as here:
        options = Options(dask=here.scheduler_address)
        outcome = grade_folder(master, folder, tmp_path / "out", options)
    assert outcome.failed == []
    points = [record.marks["test-double"].points for record in outcome.records]
    assert points == [3, 0, 0, 0]


# The command line


def test_help_names_the_commands(capsys):
    with pytest.raises(SystemExit):
        parser().parse_args(["--help"])
    told = capsys.readouterr().out
    for command in ("release", "check", "grade"):
        assert f"\n    {command} " in told


@pytest.mark.parametrize("text", ["3", "0/4", "5/4", "a/b"])
def test_a_shard_is_like_3_of_16(text, capsys):
    arguments = ["grade", "x", "--assignment", "a1", "--out", "y", "--shard"]
    assert parser().parse_args([*arguments, "3/16"]).shard == (3, 16)
    with pytest.raises(SystemExit):
        parser().parse_args([*arguments, text])
    assert f"'{text}' is not like 3/16" in capsys.readouterr().err


def command(monkeypatch, *arguments) -> int:
    monkeypatch.setattr(sys, "argv", ["assignments", *map(str, arguments)])
    return main()


@needs_bubblewrap
def test_grade_says_what_it_did(tmp_path, master, folder, monkeypatch, capsys):
    more = ["--assignment", master.path, "--out", tmp_path / "out", "--workers", 1]
    assert command(monkeypatch, "grade", folder, *more) == 0
    assert "4 graded now, 0 before, 0 not;" in capsys.readouterr().out
    assert command(monkeypatch, "grade", folder, *more) == 0
    assert "0 graded now, 4 before, 0 not;" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"--assignment": "a99"}, "no assignment 'a99'; there are: a1-"),
        ({"folder": "nowhere"}, "nowhere: there is no such folder or zip file"),
        ({"--manual": "no.csv"}, "no.csv: cannot be read: No such file or directory"),
    ],
)
def test_what_a_person_can_mend_is_a_sentence(
    tmp_path, master, folder, monkeypatch, capsys, changed, message
):
    given = {"folder": folder, "--assignment": master.path, "--out": tmp_path / "out"}
    given |= changed
    first = given.pop("folder")
    rest = [part for pair in given.items() for part in pair]
    assert command(monkeypatch, "grade", first, *rest) == 2
    told = capsys.readouterr().err
    assert told.startswith(f"python -m assignments: {message}")
    assert "Traceback" not in told


def test_release_writes_the_notebooks(tmp_path, master, monkeypatch, capsys):
    out = tmp_path / "out"
    assert command(monkeypatch, "release", master.path, "--out", out) == 0
    assert capsys.readouterr().out == f"{out / 'd1-doubling.ipynb'}\n"
    assert (out / "d1-doubling.ipynb").exists()
