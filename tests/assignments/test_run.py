"""Grading a folder: everything is written, nothing is lost, and nobody stops it."""

import csv
import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from filelock import FileLock

from assignments import masters, run
from assignments.grade.tests import Mark
from assignments.grade.walls import Unavailable
from assignments.hand_in.answers import Answer, Item
from assignments.hand_in.students import collect
from assignments.marks.csv_files import TableError, read
from assignments.marks.late import Policy, moment, rate
from assignments.marks.student_records import Record
from assignments.run import BusyError, Job, Options, grade_folder
from tests.assignments.toy import cells, demo, solved, store
from tools import jobs
from tools.paths import ROOT

pytestmark = pytest.mark.turns(3, 1)

OPTIONS = Options(workers=2)


@pytest.fixture
def master(tmp_path):
    (tmp_path / "masters").mkdir()
    return demo(tmp_path / "masters")


def table(path: Path) -> dict[str, dict[str, str]]:
    """Return the rows of a table of marks by student."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return {row["student"]: row for row in csv.DictReader(stream)}


def fill_sheet(sheet: Path) -> None:
    """Mark all answers, as a person does."""
    filled = read(sheet)
    for row in filled.rows:
        row[4] = "2" if row[2] == "ann" else "0.5"
    filled.save(sheet)


def honest(job, delay=0.0) -> Record:
    """Grade without a sandbox: two points for everybody."""
    student, digest = job
    time.sleep(delay)
    return Record(student.id, student.name, student.layout, digest, marks=MARKS)


MARKS = {"test-double": Mark(2, 3, ""), "test-level": Mark(0, 1, "")}


def raising(job):
    """Fail for one student."""
    if job.student.id == "2":
        raise RuntimeError("our fault")
    return honest(job)


def killing(job):
    """End the process for one student."""
    if job.student.id == "2":
        os._exit(1)
    return honest(job)


def unavailable(job):
    """Have no sandbox."""
    raise Unavailable("bwrap is not installed")


def graded(work, folder, out, executor):
    """Grade a class; return who has a record, and what is said of the others."""
    todo = [Job(student, "0") for student in collect(folder, "d1", [])]
    found, failed = run.run(work, todo, out, jobs.Crew(executor, 1))
    return sorted(record.id for record in found), failed


# Whole runs


def gradescope_scores(folder):
    """Return the scores written for Gradescope, sorted."""
    results = folder.glob("gradescope/*/results.json")
    return sorted(json.loads(path.read_text("utf-8"))["score"] for path in results)


def write_gradebook(path):
    """Write what Canvas exports for a course of four, without marks."""
    lines = [f"N,{id},S," for id in "1234"]
    path.write_text("\n".join(["Student,ID,Section,Doubling (9)", *lines, ""]))


class TestFolder:
    """A class is graded, marked by hand, and merged into a gradebook."""

    @pytest.mark.usefixtures("bubblewrap")
    def test_from_folder_to_gradebook(self, tmp_path, master, folder):
        out = tmp_path / "out"
        first = grade_folder(master, folder, out, OPTIONS)
        own = out / "d1-doubling"
        assert (first.graded, first.failed, first.folder) == (4, [], own)
        assert first.said[0] == f"2 answers wait in {own / 'manual'}."
        assert first.said[2] == "2 are left out of it until they are marked."
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
        assert gradescope_scores(own) == [0, 0, 0, 4]

        fill_sheet(own / "manual/why.csv")
        gradebook = tmp_path / "canvas.csv"
        write_gradebook(gradebook)
        options = Options(workers=2, gradebook=gradebook)
        second = grade_folder(master, folder, out, options)
        assert (second.graded, second.failed) == (0, [])
        merged = own / "canvas-with-marks.csv"
        assert second.said[1:] == [f"4 marks were put into {merged}."]
        assert [row[3] for row in read(merged).rows] == ["6", "0.5", "0", "0"]
        assert "0.5 of 10 points" in pages["ben"].read_text(encoding="utf-8")

    def test_only_what_changed_is_graded_again(self, tmp_path, master, folder):
        own = tmp_path / "records"
        students = collect(folder, master.name, [])
        known, todo = run.sort_out(master, students, own)
        assert (known, len(todo)) == ([], 4)
        for job in todo:
            honest(job).save(own)
        assert len(run.sort_out(master, students, own)[0]) == 4
        (folder / "dan_4_41_a-1.ipynb").write_text("{}")
        (folder / "ben_2_20_a.ipynb").write_text(solved(master))
        next(own.glob("ann-1*.json")).write_text('{"format": 1')
        students = collect(folder, master.name, [])
        known, todo = run.sort_out(master, students, own)
        assert [student.id for student, _ in todo] == ["1", "2", "4"]
        changed = cells()
        changed[4].source = changed[4].source.replace("-35.0", "-35")
        other = masters.read(store(master.path.parent, changed))
        assert len(run.sort_out(other, students, own)[1]) == 4

    @pytest.mark.usefixtures("bubblewrap")
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
        monkeypatch.setattr(run, "grade_all", lambda *_: ([], []))
        grade_folder(master, folder, tmp_path / "out", Options(shard=(1, 2)))
        assert (tmp_path / "out/d1-doubling").stat().st_mode & 0o077 == 0


# What can go wrong on the way


class TestTroubles:
    """No trouble with one submission costs another its mark."""

    def test_an_error_of_ours_costs_only_that_submission(self, tmp_path, folder):
        with ThreadPoolExecutor(2) as executor:
            found, failed = graded(raising, folder, tmp_path / "out", executor)
        assert found == ["1", "3", "4"]
        assert failed == ["ben (2) is not graded: RuntimeError: our fault"]
        assert len([*(tmp_path / "out").iterdir()]) == 3

    def test_a_process_that_dies_costs_only_that_submission(self, tmp_path, folder):
        for path in [*folder.glob("cat*"), *folder.glob("dan*")]:
            path.unlink()
        with jobs.processes(1) as crew:
            found, failed = graded(killing, folder, tmp_path / "out", crew.executor)
        assert found == ["1"]
        [told] = failed
        assert told.startswith("ben (2) is not graded: BrokenProcessPool")

    def test_without_a_sandbox_nothing_is_graded(self, tmp_path, folder):
        with (
            ThreadPoolExecutor(1) as executor,
            pytest.raises(Unavailable, match="bwrap is not installed"),
        ):
            graded(unavailable, folder, tmp_path / "out", executor)
        assert not (tmp_path / "out").exists()

    def test_each_mark_is_stored_before_the_next_is_there(
        self, tmp_path, folder, monkeypatch
    ):
        monkeypatch.setattr(jobs, "AHEAD", 1)
        out = tmp_path / "out"
        seen = []

        def work(job):
            seen.append(len([*out.glob("*.json")]))
            return honest(job)

        with ThreadPoolExecutor(1) as executor:
            graded(work, folder, out, executor)
        assert seen == [0, 1, 2, 3]

    def test_an_interrupt_loses_no_finished_mark(self, tmp_path, folder, monkeypatch):
        monkeypatch.setattr(jobs, "AHEAD", 1)
        out = tmp_path / "out"

        def interrupted(job):
            if job.student.id == "3":
                raise KeyboardInterrupt
            return honest(job)

        with ThreadPoolExecutor(1) as executor, pytest.raises(KeyboardInterrupt):
            graded(interrupted, folder, out, executor)
        assert len([*out.glob("*.json")]) == 2
        assert [*out.glob(".*")] == []

    def test_a_killed_grader_goes_on_where_it_was(self, tmp_path, folder):
        """Kill the process group of a run, and let a second run finish it."""
        out = tmp_path / "out"
        script = (
            "import sys; from pathlib import Path; from functools import partial\n"
            "from concurrent.futures import ThreadPoolExecutor\n"
            "from tests.assignments.test_run import graded, honest, jobs\n"
            "jobs.AHEAD = 1\n"
            "with ThreadPoolExecutor(1) as executor:\n"
            "    folder, out = map(Path, sys.argv[1:])\n"
            "    graded(partial(honest, delay=0.2), folder, out, executor)\n"
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


@pytest.mark.usefixtures("bubblewrap")
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


def test_marks_that_are_given_while_a_run_goes_on_count(
    tmp_path, master, folder, monkeypatch
):
    own = tmp_path / "out/d1-doubling"
    record = honest(Job(collect(folder, "d1", [])[0], "0"))
    record.answers = {"why": Answer((Item("text", "x"),)), "plot": Answer()}

    def grade_all(*_):
        return [record], []

    monkeypatch.setattr(run, "grade_all", grade_all)
    assert grade_folder(master, folder, tmp_path / "out").said
    sheet = own / "manual/why.csv"

    def grade_while_a_marker_works(*_):
        fill_sheet(sheet)
        return [record], []

    monkeypatch.setattr(run, "grade_all", grade_while_a_marker_works)
    outcome = grade_folder(master, folder, tmp_path / "out")
    packed = own / "canvas-feedback.zip"
    assert outcome.said == [f"Feedback for 1 students is in {packed}."]
    assert table(own / "marks.csv")["1"]["why"] == "2"
    assert read(sheet).rows[0][4] == "2"


def test_lateness_is_told_before_anything_is_graded(
    tmp_path, master, folder, monkeypatch
):
    monkeypatch.setattr(run, "grade_all", lambda *_: pytest.fail("it was graded"))
    policy = Policy(rate("10%/day"), moment("2026-11-27", ends=True))
    with pytest.raises(TableError, match=r"when these handed in: cat \(3\);"):
        grade_folder(master, folder, tmp_path / "out", Options(late=policy))
    roster = tmp_path / "class.csv"
    roster.write_text("ID,Handed in\n3,2026-11-28 12:00\n")
    jobs_done = [unanswered(job) for job in sorted_jobs(folder)]
    monkeypatch.setattr(run, "grade_all", lambda *_: (jobs_done, []))
    options = Options(late=policy, roster=roster)
    own = grade_folder(master, folder, tmp_path / "out", options).folder
    rows = table(own / "marks.csv")
    assert (rows["3"]["points"], rows["3"]["before penalty"]) == ("1", "2")
    assert (rows["2"]["points"], rows["2"]["penalty"]) == ("2", "0")
    with pytest.raises(TableError, match=r"has penalties: say --late again, or --late"):
        grade_folder(master, folder, tmp_path / "out")
    options = Options(late=Policy(rate("none"), None))
    grade_folder(master, folder, tmp_path / "out", options)
    assert "penalty" not in table(own / "marks.csv")["3"]


def sorted_jobs(folder):
    """Return the jobs of a class without questions."""
    return [Job(student, "0") for student in collect(folder, "d1", [])]


def unanswered(job):
    """Grade without a sandbox somebody who answered no question."""
    record = honest(job)
    record.answers = {"why": Answer(), "plot": Answer()}
    return record
