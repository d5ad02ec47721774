"""The answers of a class on a marker's desk: their order, and their marks."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from assignments import masters
from assignments.hand_in.answers import Answer
from assignments.marks import one_mark, student_records
from assignments.marks.one_mark import NOTHING
from assignments.marks.student_records import Record
from assignments.marks.totals import Judgement, Total
from assignments.masters import Master, Question

RUBRICS = masters.FOLDER.with_name("rubrics")


class DeskError(ValueError):
    """There is nothing to mark; the message says why."""


@dataclass(frozen=True)
class Entry:
    """Who gave an answer, and where it is kept; it is read when needed."""

    file: Path
    name: str
    token: str


class Desk:
    """All answers of one assignment.

    Parameters
    ----------
    folder
        What the grader wrote: `marks/a2-xavier-and-he`.
    anonymous
        Whether names are hidden, and answers in an order that tells nothing.
    """

    def __init__(self, master: Master, folder: Path, anonymous: bool = False):
        self.master, self.folder, self.anonymous = master, folder, anonymous
        self.questions = {question.id: question for question in master.manual}
        self._known: dict[Path, tuple] = {}
        self._lock = Lock()  # pages are asked for in several threads

    def entries(self, question: Question) -> list[Entry]:
        """Return the answers to a question that are there now, in a fixed order."""
        with self._lock:
            self._look()
            known = [(path, *rest) for path, (_, *rest) in self._known.items()]
        found = [
            Entry(path, name, tokens[question.id])
            for path, name, tokens in known
            if question.id in tokens
        ]
        if self.anonymous:
            return sorted(found, key=lambda one: shuffled(question.id, one.token))
        return sorted(found, key=lambda one: (one.name.casefold(), one.file.name))

    def _look(self) -> None:
        """Read the records that are new or have changed; forget those that are gone."""
        there = {}
        for path, status in record_files(self.folder):
            known = self._known.get(path)
            if known is None or known[0] != status:
                record = student_records.load(path)
                if record is None:
                    continue
                known = status, record.name, tokens_of(record)
            there[path] = known
        self._known = there

    def sheet(self, question: Question) -> Path:
        """Return the sheet in which the marks of a question are kept."""
        return self.folder / "manual" / f"{question.id}.csv"

    def marks(self, question: Question) -> tuple[dict[str, Judgement], list[str]]:
        """Return the marks by the name of the answer, and what is wrong."""
        return one_mark.marks_in(question, self.sheet(question))

    def save(
        self, question: Question, entry: Entry, seen: Judgement, new: Judgement
    ) -> None:
        """Keep the mark of an answer; as `one_mark.save`."""
        record = read(entry)
        total = Total(record, {question.id: new})
        one_mark.save(question, total, seen, self.sheet(question))


def record_files(folder: Path) -> Iterator[tuple[Path, tuple[int, int]]]:
    """Yield the files of records, each with what changes when it is written anew."""
    with os.scandir(folder / "records") as found:
        for file in found:
            if file.name.endswith(".json") and not file.name.startswith("."):
                status = file.stat()
                yield Path(file.path), (status.st_mtime_ns, status.st_ino)


def tokens_of(record: Record) -> dict[str, str]:
    """Return the names of the answers that a student gave, by question."""
    given = [key for key, answer in record.answers.items() if answer.items]
    return {key: record.token(key) for key in given}


def shuffled(*parts: str) -> bytes:
    """Return where to stand in an order that is always the same and tells nothing."""
    return hashlib.sha256("/".join(parts).encode()).digest()


def read(entry: Entry) -> Record:
    """Return the record of an answer.

    Raises
    ------
    DeskError
        If it has gone meanwhile.
    """
    record = student_records.load(entry.file)
    if record is None or entry.token not in tokens_of(record).values():
        raise DeskError("this answer has just changed: load the page again")
    return record


def waiting(entries: list[Entry], marks: dict[str, Judgement]) -> list[Entry]:
    """Return the answers that have no points yet."""
    return [one for one in entries if marks.get(one.token, NOTHING).points is None]


def asked(master: Master, question: Question) -> str:
    """Return what students were asked: the text before the cell of their answer."""
    place = [cell.id for cell in master.cells].index(question.id)
    before = list(master.cells[:place])
    while before and before[-1].kind == "manual":
        before.pop()
    texts = []
    while before and before[-1].kind == "text":
        texts.insert(0, before.pop().source)
    return "\n\n".join(texts)


def beside(master: Master, record: Record, question: Question) -> dict[str, Answer]:
    """Return the answers that belong to this one, such as the figure to its text."""
    text = asked(master, question)
    others = [one for one in master.manual if asked(master, one) == text]
    others = [one.id for one in others if one.id != question.id]
    return {id: record.answers[id] for id in others if record.answers[id].items}


def rubric(master: Master, question: Question, folder: Path = RUBRICS) -> str:
    """Return for what points are given; nothing where nobody has written it down."""
    path = folder / f"{master.name}.md"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    parts = dict(part.split("\n", 1) for part in text.split("\n## ")[1:])
    return parts.get(question.id, "").strip()


def find(results: Path, assignment: str = "") -> tuple[Master, Path]:
    """Return what was graded into a folder, and the folder of that assignment.

    Raises
    ------
    DeskError
        If nothing was graded there, or several assignments were.
    """
    if assignment:
        master = masters.read(masters.find(assignment))
        places = [results, results / master.name]
        found = [one for one in places if one.resolve().name == master.name]
    else:
        found = [results] if graded(results) else [*results.glob("*/")]
    found = [path for path in found if graded(path)]
    if len(found) != 1:
        names = ", ".join(path.name for path in results.glob("*/") if graded(path))
        told = "is not what the grader wrote for one assignment; there are"
        raise DeskError(f"{results} {told}: {names or 'none'}")
    name = found[0].resolve().name
    return (master if assignment else masters.read(masters.find(name))), found[0]


def graded(folder: Path) -> bool:
    """Return whether the grader has been here."""
    return (folder / "records").is_dir()
