"""Compare what a notebook stores with what a fresh run shows.

Words, structure and colours must be the same; numbers that a picture or a live figure
draws may differ as rounding makes them.  The reference is x86-64 with AVX2, as which
`tools.notebooks` stores; every other processor must keep within these tolerances.
"""

import base64
import copy
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from itertools import zip_longest
from typing import Any
from xml.etree import ElementTree

import numpy as np
from PIL import Image

from initlib import claims
from initlib._packing import unpack
from tools.paths import ROOT

POINTS = 0.015  # a coordinate of a picture in 1/72 inch, of which it keeps hundredths
SHADES = 1  # a pixel of an image inside a picture, of 255
AXIS = 1e-5  # a number in a table of a live figure, as a part of what it spans
RELATIVE = 1e-6  # any other number, as a part of itself

VIEW = "application/vnd.jupyter.widget-view+json"
TABLE = {"shape", "bytes", "log", "low", "high", "data"}
LENGTHS = {"d", "height", "viewBox", "width", "x", "y"}
NUMBER = re.compile(r"(?<![\w#.])[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?")
TRANSLATION = re.compile(r"(translate\([^)]*\))")
NAME = re.compile(r"(?<=^#).+|(?<=url\(#)[^)]+")
PNG = "data:image/png;base64,"
Found = Iterator[str]
Element = ElementTree.Element


def outputs(stored: Sequence[Mapping], fresh: Sequence[Mapping]) -> Found:
    """Say where the outputs of a cell differ, but for their number of execution.

    That number follows from the cell's place, which `tools.notebooks.check` sees to.
    """
    yield from same(len(stored), len(fresh), "number of outputs")
    for number, pair in enumerate(zip(stored, fresh, strict=False), 1):
        mine, theirs = ({**output, "execution_count": None} for output in pair)
        bundles = [output.pop("data", {}) for output in (mine, theirs)]
        yield from trees(mine, theirs, f"output {number}")
        yield from same(*map(sorted, bundles), f"output {number}, kinds of data")
        for kind in common(*bundles):
            place = f"output {number}, {kind}"
            yield from COMPARED.get(kind, unknown)(*(b[kind] for b in bundles), place)


def same(stored: object, fresh: object, place: str) -> Found:
    """Say that two values differ, and in texts from which line on."""
    if type(stored) is type(fresh) and stored == fresh:
        return
    if isinstance(stored, str) and isinstance(fresh, str):
        lines = zip_longest(stored.splitlines(True), fresh.splitlines(True))
        pairs = ((n, *pair) for n, pair in enumerate(lines, 1) if pair[0] != pair[1])
        line, stored, fresh = next(pairs)
        place += f", line {line}" if line > 1 else ""
    yield f"{place}: stored {stored!r}, fresh {fresh!r}"


def common(stored: Mapping, fresh: Mapping) -> list:
    """Return the keys that both have."""
    return [key for key in stored if key in fresh]


def unknown(stored: object, fresh: object, place: str) -> Found:
    """Refuse what nothing here can compare."""
    yield f"{place}: cannot be compared; give it a way in tools/compare.py"


def near(stored: Any, fresh: Any, place: str, within: Any) -> Found:
    """Say where two arrays of one shape are further apart than allowed."""
    stored, fresh = np.asarray(stored, float), np.asarray(fresh, float)
    alike = (stored == fresh) | (np.isnan(stored) & np.isnan(fresh))
    apart = np.where(alike, 0.0, np.abs(stored - fresh))
    wrong = ~(apart <= within)
    if not wrong.any():
        return
    worst = np.unravel_index(np.where(wrong, apart, -1).argmax(), wrong.shape)
    at = f", number {list(map(int, worst))}" if worst else ""
    others = f"; {wrong.sum()} of {wrong.size} differ" if wrong.sum() > 1 else ""
    yield f"{place}{at}: stored {stored[worst]:.9g}, fresh {fresh[worst]:.9g}{others}"


def trees(stored: Any, fresh: Any, place: str) -> Found:
    """Say where two states differ: JSON, with tables packed in bytes."""
    match stored, fresh:
        case {"data": bytes()}, {"data": bytes()} if stored.keys() == TABLE:
            yield from tables(stored, fresh, place)
        case dict(), dict():
            yield from same(sorted(stored), sorted(fresh), f"{place}, names")
            for key in common(stored, fresh):
                yield from trees(stored[key], fresh[key], f"{place}, {key}")
        case list(), list():
            yield from same(len(stored), len(fresh), f"{place}, length")
            for number, pair in enumerate(zip(stored, fresh, strict=False)):
                yield from trees(*pair, f"{place} {number}")
        case float(), float():
            yield from near(stored, fresh, place, RELATIVE * abs(stored))
        case _:
            yield from same(stored, fresh, place)


def tables(stored: Mapping, fresh: Mapping, place: str) -> Found:
    """Say where two packed tables differ, on the axis on which they are drawn."""
    plain = [{k: v for k, v in t.items() if k != "data"} for t in (stored, fresh)]
    if found := list(trees(*plain, place)):
        yield from found
        return
    values = [unpack(table) for table in (stored, fresh)]
    yield from near(*(table == 0 for table in values), f"{place}, zeros", 0)
    if stored["log"]:
        values = [np.log10(np.where(table == 0, 1, table)) for table in values]
    span = stored["high"] - stored["low"]
    yield from near(*values, place, AXIS * (span or abs(stored["low"])))


