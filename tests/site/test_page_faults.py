"""Every page of the built site in Chromium, under its policy: faults and weight.

Each day every fifth page is opened as on a phone and every sixth wide, light and dark
in turn; with EVERY_VIEW=1 each in all four views.  The classes part the work: each runs
in a worker of its own.
"""

import functools
import os
import time

import pytest
import yaml

from tests.site.strict_server import serve_strictly
from tests.turns import TURN, of_today
from tools.browser import QuietHandler, serve
from tools.paths import ROOT
from tools.sphinxext.site_files import AT_ROOT
from tools.visitor import SCHEMES, Visitor

BUDGET, LIVE_BUDGET = 200_000, 250_000  # bytes as a host with gzip sends them
SEARCH = "search.html"  # brings the text of all other pages
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
FILES = [entry["file"] for part in TOC["parts"] for entry in part["chapters"]]
PAGES = [f"{name}.html" for name in [TOC["root"], *FILES]] + [SEARCH]
EVERY_VIEW = os.environ.get("EVERY_VIEW") == "1"
CHAPTER = "book/chapters/04-regularization.html"  # the shortest


def test_every_page_is_looked_at(site):
    written = {str(path.relative_to(site)) for path in site.rglob("*.html")}
    static = {name for name in written if name.startswith("_static/")}
    assert written - static - {*AT_ROOT} == {*PAGES}


@pytest.fixture(scope="module")
def strict(browser, site):
    """Yield the address of the site under the policy that it asks for."""
    with serve_strictly(site) as address:
        yield address


def visit(browser, address, name: str, width: str, schemes: tuple[str, ...]) -> None:
    """Open a page in the first scheme and see it in the others too."""
    first, *others = schemes
    with Visitor(browser, address, width, color_scheme=first) as visitor:
        visitor.open(name).read()
        assert (first, visitor.faults()) == (first, [])
        for scheme in others:
            visitor.turn(scheme)
            assert (scheme, visitor.faults()) == (scheme, [])
        live = visitor.page.locator(".live, .race").count()
        most = LIVE_BUDGET if live or name == SEARCH else BUDGET
        assert visitor.sent_bytes() <= most


def of_width(days: int) -> list[tuple[str, tuple[str, ...]]]:
    """Return the pages that are opened, and in which schemes."""
    pages = of_today(PAGES, days, every=EVERY_VIEW)
    schemes = of_today(SCHEMES, 2, every=EVERY_VIEW, turn=TURN // days)
    return [(name, tuple(schemes)) for name in pages]


class TestPhone:
    @pytest.mark.parametrize(("name", "schemes"), of_width(days=5))
    def test_page_is_light_and_without_fault(self, browser, strict, name, schemes):
        visit(browser, strict, name, "phone", schemes)


class TestWide:
    @pytest.mark.parametrize(("name", "schemes"), of_width(days=6))
    def test_page_is_light_and_without_fault(self, browser, strict, name, schemes):
        visit(browser, strict, name, "wide", schemes)


@pytest.mark.turns(3, 0)
def test_turned_page_is_without_fault(browser, strict):
    with Visitor(browser, strict, color_scheme="light") as visitor:
        visitor.open(CHAPTER).read()
        visitor.turn("dark")
        assert visitor.faults() == []


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
