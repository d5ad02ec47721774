"""Recognize which assignment a notebook is of, also where its cells lost their names.

What students are given tells one assignment from another: the names of its cells, their
texts, and the functions in them.  What two assignments share tells nothing.
"""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from nbformat import NotebookNode

from assignments.hand_in.uploads import SubmissionError
from assignments.master_cells import grade_id

TELLING = 20  # characters of a text that nobody writes by chance
MOST_CELLS = 500  # of a notebook whose cells are told by their content


@dataclass(frozen=True)
class Given:
    """One cell as students are given it, or as it came back."""

    kind: str
    id: str
    source: str
    to_fill_in: bool = False


@dataclass(frozen=True)
class Outline:
    """What students are given in one assignment."""

    name: str
    cells: tuple[Given, ...]

    @property
    def signs(self) -> set[tuple[str, str]]:
        """What a notebook of it can be told by."""
        return signs(self.cells)


def outline(name: str, released: NotebookNode) -> Outline:
    """Return what students are given, from the notebook that they get."""
    return Outline(name, cells_of(released))


def cells_of(notebook: NotebookNode) -> tuple[Given, ...]:
    """Return the cells of a notebook."""
    return tuple(
        Given(
            cell.cell_type,
            grade_id(cell),
            cell.source.strip(),
            bool(cell.metadata.get("nbgrader", {}).get("solution")),
        )
        for cell in notebook.cells
    )


def signs(cells: tuple[Given, ...]) -> set[tuple[str, str]]:
    """Return names of cells, texts that are long enough, and names of functions."""
    found = {("id", cell.id) for cell in cells if cell.id}
    found |= {("text", cell.source) for cell in cells if len(cell.source) >= TELLING}
    for cell in cells:
        names = re.findall(r"^def (\w+)", cell.source, re.MULTILINE)
        found |= {("function", name) for name in names}
    return found


def recognized(notebook: NotebookNode, name: str, outlines: list[Outline]) -> list[str]:
    """Give cells their names back; return what is to be said of a notebook.

    Parameters
    ----------
    outlines
        Of all assignments; first of the one that is to be graded.

    Raises
    ------
    SubmissionError
        If it is of another assignment, or of none.
    """
    ours = outlines[0]
    found = best(signs(cells_of(notebook)), outlines)
    if found != ours.name:
        told = f"is of {found}, not of {ours.name}" if found else "is not of this"
        raise SubmissionError(f"{name} {told}{'.' if found else ' assignment.'}")
    if any(map(grade_id, notebook.cells)):
        return lost(notebook, ours)
    give_names(notebook, ours)
    told = "has lost the names of its cells; they are told by their content: look at it"
    return [f"{name} {told}."]


def best(found: set[tuple[str, str]], outlines: list[Outline]) -> str:
    """Return the name of the assignment of which most is found; nothing if none is."""
    scores = {}
    for one in outlines:
        others = [other.signs for other in outlines if other is not one]
        scores[one.name] = len(found & one.signs - set().union(*others))
    first = max(scores, key=scores.get)
    if scores[first] or found & outlines[0].signs:
        return first
    return ""


def give_names(notebook: NotebookNode, ours: Outline) -> None:
    """Name cells that are as they were given, and what stands where was to fill in."""
    if len(notebook.cells) > MOST_CELLS:
        return
    given = [(cell.kind, cell.source) for cell in ours.cells]
    there = [(cell.cell_type, cell.source.strip()) for cell in notebook.cells]
    matcher = SequenceMatcher(None, given, there, autojunk=False)
    for tag, *ends in matcher.get_opcodes():
        before, after = range(*ends[:2]), range(*ends[2:])
        for kind in ("code", "markdown"):
            old = [ours.cells[n] for n in before if given[n][0] == kind]
            old = [cell for cell in old if tag == "equal" or cell.to_fill_in]
            new = [notebook.cells[n] for n in after if there[n][0] == kind]
            for cell, found in zip(old, new, strict=False):
                if cell.id:
                    found.metadata["nbgrader"] = {"grade_id": cell.id}


def lost(notebook: NotebookNode, ours: Outline) -> list[str]:
    """Name the cells to fill in that are not there, or have become of another kind."""
    kinds: dict[str, set[str]] = {}
    for cell in notebook.cells:
        kinds.setdefault(grade_id(cell), set()).add(cell.cell_type)
    asked = [cell for cell in ours.cells if cell.to_fill_in]
    gone = [cell.id for cell in asked if cell.id not in kinds]
    said = [f"Not there: the cells {', '.join(gone)}."] if gone else []
    for cell in asked:
        if cell.kind not in kinds.get(cell.id, {cell.kind}):
            turned = ", ".join(sorted(kinds[cell.id]))
            end = "; it did not run." if cell.kind == "code" else "."
            said.append(f"The cell {cell.id} is {turned}, not {cell.kind}{end}")
    return said
