"""The site opened as files: pages, formulas, search and live figures."""

from playwright.sync_api import expect


def test_site_works_from_a_folder_without_a_server(browser, site):
    page = browser.new_page(color_scheme="dark")
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto((site / "index.html").as_uri())
    page.wait_for_url("**/book/intro.html")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.locator("#pst-primary-sidebar .toctree-l1 a", has_text="Xavier").click()
    page.wait_for_url("**/05-xavier.html")
    fonts = "document.fonts.load('1em KaTeX_Main').then(found => found.length)"
    assert page.evaluate(fonts) == 1
    page.goto((site / "search.html").as_uri() + "?q=variance")
    expect(page.locator("#search-results li").first).to_be_visible()
    page.locator("#search-results li a").first.click()
    page.wait_for_url("**/book/**.html#*")
    assert errors == []
    page.close()


def test_figures_live_in_a_page_opened_as_a_file(site, browser):
    page = browser.new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto((site / "book/chapters/03-scale.html").as_uri())
    page.wait_for_selector(".live-picture > *")
    slider = page.locator(".live input[type=range]").first
    before = page.locator(".live-picture").first.get_attribute("aria-label")
    slider.press("ArrowRight")
    after = page.locator(".live-picture").first.get_attribute("aria-label")
    page.close()
    assert before != after
    assert faults == []
