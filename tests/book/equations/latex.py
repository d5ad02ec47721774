"""Find the equations of the book, and read them as expressions."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import nbformat
from lark import Lark, Tree

from tools.paths import NOTEBOOKS, ROOT
from tools.sphinxext.plain import to_myst

GRAMMAR = Path(__file__).with_name("grammar.lark").read_text("utf-8")
INLINE = re.compile(r"(?<![\\$`])\$([^$\n]+)\$")
RELATION = re.compile(r"[=<>]|\\approx")
QUANTITY = re.compile(r"\\t?frac|\\sqrt|\^|/")
DISPLAY = re.compile(r"(?ms)^\$\$\n(.*?)\n\$\$(?: \((eq-[\w-]+)\))?$")
ALIGNED = re.compile(r"\\(?:begin|end)\{(?:aligned|gathered)\}")
TIDY = [
    (r"\s*\.$", ""),
    (r"\\(?:left|right|bigl|bigr|big|Big)(?![A-Za-z])", ""),
    (r"\\[lr]Vert|\\\||\|", "|"),
    (r"\|([^|]*)\|", r"\\norm{\1}"),
    (r"(?s)\\begin\{pmatrix\}(.*?)\\end\{pmatrix\}", r"\\pmatrix{\1}"),
    (r"\\tfrac", r"\\frac"),
    (r"\\frac\s?(\w)\s?(\w)", r"\\frac{\1}{\2}"),
    (r"\\frac\s?(\w)\s?\{", r"\\frac{\1}{"),
    (r"\\sqrt ?(\w|\\pi|\\chi)(?![a-z])", r"\\sqrt{\1}"),
    (
        r"\\partial ?(\S+?) ?/ ?\\partial ?([^\s=)]+)",
        r"\\frac{\\partial \1}{\\partial \2}",
    ),
    (r"\\mathbb\{([ER])\}", r"\\\1 "),
    (r"\\tanh(\^\d)? ([a-z])", r"\\tanh\1(\2)"),
    (r"\\(sin|cos)\\theta", r"\\\1(\\theta)"),
    (r"\\operatorname\{(\w+)\}|\\mathrm\{(relu)\}", r"\\\1\2"),
    (r"\\(?:mathrm|text)\{fan\\_(\w+)\}", r"\\fan\1"),
    (r"(\w+), \\dots, ([^,]+)", r"\\range{\1}{\2}"),
    (r"\\text\{hence \}|^\w:|\\text\{with\}", ""),
    (r"\\q?quad|\\text\{and\}", ";"),
    (r"\\[,;!]", " "),
]


@dataclass(frozen=True)
class Equation:
    """A displayed equation, or one in a line, which has no label.

    Its page is named by the first word of the file: 05, a2, glossary.
    """

    page: str
    label: str | None
    source: str
    displayed: bool = True


def equations_of(text: str, page: str) -> list[Equation]:
    return [Equation(page, m[2], m[1]) for m in DISPLAY.finditer(text)]


def formulas_of(text: str, page: str) -> list[Equation]:
    """Return the equations in lines that have a fraction, a root or an exponent."""
    lines = INLINE.findall(re.sub(r"(?s)\$\$.*?\$\$", "", text))
    said = [s for s in lines if RELATION.search(s) and QUANTITY.search(s)]
    return [Equation(page, None, source, displayed=False) for source in said]


@cache
def texts() -> list[tuple[str, str]]:
    """Return the texts of the book and of the masters of its assignments, by page."""
    pages = [*ROOT.glob("book/*.md"), *ROOT.glob("book/appendix/*.md")]
    found = [(path, path.read_text("utf-8")) for path in sorted(pages)]
    for path in [*NOTEBOOKS, *sorted(ROOT.glob("assignments/masters/*.ipynb"))]:
        cells = to_myst(nbformat.read(path, as_version=4)).cells
        found += [(path, cell.source) for cell in cells if cell.cell_type == "markdown"]
    return [(path.stem.split("-")[0], text) for path, text in found]


@cache
def equations() -> list[Equation]:
    """Return the displayed equations of all pages."""
    return [found for name, text in texts() for found in equations_of(text, name)]


@cache
def formulas() -> list[Equation]:
    """Return the equations in lines of all pages, each once."""
    found = [found for name, text in texts() for found in formulas_of(text, name)]
    return list(dict.fromkeys(found))


def plain(source: str) -> str:
    """Drop what only spaces and sizes, and write one form for what has several."""
    if ALIGNED.search(source):
        source = re.sub(r"\\\\\s*&?(?:\{\})?\s*(?=[=+])", " ", ALIGNED.sub("", source))
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
