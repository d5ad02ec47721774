"""A class with all that comes in, graded in pieces while two markers work.

A run that is stopped by Ctrl-C, killed, and resumed gives the marks of a run that
nothing disturbed, and loses none that a marker gave.  CLASS_OF=300 takes a real
assignment, with 20 hostile and 30 messy submissions.
"""

import csv
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from assignments import masters
from assignments.marking.desk import Desk
from assignments.marks.one_mark import NOTHING
from assignments.marks.student_records import slug
from assignments.marks.totals import Judgement
from assignments.masters import Master
from assignments.proof import attacks
from tests.assignments import toy
from tests.assignments.hand_in.files import fill, packed
from tools.paths import ROOT

SIZE = int(os.environ.get("CLASS_OF", "12"))
LARGE = SIZE > 50
HOSTILE, MESSY = (20, 30) if LARGE else (1, 3)
CPU_MINUTES = 8
PATIENT = 3600  # seconds
ATTACKS = (  # of each kind; those that wait for their limits are tried elsewhere
    *("monkeypatch", "forge_answers", "claim_marks", "exit_process", "edit_cells"),
    *("lying_arrays", "lying_numbers", "read_masters", "open_sockets", "last_words"),
    *("take_over_worker", "write_outside", "transform_cells", "retag_cells"),
    *("nested_values", "remember_arguments", "delete_cells", "duplicate_cells"),
    *("strange_notebook", "fork_bomb"),
)


