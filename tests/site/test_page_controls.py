"""What one clicks on a page: menus, search, colour modes and boxes."""

import pytest
from playwright.sync_api import expect

from tools.visitor import Visitor

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
