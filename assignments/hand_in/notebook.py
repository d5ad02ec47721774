"""Read a notebook that a student handed in, whatever is in the file."""

import json
from collections.abc import Sequence

import nbformat
from nbformat import NotebookNode

from assignments.hand_in.outlines import Outline, outline, recognized
from assignments.hand_in.students import Student
from assignments.hand_in.uploads import SubmissionError, Upload
from assignments.masters import Master

MOST_CELLS = 2000
MOST_OUTPUTS = 100  # of one cell; a marker is shown fewer
MOST_PARTS = 300_000  # lists and dicts in the file, by their brackets


def choose(
    master: Master, student: Student, outlines: Sequence[Outline] = ()
) -> tuple[NotebookNode, str, list[str]]:
    """Return the notebook to grade, its path, and what is to be noted.

    It is the latest that can be read and is of the assignment.

    Parameters
    ----------
    outlines
        Of all assignments, this one first; without them, only this one is known.

    Raises
    ------
    SubmissionError
        If there is none; the message says what is wrong with each.
    """
    known = outlines or [outline(master.name, master.notebook)]
    faults = []
    for upload in reversed(student.notebooks):
        try:
            notebook = parse(upload)
            said = recognized(notebook, upload.name, known)
        except SubmissionError as error:
            faults.append(str(error))
        else:
            said = faults + said + said_of_others(student, upload)
            return notebook, upload.name, said
    faults += other_faults(student)
    raise SubmissionError(" ".join(faults))


def said_of_others(student: Student, graded: Upload) -> list[str]:
    """Say that there are other notebooks, if there are."""
    others = [upload.name for upload in student.notebooks if upload != graded]
    said = f"{graded.name} was graded, the latest; not graded: {', '.join(others)}."
    return [*([said] if others else []), *other_faults(student)]


def other_faults(student: Student) -> list[str]:
    """Say what is wrong with other files, and which ones were not looked at."""
    other = [upload for upload in student.uploads if not upload.is_notebook]
    faults = [upload.fault for upload in other if upload.fault]
    if unread := [upload.name for upload in other if not upload.fault]:
        more = f" and {left} more" if (left := len(unread) - 10) > 0 else ""
        faults.append(f"No notebook, so not graded: {', '.join(unread[:10])}{more}.")
    if student.left_out:
        more = f" and {left} more" if (left := len(student.left_out) - 10) > 0 else ""
        faults.append(f"Not looked at: {', '.join(student.left_out[:10])}{more}.")
    return faults


def parse(upload: Upload) -> NotebookNode:
    """Return a notebook in the present format, with sound cells only.

    Raises
    ------
    SubmissionError
        If it is none; the message is for the student.
    """
    content = upload.read()
    if not content.strip():
        raise SubmissionError(f"{upload.name} is empty.")
    if content.count(b"{") + content.count(b"[") > MOST_PARTS:
        told = f"more than {MOST_PARTS} parts: clear its outputs."
        raise SubmissionError(f"{upload.name} has {told}")
    try:
        data = decoded(content)
        if isinstance(data, dict) and isinstance(data.get("worksheets"), list):
            data = modernized(data, upload.name)
        if not isinstance(data, dict) or not isinstance(data.get("cells"), list):
            raise SubmissionError(f"{upload.name} is no notebook: it has no cells.")
        if data["cells"][MOST_CELLS:]:
            told = f"{len(data['cells'])} cells; at most {MOST_CELLS} are read."
            raise SubmissionError(f"{upload.name} has {told}")
        cells = [sound_cell(cell) for cell in data["cells"] if isinstance(cell, dict)]
    except SubmissionError:
        raise
    except (ValueError, RecursionError) as error:
        raise SubmissionError(f"{upload.name} is no notebook: {error}.") from error
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [cell for cell in cells if cell]
    return notebook


def decoded(content: bytes) -> object:
    """Return what JSON says, in text that UTF-8 can hold: half an emoji becomes `?`.

    Raises
    ------
    ValueError, RecursionError
        If it is no JSON, or nested too deeply.
    """
    text = content.decode("utf-8-sig")
    data = json.loads(text)
    if "\\ud" in text.lower():
        data = json.loads(json.dumps(data, ensure_ascii=False).encode(errors="replace"))
    return data


def modernized(data: dict, name: str) -> dict:
    """Return a notebook of the format before 2015 in the present one."""
    try:
        return nbformat.convert(nbformat.from_dict(data), 4)
    except Exception as error:
        raise SubmissionError(f"{name} is of an old format: {error}.") from error


def sound_cell(cell: dict) -> NotebookNode | None:
    """Return a cell with what the grader and the marker read; None if it is none."""
    source = text(cell.get("source"))
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    kept = {"nbgrader": {"grade_id": grade_id}} if isinstance(grade_id, str) else {}
    if cell.get("cell_type") in ("markdown", "raw"):
        attachments = cell.get("attachments")
        return nbformat.from_dict(
            {
                "cell_type": cell["cell_type"],
                "source": source,
                "metadata": kept,
                "attachments": attachments if isinstance(attachments, dict) else {},
            }
        )
    if cell.get("cell_type") == "code":
        outputs = cell.get("outputs")
        outputs = outputs[:MOST_OUTPUTS] if isinstance(outputs, list) else []
        return nbformat.from_dict(
            {
                "cell_type": "code",
                "source": source,
                "metadata": kept,
                "execution_count": None,
                "outputs": [output for output in outputs if isinstance(output, dict)],
            }
        )
    return None


def text(value: object) -> str:
    """Return a notebook's text, which may be stored as a list of lines."""
    if isinstance(value, list):
        return "".join(line for line in value if isinstance(line, str))
    return value if isinstance(value, str) else ""
