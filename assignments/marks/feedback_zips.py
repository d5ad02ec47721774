"""Pack the feedback of a class as Canvas and Moodle take it: one upload each.

Canvas takes back what has the name of a file that was handed in, and shows it to the
student under that name; so the feedback for a notebook is a notebook.  Moodle takes any
file in a folder that is called like the student's in its download.
"""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import nbformat

from assignments.hand_in.students import CANVAS, MOODLE, Student
from assignments.hand_in.uploads import Upload
from assignments.marks.html_pages import TEMPLATES, feedback, graded_parts
from assignments.marks.totals import Total
from assignments.marks.whole_files import write
from assignments.masters import Master

ALWAYS = (1980, 1, 1, 0, 0, 0)  # the same marks give the same bytes


def write_zips(
    master: Master, totals: list[Total], students: list[Student], own: Path
) -> list[str]:
    """Write a zip file for each platform that is there; return what is to be said."""
    known = {(student.layout, student.id): student for student in students}
    said = []
    for layout, member in (("canvas", canvas_member), ("moodle", moodle_member)):
        there = [total for total in totals if total.record.layout == layout]
        path = own / f"{layout}-feedback.zip"
        path.unlink(missing_ok=True)
        waiting = [total for total in there if total.open]
        packed = {}
        for total in there:
            student = known[layout, total.record.id]
            if not total.open and (found := member(master, total, student)):
                packed[found[0]] = found[1]
        if packed:
            write(path, zipped(packed))
            said.append(f"Feedback for {len(packed)} students is in {path}.")
        left = len(there) - len(waiting) - len(packed)
        if packed and waiting:
            said.append(f"{len(waiting)} are left out of it until they are marked.")
        if left:
            told = "of whom there is no file that Canvas takes feedback for"
            said.append(f"{left} are left out of {path.name}, {told}.")
    return said


def zipped(members: dict[str, bytes]) -> bytes:
    """Return a zip file of these files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(members):
            archive.writestr(
                zipfile.ZipInfo(name, ALWAYS), members[name], zipfile.ZIP_DEFLATED
            )
    return stream.getvalue()


def moodle_member(
    master: Master, total: Total, student: Student
) -> tuple[str, bytes] | None:
    """Return the name and the content of a student's file for Moodle."""
    name = student.name.replace("_", " ").replace("/", " ")
    folder = f"{name}_{student.id}_assignsubmission_file_"
    return f"{folder}/{master.name}-feedback.html", feedback(master, total).encode()


def canvas_member(
    master: Master, total: Total, student: Student
) -> tuple[str, bytes] | None:
    """Return the name and the content of a student's file for Canvas, if one can be."""
    graded = [one for one in student.uploads if one.name == total.record.file]
    names = [*names_of(graded), *names_of(student.uploads)]
    notebook = as_notebook(master, total)
    for name in names:
        match PurePosixPath(name.lower()).suffix:
            case ".ipynb":
                return name, notebook
            case ".zip":
                return name, zipped({f"{master.name}-feedback.ipynb": notebook})
    return None


def names_of(uploads: list[Upload]) -> Iterator[str]:
    """Yield the names that Canvas gave to files."""
    for upload in uploads:
        parts = "/".join([upload.file.name, *upload.members]).split("/")
        found = (
            name for name in parts if CANVAS.match(name) and not MOODLE.match(name)
        )
        yield from [*found][:1]


def as_notebook(master: Master, total: Total) -> bytes:
    """Return a student's feedback as a notebook of one text."""
    page = TEMPLATES.get_template("feedback.md")
    text = page.render(master=master, total=total, parts=graded_parts(master))
    cell = nbformat.v4.new_markdown_cell(text, id="feedback")
    notebook = nbformat.v4.new_notebook(cells=[cell])
    return nbformat.writes(notebook).encode("utf-8", "replace")
