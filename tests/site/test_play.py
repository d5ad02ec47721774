"""*Play* walks a slider of a live figure to its end, stops when asked, and is quiet."""

import json

import pytest
from playwright.sync_api import expect

from tests.site.test_browser_live import STATE, find
from tests.site.test_page_faults import CHAPTER, EVERY_VIEW
from tests.turns import of_today
from tools.paths import ROOT
from tools.visitor import Visitor

BODY = (ROOT / "initlib/widgets/live.js").read_text(encoding="utf-8")
PACE, CALM = 800, 1500  # milliseconds for each of a few positions
BOXES = """figure => [...figure.querySelectorAll("button, input, .live-picture")].map(
  (part) => JSON.stringify(part.getBoundingClientRect()))"""


class Stage:
    """A page's first figure with a slider of a few positions, and a clock to turn."""

    def __init__(self, visitor: Visitor):
        self.visitor, self.page = visitor, visitor.page
        self.figure = self.page.locator(".live").first
        self.figure.scroll_into_view_if_needed()
        self.slider = self.figure.locator("input[type=range]")
        self.button = self.figure.get_by_role("button")
        self.spoken = self.figure.locator(".live-spoken")
        self.last = int(self.slider.get_attribute("max"))
        self.page.clock.install(time=0)
        self.page.clock.pause_at(1)

    def begin(self) -> "Stage":
        """Put the slider at its first position, in silence."""
        self.page.emulate_media(reduced_motion="no-preference")
        for key in ("End", "Home"):
            self.slider.press(key)
        self.page.clock.run_for(PACE)
        return self

    def after(self, milliseconds: int = 0) -> tuple[int, str]:
        """Return where the slider stands after a time, and what the button does."""
        self.page.clock.run_for(milliseconds)
        name = self.button.get_attribute("aria-label")
        return int(self.slider.input_value()), name.partition(" ")[0]


def walks_to_the_end_and_again(stage):
    stage.button.press("Enter")
    for position in range(1, stage.last):
        assert stage.after() == (position, "Stop")
        assert stage.after(PACE - 1) == (position, "Stop")
        stage.page.clock.run_for(1)
    assert stage.after() == (stage.last, "Play")
    assert stage.after(3 * PACE) == (stage.last, "Play")
    stage.button.press("Space")
    assert stage.after() == (0, "Stop")
    assert stage.after(PACE) == (1, "Stop")


def stops_where_it_is_asked_to(stage):
    stage.button.press("Space")
    assert stage.after(PACE) == (2, "Stop")
    stage.button.press("Space")
    assert stage.after(3 * PACE) == (2, "Play")
    expect(stage.button).to_be_focused()


def stops_where_one_moves_the_slider(stage):
    stage.button.click()
    stage.slider.press("ArrowRight")
    assert stage.after(3 * PACE) == (2, "Play")


def speaks_once_at_the_end(stage):
    before = stage.spoken.text_content()
    stage.button.press("Enter")
    for _ in range(stage.last - 1):
        assert stage.spoken.text_content() == before
        stage.page.clock.run_for(PACE)
    stage.page.clock.run_for(500)
    told = stage.spoken.text_content()
    assert told != before
    assert told == stage.figure.locator(".live-summary").text_content()


def goes_slowly_for_those_who_avoid_motion(stage):
    stage.page.emulate_media(reduced_motion="reduce")
    stage.button.press("Enter")
    assert stage.after(CALM - 1) == (1, "Stop")
    assert stage.after(1) == (2, "Stop")


def moves_nothing_but_the_picture(stage):
    stage.page.evaluate("visitor.shift = 0")
    before = stage.figure.evaluate(BOXES)
    stage.button.press("Enter")
    assert stage.figure.evaluate(BOXES) == before
    assert stage.after(PACE * stage.last) == (stage.last, "Play")
    assert stage.figure.evaluate(BOXES) == before
    assert stage.page.evaluate("visitor.shift") == 0


FAULTS = {
    walks_to_the_end_and_again: ("if (at() === last) go(0);", "if (false) go(0);"),
    stops_where_it_is_asked_to: ("if (wasPlaying) return;", ""),
    stops_where_one_moves_the_slider: (
        'made.input.addEventListener("input", playing.stop);',
        "",
    ),
    speaks_once_at_the_end: ("changed && !playing.plays()", "changed"),
    goes_slowly_for_those_who_avoid_motion: ("pace(count, calm));", "pace(count));"),
    moves_nothing_but_the_picture: (
        "element.title =",
        'element.style.width = plays() ? "3rem" : ""; element.title =',
    ),
}


@pytest.fixture(scope="module")
def stage(browser, served):
    with Visitor(browser, served) as visitor:
        yield Stage(visitor.open(CHAPTER))
        assert visitor.problems == []


@pytest.mark.parametrize("check", FAULTS)
def test_play_keeps_a_rule(stage, check):
    check(stage.begin())


@pytest.mark.parametrize("check", of_today([*FAULTS], 3, every=EVERY_VIEW))
def test_play_that_breaks_a_rule_is_noticed(browser, served, site, check):
    right, wrong = FAULTS[check]
    assert BODY.count(right) == 1
    html = with_body(site / CHAPTER, BODY.replace(right, wrong))
    with Visitor(browser, served) as visitor:
        visitor.page.route(
            served + CHAPTER,
            lambda route: route.fulfill(body=html, content_type="text/html"),
        )
        stage = Stage(visitor.open(CHAPTER)).begin()
        with pytest.raises(AssertionError):
            check(stage)


def with_body(path, body: str) -> str:
    """Return a page whose live figures have another body."""
    page = path.read_text(encoding="utf-8")
    (script,) = find(STATE, page)
    states = json.loads(script[1])
    for model in states["state"].values():
        if model["state"].get("_esm") == BODY:
            model["state"]["_esm"] = body
    return page[: script.start(1)] + json.dumps(states) + page[script.end(1) :]


def test_each_slider_has_its_button_beside_it(browser, served):
    with Visitor(browser, served) as visitor:
        for width in (320, 1280):  # set before the page opens: to turn it takes time
            visitor.page.set_viewport_size({"width": width, "height": 900})
            page = visitor.open("book/chapters/05-xavier.html").page
            assert_buttons_beside(page.locator(".live").first)


def assert_buttons_beside(figure) -> None:
    room = figure.bounding_box()
    for control in figure.locator(".live-control:has([type=range])").all():
        name = control.locator("label span").inner_text()
        button = control.get_by_role("button", name=f"Play {name}").bounding_box()
        label, row = (
            part.bounding_box() for part in (control.locator("label span"), control)
        )
        assert button["x"] + button["width"] <= room["x"] + room["width"] + 0.5
        assert min(button["width"], button["height"]) >= 24
        assert row["height"] < 50  # as high as it was without
        assert label["x"] >= room["x"] - 0.5
