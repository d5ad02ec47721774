"""A chapter in JupyterLab: nothing stays raw or hidden, and it agrees with the site.

Every third day, with EVERY_TEST=1 each.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import expect

from tests.site.lab_server import own_environment, serve_lab
from tools.paths import ROOT
from tools.visitor import Visitor

TURN = pytest.mark.turns(3, 0)
NAME = "book/chapters/06-he.ipynb"
CHAPTER = ROOT / NAME
RAW = re.compile(r"\{[\w:-]+\}`?|:::|```|\$|not found|eq-he-|</?details|\\\\(?!\w)")
READ = """() => [...document.querySelectorAll('.jp-RenderedMarkdown')].map((cell) => {
  const copy = cell.cloneNode(true);
  copy.querySelectorAll('code, mjx-container').forEach((e) => e.remove());
  return copy.textContent;
})"""
NUMBERS = """() => [...document.querySelectorAll(
  '.jp-RenderedMarkdown mlabeledtr > mtd:first-child')].map((e) => e.textContent)"""
HEADINGS = """() => [...document.querySelectorAll(
  '.jp-RenderedMarkdown :is(h1, h2, h3)')].map((e) => e.dataset.jupyterId || e.id)"""
FOLDED = """() => [...document.querySelectorAll('.jp-RenderedMarkdown details')]
  .every((e) => !e.open && getComputedStyle(e.firstChild).display == 'list-item')"""
PICTURES = ".jp-OutputArea-output[data-mime-type='image/svg+xml'] :is(svg, img)"


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Return a folder that holds a chapter."""
    folder = tmp_path_factory.mktemp("lab")
    (folder / NAME).parent.mkdir(parents=True)
    shutil.copy(CHAPTER, folder / NAME)
    return folder


@pytest.fixture(scope="module")
def lab(browser, folder):
    """Show a chapter in JupyterLab, all of it, and yield the page."""
    with serve_lab(folder) as address, Visitor(browser, address) as visitor:
        visitor.page.goto(f"{address}lab/tree/{NAME}")
        cells = nbformat.read(CHAPTER, as_version=4).cells
        texts = sum(cell.cell_type == "markdown" for cell in cells)
        rendered = visitor.page.locator(".jp-RenderedMarkdown")
        expect(rendered).to_have_count(texts)
        last = rendered.locator("mjx-container").last
        expect(last).to_be_attached()
        yield visitor.page


@TURN
def test_no_text_is_raw(lab):
    texts = lab.evaluate(READ)
    assert [found for text in texts for found in RAW.findall(text)] == []


@pytest.mark.parametrize(
    "text", ["{term}`gain`", "he2015 not found", ":::{exercise}", "$x$", "% eq-he-half"]
)
def test_raw_text_is_noticed(text):
    assert RAW.search(text)


@TURN
def test_equations_have_the_numbers_of_the_site(lab, site):
    page = (site / "book" / "chapters" / "06-he.html").read_text(encoding="utf-8")
    numbers = BeautifulSoup(page, "html.parser").select(".eqno")
    shown = [re.search(r"\([\d.]+\)", number.text)[0] for number in numbers]
    assert lab.evaluate(NUMBERS) == shown != []


@TURN
def test_solutions_are_folded_and_marked(lab):
    assert lab.locator(".jp-RenderedMarkdown details").count() > 5
    assert lab.evaluate(FOLDED)


@TURN
def test_links_within_the_chapter_lead_to_a_heading(lab):
    links = lab.locator(".jp-RenderedMarkdown p a[href^='#']")
    targets = links.evaluate_all(
        "links => links.map((link) => decodeURIComponent(link.hash.slice(1)))"
    )
    assert targets
    assert set(targets) <= set(lab.evaluate(HEADINGS))


@TURN
def test_stored_figures_show_once_the_chapter_is_trusted_as_on_binder(lab, folder):
    outputs = [
        output.data
        for cell in nbformat.read(CHAPTER, as_version=4).cells
        for output in cell.get("outputs", [])
        if "image/svg+xml" in output.get("data", {})
    ]
    live = sum("application/vnd.jupyter.widget-view+json" in data for data in outputs)
    assert lab.locator(PICTURES).count() == lab.locator(".live-picture").count() == 0
    environment = own_environment(folder)
    environment["PATH"] = f"{Path(sys.executable).parent}:{environment['PATH']}"
    subprocess.run(
        [ROOT / ".binder/postBuild"], cwd=folder, env=environment, check=True
    )
    lab.reload()
    pictures = lab.locator(":is(.live-picture, .race[data-drawn]):visible")
    try:
        expect(pictures).to_have_count(live, timeout=20_000)
    except AssertionError:  # on a busy machine Lab may be asked before it is ready
        lab.reload()
    expect(pictures).to_have_count(live)
    expect(lab.locator(f"{PICTURES}:visible")).to_have_count(len(outputs) - live)
    assert 0 < live < len(outputs)
