"""Chapters read well: short, a picture at once, code folded, nothing cut unseen.

Every fifth chapter each day, and on a phone every fifth page; with EVERY_VIEW=1 all.
"""

from io import BytesIO
from statistics import median

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.site.test_page_faults import EVERY_VIEW
from tests.turns import of_today
from tools import reading
from tools.paths import CHAPTERS, ROOT
from tools.visitor import Visitor

PAGES = sorted(
    str(path.relative_to(ROOT).with_suffix(".html"))
    for path in [*CHAPTERS, *ROOT.glob("book/*.md"), *ROOT.glob("book/appendix/*.md")]
)
TODAY = of_today(CHAPTERS, 5, every=EVERY_VIEW)
FIRST = "book/chapters/01-weights-and-biases.html"
# The marks behind formulas that do not stand beside them, in the same line.
STRAY = """() => [...document.querySelectorAll(".together")]
  .filter(({ offsetParent }) => offsetParent)
  .filter((formula) => {
    const mark = document.createRange();
    mark.selectNodeContents(formula.lastChild);
    const { left, top, bottom } = mark.getBoundingClientRect();
    const last = [...formula.querySelectorAll(".base")].at(-1).getBoundingClientRect();
    return left < last.right - 2 || top > last.bottom || bottom < last.top;
  })
  .map(({ textContent }) => textContent)"""

# Formulas whose sub- or superscript is as large as what it belongs to.
LARGE = """() => [...document.querySelectorAll(".katex .msupsub .sizing")]
  .filter((script) => {
    const [small, whole] = [script, script.closest(".katex")]
      .map((part) => parseFloat(getComputedStyle(part).fontSize));
    return small > 0.9 * whole;
  })
  .map((script) => script.closest(".katex").textContent)"""


@pytest.mark.parametrize("path", TODAY, ids=lambda path: path.stem)
def test_chapter_reads_well(browser, served, path, record_property):
    with Visitor(browser, served, color_scheme="light") as visitor:
        seen = reading.measure(visitor, f"book/chapters/{path.stem}.html")
    time = f"{reading.minutes(seen):.0f} minutes"
    record_property("measured", f"{path.stem}: {seen['height']} pixels, {time}")
    assert reading.faults(seen) == []


GOOD = {
    "height": 20_000,
    "code": 0.15,
    "picture": 1800,
    "live": [{"where": 0.75, "section": "Bends", "words": 60, "company": 1}],
    "cut": [],
    "words": 3000,
    "told": 30,
}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"height": 20_001}, "20001 pixels high"),
        ({"code": 0.16}, "16% code"),
        ({"picture": 1801}, "first picture after 1801"),
        ({"picture": None}, "first picture after None"),
        ({"live": [GOOD["live"][0] | {"where": 0.76}]}, "live figure of 'Bends' at"),
        ({"live": [GOOD["live"][0] | {"words": 59}]}, "live figure of 'Bends' among"),
        (
            {"live": [GOOD["live"][0] | {"company": 0}]},
            "live figure of 'Bends' without",
        ),
        ({"told": 35}, "tells 35 minutes, its words take 30"),
        ({"told": 41, "words": 4000}, "tells 41 minutes, not 25 to 40"),
        ({"told": 40, "words": 4001}, "4001 words, not 2500 to 4000"),
        ({"told": 25, "words": 2499}, "2499 words, not 2500 to 4000"),
        ({"told": None}, "tells no minutes"),
        ({"cut": [{"box": "pre", "sign": True, "words": "x"}]}, "cut: pre 'x'"),
    ],
)
def test_chapter_that_reads_badly_is_noticed(change, fault):
    assert reading.faults(GOOD) == []
    (found,) = reading.faults(GOOD | change)
    assert found.startswith(fault)


def test_words_that_nobody_sees_are_not_counted(browser, served):
    """Neither in a closed fold nor where a script put something else in their place."""
    with Visitor(browser, served) as visitor:
        page = visitor.open(FIRST).page
        before = page.evaluate(reading.SCRIPT)["words"]
        add = """html => document.querySelector("article.bd-article")
          .insertAdjacentHTML("beforeend", html)"""
        page.evaluate(add, "<p hidden>four words not seen</p>")
        page.evaluate(add, "<details><summary></summary><p>in a fold</p></details>")
        assert page.evaluate(reading.SCRIPT)["words"] == before
        page.evaluate(add, "<p>three words more</p>")
        assert page.evaluate(reading.SCRIPT)["words"] == before + 3


