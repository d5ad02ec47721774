"""Links to equations, terms and works show what they lead to, and stand in no way."""

import gzip
import shutil
from collections.abc import Iterator
from itertools import product

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, expect

from tests.site.strict_server import serve_strictly
from tests.site.test_page_faults import EVERY_VIEW
from tests.turns import EACH_DAY, of_today
from tools.paths import ROOT
from tools.visitor import SCHEMES, Visitor

pytestmark = pytest.mark.turns(3, 2)

SCRIPT = ROOT / "book/assets/previews.js"
MAX_BYTES = 1_700  # as a host with gzip sends it
LONGER = 300  # milliseconds, than a preview waits
CHAPTER = "book/chapters/05-xavier.html"
LINKS = {
    "an equation": '.bd-article p a[href^="#equation-"]',
    "another page's equation": '.bd-article p a[href^="01-"][href*="#equation-"]',
    "a term": '.bd-article p a[href*="glossary.html#term-"]',
    "a work": '.bd-article p a[href*="bibliography.html#id"]',
}
SAID = """async (href) => {
  const { hash, pathname } = new URL(href, location);
  const html = await (await fetch(pathname)).text();
  const page = new DOMParser().parseFromString(html, "text/html");
  const place = page.getElementById(hash.slice(1));
  return (place.matches("dt") ? place.nextElementSibling : place).textContent;
}"""
SCROLL = """new Promise((done) => {
  addEventListener("scroll", done);
  scrollTo(0, 20);
})"""
SHAPE = """
<style>.preview { inset: auto; margin: 0; position: fixed; }</style>
<div class="bd-article" style="height: 3000px; padding: 50px">
<p><a class="internal" href="#equation-one"><b>(1)</b> <i>here</i></a></p>
<p><a class="internal" href="other.html#term-one" title="elsewhere">term</a></p>
<p><button>Next</button></p><div class="math" id="equation-one">1 = 1</div></div>
<script src="previews.js"></script>"""
OTHER = '<dl><dt id="term-one">one</dt><dd>the first number</dd></dl>'


# On the site


@pytest.fixture(scope="module")
def visited(browser, site) -> Iterator[Visitor]:
    with (
        serve_strictly(site) as address,
        Visitor(browser, address, color_scheme="light") as visitor,
    ):
        yield visitor.open(CHAPTER)
        assert visitor.problems == []


def leave(page: Page) -> None:
    """Take mouse and focus to where nothing is linked."""
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Escape")
    expect(page.locator(".preview")).to_have_count(0)


def focus(page: Page, link: str) -> None:
    """Come to a link with the keyboard."""
    page.keyboard.press("Shift")  # from here on the keyboard is in use
    page.locator(link).first.focus()


def come(page: Page, kind: str, way: str) -> None:
    link = page.locator(LINKS[kind]).first
    link.hover() if way == "by mouse" else focus(page, LINKS[kind])
    expect(page.locator(".preview")).to_be_visible()


def words(text: str) -> str:
    return "".join(text.split()).replace("#", "")


def assert_beside(page: Page, link: str) -> None:
    """The whole preview is in the window, and its link is not below it."""
    view, box = page.viewport_size, page.locator(".preview").bounding_box()
    assert 0 <= box["x"] <= view["width"] - box["width"]
    assert 0 <= box["y"] <= view["height"] - box["height"]
    at = page.locator(link).first.bounding_box()
    assert box["y"] >= at["y"] + at["height"] or box["y"] + box["height"] <= at["y"]


def judged(page: Page) -> list[str]:
    """Return what axe finds wrong with the open preview and its link."""
    page.evaluate(f"window.axe || {AXE_SCRIPT}")
    found = page.evaluate("axe.run('.preview, [aria-describedby=preview]')")
    assert len(found["passes"]) > 3
    return [fault["id"] for fault in found["violations"]]


