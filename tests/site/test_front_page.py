"""The first page: its cover comes to life, learns, and is a drawing where it cannot."""

import re

import pytest
from playwright.sync_api import expect

from tests.site.strict_server import serve_strictly
from tests.site.test_page_faults import EVERY_VIEW
from tests.turns import EACH_DAY, of_today
from tools.visitor import MAX_SHIFT, SCHEMES, WIDTHS, Visitor

pytestmark = pytest.mark.turns(3, 2)

NAME = "book/intro.html"
MAX_BYTES = 150_000  # as a host with gzip sends it, fonts included
# Milliseconds from the first paint until the drawing is there, and until it is alive.
MAX_DELAYS = {"drawing": 100, "life": 500}
ALIVE = ".cover.alive"
WATCH = """
new MutationObserver(() => {
  if (document.querySelector(".cover.alive")) window.aliveAt ??= performance.now();
}).observe(document, { subtree: true, attributeFilter: ["class"] });"""
DELAYS = """() => {
  const painted = performance.getEntriesByName("first-contentful-paint")[0].startTime;
  const drawing = performance.getEntriesByType("resource").find(
    ({ name }) => name.includes("cover.svg"));
  return { drawing: drawing.responseEnd - painted, life: window.aliveAt - painted };
}"""
COUNT = """figure => {
  window.drawn = 0;
  new MutationObserver(() => { window.drawn += 1; }).observe(
    figure.querySelector("svg"), { childList: true });
}"""
NO_WORKER = "window.Worker = class { constructor() { throw new Error('none'); } };"
LOST_WORKER = """window.Worker = class {
  constructor() { setTimeout(() => this.onerror()); }
  postMessage() {}
};"""


@pytest.fixture(scope="module")
def strict(browser, site):
    with serve_strictly(site) as address:
        yield address


def come(visitor):
    page = visitor.open(NAME).page
    expect(page.locator(ALIVE)).to_be_visible()
    return page


def picture(page):
    return page.locator(".ridges-layers").inner_html()


def step(page) -> int:
    found = re.match(r"step (\d+) of 500", page.locator(".ridges-step").inner_text())
    return int(found[1])


def test_the_first_build_tells_scripts_by_their_content_too(site):
    """Of a script that is not there yet when pages are written none knows a digest."""
    page = (site / NAME).read_text("utf-8")
    assert re.search(r'src="../_static/ridges\.js\?v=\w{8}"', page)


def test_cover_learns_by_keyboard_and_says_so(browser, strict):
    with Visitor(browser, strict) as visitor:
        page = come(visitor)
        untrained, button = picture(page), page.get_by_role("button", name="Train")
        button.press("Enter")
        pause = page.get_by_role("button", name="Pause")
        expect(page.locator(".ridges-step")).to_contain_text(re.compile("step [1-9]"))
        pause.press("Space")
        expect(button).to_be_focused()
        at = step(page)
        assert 0 < at < 500
        page.wait_for_timeout(100)
        expect(page.locator(".ridges-told")).to_be_empty()
        button.press("Enter")
        expect(page.locator(".ridges-told")).to_contain_text("it has learned")
        assert step(page) == 500
        assert picture(page) != untrained
        page.get_by_role("slider").press("ArrowRight")
        expect(page.locator(".ridges-step")).to_contain_text("step 0")
        expect(page.locator(".ridges-told")).to_be_empty()
        assert page.evaluate("visitor.shift") < MAX_SHIFT
        assert visitor.problems == []


def test_slider_narrows_and_fills_the_ridges(browser, strict):
    with Visitor(browser, strict) as visitor:
        page = come(visitor)
        slider, ridges = page.get_by_role("slider"), page.locator(".ridges-layers")
        expect(slider).to_have_accessible_name(re.compile("size of the weights"))
        slider.press("Home")
        expect(ridges).to_have_attribute("aria-label", re.compile("100 % lie within"))
        slider.press("End")
        expect(ridges).to_have_attribute("aria-label", re.compile("and [67]. % of a"))
        expect(page.locator(".ridges-value")).to_have_text("4.0")


def test_fewer_states_are_drawn_for_those_who_avoid_motion(browser, strict):
    drawn = {}
    for motion in ("no-preference", "reduce"):
        with Visitor(browser, strict, reduced_motion=motion) as visitor:
            page = come(visitor)
            page.locator(".cover").evaluate(COUNT)
            page.get_by_role("button", name="Train").click()
            expect(page.locator(".ridges-step")).to_contain_text(
                re.compile(r"step [2-5]\d\d")
            )
            drawn[motion] = page.evaluate("window.drawn")
    assert 0 < drawn["reduce"] < drawn["no-preference"] / 2, drawn


@pytest.mark.parametrize("missing", ["scripts", "no worker", "lost worker", "paper"])
def test_drawing_stands_where_nothing_can_move(browser, strict, missing):
    options = {"java_script_enabled": False} if missing == "scripts" else {}
    with Visitor(browser, strict, **options) as visitor:
        page = visitor.page
        if "worker" in missing:
            script = NO_WORKER if missing == "no worker" else LOST_WORKER
            visitor.context.add_init_script(script)
        page.goto(strict + NAME)
        if missing == "paper":
            expect(page.locator(ALIVE)).to_be_visible()
            expect(page.locator("figure.cover figcaption")).to_be_hidden()
            page.emulate_media(media="print")
        expect(page.locator(".ridges")).to_be_hidden()
        expect(page.locator("figure.cover figcaption")).to_be_visible()
        drawing = page.locator("figure.cover img")
        expect(drawing).to_be_visible()
        assert drawing.bounding_box()["height"] > 200
        expect(page.get_by_role("link", name="Start with chapter 1")).to_be_visible()


@EACH_DAY
@pytest.mark.parametrize("width", of_today([*WIDTHS], 2, every=EVERY_VIEW))
def test_page_is_light_quick_and_without_fault(browser, strict, width, record_property):
    with Visitor(browser, strict, width, color_scheme=SCHEMES[0]) as visitor:
        visitor.context.add_init_script(WATCH)
        page = come(visitor)
        size, delays = visitor.sent_bytes(), page.evaluate(DELAYS)
        for _attempt in range(2):  # a machine may be busy with something else
            if late(delays):
                delays = come(visitor).evaluate(DELAYS)
        for scheme in SCHEMES:
            visitor.turn(scheme)
            assert (scheme, visitor.faults()) == (scheme, [])
        record_property(
            "measured",
            f"first page, {width}: {size / 1000:.0f} kB; after its first paint the "
            f"drawing is there in {max(0, delays['drawing']):.0f} ms, alive in "
            f"{delays['life']:.0f}",
        )
        assert size < MAX_BYTES
        assert late(delays) == []


def late(delays: dict[str, float]) -> list[str]:
    return [name for name, most in MAX_DELAYS.items() if delays[name] >= most]