@pytest.fixture(scope="module", params=of_today(PAGES, 5, every=EVERY_VIEW))
def phone(request, browser, served):
    with Visitor(browser, served, "phone", color_scheme="dark") as visitor:
        yield visitor.open(request.param)


def test_nothing_is_cut_without_a_sign(phone):
    seen = phone.page.evaluate(reading.SCRIPT)
    assert reading.hidden(seen, signs=True) == []


def test_no_line_begins_with_the_mark_behind_a_formula(phone):
    assert phone.page.evaluate(STRAY) == []


def test_subscripts_are_smaller_than_their_letters(phone):
    assert phone.page.evaluate(LARGE) == []


def test_what_is_cut_and_stray_marks_are_noticed(browser, served):
    with Visitor(browser, served, "phone") as visitor:
        visitor.open(FIRST)
        visitor.page.add_style_tag(
            content=".bd-article pre { background: none !important }"
            ".together { white-space: normal } .together .katex { margin-right: 50vw }"
            ".katex span { font-size: 1rem !important }"
        )
        assert visitor.page.evaluate(STRAY) != []
        assert visitor.page.evaluate(LARGE) != []
        seen = visitor.page.evaluate(reading.SCRIPT)
        assert any("cut: pre" in fault for fault in reading.hidden(seen, signs=True))


def test_shadow_shows_where_more_is_hidden(browser, served):
    """The right edge of wide code is darker than the left, and as light at its end."""
    with Visitor(browser, served, "phone", color_scheme="light") as visitor:
        page = visitor.open(FIRST).page
        code = page.locator(".cell_input pre:visible").first
        code.scroll_into_view_if_needed()
        before = edges(page, code)
        code.evaluate("pre => pre.scrollTo(pre.scrollWidth, 0)")
        after = edges(page, code)
    assert before["right"] < before["left"] - 20
    assert after["left"] < after["right"] - 20


def edges(page, box) -> dict[str, int]:
    """Return the median brightness of the first and the last column of a box."""
    picture = Image.open(BytesIO(box.screenshot())).convert("L")
    columns = {"left": 1, "right": picture.width - 2}
    return {
        name: median(picture.getpixel((x, y)) for y in range(10, picture.height - 10))
        for name, x in columns.items()
    }


class TestFold:
    def test_opens_by_keyboard_with_an_outline(self, browser, served):
        with Visitor(browser, served, color_scheme="light") as visitor:
            page = visitor.open(FIRST).page
            fold = page.locator("details.hide").first
            line = fold.locator("summary")
            code = fold.locator("pre")
            expect(code).to_be_hidden()
            expect(line).to_have_accessible_name("Show the code")
            line.press("Shift")  # focused, as by keyboard
            outline = "line => getComputedStyle(line).outlineStyle"
            assert line.evaluate(outline) == "solid"
            line.press("Enter")
            expect(code).to_be_visible()
            expect(line).to_have_accessible_name("Hide the code")
            line.press("Space")
            expect(code).to_be_hidden()
            assert visitor.problems == []

    def test_opens_without_scripts(self, browser, served):
        with Visitor(browser, served, java_script_enabled=False) as visitor:
            visitor.page.goto(served + FIRST)
            fold = visitor.page.locator("details.hide").first
            fold.locator("summary").click()
            expect(fold.locator("pre")).to_be_visible()

    def test_print_says_where_the_code_is(self, browser, served):
        with Visitor(browser, served) as visitor:
            page = visitor.open(FIRST).page
            page.emulate_media(media="print")
            fold = page.locator("details.hide").first
            fold.evaluate("fold => { fold.open = true; }")  # as the PDF has it
            expect(fold.locator("pre")).to_be_hidden()
            said = "line => getComputedStyle(line, '::after').content"
            assert (
                fold.locator("summary").evaluate(said).startswith('"Code: see cell ["')
            )
