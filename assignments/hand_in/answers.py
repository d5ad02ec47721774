"""Gather the answers that a person marks, made safe to look at.

What is stored in a submission is the student's to write.  Text is passed on as text.
A figure is the one that the run of its cell drew; a picture that is stored is shown
only where none was drawn, and said to be.  Both come from the sandbox as plain colours:
no file of a student's is decoded here, and none is passed on.
"""

import base64
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
from nbformat import NotebookNode
from PIL import Image

from assignments.hand_in.notebook import text
from assignments.master_cells import grade_id
from assignments.masters import Master, Question

MOST_TEXT = 20_000  # characters of one text
MOST_ITEMS = 20  # of one answer
MOST_CELLS = 60  # whose pictures are looked at
LARGEST_PICTURE = 200_000  # bytes
LARGEST_STORED = 8_000_000  # characters of a picture in a notebook
PASTED = "A picture that was pasted, not drawn by the notebook:"
UNDRAWN = "A picture that is stored in the notebook; its run drew none:"
UNSEEN = "[a picture that cannot be shown]"
DRAWING = "[a drawing (SVG) that is stored in the notebook; its run drew none]"


@dataclass(frozen=True)
class Item:
    """One thing to look at: `text`, `code` or `output` in full, or a data address."""

    kind: str  # text, code, output or picture
    content: str
    drawn: bool = False  # by the run of the notebook, so perhaps not twice the same


