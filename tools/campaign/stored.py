"""Changes of what a notebook stores: printed text, pictures, live figures.

Each mutator takes a notebook and a random choice, and returns a changed copy with the
place and the change, or None where there is nothing of its kind.
"""

import base64
import copy
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from random import Random
from string import hexdigits

import numpy as np
from nbformat import NotebookNode

from initlib._packing import pack, unpack
from tools.notebooks import WIDGET_STATE

Path = tuple[str | int, ...]
TEXTS = {"text", "text/plain", "text/html"}
SVG = "image/svg+xml"
NUMBER = re.compile(r"(?<![#\w.-])\d+(?:\.\d+)?(?![\w-])")
WORD = re.compile(r"[A-Za-z]{3,}")
POINT = re.compile(r"(?<= d=\")[^\"]+|(?<= [xy]=\")[^\"]+")
DEFINITIONS = re.compile(
    r"<defs>.*?</defs>", re.DOTALL
)  # of letters, in units of theirs
COORDINATE = re.compile(r"-?\d+(?:\.\d+)?")
COLOUR = re.compile(r"(?<=: )#[0-9a-f]{6}\b")
WRITTEN = re.compile(r"(?<=>)[^<>\s][^<>]*(?=</t(?:ext|span)>)")
GLYPH = re.compile(r"(?<=<use xlink:href=\"#)DejaVu[\w-]+")
CODE = re.compile(r"\d+|===|&&|<=|[-+*/] ")
LIMITS = [("_axes", "x", "high"), ("_axes", "y", "low"), ("_map", "colour", "high")]
SETTINGS = {"lr", "depth", "width", "steps", "batch", "seed"}
MOVED = 3  # units of a picture
PART = 0.05  # of the range of a table


@dataclass(frozen=True)
class Change:
    """A changed copy of a notebook, the place of the change, and the change."""

    where: str
    change: str
    notebook: NotebookNode


@dataclass(frozen=True)
class Piece:
    """A piece of a text that a notebook stores, and what may stand there instead."""

    path: Path
    start: int
    old: str
    new: str

    def change(self, notebook: NotebookNode) -> Change:
        text = get(notebook, self.path)
        text = text[: self.start] + self.new + text[self.start + len(self.old) :]
        where = "/".join(map(str, self.path))
        changed = put(notebook, {self.path: text})
        return Change(where, f"{self.old} -> {self.new}", changed)


def get(node: NotebookNode, path: Path) -> object:
    """Return what stands in a place of a notebook."""
    for step in path:
        node = node[step]
    return node


def put(notebook: NotebookNode, values: dict[Path, object]) -> NotebookNode:
    """Return a copy of a notebook with other values in some places."""
    changed = copy.deepcopy(notebook)
    for (*way, last), value in values.items():
        get(changed, way)[last] = value
    return changed


def places(
    notebook: NotebookNode, path: Path, names: Iterable[str], kind: type = str
) -> Iterator[Path]:
    """Yield the places below a path that bear one of some names and hold a text."""
    node = get(notebook, path)
    items = enumerate(node) if isinstance(node, list) else node.items()
    for key, value in items:
        if isinstance(value, kind) and key in names:
            yield (*path, key)
        elif isinstance(value, (dict, list)):
            yield from places(notebook, (*path, key), names, kind)


def outputs(notebook: NotebookNode, names: Iterable[str]) -> Iterator[Path]:
    """Yield the places of the cells' outputs that are of some kinds."""
    for i, cell in enumerate(notebook.cells):
        if "outputs" in cell:
            yield from places(notebook, ("cells", i, "outputs"), names)


def figures(notebook: NotebookNode) -> Iterator[Path]:
    """Yield the places of the live figures that a notebook stores."""
    states = notebook.metadata.get("widgets", {}).get(WIDGET_STATE, {}).get("state", {})
    for model, about in states.items():
        if about["model_name"] == "AnyModel":
            yield "metadata", "widgets", WIDGET_STATE, "state", model


