"""What one clicks on a page: menus, search, colour modes and boxes."""

import pytest
from playwright.sync_api import expect

from tools.visitor import Visitor

pytestmark = pytest.mark.turns(3, 1)

CHAPTER = "book/chapters/04-regularization.html"  # the shortest


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

    def test_check_mark_opens_the_bound_of_a_claim_by_keyboard(self, phone):
        mark = phone.page.locator(".claim summary").first
        bound = phone.page.locator(".claim > .bound").first
        assert min(mark.bounding_box()[side] for side in ("width", "height")) >= 24
        expect(bound).not_to_have_js_property("open", True)
        mark.press("Enter")
        expect(bound).to_have_js_property("open", True)
        expect(bound).to_contain_text("Claimed ")
        assert "\N{CHECK MARK}" in mark.inner_text()


# Where one reads, as the page marks it, against the headings that lie above it.
READ = """() => {
  const links = [...document.querySelectorAll("#page-contents a")].filter(
    (link) => link.offsetParent);
  const tops = links.map((link) =>
    document.querySelector(link.hash).querySelector("h2, h3")
      .getBoundingClientRect().top);
  const marked = links.findIndex((link) => link.matches("[aria-current]"));
  return { marked, wanted: tops.findLastIndex((top) => top <= 0.3 * innerHeight) };
}"""
NEXT_FRAMES = """() => new Promise((done) =>
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 30))))"""
NO_STORAGE = """for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, {
    configurable: true,
    get() { throw new DOMException("denied", "SecurityError"); },
  });"""
MOVING = """() => [...document.querySelectorAll("*")].filter((element) => {
  const { transitionDuration, animationName } = getComputedStyle(element);
  return /[1-9]/.test(transitionDuration) || animationName !== "none";
}).map((element) => element.className)"""


class TestSections:
    @pytest.fixture
    def visitor(self, browser, served):
        with Visitor(browser, served) as visitor:
            yield visitor.open("book/chapters/06-he.html")

    def stop(self, visitor, top: float) -> dict[str, int]:
        visitor.page.evaluate("top => scrollTo(0, top)", top)
        visitor.page.evaluate(NEXT_FRAMES)
        return visitor.page.evaluate(READ)

    def test_contents_mark_where_one_reads(self, visitor):
        end = visitor.page.evaluate("document.body.scrollHeight - innerHeight")
        down = [self.stop(visitor, end * part / 40) for part in range(41)]
        up = [self.stop(visitor, end * part / 36) for part in range(36, -1, -1)]
        assert [stop for stop in down + up if stop["marked"] != stop["wanted"]] == []
        assert len({stop["marked"] for stop in down}) > 10
        assert down[0]["marked"] == -1  # above the first heading

    def test_contents_mark_what_a_link_led_to(self, visitor):
        for link in visitor.page.locator("#page-contents a:visible").all():
            link.click()
            expect(link).to_have_attribute("aria-current", "true")
        assert visitor.page.locator("#page-contents [aria-current]").count() == 1
        assert visitor.problems == []


def test_colour_mode_turns_where_nothing_is_kept(browser, served):
    with Visitor(browser, served, color_scheme="light") as visitor:
        visitor.context.add_init_script(NO_STORAGE)
        root = visitor.open(CHAPTER).page.locator("html")
        seen = set()
        for _ in range(3):
            visitor.page.locator(".theme-switch-button").first.click()
            seen.add(root.get_attribute("data-theme"))
        assert seen == {"light", "dark"}
        visitor.page.goto(served + "book/teach.html")
        assert visitor.problems == []


@pytest.mark.parametrize("width", ["phone", "wide"])
def test_nothing_moves_for_readers_who_asked(browser, served, width):
    with Visitor(browser, served, width, reduced_motion="reduce") as visitor:
        assert visitor.open(CHAPTER).page.evaluate(MOVING) == []
        visitor.page.emulate_media(reduced_motion="no-preference")
        assert visitor.page.evaluate(MOVING)  # what the theme would do


@pytest.mark.parametrize(
    ("width", "kind"), [("phone", "primary"), ("phone", "secondary")]
)
def test_menus_of_a_phone_need_no_scripts(browser, served, width, kind):
    with Visitor(browser, served, width, java_script_enabled=False) as visitor:
        page = visitor.page
        page.goto(served + CHAPTER)
        expect(page.locator(f".{kind}-toggle").first).to_be_hidden()
        page.locator(f"a[href='#pst-{kind}-sidebar']").click()
        link = page.locator(f"#pst-{kind}-sidebar nav a").nth(4)
        expect(link).to_be_in_viewport()
        before = page.url
        link.click()
        page.wait_for_url(lambda url: url != before)


@pytest.mark.parametrize("name", [CHAPTER, "book/appendix/bibliography.html"])
def test_brand_stays_while_the_list_scrolls(browser, served, name):
    with Visitor(browser, served) as visitor:  # 1280 x 900
        page = visitor.open(name).page
        expect(page.locator(".navbar-brand img")).to_be_in_viewport(ratio=1)
        page.evaluate("document.querySelector('#pst-primary-sidebar').scrollTop = 999")
        expect(page.locator(".navbar-brand")).to_be_in_viewport(ratio=1)