def content(master: Master, number: int) -> tuple[str, str | bytes | dict]:
    """Return how the file of a student ends, and what is in it."""
    models = {question.id: question.model for question in master.manual}
    answers = {id: f"{text}\n# Student {number}" for id, text in models.items()}
    half = dict(list(master.solutions.items())[: 1 + number % len(master.solutions)])
    full = toy.submission(master, **answers, **(master.solutions, half)[number % 3 > 1])
    if number < HOSTILE:
        return ".ipynb", json.dumps(attacks.spoiled(master, ATTACKS[number]))
    if number >= HOSTILE + MESSY:
        return ".ipynb", full
    zipped = packed({"deep/er/work.ipynb": full, "notes.txt": "x"})
    messes = (
        *((".ipynb", full[: len(full) // 2]), (".zip", zipped), (".ipynb", "")),
        *((".zip", zipped[: len(zipped) // 2]), (".ipynb", "{}"), (".pdf", "%PDF")),
        (".ipynb", "\ufeff" + full),
        (".zip", {"a.zip": {"b.zip": {"c.ipynb": full}}}),
    )
    return messes[number % len(messes)]


def handed_in(master: Master, folder: Path) -> Path:
    """Write the submissions of a class as Canvas gives them."""
    files = {}
    for number in range(SIZE):
        ending, text = content(master, number)
        files[f"s{number:03}_{1000 + number}_{5000 + number}_work{ending}"] = text
    return fill(folder, files)


class Run:
    """One command that grades a class."""

    def __init__(self, master: Master, folder: Path, out: Path):
        self.own = out / master.name
        arguments = ["--assignment", str(master.path), "--out", str(out)]
        self.command = [sys.executable, "-m", "assignments", "grade", str(folder)]
        self.command += [*arguments, "--workers", "2"]

    def start(self) -> subprocess.Popen:
        return subprocess.Popen(
            self.command,
            cwd=ROOT,
            start_new_session=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def finish(self) -> str:
        """Let it end by itself; return what it said."""
        with self.start() as running:
            told, _ = running.communicate(timeout=PATIENT)
        assert running.returncode == 0, told
        return told

    def stop(self, number: signal.Signals, most: int) -> float:
        """Stop it as soon as so many are graded; return how long it took to end."""
        with self.start() as running:
            records = self.own / "records"
            while len([*records.glob("[!.]*.json")]) < most and running.poll() is None:
                time.sleep(0.02)
            assert running.poll() is None, running.stdout.read()
            start = time.monotonic()
            (os.killpg if number == signal.SIGINT else os.kill)(running.pid, number)
            running.wait(PATIENT)
            return time.monotonic() - start

    def marks(self, columns: tuple[str, ...]) -> dict[str, list[str]]:
        """Return what the table of marks has in some columns, by student."""
        path = self.own / "marks.csv"
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = csv.DictReader(stream)
            return {row["student"]: [row[name] for name in columns] for row in rows}


class Marker(threading.Thread):
    """A person who marks every other answer as soon as it is there."""

    def __init__(self, master: Master, own: Path, turn: int):
        super().__init__(daemon=True)
        self.desk, self.turn = Desk(master, own), turn
        self.given: dict[tuple[str, str], float] = {}
        self.done, self.troubles = threading.Event(), []

    def run(self) -> None:
        while not self.done.wait(0.05):
            try:
                self.look()
            except Exception as error:
                self.troubles.append(error)
                return

    def look(self) -> None:
        """Mark what has come in."""
        if not (self.desk.folder / "records").is_dir():
            return
        for question in self.desk.master.manual:
            for entry in self.desk.entries(question):
                key = entry.file.stem, question.id
                if int(entry.name[1:]) % 2 == self.turn and key not in self.given:
                    points = len(self.given) % (2 * question.points + 1) / 2
                    told = f"marker {self.turn}"
                    self.desk.save(question, entry, NOTHING, Judgement(points, told))
                    self.given[key] = points


def cpu_seconds() -> float:
    """Return the processor time of all processes that have ended so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.fixture
def assignment(tmp_path) -> Master:
    """Give a real assignment to a large class, the toy to a small one."""
    if LARGE:
        return masters.read(masters.find("a2"))
    (tmp_path / "masters").mkdir()
    return toy.demo(tmp_path / "masters")


def disturbed(run: Run, crew: list[Marker]) -> float:
    """Stop a run twice, and let it finish; return how long Ctrl-C took."""
    for marker in crew:
        marker.start()
    waited = run.stop(signal.SIGINT, SIZE // 3)
    run.stop(signal.SIGKILL, 2 * SIZE // 3)
    run.finish()
    for _ in range(2):  # what came in last is marked, too
        time.sleep(0.5)
    for marker in crew:
        marker.done.set()
        marker.join(PATIENT)
        assert marker.troubles == []
    return waited


@pytest.mark.turns(3, 2)
@pytest.mark.usefixtures("bubblewrap")
def test_a_class_is_graded_in_pieces_and_marked_meanwhile(
    tmp_path, assignment, record_property
):
    folder = handed_in(assignment, tmp_path / "class")
    parts = tuple(test.id for test in assignment.tests)
    whole = Run(assignment, folder, tmp_path / "whole")
    before = cpu_seconds()
    whole.finish()
    used = cpu_seconds() - before
    pieces = Run(assignment, folder, tmp_path / "pieces")
    crew = [Marker(assignment, pieces.own, turn) for turn in (0, 1)]
    waited = disturbed(pieces, crew)
    told = pieces.finish()
    assert f"0 graded now, {SIZE} before, 0 not;" in told
    assert pieces.marks(parts) == whole.marks(parts)
    assert len(pieces.marks(parts)) == SIZE
    assert kept(assignment, pieces) == {**crew[0].given, **crew[1].given}
    assert min(len(marker.given) for marker in crew) >= SIZE // 2
    minutes = used / 60
    measured = f"{SIZE} graded in {minutes:.1f} CPU-minutes; Ctrl-C {waited:.2f} s"
    record_property("measured", measured)
    assert waited < 2
    assert minutes < CPU_MINUTES


def kept(master: Master, run: Run) -> dict[tuple[str, str], float]:
    """Return the points of answers that are given, as the table of marks has them."""
    questions = tuple(question.id for question in master.manual)
    found = {}
    for id, points in run.marks(questions).items():
        name = slug("canvas", id, f"s{int(id) - 1000:03}")
        record = json.loads((run.own / f"records/{name}.json").read_text("utf-8"))
        for question, text in zip(questions, points, strict=True):
            if record["answers"][question]["items"]:
                found[name, question] = float(text)
    return found
