"""Every page of the built site in Chromium: faults, weight, and what one clicks.

The classes part the work: each runs in a worker of its own.
"""

import functools
import time

import pytest
import yaml
from playwright.sync_api import expect

from tools.look import SCHEMES, QuietHandler, Visitor, serve
from tools.paths import ROOT

BUDGET, LIVE_BUDGET = 200_000, 250_000  # bytes as a host with gzip sends them
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
FILES = [entry["file"] for part in TOC["parts"] for entry in part["chapters"]]
PAGES = [f"{name}.html" for name in [TOC["root"], *FILES]] + ["search.html"]
CHAPTER = "book/chapters/04-regularization.html"  # the shortest


def test_every_page_is_looked_at(site):
    written = {str(path.relative_to(site)) for path in site.rglob("*.html")}
    static = {name for name in written if name.startswith("_static/")}
    assert written - static - {"index.html"} == {*PAGES}


class Crawl:
    """A page is opened in one colour scheme, and seen in the other too."""

    width: str
    schemes: tuple[str, str]

    @pytest.mark.parametrize("name", PAGES)
    def test_page_is_light_and_without_fault(self, browser, served, name):
        first, other = self.schemes
        with Visitor(browser, served, self.width, color_scheme=first) as visitor:
            visitor.open(name).read()
            assert (first, visitor.faults()) == (first, [])
            visitor.turn(other)
            assert (other, visitor.faults()) == (other, [])
            live = visitor.page.locator(".live").count()
            assert visitor.sent_bytes() <= (LIVE_BUDGET if live else BUDGET)


class TestWide(Crawl):
    width, schemes = "wide", SCHEMES


class TestPhone(Crawl):
    width, schemes = "phone", SCHEMES[::-1]


class SlowHandler(QuietHandler):
    """Sends pages as a bad line does: in pieces that end anywhere, even in a table."""

    def copyfile(self, source, outputfile) -> None:
        pause = 0.1 if ".html" in self.path else 0
        for piece in iter(functools.partial(source.read, 10_000), b""):
            outputfile.write(piece)
            time.sleep(pause)


def test_page_does_not_move_while_it_arrives(browser, site):
    with serve(site, SlowHandler) as slow, Visitor(browser, slow, "phone") as visitor:
        visitor.open("book/notation.html")
        assert visitor.faults() == []


@pytest.mark.parametrize(
    "faults",
    [
        {
            "axe color-contrast": ".highlight pre .k { color: #bbb !important }",
            "layout shifts by": "article { margin-top: 30vh }",
            "scrolls sideways": "article { min-width: 200vw }",
        },
        {
            "axe color-contrast": ".katex { color: #bbb }",
            "404": "article { background: url(no-such-file) }",
            "asks https://example.org": "body { background: url(https://example.org) }",
        },
    ],
    ids=["code", "formulas"],
)
def test_faults_are_found(browser, served, faults):
    with Visitor(browser, served, color_scheme="light") as visitor:
        visitor.open(CHAPTER)
        visitor.page.add_style_tag(content="\n".join(faults.values()))
        visitor.read()
        found = " ".join(visitor.faults())
        assert [fault for fault in faults if fault not in found] == []


class TestControls:
    @pytest.fixture
    def phone(self, browser, served):
        with Visitor(browser, served, "phone") as visitor:
            yield visitor.open(CHAPTER)
            assert visitor.problems == []

    @pytest.fixture
    def wide(self, browser, served):
        with Visitor(browser, served, color_scheme="light") as visitor:
            yield visitor.open(CHAPTER)
            assert visitor.problems == []

    def test_menu_opens_on_a_phone(self, phone):
        link = phone.page.locator("#pst-primary-sidebar-modal .toctree-l1 a").first
        expect(link).to_be_hidden()
        phone.page.locator(".primary-toggle").first.click()
        expect(link).to_be_visible()
        link.click()
        phone.page.wait_for_url(lambda url: not url.endswith(CHAPTER))

    def test_menu_makes_room_on_a_desktop(self, wide):
        link = wide.page.locator("#pst-primary-sidebar .toctree-l1 a").first
        expect(link).to_be_visible()
        wide.page.locator(".primary-toggle").first.click()
        expect(link).to_be_hidden()

    def test_search_finds_a_word_where_it_stands(self, wide):
        wide.page.locator(".search-button__button").first.click()
        wide.page.locator("#pst-search-dialog input").fill("variance")
        wide.page.keyboard.press("Enter")
        wide.page.wait_for_url("**/search.html?q=variance*")
        wide.page.locator("#search-results li a").first.click()
        wide.page.wait_for_url("**/book/**")
        expect(wide.page.locator("article").first).to_contain_text("variance")

    @pytest.mark.parametrize("menu", ["launch", "source", "download"])
    def test_header_menu_opens_and_closes(self, phone, menu):
        first = phone.page.locator(f".dropdown-{menu}-buttons a").first
        expect(first).to_be_hidden()
        phone.page.locator(f".dropdown-{menu}-buttons > button").click()
        expect(first).to_be_visible()
        phone.page.keyboard.press("Escape")
        expect(first).to_be_hidden()

    def test_colour_mode_turns_and_is_kept(self, wide):
        root = wide.page.locator("html")
        seen = []
        for _ in range(3):
            wide.page.locator(".theme-switch-button").first.click()
            seen.append(root.get_attribute("data-theme"))
        assert {*seen} == {"light", "dark"}
        while root.get_attribute("data-theme") != "dark":
            wide.page.locator(".theme-switch-button").first.click()
        wide.page.reload()
        expect(root).to_have_attribute("data-theme", "dark")

    def test_box_opens_and_closes_by_keyboard(self, wide):
        summary = wide.page.locator("article details > summary").first
        box = wide.page.locator("article details").first
        for is_open in (False, True, False):
            expect(box).to_have_js_property("open", is_open)
            summary.press("Enter")
