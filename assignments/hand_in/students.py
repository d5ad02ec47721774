"""Find what each student handed in, in the layouts that courses collect in.

A folder, or a zip file, of

- `doejane_12345_678901_x.ipynb`, `doejane_LATE_12345_678901_x.ipynb`: Canvas's bulk
  download (student 12345; 678901 is the number of the upload),
- `Jane Doe_123_assignsubmission_file_/x.ipynb`: Moodle's (participant 123), also with
  everything in the name of the file,
- `submitted/jane/a2-.../x.ipynb`: nbgrader's (student jane), or simply `jane/x.ipynb`,
- `jane.ipynb`: anything else (student jane),

each of them also zipped once more.  Who handed in what is told by the outermost name
alone: whatever lies below is the student's own to name.  Nothing is unpacked to disk.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from assignments.hand_in.uploads import (
    IGNORED,
    SubmissionError,
    Upload,
    expanded,
    legible,
    members,
)

MOST_NOTEBOOKS = 10  # of one student, the latest
MOODLE = re.compile(r"(?P<name>.*?)_(?P<id>\d+)_assignsubmission_")
CANVAS = re.compile(
    r"(?P<name>.*?)_?(?P<late>LATE_)?(?P<id>(?<![^_])\d+|anon_[^_]+)_(?P<upload>\d+)_."
)
EXTENSION = re.compile(r"\.(ipynb|zip)$", re.IGNORECASE)


@dataclass
class Student:
    """One student with everything that he or she handed in."""

    id: str
    name: str
    layout: str  # canvas, moodle or plain
    uploads: list[Upload] = field(default_factory=list)
    late: bool = False

    @property
    def notebooks(self) -> list[Upload]:
        """The notebooks, the latest last."""
        found = [upload for upload in self.uploads if upload.is_notebook]
        found.sort(key=lambda upload: (number(upload), upload.time))
        return found[-MOST_NOTEBOOKS:]

    def loaded(self) -> "Student":
        """Return this student with the contents, so that no file is needed any more."""
        others = [upload for upload in self.uploads if not upload.is_notebook]
        uploads = [upload.loaded() for upload in self.notebooks + others[:10]]
        return replace(self, uploads=uploads)


def collect(folder: Path, assignment: str, others: list[str]) -> list[Student]:
    """Return the students of a folder or zip file, sorted by id.

    Parameters
    ----------
    assignment
        Name of the master.  In nbgrader's layout other assignments are left out.
    others
        Names of all masters.

    Raises
    ------
    SubmissionError
        If there is no such folder, or nobody has handed anything in.
    """
    ours = {assignment, assignment.partition("-")[0]}
    other = {key for name in others for key in (name, name.partition("-")[0])} - ours
    students: dict[tuple[str, str], Student] = {}
    for parts, upload in walk(folder):
        if len(parts) > 2 and parts[1] in other:
            continue
        found = owner(parts[0])
        student = students.setdefault((found.layout, found.id), found)
        if student.name != found.name:
            raise SubmissionError(
                f"{folder}: both {student.name} and {found.name} would be student "
                f"{found.id}: the names of the files are neither Canvas's nor plain"
            )
        student.uploads.append(upload)
        student.late |= found.late
    if not students:
        raise SubmissionError(f"{folder}: nobody has handed anything in there")
    return sorted(students.values(), key=lambda student: (student.id, student.layout))


def owner(name: str) -> Student:
    """Return whose a file, folder or zip file of this name is."""
    if found := MOODLE.match(name):
        return Student(found["id"], found["name"], "moodle")
    if found := CANVAS.match(name):
        name = found["name"] or found["id"]
        return Student(found["id"], name, "canvas", late=bool(found["late"]))
    stem = EXTENSION.sub("", name)
    return Student(stem, stem, "plain")


def number(upload: Upload) -> int:
    """Return the number that Canvas gave an upload; the later the larger."""
    for name in (upload.file.name, *upload.members):
        if not MOODLE.match(name) and (found := CANVAS.match(name)):
            return int(found["upload"])
    return 0


def walk(folder: Path) -> Iterator[tuple[list[str], Upload]]:
    """Yield all files with the parts of their path, the student's name first."""
    if (folder / "submitted").is_dir():
        folder = folder / "submitted"
    if folder.is_file():
        for upload in members(Upload(folder)):
            if not upload.members:
                raise SubmissionError(upload.fault)
            yield "/".join(upload.members).split("/"), upload
        return
    if not folder.is_dir():
        raise SubmissionError(f"{folder}: there is no such folder or zip file")
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if any(map(IGNORED.match, parts)) or path.is_dir():
            continue
        for upload in expanded(path):
            yield [*map(legible, parts), *upload.members], upload
