"""Folders and zip files that students may hand in."""

import io
import zipfile

from assignments.hand_in.notebook import choose
from assignments.hand_in.students import collect

NAMES = ["d1-doubling", "d2-other"]


def fill(folder, files):
    """Write files by their paths; a dict is a zip file."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(packed(content))
    return folder


def packed(content) -> bytes:
    if isinstance(content, dict):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, inner in content.items():
                info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
                archive.writestr(info, packed(inner), zipfile.ZIP_DEFLATED)
        return stream.getvalue()
    return content.encode() if isinstance(content, str) else content


def chosen(master, folder):
    """Return what is graded for the one student, with the notes."""
    [student] = collect(folder, master.name, NAMES)
    notebook, path, notes = choose(master, student.loaded())
    return notebook, path, notes
