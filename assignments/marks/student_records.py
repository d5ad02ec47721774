"""Keep what the grader found out about each student, one small file each.

A record is written at once and whole when a submission is graded, so that a crash
loses none; it names the digest of everything that its marks depend on, so that a
later run can tell whether it still holds.
"""

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path

from assignments.digests import digest
from assignments.grade.tests import Mark
from assignments.hand_in.answers import Answer, Item
from assignments.marks.whole_files import write

FORMAT = 1


@dataclass
class Record:
    """One graded submission."""

    id: str
    name: str
    layout: str
    digest: str
    file: str = ""  # the notebook that was graded
    marks: dict[str, Mark] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    seconds: float = 0
    cpu_seconds: float = 0

    @property
    def slug(self) -> str:
        """The name of this student's files."""
        return slug(self.layout, self.id, self.name)

    def token(self, question: str) -> str:
        """Return a name for this very answer, so that no other gets its mark.

        What its run drew is no part of it: that may come out otherwise another time.
        It begins with a letter, so that no spreadsheet takes it for a number.
        """
        items = [
            {"kind": item.kind, "content": item.content}
            for item in self.answers[question].items
            if not item.drawn
        ]
        told = json.dumps([self.layout, self.id, question, items])
        return f"a{digest([told.encode()])[:10]}"

    def save(self, folder: Path) -> None:
        """Write the record, all of it or nothing."""
        content = json.dumps({"format": FORMAT, **asdict(self)}, ensure_ascii=False)
        write(folder / f"{self.slug}.json", content)


def slug(layout: str, id: str, name: str) -> str:
    """Return a name for a student's files that no other student has."""
    told = id if layout == "plain" else f"{name}-{id}"
    clean = re.sub(r"[^\w-]+", "-", told).strip("-")[:60]
    if clean and clean == told == told.lower():
        return clean
    return f"{clean}-{hashlib.sha256(f'{layout}/{id}'.encode()).hexdigest()[:6]}"


def load(path: Path) -> Record | None:
    """Read a record; None if there is none that this version can read."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        if stored.pop("format") != FORMAT:
            return None
        stored["marks"] = {key: Mark(**mark) for key, mark in stored["marks"].items()}
        stored["answers"] = {
            key: Answer(tuple(Item(**item) for item in found["items"]), found["note"])
            for key, found in stored["answers"].items()
        }
        return Record(**stored)
    except (OSError, ValueError, KeyError, TypeError):
        return None
