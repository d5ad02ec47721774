"""No upload ends the run for the others, whatever is wrong with it."""

import json
import os
import random
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from assignments import release, run
from assignments.grade import tests
from assignments.grade.tests import Mark, Result
from assignments.hand_in.outlines import outline
from assignments.hand_in.students import collect
from assignments.marks import outputs
from assignments.marks.totals import add_up
from tests.assignments.hand_in.files import packed
from tests.assignments.toy import MODEL, solved, submission
from tests.turns import TURN
from tools.jobs import Crew

MOST = int(os.environ.get("DAMAGED_UPLOADS", "300"))
HONEST = ("ann", "zoe")


def damaged(content: bytes, rng: random.Random) -> bytes:
    """Return a file as a bad connection or a curious student leaves it."""
    changed = bytearray(content)
    match rng.randrange(4):
        case 0:
            return content[: rng.randrange(len(content))]
        case 1:
            for _ in range(rng.randrange(1, 9)):
                changed[rng.randrange(len(changed))] = rng.randrange(256)
        case 2:
            start = rng.randrange(len(changed))
            del changed[start : start + rng.randrange(1, 99)]
        case 3:
            start = rng.randrange(len(changed))
            changed[start:start] = rng.randbytes(rng.randrange(1, 99))
    return bytes(changed)


@pytest.fixture
def grade(master, monkeypatch, tmp_path):
    """Grade a folder without a sandbox; return the totals, and who is not graded."""
    full = {test.id: Mark(test.points, test.points) for test in master.tests}
    monkeypatch.setattr(tests, "grade", lambda *_, **__: Result(dict(full), [], 0, 0))
    known = [outline(master.name, release.student(master))]

    def grade(folder: Path):
        students = collect(folder, master.name, [master.name])
        records = tmp_path / "out/records"
        _, todo = run.sort_out(master, students, records)
        work = partial(run.grade_one, master, known)
        with ThreadPoolExecutor(1) as executor:
            found, failed = run.run(work, todo, records, Crew(executor, 1))
        totals = [add_up(record, {}) for record in found]
        outputs.write_all(master, totals, students, tmp_path / "out")
        assert run.sort_out(master, students, records)[1] == []
        return {total.record.id: total for total in totals}, failed

    return grade


@pytest.fixture
def honest(tmp_path, master) -> Path:
    """Give a folder with two honest submissions."""
    folder = tmp_path / "class"
    folder.mkdir()
    for name in HONEST:
        text = solved(master, why=f"{MODEL} {name}")
        (folder / f"{name}.ipynb").write_text(text, encoding="utf-8")
    return folder


def test_damaged_uploads_cost_nobody_else_a_mark(grade, honest, master):
    rng = random.Random(TURN)
    text = solved(master, why=MODEL).encode()
    sources = {".zip": packed({"a.ipynb": text, "b.zip": {"c.ipynb": text}})}
    sources[".ipynb"] = text
    for number in range(MOST):
        kind = rng.choice([*sources])
        (honest / f"bad{number}{kind}").write_bytes(damaged(sources[kind], rng))
    totals, failed = grade(honest)
    assert failed == []
    assert [totals[name].points for name in HONEST] == [4, 4]
    assert len(totals) == MOST + len(HONEST)
    silent = [
        key
        for key, total in totals.items()
        if total.points < 4 and not named_in(key, total.record.notes)
    ]
    assert silent == []


def named_in(student: str, notes: list[str]) -> bool:
    """Return whether a note says what could not be read."""
    names = (f"{student}.ipynb", f"{student}.zip", "a.ipynb", "c.ipynb", "b.zip")
    return any("Nothing could be graded." in note for note in notes) and any(
        name in note for note in notes for name in names
    )


def test_a_file_without_a_name_in_a_zip_costs_nobody_else_a_mark(grade, honest, master):
    text = solved(master, why=MODEL).encode()
    nameless = packed({"a.ipynb": text}).replace(b"a.ipynb", b"\0.ipynb")
    (honest / "bob.zip").write_bytes(nameless)
    totals, failed = grade(honest)
    assert failed == []
    assert [totals[name].points for name in HONEST] == [4, 4]
    assert named_in("bob", totals["bob"].record.notes)


HALF = "\ud83d"  # of an emoji


def with_half_an_emoji(master) -> dict:
    data = json.loads(submission(master, why=f"So {HALF} it is", plot="plt.plot(x)"))
    data["cells"][10]["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": [f"out {HALF}"]},
        {"output_type": "error", "ename": f"E{HALF}", "evalue": HALF, "traceback": []},
    ]
    return data


def test_half_an_emoji_is_kept_as_a_question_mark(grade, honest, master):
    (honest / "bob.ipynb").write_text(json.dumps(with_half_an_emoji(master)))
    totals, failed = grade(honest)
    assert (len(totals), failed) == (3, [])
    answers = totals["bob"].record.answers
    assert answers["why"].items[0].content == "So ? it is"
    assert [item.content for item in answers["plot"].items[1:]] == ["out ?", "E?: ?"]


def test_a_name_that_is_not_utf_8_is_a_student_like_others(grade, honest, master):
    for name in (b"jos\xe9.ipynb", b"jos\xe8.ipynb"):
        (honest / os.fsdecode(name)).write_text(solved(master))
    totals, failed = grade(honest)
    assert failed == []
    assert set(totals) == {*HONEST, r"jos\xe9", r"jos\xe8"}
    assert totals[r"jos\xe9"].points == 4


def nested(depth: int) -> dict:
    return {"inner": nested(depth - 1)} if depth else {}


@pytest.mark.parametrize("depth", [100, 300, 700, 900])
def test_deep_metadata_cost_their_sender_at_most_the_notebook(
    grade, honest, master, depth
):
    data = json.loads(solved(master))
    data["cells"][3]["metadata"]["nbgrader"]["more"] = nested(depth)
    (honest / "bob.ipynb").write_text(json.dumps(data))
    totals, failed = grade(honest)
    assert failed == []
    assert totals["bob"].points == 4 or "bob.ipynb" in totals["bob"].record.notes[0]


def test_a_file_that_cannot_be_read_is_said(grade, honest, monkeypatch):
    (honest / "bob.zip").write_bytes(packed({"a.ipynb": b"{}"}))
    read = Path.open

    def refuse(path, *arguments, **options):
        if path.name == "bob.zip":
            raise PermissionError(13, "Permission denied")
        return read(path, *arguments, **options)

    monkeypatch.setattr(Path, "open", refuse)
    totals, failed = grade(honest)
    assert (len(totals), failed) == (3, [])
    assert "bob.zip" in totals["bob"].record.notes[0]
