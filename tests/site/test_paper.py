"""A page printed by the reader holds the text alone, and all of it."""

import pytest


def test_printed_page_holds_the_text_alone_and_all_of_it(browser, served):
    page = browser.new_page()
    page.goto(f"{served}book/chapters/03-scale.html")
    page.emulate_media(media="print")
    for hidden in (
        "#pst-primary-sidebar",
        "#pst-secondary-sidebar",
        ".bd-header-article",
        ".prev-next-footer",
        ".copybtn",
    ):
        for element in page.locator(f"{hidden}:visible").all():
            pytest.fail(f"{hidden} is printed: {element.inner_html()[:200]}")
    for solution in page.locator("details.solution section").all():
        assert (
            solution.evaluate("element => element.getBoundingClientRect().height") > 0
        )
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0
    page.close()