@dataclass(frozen=True)
class Answer:
    """What a student answered to one question; nothing if it is untouched."""

    items: tuple[Item, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Looks:
    """The pictures of a notebook, as they came out of the sandbox; None for a failure.

    Attributes
    ----------
    drawn : mapping
        What the run of each cell drew, by the cell's place.
    decoded : mapping
        What is stored, by how it is stored.
    """

    drawn: Mapping[int, Sequence[np.ndarray | None]] = field(default_factory=dict)
    decoded: Mapping[str, np.ndarray | None] = field(default_factory=dict)


def stored(master: Master, notebook: NotebookNode) -> dict[int, list[str]]:
    """Return the places of the cells that a marker is shown, and their pictures."""
    places = {id(cell): place for place, cell in enumerate(notebook.cells)}
    found = {}
    for question in master.manual:
        own = [cell for cell in notebook.cells if grade_id(cell) == question.id]
        for cell in (*own, *beside(master, question, notebook)):
            found[places[id(cell)]] = pictures_in(cell)
    return dict(islice(found.items(), MOST_CELLS))


def pictures_in(cell: NotebookNode) -> list[str]:
    """Return the pictures that a cell stores."""
    outputs = [output.get("data") for output in cell.get("outputs", [])]
    bundles = [*cell.get("attachments", {}).values(), *outputs]
    found = [picture(bundle) for bundle in bundles if isinstance(bundle, dict)]
    return [encoded for encoded in found if 0 < len(encoded) <= LARGEST_STORED]


def gather(
    master: Master,
    untouched: dict[str, str],
    notebook: NotebookNode,
    looks: Looks = Looks(),
) -> dict[str, Answer]:
    """Return the Answer to each question of a master by its grade_id.

    Parameters
    ----------
    untouched
        What students are given in each of these cells.
    notebook
        What was handed in.
    looks
        Its pictures.
    """
    places = {id(cell): place for place, cell in enumerate(notebook.cells)}

    def items(cells: Sequence[NotebookNode]) -> Iterator[Item]:
        for cell in cells:
            drawn = looks.drawn.get(places[id(cell)], ())
            yield from items_of(cell, drawn, looks.decoded)

    found = {}
    for question in master.manual:
        cells = [cell for cell in notebook.cells if grade_id(cell) == question.id]
        own = answer(cells, untouched[question.id], items)
        added = beside(master, question, notebook)
        found[question.id] = with_added(own, items(added), len(added))
    return found


def with_added(own: Answer, added: Iterator[Item], count: int) -> Answer:
    """Return an answer with the cells that a student added beside its cell."""
    if not count:
        return own
    note = f"{own.note} Shown with it: added cells, {count} of them.".strip()
    left = MOST_ITEMS - len(own.items)
    return Answer((*own.items, *islice(added, left)), note)


def beside(
    master: Master, question: Question, notebook: NotebookNode
) -> list[NotebookNode]:
    """Return the cells that a student added beside the cell of a question."""
    given = {cell.source.strip() for cell in master.cells if cell.kind == "text"}
    added = [
        not grade_id(cell) and cell.source.strip() not in given
        for cell in notebook.cells
    ]
    found = set()
    for place, step in places(master, question, notebook):
        place += step
        while 0 <= place < len(added) and added[place]:
            found.add(place)
            place += step
    cells = [notebook.cells[place] for place in sorted(found)]
    return [cell for cell in cells if cell.source.strip()][:MOST_ITEMS]


def places(
    master: Master, question: Question, notebook: NotebookNode
) -> list[tuple[int, int]]:
    """Return where to look for added cells: places, and in which direction."""
    names = [grade_id(cell) for cell in notebook.cells]
    if question.id in names:
        first = names.index(question.id)
        last = len(names) - names[::-1].index(question.id) - 1
        return [(first, -1), (last, 1)]
    texts = [cell.source.strip() for cell in notebook.cells]
    before = [cell.id for cell in master.cells].index(question.id)
    for cell in reversed(master.cells[:before]):
        known, wanted = (names, cell.id) if cell.id else (texts, cell.source.strip())
        if wanted in known:
            return [(known.index(wanted), 1)]
    return []


def answer(cells: list[NotebookNode], untouched: str, items) -> Answer:
    """Return the answer that these cells, usually one, give to a question."""
    if not cells:
        return Answer(note="The cell of this answer is not there.")
    cells = [cell for cell in cells if cell.source.strip() not in ("", untouched)]
    if not cells:
        return Answer(note="Not answered.")
    found = list(islice(items(cells), MOST_ITEMS + 1))
    note = "Only the first part of a very long answer." if found[MOST_ITEMS:] else ""
    return Answer(tuple(found[:MOST_ITEMS]), note)


def items_of(
    cell: NotebookNode,
    drawn: Sequence[np.ndarray | None],
    decoded: Mapping[str, np.ndarray | None],
) -> Iterator[Item]:
    """Yield what a cell says and shows."""
    yield Item("code" if cell.cell_type == "code" else "text", shortened(cell.source))
    for bundle in cell.get("attachments", {}).values():
        if isinstance(bundle, dict):
            yield Item("output", PASTED)
            yield as_item(decoded.get(picture(bundle)))
    for figure in drawn:
        yield as_item(figure, drawn=True)
    for output in cell.get("outputs", []):
        yield from shown(output, decoded, bool(drawn))


def shown(
    output: dict, decoded: Mapping[str, np.ndarray | None], drawn: bool
) -> Iterator[Item]:
    """Yield what a stored output shows; no picture if the run drew one."""
    data = output.get("data")
    if output.get("output_type") == "stream":
        yield Item("output", shortened(text(output.get("text"))))
    elif output.get("output_type") == "error":
        told = f"{output.get('ename')}: {output.get('evalue')}"
        yield Item("output", shortened(told))
    elif isinstance(data, dict) and any(kind.startswith("image/") for kind in data):
        encoded = picture(data)
        if encoded and not drawn:
            yield Item("output", UNDRAWN)
            yield as_item(decoded.get(encoded))
        elif not drawn:
            yield Item("output", DRAWING)
    elif isinstance(data, dict):
        yield Item("output", shortened(text(data.get("text/plain"))))


def picture(bundle: dict) -> str:
    """Return the picture among the forms in which one thing is stored, in base64."""
    return text(bundle.get("image/png")) or text(bundle.get("image/jpeg"))


def as_item(colours: np.ndarray | None, *, drawn: bool = False) -> Item:
    """Return a picture to look at."""
    if colours is None:
        return Item("output", UNSEEN)
    encoded = base64.b64encode(as_png(Image.fromarray(colours)))
    return Item("picture", f"data:image/png;base64,{encoded.decode()}", drawn)


def as_png(drawn: Image.Image) -> bytes:
    """Return a picture as PNG; one that is noise becomes smaller until it fits."""
    stream = io.BytesIO()
    drawn.save(stream, "PNG")
    if stream.tell() <= LARGEST_PICTURE:
        return stream.getvalue()
    return as_png(drawn.reduce(2))


def shortened(content: str) -> str:
    """Return a text, or the beginning of a very long one."""
    left = len(content) - MOST_TEXT
    return f"{content[:MOST_TEXT]}\n[{left} more characters]" if left > 0 else content
