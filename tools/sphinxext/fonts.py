"""Cut fonts down to the characters that the site shows."""

import base64
import logging
import re
from io import BytesIO
from pathlib import Path

from fontTools import subset

ICON = re.compile(r"[\ue000-\uf8ff]|\\([ef][0-9a-f]{3})\b")
FACE = re.compile(r"@font-face\s*\{[^}]*\}")
# Seen above the fold of every page: in the sheet itself, so that no line moves.
EMBEDDED = ("fa-solid", "KaTeX_AMS", "KaTeX_Main-Regular", "KaTeX_Math-Italic")
logging.getLogger("fontTools").setLevel(logging.WARNING)  # a line for every table


def shrink_fonts(css: str, root: Path, texts: dict[str, str]) -> str:
    """Replace each font in use by the part of it that the site shows.

    `texts` maps the beginning of a file's name to the characters that its font has to
    show; a family that no rule uses, or that has nothing to show, loses its face.
    """
    rest = FACE.sub("", css)
    faces = [small_face(face, rest, root, texts) for face in FACE.findall(css)]
    return "".join(faces) + rest


def small_face(face: str, rest: str, root: Path, texts: dict[str, str]) -> str:
    family = (
        re.search(r"font-family:\s*([^;}]+)", face)[1].strip("\"' ").replace("\\", "")
    )
    path = root / re.search(r"url\(([^)]+\.woff2)\)", face)[1]
    named = (text for name, text in texts.items() if path.name.startswith(name))
    text = next(named, "")
    if family not in rest.replace("\\", "") or not path.exists():
        return ""
    data = subset_font(path, text)
    if data is None:
        return ""
    if path.name.startswith(EMBEDDED):
        url = "data:font/woff2;base64," + base64.b64encode(data).decode()
    else:
        url = f"fonts/{path.name}"
        (root / url).parent.mkdir(exist_ok=True)
        (root / url).write_bytes(data)
    return re.sub(r"src:[^;}]+", f'src:url({url}) format("woff2")', face)


def subset_font(path: Path, text: str) -> bytes | None:
    """Return the font with the glyphs of text alone, None if it has none of them."""
    options = subset.Options(flavor="woff2", layout_features=[], hinting=False)
    font = subset.load_font(BytesIO(path.read_bytes()), options)
    if not font.getBestCmap().keys() & {ord(letter) for letter in text}:
        return None
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=text)
    subsetter.subset(font)
    buffer = BytesIO()
    subset.save_font(font, buffer, options)
    return buffer.getvalue()


def icons_in(css: str) -> str:
    """Return the characters of the icon font that the rules show."""
    icons = ICON.finditer(css)
    codes = {int(icon[1], 16) if icon[1] else ord(icon[0]) for icon in icons}
    return "".join(map(chr, sorted(codes)))