def states(stored: Mapping, fresh: Mapping, shown_in: Mapping[str, str]) -> Found:
    """Say where two runs' models differ, some with the cell that shows them."""
    yield from same(sorted(stored), sorted(fresh), "live figures and controls")
    for number in common(stored, fresh):
        pair = [with_buffers(models[number]) for models in (stored, fresh)]
        kind = pair[0]["state"].get("_anywidget_id", pair[0]["model_name"])
        place = f"{shown_in.get(number, '')}{kind} (model {int(number, 16)})"
        yield from trees(*pair, place)


def with_buffers(model: Mapping) -> dict:
    """Return a model with its tables' bytes where they belong in its state."""
    whole = copy.deepcopy(dict(model))
    for buffer in whole.pop("buffers", []):
        holder = whole["state"]
        *path, last = buffer["path"]
        for key in path:
            holder = holder[key]
        holder[last] = base64.b64decode(buffer["data"])
    return whole


def pictures(stored: str, fresh: str, place: str) -> Found:
    """Say where two drawings in SVG differ.

    Another version of matplotlib draws the same numbers in another way; where it is not
    the one that the project pins, the words alone are compared.
    """
    roots = [parse(text) for text in (stored, fresh)]
    if f"matplotlib=={version('matplotlib')}" not in pinned():
        yield from same(*map(words, roots), f"{place}, words")
        return
    yield from same(*(t.partition("<svg")[0] for t in (stored, fresh)), place)
    yield from elements(*roots, f"{place}, svg", {})


def parse(text: str) -> Element:
    """Read a drawing with its comments: they tell what the glyphs spell."""
    builder = ElementTree.TreeBuilder(insert_comments=True)
    return ElementTree.fromstring(text, ElementTree.XMLParser(target=builder))


def pinned() -> list[str]:
    """Return the requirements of the chapters, which drew what is stored."""
    return (ROOT / ".binder/requirements.txt").read_text(encoding="utf-8").split()


def words(root: Element) -> list[str]:
    """Return what is written in a drawing."""
    texts = [(element.text or "").strip() for element in root.iter()]
    return [text for text in texts if text]


def elements(stored: Element, fresh: Element, place: str, ids: dict) -> Found:
    """Say where two elements differ, with all that they hold.

    `ids` pairs the ids met so far: many are digests of what they name, which is
    compared where it stands, so that it is enough if they go together everywhere.
    """
    yield from same(tag(stored), tag(fresh), f"{place}, element")
    yield from same(sorted(stored.keys()), sorted(fresh.keys()), f"{place}, attributes")
    for key in common(stored.attrib, fresh.attrib):
        pair = stored.get(key), fresh.get(key)
        yield from attributes(key.rpartition("}")[2], *pair, place, ids)
    yield from same(stored.text, fresh.text, f"{place}, text")
    yield from same(stored.tail, fresh.tail, f"{place}, text after it")
    yield from same(len(stored), len(fresh), f"{place}, number of elements")
    for number, pair in enumerate(zip(stored, fresh, strict=False), 1):
        name = pair[0].get("id") or f"{tag(pair[0])} {number}"
        yield from elements(*pair, f"{place} > {name}", ids)


def tag(element: Element) -> str:
    """Return what kind of element it is."""
    is_comment = element.tag is ElementTree.Comment
    return "comment" if is_comment else element.tag.rpartition("}")[2]


def attributes(key: str, stored: str, fresh: str, place: str, ids: dict) -> Found:
    """Say where the values of an attribute differ: ids, an image, or a text."""
    place = f"{place}, {key}"
    if key == "id":
        yield from paired(stored, fresh, place, ids)
    elif stored.startswith(PNG) and fresh.startswith(PNG):
        yield from pixels(stored, fresh, place)
    else:
        for pair in zip(NAME.findall(stored), NAME.findall(fresh), strict=False):
            yield from paired(*pair, place, ids)
        stored, fresh = (NAME.sub("", text) for text in (stored, fresh))
        yield from texts(key, stored, fresh, place)


def paired(stored: str, fresh: str, place: str, ids: dict) -> Found:
    """Say that an id goes with another one elsewhere."""
    known = ids.setdefault(("stored", stored), fresh)
    back = ids.setdefault(("fresh", fresh), stored)
    if (known, back) != (fresh, stored):
        yield f"{place}: stored {stored!r}, fresh {fresh!r}, elsewhere {known!r}"


def pixels(stored: str, fresh: str, place: str) -> Found:
    """Say where the pixels of two images differ."""
    images = [
        np.asarray(Image.open(io.BytesIO(base64.b64decode(text.removeprefix(PNG)))))
        for text in (stored, fresh)
    ]
    shapes = [image.shape for image in images]
    yield from same(*shapes, f"{place}, shape")
    if shapes[0] == shapes[1]:
        yield from near(*images, f"{place}, pixels", SHADES)


def texts(key: str, stored: str, fresh: str, place: str) -> Found:
    """Say where the values of an attribute differ: their words, or their numbers."""
    if NUMBER.split(stored) != NUMBER.split(fresh):
        yield from same(stored, fresh, place)
        return
    numbers = [list(map(float, NUMBER.findall(text))) for text in (stored, fresh)]
    yield from near(*numbers, place, allowed(key, stored))


def allowed(key: str, text: str) -> list[float]:
    """Return by how much each number of an attribute may differ."""
    return [
        POINTS if key in LENGTHS or part.startswith("tr") else RELATIVE * abs(float(n))
        for part in TRANSLATION.split(text)
        for n in NUMBER.findall(part)
    ]


COMPARED = {
    VIEW: same,
    "image/svg+xml": pictures,
    "text/html": same,
    "text/plain": same,
    claims.MIME: trees,
}