def traits(
    notebook: NotebookNode, names: Iterable[str], kind: type = str
) -> Iterator[Path]:
    """Yield the places of texts, or of another kind, in the live figures."""
    for path in figures(notebook):
        yield from places(notebook, (*path, "state"), names, kind)


def one_of(
    notebook: NotebookNode,
    paths: Iterable[Path],
    pieces: Callable[[str], list[re.Match]],
    replace: Callable[[str, Random], str],
    rng: Random,
) -> Change | None:
    """Change one piece of one text, both chosen by `rng`."""
    found = [(path, pieces(get(notebook, path))) for path in paths]
    found = [(path, matches) for path, matches in found if matches]
    if not found:
        return None
    path, matches = rng.choice(found)
    match = rng.choice(matches)
    piece = Piece(path, match.start(), match[0], replace(match[0], rng))
    return piece.change(notebook)


def another_digit(number: str, rng: Random) -> str:
    """Change one digit that is seen: the first of a number, or its last."""
    place = rng.choice([0, len(number) - 1])
    digit = (int(number[place]) + rng.randint(1, 9)) % 10
    return f"{number[:place]}{digit}{number[place + 1 :]}"


def another_letter(word: str, rng: Random) -> str:
    """Change a word or a label in one place."""
    place = rng.randrange(len(word))
    letter = rng.choice([x for x in "aeinrstx379" if x != word[place]])
    return word[:place] + letter + word[place + 1 :]


def another_colour(colour: str, rng: Random) -> str:
    others = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#000000"]
    return rng.choice([other for other in others if other != colour])


def moved(coordinate: str, rng: Random) -> str:
    return f"{float(coordinate) + rng.choice([-MOVED, MOVED]):g}"


def coordinates(svg: str) -> list[re.Match]:
    """Find all coordinates of the paths and marks that are seen."""
    seen = DEFINITIONS.sub(lambda found: " " * len(found[0]), svg)
    return [
        number
        for found in POINT.finditer(seen)
        for number in COORDINATE.finditer(svg, found.start(), found.end())
    ]


def change_printed_number(notebook: NotebookNode, rng: Random) -> Change | None:
    """Change a digit that a cell printed or a claim shows."""
    return one_of(notebook, outputs(notebook, TEXTS), numbers, another_digit, rng)


def change_printed_word(notebook: NotebookNode, rng: Random) -> Change | None:
    def words(text: str) -> list[re.Match]:
        return [] if text.startswith("<") else list(WORD.finditer(text))

    return one_of(notebook, outputs(notebook, TEXTS), words, another_letter, rng)


def numbers(text: str) -> list[re.Match]:
    """Find the numbers of a text; what matplotlib calls a figure is not shown."""
    return [] if text.startswith("<Figure") else list(NUMBER.finditer(text))


def move_point(notebook: NotebookNode, rng: Random) -> Change | None:
    return one_of(notebook, outputs(notebook, [SVG]), coordinates, moved, rng)


def change_colour(notebook: NotebookNode, rng: Random) -> Change | None:
    def colours(svg: str) -> list[re.Match]:
        return list(COLOUR.finditer(svg))

    return one_of(notebook, outputs(notebook, [SVG]), colours, another_colour, rng)


def change_label(notebook: NotebookNode, rng: Random) -> Change | None:
    """Change a letter of a picture, be it written or drawn."""

    def letters(svg: str) -> list[re.Match]:
        return [*WRITTEN.finditer(svg), *GLYPH.finditer(svg)]

    def other(label: str, rng: Random) -> str:
        if not label.startswith("DejaVu"):
            return another_letter(label, rng)
        return label[:-1] + rng.choice(hexdigits[:16].replace(label[-1], ""))

    return one_of(notebook, outputs(notebook, [SVG]), letters, other, rng)


def change_told_number(notebook: NotebookNode, rng: Random) -> Change | None:
    """Change a digit of those that a live figure tells for one of its positions."""
    paths = traits(notebook, ["_numbers"])
    return one_of(notebook, paths, numbers, another_digit, rng)