@pytest.mark.parametrize("way", ["by mouse", "by keyboard"])
@pytest.mark.parametrize("kind", LINKS)
def test_link_shows_what_it_leads_to(visited, kind, way):
    page = visited.page
    leave(page)
    page.evaluate("visitor.shift = 0")
    come(page, kind, way)
    link, preview = page.locator(LINKS[kind]).first, page.locator(".preview")
    said = words(page.evaluate(SAID, link.get_attribute("href")))
    assert len(said) > 20
    assert words(preview.text_content()).endswith(said)
    expect(link).to_have_attribute("aria-describedby", preview.get_attribute("id"))
    page.evaluate("dispatchEvent(new Event('resize'))")  # the theme looks for scrollers
    assert preview.locator("[id], [href], [tabindex], .headerlink").count() == 0
    assert_beside(page, LINKS[kind])
    assert page.evaluate("visitor.shift") == 0


@EACH_DAY
@pytest.mark.parametrize(
    ("kind", "scheme"), of_today([*product(LINKS, SCHEMES)], 8, every=EVERY_VIEW)
)
def test_open_preview_is_without_fault_and_a_fault_is_seen(visited, kind, scheme):
    page = visited.page
    visited.turn(scheme)
    leave(page)
    come(page, kind, "by keyboard")
    assert judged(page) == []
    page.locator(".preview").evaluate("box => { box.style.color = '#888'; }")
    page.locator(".preview").evaluate("box => { box.style.background = '#999'; }")
    assert judged(page) == ["color-contrast"]
    page.locator(".preview").evaluate("box => box.removeAttribute('style')")


def test_without_scripts_links_are_links(browser, visited):
    with Visitor(browser, visited.base, java_script_enabled=False) as visitor:
        visitor.page.goto(visited.base + CHAPTER)
        visitor.page.locator(LINKS["an equation"]).first.hover()
        visitor.page.wait_for_timeout(LONGER)
        expect(visitor.page.locator(".preview")).to_have_count(0)


def test_script_is_small():
    size = len(gzip.compress(SCRIPT.read_bytes(), mtime=0))
    print(f"previews.js: {size} bytes as a host with gzip sends it")
    assert size < MAX_BYTES


# On a page of its own, where each check has a fault of the script that it notices


class Toy:
    """A page with two links, a clock that is turned by hand, and the script."""

    HERE, ELSEWHERE = '[href="#equation-one"]', '[href="other.html#term-one"]'

    def __init__(self, browser: Browser, code: str):
        self.context = browser.new_context(has_touch=True)
        self.page = page = self.context.new_page()
        self.asked, self.faults, self.lost = [], [], False
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.route("**/previews.js", lambda route: route.fulfill(body=code))
        page.route("**/toy.html", lambda route: self.send(route, SHAPE))
        page.route("**/other.html", self.send_other)
        page.clock.install(time=0)
        page.clock.pause_at(1)
        page.goto("http://toy.example/toy.html")

    def __enter__(self) -> "Toy":
        return self

    def __exit__(self, *error: object) -> None:
        self.context.close()

    def send(self, route, body: str) -> None:
        route.fulfill(body=body, content_type="text/html")

    def send_other(self, route) -> None:
        self.asked.append(route.request.url)
        route.abort() if self.lost else self.send(route, OTHER)

    def shows(self, after: int = LONGER) -> str:
        """Return the text of the preview, a time after what was done last."""
        self.page.clock.run_for(after)
        self.page.evaluate("fetch('previews.js')")  # later than a fetch of the script
        return " ".join(self.page.locator(".preview").all_inner_texts())

    def hover(self, link: str = HERE) -> None:
        self.page.locator(link).hover()


def opens_after_a_rest(toy):
    toy.hover()
    assert toy.shows(after=50) == ""
    toy.page.mouse.move(0, 0)
    assert toy.shows() == ""
    toy.hover(toy.ELSEWHERE)
    assert toy.shows() == "one\nthe first number"


def escape_closes_until_one_comes_back(toy):
    toy.hover()
    assert toy.shows() == "1 = 1"
    toy.page.keyboard.press("Escape")
    assert toy.shows(after=0) == ""
    toy.hover(toy.HERE + " i")
    assert toy.shows() == ""


def mouse_may_rest_on_the_preview(toy):
    toy.hover()
    toy.shows()
    box = toy.page.locator(".preview").bounding_box()
    for y in (box["y"] - 2, box["y"] + 5):
        toy.page.mouse.move(box["x"] + 9, y)
        assert toy.shows(after=100) == "1 = 1"
    assert toy.shows() == "1 = 1"
    toy.page.mouse.move(0, 0)
    assert toy.shows() == ""


