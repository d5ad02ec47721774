"""Pages load few scripts, and what needs none opens without."""

from pathlib import Path

from tests.site.mended import mended
from tools.sphinxext import page_scripts

SCRIPTS = """
<link rel="preload" as="script" href="_static/scripts/bootstrap.js">
<script src="_static/searchtools.js?v=1"></script>
<script src="_static/clipboard.min.js"></script>
<script src="_static/scripts/fontawesome.js"></script>
<script src="_static/doctools.js"></script>
<script src="_static/live/runtime.js" type="module"></script>
"""


def sources(page):
    return [Path(tag["src"].partition("?")[0]).name for tag in page.select("[src]")]


def test_page_without_code_loads_two_scripts_late():
    page = mended(page_scripts.slim_scripts, SCRIPTS)
    assert sources(page) == ["doctools.js", "runtime.js"]
    doctools, module = page.select("script")
    assert doctools.has_attr("defer")
    assert not module.has_attr("defer")
    assert not page.select("link")


def test_page_with_code_can_be_copied_from():
    page = mended(page_scripts.slim_scripts, SCRIPTS + '<div class="highlight"></div>')
    assert "clipboard.min.js" in sources(page)


def test_theme_is_light_without_scripts():
    html = '<html data-theme="auto"><script data-cfasync="false">old</script></html>'
    page = mended(page_scripts.choose_theme_first, html)
    assert page.html["data-theme"] == "light"
    assert "prefers-color-scheme" in page.script.string


def test_header_menu_opens_without_scripts():
    html = """<button data-bs-toggle="dropdown" aria-expanded="false"
      aria-label="Launch"></button><ul class="dropdown-menu"></ul>"""
    page = mended(page_scripts.menus_without_scripts, html)
    assert page.button["popovertarget"] == page.ul["id"]
    assert page.ul.has_attr("popover")
    assert not page.button.has_attr("aria-expanded")


def test_solution_is_a_details_element_with_a_plain_summary():
    html = """<div class="solution dropdown admonition"><p class="admonition-title">
      Solution to <a href="#x">Exercise 1</a></p><section>text</section></div>"""
    page = mended(page_scripts.boxes_that_open, html)
    assert page.details["class"] == ["solution", "admonition"]
    assert page.summary.get_text().split() == ["Solution", "to", "Exercise", "1"]
    assert not page.select("summary a")
