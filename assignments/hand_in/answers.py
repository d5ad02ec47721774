"""Gather the answers that a person marks, made safe to look at.

What is stored in a submission is the student's to write: text is passed on as text,
pictures are decoded and drawn anew, and a drawing (SVG) of plain parts is shown as a
picture, in which browsers run no script and load nothing.
"""

import base64
import binascii
import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from nbformat import NotebookNode
from PIL import Image

from assignments.hand_in.drawings import is_harmless
from assignments.hand_in.notebook import text
from assignments.master_cells import grade_id
from assignments.masters import Master, Question

MOST_TEXT = 20_000  # characters of one text
MOST_ITEMS = 20  # of one answer
MOST_PIXELS = 16_000_000
WIDEST = 1400  # pixels that a marker needs
LARGEST_PICTURE = 400_000  # bytes, after it was drawn anew
MOST_SVG = 2_000_000  # bytes
PASTED = "A picture that was pasted, not drawn by the notebook:"


@dataclass(frozen=True)
class Item:
    """One thing to look at: `text`, `code` or `output` in full, or a data address."""

    kind: str  # text, code, output or picture
    content: str


@dataclass(frozen=True)
class Answer:
    """What a student answered to one question; nothing if it is untouched."""

    items: tuple[Item, ...] = ()
    note: str = ""


def gather(
    master: Master, untouched: dict[str, str], notebook: NotebookNode
) -> dict[str, Answer]:
    """Return the Answer to each question of a master by its grade_id.

    Parameters
    ----------
    untouched
        What students are given in each of these cells.
    notebook
        What was handed in.
    """
    found = {}
    for question in master.manual:
        cells = [cell for cell in notebook.cells if grade_id(cell) == question.id]
        own = answer(cells, untouched[question.id])
        found[question.id] = with_added(own, beside(master, question, notebook))
    return found


def with_added(own: Answer, added: list[NotebookNode]) -> Answer:
    """Return an answer with the cells that a student added beside its cell."""
    if not added:
        return own
    items = [*own.items, *(item for cell in added for item in items_of(cell))]
    note = f"{own.note} Shown with it: added cells, {len(added)} of them.".strip()
    return Answer(tuple(items[:MOST_ITEMS]), note)


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


def answer(cells: list[NotebookNode], untouched: str) -> Answer:
    """Return the answer that these cells, usually one, give to a question."""
    if not cells:
        return Answer(note="The cell of this answer is not there.")
    cells = [cell for cell in cells if cell.source.strip() not in ("", untouched)]
    if not cells:
        return Answer(note="Not answered.")
    every = (item for cell in cells for item in items_of(cell))
    items = list(islice(every, MOST_ITEMS + 1))
    note = "Only the first part of a very long answer." if items[MOST_ITEMS:] else ""
    return Answer(tuple(items[:MOST_ITEMS]), note)


def items_of(cell: NotebookNode) -> Iterator[Item]:
    """Yield what a cell says and shows."""
    yield Item("code" if cell.cell_type == "code" else "text", shortened(cell.source))
    for bundle in cell.get("attachments", {}).values():
        for item in pictures(bundle) if isinstance(bundle, dict) else ():
            yield Item("output", PASTED)
            yield item
    for output in cell.get("outputs", []):
        yield from shown(output)


def shown(output: dict) -> Iterator[Item]:
    """Yield what a stored output shows."""
    data = output.get("data")
    if output.get("output_type") == "stream":
        yield Item("output", shortened(text(output.get("text"))))
    elif output.get("output_type") == "error":
        yield Item(
            "output", shortened(f"{output.get('ename')}: {output.get('evalue')}")
        )
    elif isinstance(data, dict):
        found = list(pictures(data))
        yield from found or [Item("output", shortened(text(data.get("text/plain"))))]


def pictures(bundle: dict) -> Iterator[Item]:
    """Yield the first picture among the forms in which one thing is stored."""
    for kind in ("image/png", "image/jpeg"):
        if encoded := text(bundle.get(kind)):
            yield redraw(encoded)
            return
    if drawing := text(bundle.get("image/svg+xml")):
        content = drawing.encode()
        if len(content) > MOST_SVG:
            yield Item("output", "[a drawing that is too large to show]")
        elif not is_harmless(drawing):
            yield Item("output", "[a drawing with parts that are not shown]")
        else:
            yield Item("picture", address("svg+xml", content))


def redraw(encoded: str) -> Item:
    """Return a stored picture, drawn anew."""
    try:
        with (
            warnings.catch_warnings(action="ignore"),
            Image.open(
                io.BytesIO(base64.b64decode(encoded)), formats=("PNG", "JPEG")
            ) as opened,
        ):
            if opened.width * opened.height > MOST_PIXELS:
                raise Image.DecompressionBombError
            drawn = opened.convert("RGBA")
    except Image.DecompressionBombError:
        return Item("output", "[a picture that is too large to show]")
    except (OSError, ValueError, SyntaxError, binascii.Error, MemoryError):
        return Item("output", "[a picture that cannot be read]")
    return Item("picture", address("png", as_png(drawn)))


def as_png(drawn: Image.Image, widest: int = WIDEST) -> bytes:
    """Return a picture as PNG; one that is noise becomes smaller until it fits."""
    drawn.thumbnail((widest, 4 * widest))
    stream = io.BytesIO()
    drawn.save(stream, "PNG")
    if stream.tell() <= LARGEST_PICTURE:
        return stream.getvalue()
    return as_png(drawn, widest // 2)


def address(kind: str, content: bytes) -> str:
    """Return a picture as an address that holds all of it."""
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def shortened(content: str) -> str:
    """Return a text, or the beginning of a very long one."""
    left = len(content) - MOST_TEXT
    return f"{content[:MOST_TEXT]}\n[{left} more characters]" if left > 0 else content
