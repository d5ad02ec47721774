"""A chapter in JupyterLab: nothing stays raw, and it agrees with the site."""

import re
import shutil

import nbformat
import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import expect

from tests.site.lab_server import serve_lab
from tools.paths import ROOT
from tools.visitor import Visitor

CHAPTER = ROOT / "book" / "chapters" / "06-he.ipynb"
RAW = re.compile(r"\{[\w:-]+\}`?|:::|```|\$|not found|eq-he-|</?details|\\\\(?!\w)")
READ = """() => [...document.querySelectorAll('.jp-RenderedMarkdown')].map((cell) => {
  const copy = cell.cloneNode(true);
  copy.querySelectorAll('code, mjx-container').forEach((e) => e.remove());
  return copy.textContent;
})"""
NUMBERS = """() => [...document.querySelectorAll(
  '.jp-RenderedMarkdown mlabeledtr > mtd:first-child')].map((e) => e.textContent)"""
FOLDED = """() => [...document.querySelectorAll('.jp-RenderedMarkdown details')]
  .every((e) => !e.open && getComputedStyle(e.firstChild).display == 'list-item')"""


@pytest.fixture(scope="module")
def lab(browser, tmp_path_factory):
    """Show a chapter in JupyterLab, all of it, and yield the page."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copy(CHAPTER, folder)
    with serve_lab(folder) as address, Visitor(browser, address) as visitor:
        visitor.page.goto(f"{address}lab/tree/{CHAPTER.name}")
        cells = nbformat.read(CHAPTER, as_version=4).cells
        texts = sum(cell.cell_type == "markdown" for cell in cells)
        rendered = visitor.page.locator(".jp-RenderedMarkdown")
        expect(rendered).to_have_count(texts)
        last = rendered.locator("mjx-container").last
        expect(last).to_be_attached()
        yield visitor.page


def test_no_text_is_raw(lab):
    texts = lab.evaluate(READ)
    assert [found for text in texts for found in RAW.findall(text)] == []


@pytest.mark.parametrize(
    "text", ["{term}`gain`", "he2015 not found", ":::{exercise}", "$x$", "% eq-he-half"]
)
def test_raw_text_is_noticed(text):
    assert RAW.search(text)


def test_equations_have_the_numbers_of_the_site(lab, site):
    page = (site / "book" / "chapters" / "06-he.html").read_text(encoding="utf-8")
    numbers = BeautifulSoup(page, "html.parser").select(".eqno")
    shown = [re.search(r"\([\d.]+\)", number.text)[0] for number in numbers]
    assert lab.evaluate(NUMBERS) == shown != []


def test_solutions_are_folded_and_marked(lab):
    assert lab.locator(".jp-RenderedMarkdown details").count() > 5
    assert lab.evaluate(FOLDED)
