"""Where numbers stand in the book, and what is computed beside each place."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from initlib.claims import read_claims
from tools.sphinxext import plain

NOT_PROSE = [
    re.compile(r"(?ms)\A---\n.*?^---$"),  # front matter
    re.compile(r"(?ms)^(```+|~~~+|:::+)\{(math|code|code-block)\}.*?^\1\s*$"),
    re.compile(r"(?ms)^(```+)(?!\{).*?^\1\s*$"),  # code, which is no directive
    re.compile(r"(?m)^(```+|:::+).*$"),  # the fences of directives
    re.compile(r"(?m)^:(?!alt:)[\w-]+:.*$"),  # their options
    re.compile(r"(?m)^\(.*\)=$"),  # labels
    re.compile(r"\]\([^)]*\)"),  # link targets
    re.compile(r"\{[\w:]+\}`[^`]*`"),  # roles
    re.compile(r"`[^`]*`"),  # code
    re.compile(r"</?\w[^>]*>"),  # HTML
    re.compile(r"https?://\S+"),
    re.compile(r"Python 3\.\d+(, 3\.\d+)*( (or|to) 3\.\d+)?|CC BY 4\.0|3-Clause"),
]
LISTED = re.compile(r"(?m)^(> )?\*{0,2}\d\. ")  # the numbers of a list
DISPLAY = re.compile(r"(?ms)^\$\$.*?^\$\$.*?$")
INLINE = re.compile(r"\$[^$]+\$")
INDEX = re.compile(r"(?<!\\)_(?:\{[^}]*\}|\\\w+|\w)|(?<!10)\^(?:\{[^}]*\}|\\\w+|\w)")
CITED = re.compile(r"\{cite")
QUOTED = re.compile(r'"[^"\n]*"|“[^”\n]*”')


def blank(match: re.Match) -> str:
    """Replace a match by spaces, so that all other characters keep their places."""
    return re.sub(r"[^\n]", " ", match[0])


def sentences(source: str) -> str:
    """Blank out what is no sentence of a markdown text."""
    for pattern in NOT_PROSE:
        source = pattern.sub(blank, source)
    return source


def prose(source: str) -> str:
    """Blank out also what says no number: long formulas, indices, and powers."""
    source = LISTED.sub(blank, DISPLAY.sub(blank, sentences(source)))
    return INLINE.sub(lambda maths: INDEX.sub(blank, maths[0]), source)


def quoted(source: str) -> str:
    """Blank out the quotations on lines with a citation."""
    return "".join(
        QUOTED.sub(blank, line) if CITED.search(line) else line
        for line in source.splitlines(keepends=True)
    )


@dataclass(frozen=True)
class Place:
    """A text of the book, the section it stands in, and the cell (0 on a page)."""

    path: Path
    cell: int
    kind: str  # prose, caption, alt, label, claim, page
    section: str
    text: str

    @property
    def overview(self) -> bool:
        """Whether it speaks of the whole chapter."""
        return self.kind == "page" or self.section in OVERVIEWS


OVERVIEWS = {
    "Top", "You will learn to", "Predict first", "Check yourself", "Summary",
    "Further reading",
}  # fmt: skip
HEADING = re.compile(r"(?m)^## .*$")
SECTION = re.compile(r"(?m)^(?=## )")


@cache
def places(path: Path) -> list[Place]:
    """Return every text of a chapter or page that may say a number."""
    if path.suffix == ".md":
        return list(sections(path, 0, "page", "Top", path.read_text("utf-8")))
    if path.suffix == ".yml":
        return statements(path)
    found, section = [], "Top"
    for i, cell in enumerate(notebook(path).cells):
        if cell.cell_type == "markdown":
            found += sections(path, i, "prose", section, cell.source)
            section = found[-1].section
        else:
            found += [Place(path, i, *said) for said in beside(cell, section)]
    return found


def statements(path: Path) -> list[Place]:
    """Return the common statements as published, each a section of its own."""
    _, *parts = re.split(r"(?m)^- id: (\w+)$", path.read_text("utf-8"))
    published = [re.split(r"(?m)^  (?:for|against|both):", part)[0] for part in parts]
    pairs = zip(parts[::2], published[1::2], strict=True)
    return [Place(path, 0, "page", name, text) for name, text in pairs]


def sections(path: Path, cell: int, kind: str, name: str, text: str) -> Iterator[Place]:
    """Cut a markdown text at its headings of the second level."""
    for part in SECTION.split(text):
        heading = re.match(r"## (.*)", part)
        name = heading[1].strip() if heading else name
        yield Place(path, cell, kind, name, part)


def beside(cell: NotebookNode, section: str) -> Iterator[tuple[str, str, str]]:
    """Return what a code cell says in words: caption, descriptions, its claim."""
    figure = cell.metadata.get("mystnb", {})
    yield "caption", section, figure.get("figure", {}).get("caption", "")
    yield "alt", section, figure.get("image", {}).get("alt", "")
    for node in ast.walk(ast.parse(cell.source)):
        if isinstance(node, ast.keyword) and node.arg == "alt":
            yield "label", section, str(getattr(node.value, "value", ""))
    for claim in read_claims({"cells": [cell]}):
        yield "claim", section, claim["statement"]
        yield "claim", section, (claim.get("rival") or {}).get("words", "")


@cache
def notebook(path: Path) -> NotebookNode:
    return plain.to_myst(nbformat.read(path, as_version=4))
