"""What students write becomes text and formulas, and nothing else."""

import time

import pytest
from bs4 import BeautifulSoup

from assignments.marking.rendering import rendered
from tests.assignments.marking.classes import EVIL, GOOD

PLAIN = {"p", "h1", "h2", "strong", "em", "s", "code", "pre", "ul", "ol", "li", "br"}
PLAIN |= {"table", "thead", "tbody", "tr", "th", "td", "div", "span", "blockquote"}
SLOW = ["*a **a *", "~~ ", "_a", "$ ", "$$ ", "`", "`` ", "> ", "- ", "[", "![[", "|a"]
SLOW += ["\\begin{align}", "$a$", "&", "<a ", "\n|a|b|\n|-|-|\n", "1. ", "\\("]


def page(text: str) -> BeautifulSoup:
    return BeautifulSoup(rendered(text), "html.parser")


def test_markdown_and_formulas_are_shown():
    found = page(GOOD)
    assert found.strong.get_text() == "Because"
    formulas = [one.get_text() for one in found.select(".formula")]
    assert formulas[0] == "x + x = 2x"
    assert formulas[1].startswith(r"\sum_{i=1}")
    assert len(formulas) == 2
    assert "costs of $5 and $6" in found.get_text()
    assert found.table.td.get_text() == "1"
    [aligned] = page("\\begin{align}\na &< b\n\\end{align}").select(".formula.display")
    assert aligned.get_text() == "\\begin{align}\na &< b\n\\end{align}"


@pytest.mark.parametrize("text", [EVIL, *EVIL.split(), *EVIL.splitlines()])
def test_nothing_that_a_student_writes_becomes_markup(text):
    tags = page(text).find_all(True)
    assert {tag.name for tag in tags} <= PLAIN
    for tag in tags:
        assert set(tag.attrs) <= {"class", "start", "style"}
        assert tag.get("style", "text-align:left").startswith("text-align:")
        assert not {"fault", "note"} & {*tag.get("class", [])}


def test_links_and_pictures_stay_as_they_were_typed():
    text = "[a](https://x.org) ![b](attachment:c.png) <https://x.org> <b>c</b>"
    assert page(text).get_text().strip() == text


@pytest.mark.parametrize("part", SLOW)
def test_no_text_takes_long(part):
    text = (part * 20_000)[:20_000]
    start = time.process_time()
    rendered(text)
    assert time.process_time() - start < 5
