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


def test_the_address_of_an_experiment_is_where_the_lab_stands():
    html = """<nav><a href="#nothing-wrong">Nothing wrong</a></nav>
      <div class="tag_live-lab"><p class="cell_output"></p></div>
      <section id="nothing-wrong"><h3>Nothing wrong
      <a class="headerlink" href="#nothing-wrong">#</a></h3>
      <p><a href="#nothing-wrong">Set it up</a></p></section>
      <section id="make-it-yours"></section>"""
    page = mended(page_landmarks.let_addresses_lead_to_the_lab, html)
    assert page.find(id="nothing-wrong").parent == page.div.p
    assert page.section["id"] == "about-nothing-wrong"
    targets = [link["href"].removeprefix("#about-") for link in page.find_all("a")]
    assert targets == ["nothing-wrong", "nothing-wrong", "#nothing-wrong"]
    assert page.find(id="make-it-yours").name == "section"
    plain = html.replace("tag_live-lab", "")
    page = mended(page_landmarks.let_addresses_lead_to_the_lab, plain)
    assert page.section["id"] == "nothing-wrong"
