"""Name what assistive software reads, and mark where things begin and end."""

import re
from pathlib import Path

from bs4 import BeautifulSoup as Page

from initlib.widgets.experiments import EXPERIMENTS


def name_things(page: Page, path: Path) -> None:
    """Give what assistive software reads a name, once."""
    for icon in page.find_all(["i", "span"], class_=re.compile("^fa-")):
        icon["aria-hidden"] = "true"
        del icon["title"]
    for button in page.select("button.search-button-field"):
        del button["aria-label"], button["title"]
    for button in page.select("button.sidebar-toggle"):
        button["aria-label"] = button.get("title", button.get("aria-label"))
    for sidebar in page.select("#pst-primary-sidebar"):
        sidebar["role"] = "navigation"
        sidebar["aria-label"] = "Book"
    for head in page.find_all("th"):
        if not head.get_text(strip=True):
            head.name = "td"
    for entry in page.select(".citation-list > .citation"):
        entry["role"] = "listitem"
    for tip in page.select("[data-bs-toggle=tooltip]"):
        del tip["data-bs-toggle"], tip["data-bs-placement"]


SCROLLERS = {
    "div.cell_input pre, div.highlight pre": "Code",
    ".cell_output .output, .cell_output pre": "Output",
    ".pst-scrollable-table-container": "Table",
}


def name_scrollers(page: Page, path: Path) -> None:
    """Name what the keyboard can scroll, since it stops there."""
    for selector, name in SCROLLERS.items():
        for place in page.select(selector):
            place["role"], place["aria-label"] = "group", name


def let_reports_scroll(page: Page, path: Path) -> None:
    """Treat a health report as the theme does a table."""
    for report in page.select("div.report"):
        report["class"] = ["report", "pst-scrollable-table-container"]


def end_tables(page: Page, path: Path) -> None:
    """Mark where a table ends: the style sheet shows it once it is whole."""
    for table in page.select(".pst-scrollable-table-container > table:last-child"):
        table.insert_after(page.new_tag("span", hidden=""))


def drop_print_copy(page: Page, path: Path) -> None:
    """Remove the second title and contents that the theme keeps for printing."""
    for copy in page.select("#jb-print-docs-body"):
        copy.decompose()


def let_addresses_lead_to_the_lab(page: Page, path: Path) -> None:
    """Put the address of an experiment where the lab stands, which sets it up.

    Its text is listed under a name of its own: at an address browsers go to what has
    this name, and would show the text until the lab is alive.
    """
    for lab in page.select(".tag_live-lab .cell_output"):
        for name in EXPERIMENTS:
            text = f"about-{name}"
            for section in page.select(f"section#{name}"):
                section["id"] = text
                lab.insert(0, page.new_tag("span", id=name))
            for link in page.select(
                f'.headerlink[href="#{name}"], nav [href="#{name}"]'
            ):
                link["href"] = f"#{text}"
