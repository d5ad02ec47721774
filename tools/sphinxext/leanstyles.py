"""One small style sheet and small fonts for the whole site."""

import base64
import logging
import os
import re
from io import BytesIO
from pathlib import Path

import tinycss2
from fontTools import subset

LOCAL_URL = re.compile(r"""url\(\s*["']?(?!data:|https?:|#)([^)"']+?)["']?\s*\)""")
IMPORT = re.compile(r"""@import\s+(?:url\()?["']?([^"')]+)["']?\)?\s*;""")
ICON = re.compile(r"[\ue000-\uf8ff]|\\([ef][0-9a-f]{3})\b")
FACE = re.compile(r"@font-face\s*\{[^}]*\}")
VALUE = r"""(?:url\([^)"']*\)|"[^"]*"|'[^']*'|[^;{}"'])*"""
PROPERTY = re.compile(rf"(?<=[{{;])\s*(--[\w-]+):{VALUE}(?:;|(?=\}}))")
# Seen above the fold of every page: in the sheet itself, so that no line moves.
EMBEDDED = ("fa-solid", "KaTeX_AMS", "KaTeX_Main-Regular", "KaTeX_Math-Italic")
GROUPS = {"media", "supports", "container", "layer"}
logging.getLogger("fontTools").setLevel(logging.WARNING)  # a line for every table


def read_sheet(path: Path, root: Path) -> str:
    """Return a style sheet with its imports inlined and its URLs relative to root."""
    path = Path(os.path.normpath(path))
    text = path.read_text(encoding="utf8").replace('@charset "UTF-8";', "")
    text = IMPORT.sub(lambda found: read_sheet(path.parent / found[1], root), text)

    def rebase(found: re.Match) -> str:
        target = found[1].partition("?")[0]
        if (root / target).exists():
            return f"url({target})"  # came from an import, rebased already
        return f"url({os.path.relpath(path.parent / target, root)})"

    return LOCAL_URL.sub(rebase, text)


def keep_used(css: str, words: set[str]) -> str:
    """Drop every rule whose classes and ids cannot occur in the site."""
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return "".join(keep_rule(rule, words) for rule in rules)


def keep_rule(rule, words: set[str]) -> str:
    if rule.type == "qualified-rule":
        selectors = [
            compact(selector)
            for selector in split_at_commas(rule.prelude)
            if named_in(selector) <= words
        ]
        return f"{','.join(selectors)}{{{compact(rule.content)}}}" if selectors else ""
    if rule.type != "at-rule":
        return ""
    prelude = compact(rule.prelude)
    head = f"@{rule.at_keyword} {prelude}" if prelude else f"@{rule.at_keyword}"
    if rule.content is None:
        return f"{head};"
    if rule.lower_at_keyword in GROUPS:
        body = keep_used(tinycss2.serialize(rule.content), words)
        return f"{head}{{{body}}}" if body else ""
    return f"{head}{{{compact(rule.content)}}}"


def split_at_commas(tokens: list) -> list[list]:
    parts = [[]]
    for token in tokens:
        if token == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def named_in(selector: list) -> set[str]:
    """Return the classes and ids that a selector asks for, outside :not() and :is()."""
    names = set()
    for before, token in zip([None, *selector], selector, strict=False):
        if token.type == "hash" or (token.type == "ident" and before == "."):
            names.add(token.value)
    return names


def compact(tokens: list) -> str:
    """Serialize tokens without comments and needless white space."""
    kept = []
    for token in tokens:
        if token.type == "comment":
            continue
        if token.type == "whitespace":
            token.value = " "
            if not kept or kept[-1].type == "whitespace" or kept[-1] == ";":
                continue
        kept.append(token)
    return tinycss2.serialize(kept).strip()


def drop_unused_properties(css: str) -> str:
    """Drop the custom properties that nothing reads, and those that only they read."""
    read = set(re.findall(r"var\(\s*(--[\w-]+)", css))
    kept = PROPERTY.sub(lambda found: found[0] if found[1] in read else "", css)
    return css if kept == css else drop_unused_properties(kept)


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
