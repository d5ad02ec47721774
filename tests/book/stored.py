"""What the tests of the book share: its chapters and pages, as they are stored."""

from functools import cache
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from initlib.claims import read_claims
from tools.paths import CHAPTERS, NOTEBOOKS, ROOT
from tools.sphinxext.plain import to_myst

BOOK = ROOT / "book"
PAGES = sorted([*BOOK.glob("*.md"), *(BOOK / "appendix").glob("*.md")])


def name_of(path: Path) -> str:
    return path.stem


every_chapter = pytest.mark.parametrize("path", CHAPTERS, ids=name_of)
every_page = pytest.mark.parametrize("path", NOTEBOOKS + PAGES, ids=name_of)


@cache
def read(path: Path) -> NotebookNode:
    return to_myst(nbformat.read(path, as_version=4))


def cells(path: Path, kind: str) -> list[NotebookNode]:
    return [cell for cell in read(path).cells if cell.cell_type == kind]


def markdown(path: Path) -> str:
    """Return the text of a page, or of the markdown cells of a chapter."""
    if path.suffix == ".md":
        return path.read_text(encoding="utf-8")
    return "\n\n".join(cell.source for cell in cells(path, "markdown"))


def shows(cell: NotebookNode, mime: str) -> bool:
    return any(mime in output.get("data", {}) for output in cell.get("outputs", []))


def claims_in(path: Path) -> list[dict]:
    return read_claims(read(path))
