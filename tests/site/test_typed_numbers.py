"""The numbers of equations, figures and exercises that chapters type are the site's."""

import re

import nbformat
import pytest
from bs4 import BeautifulSoup

from tests.book.stored import every_chapter
from tools.sphinxext import plain

NUMBER = re.compile(rf"\({plain.NUMBER}\)|(?:Figure|Exercise) \d+\.\d+")


def typed(texts: list[str]) -> list[str]:
    """Return the numbers that refer to something, in order."""
    found = []
    for match in plain.PLAIN.finditer("\n\n".join(texts)):
        linked = match["target"] and NUMBER.fullmatch(match["text"])
        if match["equation"] or match["numbered"] or linked:
            found.append(match["text"] or match[0])
    return found


def shown(page: str) -> list[str]:
    """Return the numbers that Sphinx has put into links, in order."""
    links = BeautifulSoup(page, "html.parser").select("article a.reference")
    return [
        text for a in links if NUMBER.fullmatch(text := a.get_text(" ", strip=True))
    ]


@every_chapter
def test_typed_numbers_are_those_of_the_site(path, site):
    cells = nbformat.read(path, as_version=4).cells
    texts = [cell.source for cell in cells if cell.cell_type == "markdown"]
    page = (site / f"book/chapters/{path.stem}.html").read_text(encoding="utf-8")
    assert typed(texts) == shown(page) != []


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("By (6.1), Figure 6.2", ["(6.1)", "Figure 6.2"]),
        ("By (10.11) and Exercise 10.2", ["(10.11)", "Exercise 10.2"]),
        (f"[(1.2)]({plain.HOME}book/chapters/01-a.html)", ["(1.2)"]),
        ("### Exercise 6.1: $f (6.1)$, `(6.2)`, f(6.1)", []),
    ],
)
def test_typed_numbers_are_found(text, numbers):
    assert typed([text]) == numbers


def test_false_numbers_are_noticed():
    page = (
        '<article><a class="reference">(6.2)</a><a class="reference">on</a></article>'
    )
    assert shown(page) == ["(6.2)"] != typed(["by (6.1)"])


@every_chapter
def test_captions_and_descriptions_type_no_number_of_a_figure(path):
    for cell in nbformat.read(path, as_version=4).cells:
        assert not NUMBER.search(str(cell.metadata.get("mystnb", "")))
