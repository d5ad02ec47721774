"""Tell drawings (SVG) that any browser shows at once from those that may freeze it."""

import re
from itertools import islice
from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"
XHTML = "{http://www.w3.org/1999/xhtml}"
LINK = "{http://www.w3.org/1999/xlink}href"
PARTS = {
    *("svg", "g", "defs", "use", "style", "clipPath", "metadata", "title", "desc"),
    *("path", "rect", "circle", "ellipse", "line", "polyline", "polygon"),
    *("text", "tspan", "image", "linearGradient", "stop"),
}
MOST_PARTS = 100_000  # copies included
MOST_COPIED = 100  # parts of one that is copied, such as a letter or a marker
BITMAP = re.compile(r"data:image/png;base64,[A-Za-z0-9+/=\s]{1,2000000}")


def is_harmless(drawing: str) -> bool:
    """Return whether a drawing has known parts only, not many, and no copy of copies.

    A few lines that copy copies, or texts that hold themselves, are millions of parts.
    """
    if "<!ENTITY" in drawing:
        return False
    try:
        root = ElementTree.fromstring(drawing)
    except (ElementTree.ParseError, RecursionError, ValueError):
        return False
    parts = list(root.iter())
    by_id = {part.get("id"): part for part in parts}
    links = [link(part)[1:] for part in parts if part.tag == f"{SVG}use"]
    sizes = {name: size(by_id[name]) for name in {*links} & {*by_id}}
    drawn = len(parts) + sum(sizes.get(name, 0) for name in links)
    return drawn <= MOST_PARTS and all(map(is_known, parts))


def link(part: ElementTree.Element) -> str:
    """Return what a part refers to."""
    return part.get(LINK) or part.get("href") or ""


def size(part: ElementTree.Element) -> int:
    """Return the number of parts in one that is copied; too many if it copies too."""
    inside = list(islice(part.iter(), MOST_COPIED + 1))
    copies = any(other.tag == f"{SVG}use" for other in inside)
    return MOST_PARTS if copies or len(inside) > MOST_COPIED else len(inside)


def is_known(part: ElementTree.Element) -> bool:
    """Return whether a part is one that pictures of plots are made of."""
    if part.tag == f"{SVG}image":
        return bool(BITMAP.fullmatch(link(part)))
    if not str(part.tag).startswith((SVG, XHTML)):
        return True  # shown by no browser
    return str(part.tag).removeprefix(SVG) in PARTS
