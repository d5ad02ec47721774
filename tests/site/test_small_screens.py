"""What a narrow screen must hold: no page scrolls sideways, no label is cut or hidden.

Each page is opened once and turned to several widths, as a reader turns a phone; every
fifth one each day, and of those with live figures too, in one width.  With EVERY_VIEW=1
all are, and live figures in three.
"""

import pytest

from tests.site.test_browser_live import PAGES as LIVE_PAGES
from tests.site.test_page_faults import CHAPTER, EVERY_VIEW, PAGES
from tests.turns import of_today
from tools.paths import NOTEBOOKS, ROOT
from tools.visitor import HEIGHT, Visitor

API = "book/appendix/api.html"
LABELS = (ROOT / "tests/initlib/labels.js").read_text(encoding="utf-8")
PHONES = [320, 344, 360, 375]
DRAWN = """width => [...document.querySelectorAll(".live-picture")].every(picture =>
  Math.abs(picture.viewBox.baseVal.width - picture.clientWidth) <= 1)"""
TOO_WIDE = """() => [document.documentElement, ...document.querySelectorAll(
    ".prev-next-area > a")].filter(box => box.scrollWidth > box.clientWidth)
  .map(box => box.tagName)"""
PRINTED = [f"{path.relative_to(ROOT).with_suffix('.html')}" for path in NOTEBOOKS]
# The first line of each printed output that is wider than its box, solutions included.
CUT = """() => {
  for (const box of document.querySelectorAll("details")) box.open = true;
  return [...document.querySelectorAll(".cell_output pre")]
    .filter(box => box.offsetParent && box.scrollWidth > box.clientWidth + 1)
    .map(box => box.textContent.trim().split("\\n")[0]);
}"""


@pytest.fixture(scope="module")
def phone(browser, served):
    with Visitor(browser, served, "phone") as visitor:
        yield visitor


def resize(visitor, width: int) -> None:
    """Give the window a width and wait until its live figures are drawn in it."""
    visitor.page.set_viewport_size({"width": width, "height": HEIGHT})
    visitor.page.wait_for_function(DRAWN)


def too_wide(visitor) -> dict[int, list[str]]:
    """Return what has to be scrolled sideways on small phones: page, ways on."""
    found = {}
    for width in PHONES:
        resize(visitor, width)
        found[width] = visitor.page.evaluate(TOO_WIDE)
    return found


@pytest.mark.parametrize("name", of_today(PAGES, 5, every=EVERY_VIEW))
def test_no_page_scrolls_sideways_and_no_way_on_is_cut(phone, name):
    phone.open(name)
    assert too_wide(phone) == {width: [] for width in PHONES}


@pytest.mark.parametrize(
    ("style", "box"),
    [
        (".live .live-control input { min-width: 14rem }", "HTML"),
        (".bd-article code.literal { overflow-wrap: normal }", "HTML"),
        (".prev-next-area > a > .prev-next-info { min-width: 11rem }", "A"),
    ],
    ids=["slider", "code", "way"],
)
def test_what_cannot_shrink_is_noticed(phone, style, box):
    phone.open("book/chapters/03-scale.html" if "live" in style else API)
    phone.page.add_style_tag(content=style)
    assert box in too_wide(phone)[320]


def cut_outputs(visitor) -> list[str]:
    resize(visitor, 390)
    return visitor.page.evaluate(CUT)


@pytest.mark.parametrize("name", of_today(PRINTED, 5, every=EVERY_VIEW))
def test_no_printed_line_is_cut(phone, name):
    phone.open(name)
    assert cut_outputs(phone) == []


def test_a_printed_line_that_is_cut_is_noticed(phone):
    phone.open(CHAPTER)
    phone.page.add_style_tag(content=".cell_output pre { font-size: 2rem !important }")
    assert cut_outputs(phone) != []


@pytest.mark.parametrize("name", of_today(LIVE_PAGES, 5, every=EVERY_VIEW))
def test_labels_of_live_figures_are_whole_and_apart(phone, name):
    phone.open(name)
    for width in of_today((320, 390, 1280), 3, every=EVERY_VIEW):
        resize(phone, width)
        assert (width, phone.page.evaluate(LABELS)) == (width, [])


@pytest.mark.parametrize(
    ("style", "fault"),
    [
        (".live .live-picture { font-size: 39px }", "lies upon"),
        (".live-picture text { transform: translate(20px) }", "leaves it"),
    ],
    ids=["large", "moved"],
)
def test_a_label_out_of_its_place_is_noticed(phone, style, fault):
    phone.open(CHAPTER)
    phone.page.add_style_tag(content=style)
    assert fault in " ".join(phone.page.evaluate(LABELS))


def test_a_page_is_there_when_its_live_figures_are_drawn(phone):
    """A figure without its picture has no label that could be wrong."""
    phone.open(CHAPTER)
    assert phone.page.evaluate("visitor.isAlive()")
    phone.page.evaluate("document.querySelector('.live-picture').replaceChildren()")
    assert not phone.page.evaluate("visitor.isAlive()")
