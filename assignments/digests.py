"""Tell whether what decided a mark is still the same.

A record names the digest of all that its marks depend on, and holds as long as that
does.  What only writes marks out is no part of it, so that no change there marks
anybody anew.
"""

import hashlib
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path

import initlib
from assignments.hand_in.students import Student
from assignments.masters import Master

HERE = Path(__file__).parent
DECIDING = (  # how a submission is read, run and checked
    *("inside", "grade", "fair", "hand_in"),
    *("masters.py", "master_cells.py"),
)
LIBRARY = Path(initlib.__file__).parent
VERSIONS = ("numpy", "scipy")


def digest_of_tool(master: Master, here: Path = HERE, library: Path = LIBRARY) -> str:
    """Return a digest of the master, of its data, and of what grades with it."""
    paths = [path for name in DECIDING for path in modules(here / name)]
    paths += [*modules(library), master.path, *master.files]
    versions = [f"{name} {version(name)}".encode() for name in VERSIONS]
    return digest([*versions, *(path.read_bytes() for path in paths)])


def modules(path: Path) -> Iterator[Path]:
    """Yield a module, or all modules of a folder and of those in it, sorted."""
    yield from [path] if path.is_file() else sorted(path.rglob("*.py"))


def digest_of_student(student: Student, tool: str) -> str:
    """Return a digest of all that a student handed in, and of what grades it."""
    loaded = student.loaded()
    uploads, left = loaded.uploads, loaded.left_out
    contents = [
        upload.content or upload.fault.encode("utf-8", "replace") for upload in uploads
    ]
    names = [upload.name for upload in uploads]
    return digest(
        [*contents, repr((tool, student.name, student.late, names, left)).encode()]
    )


def digest(contents: Iterable[bytes]) -> str:
    """Return one digest of several contents."""
    total = hashlib.sha256()
    for content in contents:
        total.update(hashlib.sha256(content).digest())
    return total.hexdigest()
