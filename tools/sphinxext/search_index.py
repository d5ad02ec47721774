"""Let the search page find sections, terms and functions, in words that students use.

MiniSearch, in the reader's browser, ranks the sections that stand in a script: so the
search works without a server, from a folder too.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from bs4 import BeautifulSoup as Page
from bs4 import Tag
from sphinx.application import Sphinx

from tools.sphinxext.formula_lines import one_line

SCRIPTS = ("minisearch.js", "sections.js", "search.js")  # in this order
SPHINX_SCRIPTS = (
    "searchindex.js",
    "_static/searchtools.js",
    "_static/language_data.js",
)
FORMULA, CODE = "formula-here", "code-here"
HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]
UNREAD = (
    "script, style, noscript, button, nav, .headerlink, .eqno, dl.glossary, dl.py, "
    ".claim > :not(.statement), ul.claims-index, "  # a claim is found where it is made
    f"details.hide > summary, {CODE}, {', '.join(HEADINGS)}"
)
PLACES = ", ".join(
    [f"section[id]:has(> {h})" for h in HEADINGS]
    + ["dl.glossary > dt[id]", "dt.sig[id]", "div.citation[id]"]
)
NO_SCRIPT = """<noscript><p>The search needs JavaScript.
The <a href="book/appendix/glossary.html">glossary</a> and the menu work without.</p>
</noscript>"""


def sections_of(page: Page, parts: list[str], address: str) -> list[dict[str, str]]:
    """Return what can be found in a page, in its order.

    `parts` are the formulas and the code that were set aside from the page.
    """
    article = page.select_one("article.bd-article")
    if article is None or not article.select_one("h1"):
        return []
    lines = dict(zip(map(id, page.select(f"{FORMULA}, {CODE}")), parts, strict=True))
    places = article.select(PLACES)
    title = words(places[0].select_one("h1"), lines)
    found = []
    for place in places:
        section = {"page": title, "url": f"{address}#{place['id']}"}
        section |= {"kind": kind_of(place), "heading": heading_of(place, lines)}
        text = " ".join(read(place.find_next_sibling("dd") or place, lines).split())
        found.append(section | {"text": text})
    return found


def kind_of(place: Tag) -> str:
    """Return in which field of the index the heading of a place stands."""
    if place.name == "section":
        return "title" if place.find(HEADINGS, recursive=False).name == "h1" else "head"
    return "term" if place.name == "dt" else "work"


def heading_of(place: Tag, lines: dict[int, str]) -> str:
    """Return how a result is called: its heading, term, function or citation."""
    if place.name == "section":
        return words(place.find(HEADINGS, recursive=False), lines)
    if "sig" in place.get("class", ()):
        return place["id"].rpartition(".")[2]
    return words(place.select_one(".label") or place, lines)


def words(tag: Tag, lines: dict[int, str]) -> str:
    """Return the words of a heading, with its formulas on one line."""
    kept = (
        one_line(lines[id(child)]) if child.name == FORMULA else child.get_text()
        for child in tag.children
        if child.name is None or "headerlink" not in child.get("class", ())
    )
    return " ".join("".join(kept).split())


def read(place: Tag, lines: dict[int, str]) -> str:
    """Return the text of a place, without the places that it holds."""
    return "".join(pieces(place, lines))


def pieces(place: Tag, lines: dict[int, str]) -> Iterator[str]:
    for child in place.children:
        if child.name is None:
            yield child if type(child).__name__ == "NavigableString" else ""
        elif child.name == FORMULA:
            yield one_line(lines[id(child)])
        elif not (child.css.match(UNREAD) or child.css.match(PLACES)):
            yield from pieces(child, lines)
            yield " " if child.css.match("p, li, dt, dd, td, th, div, figure") else ""


def write_index(
    site: Path,
    pages: dict[Path, Page],
    aside: dict[Path, list[str]],
    synonyms: dict[str, list[str]],
) -> None:
    """Leave what can be found beside the scripts that find it."""
    facts = {
        "synonyms": {
            other: word for word, others in synonyms.items() for other in others
        },
        "sections": [
            section
            for path, page in pages.items()
            for section in sections_of(
                page, aside[path], path.relative_to(site).as_posix()
            )
        ],
    }
    script = site / "_static" / "search" / "sections.js"
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    script.write_text(f"const SEARCH = {text};\n", encoding="utf8")
    for unused in SPHINX_SCRIPTS:
        (site / unused).unlink(missing_ok=True)


def search_here(page: Page, path: Path) -> None:
    """Let the search page search sections."""
    results = page.select_one(".bd-search-container div#search-results")
    if path.name != "search.html" or results is None:
        return
    results.name = "ol"
    results.insert_before(page.new_tag("p", id="search-count", role="status"))
    box = page.select_one(".bd-search-container")
    box.noscript.replace_with(Page(NO_SCRIPT, "html.parser"))
    for name in SCRIPTS:
        source = f"_static/search/{name}"
        page.head.append(page.new_tag("script", defer="", src=source))


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_config_value("search_synonyms", {}, "html")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
