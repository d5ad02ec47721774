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

MOST_FILES = 10  # of one student, and as many notebooks, the latest
AROUND = re.compile(r"submi(ssions?|tted)", re.IGNORECASE)  # a folder around all
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
    left_out: tuple[str, ...] = ()  # files that were too many to be looked at

    @property
    def notebooks(self) -> list[Upload]:
        """The notebooks, the latest last."""
        found = [upload for upload in self.uploads if upload.is_notebook]
        return sorted(found, key=lambda upload: (number(upload), upload.time))

    def loaded(self) -> "Student":
        """Return this student with the contents, so that no file is needed any more."""
        notebooks = self.notebooks
        others = [upload for upload in self.uploads if not upload.is_notebook]
        others.sort(key=lambda upload: not upload.fault)  # faults are told first
        kept = notebooks[-MOST_FILES:] + others[:MOST_FILES]
        left = notebooks[:-MOST_FILES] + others[MOST_FILES:]
        uploads = [upload.loaded() for upload in kept]
        names = tuple(upload.name for upload in left)
        return replace(self, uploads=uploads, left_out=self.left_out + names)


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
        If there is no such folder, nobody has handed anything in, or two files would
        be of one student who are not.
    """
    ours = {assignment, assignment.partition("-")[0]}
    other = {key for name in others for key in (name, name.partition("-")[0])} - ours
    students: dict[tuple[str, str], Student] = {}
    names: dict[tuple[str, int], str] = {}
    for parts, upload in unwrapped(folder, list(walk(folder))):
        if len(parts) > 2 and parts[1] in other:
            continue
        found = owner(parts[0])
        student = students.setdefault((found.layout, found.id), found)
        if student.name != found.name:
            raise SubmissionError(
                f"{folder}: both {student.name} and {found.name} would be student "
                f"{found.id}: the names of the files are neither Canvas's nor plain"
            )
        check_alone(folder, student, names, parts[0])
        student.uploads.append(upload)
        student.late |= found.late
    if not students:
        raise SubmissionError(f"{folder}: nobody has handed anything in there")
    return sorted(students.values(), key=lambda student: (student.id, student.layout))


def check_alone(
    folder: Path, student: Student, names: dict[tuple[str, int], str], name: str
) -> None:
    """Refuse two files of one number, which Canvas gives to each file but once."""
    if student.layout != "canvas":
        return
    upload = int(CANVAS.match(name)["upload"])
    known = names.setdefault((student.id, upload), name)
    if known != name:
        raise SubmissionError(
            f"{folder}: both {known} and {name} would be upload {upload} of student "
            f"{student.id}: the names of the files are neither Canvas's nor plain"
        )


def unwrapped(
    folder: Path, entries: list[tuple[list[str], Upload]]
) -> list[tuple[list[str], Upload]]:
    """Return all files with their paths below a folder that is around all of them.

    Raises
    ------
    SubmissionError
        If it cannot be told whether the only folder is a student.
    """
    tops = {parts[0] for parts, _ in entries}
    below = [parts[1] for parts, _ in entries if parts[1:]]
    if len(tops) != 1 or len(below) < len(entries):
        return entries
    (top,) = tops
    if AROUND.match(top) or (folder.is_file() and top == folder.stem):
        return [(parts[1:], upload) for parts, upload in entries]
    if owner(top).layout == "plain" and any(owner(n).layout != "plain" for n in below):
        raise SubmissionError(
            f"{folder}: all is in the folder {top}, with names as Canvas or Moodle "
            "give them: is that a student? If not, call that folder submissions"
        )
    return entries


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
        for upload in members(Upload(folder), most=None):
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
