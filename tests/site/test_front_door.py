"""The root of the site, the page for lost readers, and what catalogues are told."""

import contextlib
import functools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from bs4 import BeautifulSoup
from playwright.sync_api import expect

from tests.site.mended import mended
from tools.browser import QuietHandler, serve
from tools.paths import CHAPTERS, ROOT
from tools.sphinxext.catalogue import LINKED_DATA, catalogue
from tools.visitor import Visitor

pytestmark = pytest.mark.turns(3, 1)

CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
HOME = CONFIG["html"]["baseurl"]


@functools.cache
def read(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def linked_data(page: BeautifulSoup) -> dict:
    (script,) = page.select(f'script[type="{LINKED_DATA}"]')
    return json.loads(script.string)


@contextlib.contextmanager
def as_on_pages(site: Path) -> Iterator[str]:
    """Serve the site as GitHub Pages does: under a folder, with a page for the lost."""
    prefix = urlsplit(HOME).path

    class PagesHandler(QuietHandler):
        def translate_path(self, path: str) -> str:
            inside = path.startswith(prefix)
            rest = path.removeprefix(prefix) if inside else "not-of-this-site"
            return super().translate_path(f"/{rest}")

        def send_error(self, code, *args) -> None:
            body = (site / "404.html").read_bytes()
            self.send_response(code)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with serve(site, PagesHandler) as address:
        yield address.rstrip("/") + prefix


def test_root_tells_what_the_first_page_tells(site):
    root, first = read(site / "index.html"), read(site / "book" / "intro.html")
    assert root.html["lang"] == "en"
    assert root.title.get_text() == first.title.get_text()
    for tag in ("canonical", "og:url", "og:image", "og:description", "twitter:card"):
        (told,) = root.select(f'[rel="{tag}"], [property="{tag}"], [name="{tag}"]')
        assert str(told) in str(first.head)
    assert root.a["href"] == "book/intro.html"
    assert root.select_one('meta[http-equiv="refresh"]')["content"].endswith(
        f"url={root.a['href']}"
    )
    assert linked_data(root) == linked_data(first)
    assert (site / ".nojekyll").is_file()


def test_lost_reader_finds_the_book_at_any_depth(site, browser):
    with as_on_pages(site) as base, Visitor(browser, base) as visitor:
        page = visitor.page
        page.goto(f"{base}no/such/page.html")
        expect(page.locator("h1")).to_have_text("There is no page here")
        font = "getComputedStyle(document.body).fontFamily"
        assert "sans" in page.evaluate(font)  # the book's own style
        lost = [problem for problem in visitor.problems if "404" not in problem]
        assert lost == []
        visitor.problems.clear()
        assert visitor.faults() == []
        links = page.eval_on_selector_all("li a", "all => all.map(link => link.href)")
        assert len(links) > len(CHAPTERS)
        for link in links:
            assert (site / link.removeprefix(base)).is_file(), link
        page.locator("input").fill("kaiming")
        page.keyboard.press("Enter")
        expect(page.locator("#search-results a").first).to_be_visible()
        assert visitor.problems == []


def test_chapters_and_course_are_linked_data(site):
    course = linked_data(read(site / "book" / "intro.html"))
    assert (course["@type"], course["@id"]) == ("Course", HOME)
    assert course["provider"]["name"] == CONFIG["author"]
    for path in CHAPTERS:
        page = read(site / "book" / "chapters" / f"{path.stem}.html")
        chapter = linked_data(page)
        assert chapter["@type"] == "LearningResource"
        assert chapter["isPartOf"]["@id"] == course["@id"]
        assert chapter["url"] == page.select_one("[rel=canonical]")["href"]
        assert 3 <= len(chapter["teaches"]) <= 7
        assert re.match(rf"{re.escape(HOME)}_static/cards/", chapter["image"])


def test_each_chapter_says_how_to_cite_it(site):
    for path in CHAPTERS:
        page = read(site / "book" / "chapters" / f"{path.stem}.html")
        told = {t["name"]: t["content"] for t in page.select('[name^="citation_"]')}
        assert told["citation_title"] == page.h1.get_text().removesuffix("#")
        assert told["citation_author"] == CONFIG["author"]
        assert told["citation_publication_date"] == CONFIG["copyright"]
        assert told["citation_public_url"].startswith(HOME)
        assert told["citation_inbook_title"] == CONFIG["title"]


def test_a_page_that_is_not_cited_is_not_catalogued():
    page = mended(catalogue, "<html><head><title>T</title></head></html>")
    assert not page.select("script")


@pytest.mark.parametrize("text", ["</script><b>", "a & b"])
def test_linked_data_stays_within_its_script(text):
    page = mended(
        catalogue,
        f"""<html data-content_root="../"><head><title>T</title>
        <meta name="citation_title" content='{text}'>
        <meta name="citation_author" content="A"><meta name="description" content="D">
        <meta name="citation_language" content="en">
        <meta name="citation_public_url" content="https://home/c/book/a.html">
        <meta property="og:image" content="https://home/c/i.png"></head></html>""",
    )
    again = BeautifulSoup(str(page), "html.parser")
    assert linked_data(again)["name"] == text
    assert linked_data(again)["@id"] == "https://home/c/"
    assert not again.select("b")
