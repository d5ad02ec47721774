"""Find the displayed equations of the book, and read them as expressions."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import nbformat
from lark import Lark, Tree

from tools.paths import CHAPTERS

GRAMMAR = Path(__file__).with_name("grammar.lark").read_text("utf-8")
DISPLAY = re.compile(r"(?ms)^\$\$\n(.*?)\n\$\$(?: \((eq-[\w-]+)\))?$")
ALIGNED = re.compile(r"\\(?:begin|end)\{(?:aligned|gathered)\}")
TIDY = [
    (r"\\(?:left|right|bigl|bigr|big|Big)(?![A-Za-z])", ""),
    (r"\\[lr]Vert|\\\||\|", "|"),
    (r"\|([^|]*)\|", r"\\norm{\1}"),
    (r"(?s)\\begin\{pmatrix\}(.*?)\\end\{pmatrix\}", r"\\pmatrix{\1}"),
    (r"\\tfrac", r"\\frac"),
    (r"\\frac\s?(\w)\s?(\w)", r"\\frac{\1}{\2}"),
    (r"\\sqrt (\w)", r"\\sqrt{\1}"),
    (r"\\mathbb\{([ER])\}", r"\\\1 "),
    (r"\\tanh(\^\d)? ([a-z])", r"\\tanh\1(\2)"),
    (r"\\operatorname\{(\w+)\}|\\mathrm\{(relu)\}", r"\\\1\2"),
    (r"\\mathrm\{fan\\_(\w+)\}", r"\\fan\1"),
    (r"(\w+), \\dots, ([^,]+)", r"\\range{\1}{\2}"),
    (r"\\text\{hence \}|^\w:|\\text\{with\}|\.$", ""),
    (r"\\q?quad|\\text\{and\}", ";"),
    (r"\\[,;!]", " "),
]


@dataclass(frozen=True)
class Equation:
    """A displayed equation; one without a label is known by its first characters."""

    chapter: str
    label: str | None
    source: str


def equations_of(text: str, chapter: str) -> list[Equation]:
    return [Equation(chapter, m[2], m[1]) for m in DISPLAY.finditer(text)]


@cache
def equations() -> list[Equation]:
    """Return the displayed equations of all chapters."""
    found = []
    for path in CHAPTERS:
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "markdown":
                found += equations_of(cell.source, path.stem)
    return found


def plain(source: str) -> str:
    """Drop what only spaces and sizes, and write one form for what has several."""
    if ALIGNED.search(source):
        source = re.sub(r"\\\\\s*&?\s*(?==)", " ", ALIGNED.sub("", source))
        source = re.sub(r"\\\\", " ; ", source).replace("&", "")
    for pattern, replacement in TIDY:
        source = re.sub(pattern, replacement, source.strip())
    return separated(source)


def separated(source: str) -> str:
    """Make each comma outside brackets a separator, and each run of separators one."""
    depth, out = 0, []
    for character in source:
        depth += (character in "([{") - (character in ")]}")
        out.append(";" if character == "," and not depth else character)
    return re.sub(r"\s*;[\s;]*", "; ", "".join(out)).strip("; ")


@cache
def parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", start="page", maybe_placeholders=True)


@cache
def read(source: str) -> Tree:
    return parser().parse(plain(source))
