"""What assistive software reads has a name, once."""

from tests.site.mended import mended
from tools.sphinxext import page_landmarks


def test_table_is_followed_by_a_mark():
    html = '<div class="pst-scrollable-table-container"><table></table></div>'
    page = mended(page_landmarks.end_tables, html)
    assert page.table.find_next_sibling().has_attr("hidden")


def test_a_report_is_a_table_that_scrolls():
    html = '<div class="report"><p>A.</p><table></table></div>'
    page = mended(page_landmarks.let_reports_scroll, html)
    page = mended(page_landmarks.name_scrollers, str(page))
    assert page.div["aria-label"] == "Table"
    page = mended(page_landmarks.end_tables, str(page))
    assert page.table.find_next_sibling().has_attr("hidden")


def test_names_are_given_once():
    html = """<div id="pst-primary-sidebar"></div>
      <button class="sidebar-toggle" title="Menu"><i class="fa-solid" title="x"></i>
      </button><button class="search-button-field" aria-label="Search" title="Search">
      Search Ctrl+K</button><table><tr><th></th><th>a</th></tr></table>"""
    page = mended(page_landmarks.name_things, html)
    assert page.div["role"] == "navigation"
    assert page.i["aria-hidden"] == "true"
    assert not page.i.has_attr("title")
    toggle, search = page.select("button")
    assert toggle["aria-label"] == "Menu"
    assert not search.has_attr("aria-label")
    assert [tag.name for tag in page.tr.find_all(True)] == ["td", "th"]
