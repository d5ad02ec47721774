"""Read a file that was handed in, perhaps inside of zip files; write none to disk."""

import io
import re
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

LARGEST = 20_000_000  # bytes of a notebook, or of a zip file within a zip file
MOST_MEMBERS = 1000  # of one zip file
DEEPEST = 2  # zip files within zip files
IGNORED = re.compile(r"\.|~|__MACOSX$|Thumbs\.db$")


class SubmissionError(ValueError):
    """What was handed in cannot be read; the message says why."""


@dataclass(frozen=True)
class Upload:
    """One file that a student handed in, perhaps inside of zip files."""

    file: Path
    members: tuple[str, ...] = ()  # names in the zip file, in the one in it, ...
    time: float = 0
    arrived: float = 0  # the time of the file that the platform or teacher stored
    fault: str = ""  # why it cannot be read, as far as is known
    content: bytes | None = None  # if it has been read already

    @property
    def name(self) -> str:
        """The path below the folder of the file, as a marker can follow it."""
        return "/".join([legible(self.file.name), *self.members])

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
            raise SubmissionError(too_large(self.name))
        with self.file.open("rb") as stream:
            return read_member(stream, self.members) if self.members else stream.read()

    def loaded(self) -> "Upload":
        """Return this file with its content, or with what keeps it from being read."""
        try:
            return replace(self, content=self.read() if self.is_notebook else b"")
        except SubmissionError as error:
            return replace(self, fault=str(error))
        except OSError as error:
            told = f"{self.name} cannot be read: {error.strerror}."
            return replace(self, fault=told)


def legible(name: str) -> str:
    """Return a file's name as text, also where it is not UTF-8."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def expanded(path: Path) -> Iterator[Upload]:
    """Yield a file, or what is in it if it is a zip file."""
    status = path.lstat()
    upload = Upload(path, time=status.st_mtime, arrived=status.st_mtime)
    if not stat.S_ISREG(status.st_mode):
        yield Upload(path, fault=f"{upload.name} is a link, or no file at all.")
    elif path.suffix.lower() == ".zip":
        yield from members(upload)
    else:
        yield upload


def members(
    archive: Upload, depth: int = 1, most: int | None = MOST_MEMBERS
) -> Iterator[Upload]:
    """Yield the files in a zip file, and in the zip files in it.

    Parameters
    ----------
    most
        How many are looked at; all of them without a number.
    """
    try:
        with archive.file.open("rb") as stream:
            source = io.BytesIO(archive.read()) if archive.members else stream
            with zipfile.ZipFile(source) as opened:
                found = opened.infolist()
    except Exception as error:  # damage shows itself in many ways
        fault = f"{archive.name.split('/')[-1]} is no readable zip file: {error}."
        yield replace(archive, fault=fault)
        return
    if most and found[most:]:
        told = f"holds {len(found)} files; only the first {most} are looked at."
        fault = f"{archive.name.split('/')[-1]} {told}"
        yield replace(archive, fault=fault)
    for info in found[:most]:
        names = info.filename.split("/")
        if info.filename.endswith("/") or any(map(IGNORED.match, names)):
            continue
        path, time = (*archive.members, info.filename), moment(info)
        inside = Upload(archive.file, path, time, archive.arrived or time)
        if info.filename.lower().endswith(".zip") and depth < DEEPEST:
            yield from members(inside, depth + 1)
        else:
            yield inside


def moment(info: zipfile.ZipInfo) -> float:
    """Return the time of a zip file's member; 0 where it has none."""
    try:
        return datetime(*info.date_time).timestamp()
    except (ValueError, OverflowError, OSError):
        return 0.0


def read_member(stream, path: tuple[str, ...]) -> bytes:
    """Return a file within zip files; never more bytes than are allowed."""
    try:
        with zipfile.ZipFile(stream) as archive, archive.open(path[0]) as member:
            content = member.read(LARGEST + 1)
    except Exception as error:  # damage shows itself in many ways
        raise SubmissionError(f"{path[0]} cannot be unpacked: {error}.") from error
    if len(content) > LARGEST:
        raise SubmissionError(too_large(path[0]))
    return read_member(io.BytesIO(content), path[1:]) if path[1:] else content


def too_large(name: str) -> str:
    """Say that a file is too large."""
    return f"{name} is larger than {LARGEST // 1_000_000} MB: clear its outputs."