def change_script(notebook: NotebookNode, rng: Random) -> Change | None:
    """Change a number or an operator in the script or the style of a live figure."""

    def pieces(script: str) -> list[re.Match]:
        return list(CODE.finditer(script))

    def other(piece: str, rng: Random) -> str:
        if piece.isdigit():
            return another_digit(piece, rng)
        return {"===": "!==", "&&": "||", "<=": "<", "+ ": "- "}.get(piece, "+ ")

    paths = traits(notebook, ["_esm", "_css", "_worker"])
    return one_of(notebook, paths, pieces, other, rng)


def change_live_word(notebook: NotebookNode, rng: Random) -> Change | None:
    """Change a name, a label, the sentence or the description of a live figure."""

    def words(text: str) -> list[re.Match]:
        return list(WORD.finditer(text))

    paths = traits(notebook, ["name", "label", "question", "_sentence", "alt"])
    return one_of(notebook, paths, words, another_letter, rng)


def change_limit(notebook: NotebookNode, rng: Random) -> Change | None:
    """Move an end of an axis, or of the colours, of a live figure."""
    found = [
        (*figure, "state", *path)
        for figure in figures(notebook)
        for path in LIMITS
        if _holds(get(notebook, (*figure, "state")), path)
    ]
    if not found:
        return None
    path = rng.choice(found)
    old = get(notebook, path)
    return replaced(notebook, path, old + rng.choice([-1, 1]) * max(abs(old) / 5, 0.1))


def change_setting(notebook: NotebookNode, rng: Random) -> Change | None:
    """Change a number from which a race of two networks starts."""
    found = list(traits(notebook, SETTINGS, (int, float)))
    if not found:
        return None
    path = rng.choice(found)
    old = get(notebook, path)
    return replaced(notebook, path, old + 1 if isinstance(old, int) else 1.2 * old)


def replaced(notebook: NotebookNode, path: Path, new: float) -> Change:
    """Put another number in a place of a notebook."""
    told = f"{get(notebook, path):g} -> {new:g}"
    return Change("/".join(map(str, path)), told, put(notebook, {path: new}))


def _holds(node: object, path: Path) -> bool:
    for step in path:
        if not isinstance(node, dict) or step not in node:
            return False
        node = node[step]
    return True


def change_table(notebook: NotebookNode, rng: Random) -> Change | None:
    """Move one number of a packed table by a part of the table's range."""
    found = [
        (buffer, (*figure, "state", *way))
        for figure in figures(notebook)
        for buffer, way in _tables(notebook, figure)
    ]
    if not found:
        return None
    buffer, way = rng.choice(found)
    stored = base64.b64decode(get(notebook, (*buffer, "data")))
    old = dict(get(notebook, way)) | {"data": stored}
    new = _moved_in(old, rng)
    data = base64.b64encode(new.pop("data")).decode()
    values = {(*way, name): value for name, value in new.items()}
    changed = put(notebook, values | {(*buffer, "data"): data})
    return Change("/".join(map(str, way)), "one number moved", changed)


def _tables(notebook: NotebookNode, figure: Path) -> Iterator[tuple[Path, Path]]:
    """Yield the buffer of each packed table, and the table's place in the state."""
    for i, buffer in enumerate(get(notebook, figure)["buffers"]):
        *way, last = buffer["path"]
        if last == "data":
            yield (*figure, "buffers", i), tuple(way)


def _moved_in(table: dict, rng: Random) -> dict:
    values = unpack(table)
    place = rng.choice(np.argwhere(np.isfinite(values)).tolist())
    at = tuple(place)
    step = PART * (table["high"] - table["low"]) or 1.0
    if table["log"]:
        values[at] = (values[at] or 10 ** table["low"]) * 10**step
    else:
        values[at] += step
    return pack(values, bytes_each=table["bytes"], log=table["log"])


MUTATORS = {
    "numbers that code printed": change_printed_number,
    "words that code printed": change_printed_word,
    "points of pictures": move_point,
    "labels of pictures": change_label,
    "colours of pictures": change_colour,
    "tables of live figures": change_table,
    "numbers of live figures": change_told_number,
    "words of live figures": change_live_word,
    "ends of live figures' axes": change_limit,
    "scripts of live figures": change_script,
    "settings of races": change_setting,
}
