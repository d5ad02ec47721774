"""Each chapter leads on to a later one, and back to an earlier one."""

import re

import nbformat
import pytest

from tests.book.stored import every_chapter
from tools.paths import CHAPTERS
from tools.sphinxext.plain import HOME

LINK = re.compile(rf"\]\({re.escape(HOME)}book/chapters/(\d\d)-[\w-]+\.html[^)]*\)")
LAST = len(CHAPTERS)


def ways(here: int, text: str) -> set[str]:
    """Return in which directions the links of a chapter lead."""
    numbers = {int(number) for number in LINK.findall(text)}
    back, on = any(n < here for n in numbers), any(n > here for n in numbers)
    return {way for way, there in {"back": back, "on": on}.items() if there}


def expected(here: int) -> set[str]:
    return {"back", "on"} - {"back" if here == 1 else "on" if here == LAST else ""}


def text_of(path) -> str:
    cells = nbformat.read(path, as_version=4).cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


@every_chapter
def test_chapter_links_back_and_on(path):
    here = int(path.stem[:2])
    assert ways(here, text_of(path)) == expected(here)


@pytest.mark.parametrize("here", range(1, LAST + 1))
def test_missing_ways_are_noticed(here):
    text = text_of(CHAPTERS[here - 1])
    for way in expected(here):
        links = [link[0] for link in LINK.finditer(text) if way in ways(here, link[0])]
        for link in links:
            text = text.replace(link, "]")
        assert way not in ways(here, text)
