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

import io
import re
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

LARGEST = 20_000_000  # bytes of a notebook, or of a zip file within a zip file
MOST_MEMBERS = 1000  # of one zip file
MOST_NOTEBOOKS = 10  # of one student, the latest
DEEPEST = 2  # zip files within zip files
MOODLE = re.compile(r"(?P<name>.*?)_(?P<id>\d+)_assignsubmission_")
CANVAS = re.compile(
    r"(?P<name>.*?)_?(?P<late>LATE_)?(?P<id>(?<![^_])\d+|anon_[^_]+)_(?P<upload>\d+)_."
)
IGNORED = re.compile(r"\.|~|__MACOSX$|Thumbs\.db$")
EXTENSION = re.compile(r"\.(ipynb|zip)$", re.IGNORECASE)


class SubmissionError(ValueError):
    """What was handed in cannot be read; the message says why."""


@dataclass(frozen=True)
class Upload:
    """One file that a student handed in, perhaps inside of zip files."""

    file: Path
    members: tuple[str, ...] = ()  # names in the zip file, in the one in it, ...
    time: float = 0
    fault: str = ""  # why it cannot be read, as far as is known
    content: bytes | None = None  # if it has been read already

    @property
    def name(self) -> str:
        """The path below the folder of the file, as a marker can follow it."""
        return "/".join([self.file.name, *self.members])

    @property
    def is_notebook(self) -> bool:
        """Whether it is called one."""
        return self.name.lower().endswith(".ipynb")

    def read(self) -> bytes:
        """Return the content.

        Raises
        ------
        SubmissionError
            If it is too large, or in no readable zip file.
        """
        if self.fault:
            raise SubmissionError(self.fault)
        if self.content is not None:
            return self.content
        if not self.members and self.file.stat().st_size > LARGEST:
            raise SubmissionError(too_large(self.file.name))
        with self.file.open("rb") as stream:
            return read_member(stream, self.members) if self.members else stream.read()

    def loaded(self) -> "Upload":
        """Return this file with its content, or with what keeps it from being read."""
        try:
            return replace(self, content=self.read() if self.is_notebook else b"")
        except (SubmissionError, OSError) as error:
            return replace(self, fault=str(error))


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
            yield [*parts, *upload.members], upload


def expanded(path: Path) -> Iterator[Upload]:
    """Yield a file, or what is in it if it is a zip file."""
    status = path.lstat()
    upload = Upload(path, time=status.st_mtime)
    if not stat.S_ISREG(status.st_mode):
        yield Upload(path, fault=f"{path.name} is a link, or no file at all.")
    elif path.suffix.lower() == ".zip":
        yield from members(upload)
    else:
        yield upload


def members(archive: Upload, depth: int = 1) -> Iterator[Upload]:
    """Yield the files in a zip file, and in the zip files in it."""
    try:
        with archive.file.open("rb") as stream:
            source = io.BytesIO(archive.read()) if archive.members else stream
            with zipfile.ZipFile(source) as opened:
                found = opened.infolist()
    except (zipfile.BadZipFile, SubmissionError, OSError, NotImplementedError) as error:
        fault = f"{archive.name.split('/')[-1]} is no readable zip file: {error}."
        yield Upload(archive.file, archive.members, archive.time, fault)
        return
    for info in found[:MOST_MEMBERS]:
        names = info.filename.split("/")
        if info.is_dir() or any(map(IGNORED.match, names)):
            continue
        inside = Upload(archive.file, (*archive.members, info.filename), moment(info))
        if info.filename.lower().endswith(".zip") and depth < DEEPEST:
            yield from members(inside, depth + 1)
        else:
            yield inside


def moment(info: zipfile.ZipInfo) -> float:
    """Return the time of a zip file's member; 0 where it has none."""
    try:
        return datetime(*info.date_time).timestamp()
    except ValueError:
        return 0.0


def read_member(stream, path: tuple[str, ...]) -> bytes:
    """Return a file within zip files; never more bytes than are allowed."""
    try:
        with zipfile.ZipFile(stream) as archive, archive.open(path[0]) as member:
            content = member.read(LARGEST + 1)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
        raise SubmissionError(f"{path[0]} cannot be unpacked: {error}.") from error
    if len(content) > LARGEST:
        raise SubmissionError(too_large(path[0]))
    return read_member(io.BytesIO(content), path[1:]) if path[1:] else content


def too_large(name: str) -> str:
    """Say that a file is too large."""
    return f"{name} is larger than {LARGEST // 1_000_000} MB: clear its outputs."