def tab_opens_and_closes(toy):
    toy.page.keyboard.press("Tab")
    assert toy.shows() == "1 = 1"
    toy.page.keyboard.press("Tab")
    assert toy.shows() == "one\nthe first number"
    toy.page.keyboard.press("Tab")
    assert toy.shows(after=50) == ""


def keyboard_keeps_it_while_the_mouse_moves(toy):
    toy.page.keyboard.press("Tab")
    toy.shows()
    toy.page.mouse.move(500, 500)
    assert toy.shows() == "1 = 1"


def goes_with_its_link(toy):
    toy.page.keyboard.press("Tab")
    toy.shows()
    box = toy.page.locator(".preview")
    before = box.bounding_box()["y"]
    toy.page.evaluate(SCROLL)
    assert box.bounding_box()["y"] == before - 20


def finger_opens_nothing(toy):
    event = {"pointerType": "touch", "bubbles": True}
    toy.page.locator(toy.HERE).dispatch_event("pointerover", event)
    assert toy.shows() == ""
    toy.page.locator(toy.HERE).tap()
    assert toy.shows() == ""


def another_page_is_asked_for_once(toy):
    assert toy.asked == []
    for _ in range(2):
        toy.hover(toy.ELSEWHERE)
        assert toy.shows() == "one\nthe first number"
        toy.page.mouse.move(0, 0)
        assert toy.shows() == ""
    assert len(toy.asked) == 1


def page_that_does_not_come_is_asked_for_again(toy):
    toy.lost = True
    toy.hover(toy.ELSEWHERE)
    assert toy.shows() == ""
    assert toy.page.locator(toy.ELSEWHERE).get_attribute("title") == "elsewhere"
    toy.lost = False
    toy.page.mouse.move(0, 0)
    toy.shows()
    toy.hover(toy.ELSEWHERE)
    assert toy.shows() == "one\nthe first number"
    assert toy.page.locator(toy.ELSEWHERE).get_attribute("title") is None


FAULTS = {
    opens_after_a_rest: ("waiting = setTimeout(open, REST, next)", "open(next)"),
    escape_closes_until_one_comes_back: ("if (next?.contains(from)) return;", ""),
    mouse_may_rest_on_the_preview: ("box.contains(to) ||", ""),
    tab_opens_and_closes: ('on("focusout", close);', ""),
    keyboard_keeps_it_while_the_mouse_moves: ('!link.matches(":focus-visible")', "1"),
    goes_with_its_link: ('on("scroll", put);', ""),
    finger_opens_nothing: ('pointerType !== "touch"', "true"),
    another_page_is_asked_for_once: ("!pages.has(pathname) && ", ""),
    page_that_does_not_come_is_asked_for_again: ("pages.delete(pathname);", ""),
}


@pytest.mark.parametrize("check", FAULTS)
def test_preview_keeps_a_rule(browser, check):
    with Toy(browser, SCRIPT.read_text(encoding="utf-8")) as toy:
        check(toy)
        assert toy.faults == []


@EACH_DAY
@pytest.mark.parametrize("check", of_today([*FAULTS], 3, every=EVERY_VIEW))
def test_script_that_breaks_a_rule_is_noticed(browser, check):
    right, wrong = FAULTS[check]
    code = SCRIPT.read_text(encoding="utf-8")
    assert code.count(right) == 1
    with (
        Toy(browser, code.replace(right, wrong)) as toy,
        pytest.raises(AssertionError),
    ):
        check(toy)


def test_file_shows_what_stands_on_the_page_itself(browser, tmp_path):
    for name, text in [("toy", SHAPE), ("other", OTHER)]:
        (tmp_path / f"{name}.html").write_text(text, encoding="utf-8")
    shutil.copy(SCRIPT, tmp_path)
    page, faults = browser.new_page(), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text))
    page.goto((tmp_path / "toy.html").as_uri())
    page.locator(Toy.ELSEWHERE).hover()
    page.wait_for_timeout(LONGER)
    expect(page.locator(".preview")).to_have_count(0)
    page.locator(Toy.HERE).hover()
    expect(page.locator(".preview")).to_have_text("1 = 1")
    page.close()
    assert faults == []
