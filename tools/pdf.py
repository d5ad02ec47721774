"""Print the built site as one PDF.

    python -m tools.pdf [--site FOLDER] [--out FILE] [--browser PROGRAM]

The articles of all pages become the chapters of one long page, with a title page and
a table of contents before them; Chromium prints it.  It prints each chapter by itself
before, which tells how many pages it has, and sets one a little smaller or larger that
would leave hardly anything on its last page.
The site's download menus offer the PDF from then on, until the site is built again.
Needs `playwright`, `pikepdf` and `pypdfium2`, and a Chromium (--browser).
"""

import argparse
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import numpy as np
import yaml
from bs4 import BeautifulSoup, Tag
from pikepdf import (
    Dictionary,
    Name,
    Object,
    ObjectStreamMode,
    OutlineItem,
    Pdf,
)
from playwright.sync_api import Browser, Route
from pypdfium2 import PdfDocument, PdfPage

from tools.browser import find_chromium, launch
from tools.paths import ROOT

NAME = "weight-initialization.pdf"
STYLE = Path(__file__).with_suffix(".css")
HERE = "http://book.invalid/"  # answered from the site's folder, never asked for
FOR_SCREENS = ".headerlink, script, .d-print-none, .d-none"
VIEWS = 'script[type="application/vnd.jupyter.widget-view+json"]'
NEEDS_PYTHON = '<p class="shown">Its controls need Python: run it in a notebook.</p>'
SCALES = (1, 0.98, 1.02, 0.97, 1.03, 0.96, 1.04)
SCALE = 'style="zoom: {}"'
TOP, FOOT = 0.06, 0.92  # of a page: between them is its text, without its number
LEAST_INK = 0.12  # of the height of the text, on every page
PRINT_BUTTON = re.compile(r"<button[^>]*btn-download-pdf-button.*?</li>", re.DOTALL)
MENU_ENTRY = """<li><a class="btn btn-sm dropdown-item" href="{address}" download>
<span class="btn__icon-container">
<i aria-hidden="true" class="fas fa-file-pdf"></i></span>
<span class="btn__text-container">whole book (.pdf)</span></a></li>"""
SHEET = """<!DOCTYPE html>
<html lang="{language}" data-theme="light">
<head><meta charset="utf-8"><title>{title}</title>
<link rel="stylesheet" href="_static/site.css"><style>{style}</style></head>
<body>{body}</body></html>"""
FRONT = """<section id="cover"><img src="{cover}" alt="{cover_alt}"><h1>{title}</h1>
<p>{description}</p><p class="author">{author}<br><a href="{address}">{address}</a></p>
<p class="rights">{rights}</p></section>
<nav id="contents"><h1>Contents</h1>{contents}</nav>"""


@dataclass(frozen=True)
class Chapter:
    """A page of the site, as a chapter of the book."""

    path: Path
    id: str
    part: str
    title: str


def read_config() -> dict:
    return yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))


def read_page(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def read_contents(site: Path) -> list[Chapter]:
    """Return the pages in the order of the site's menu."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    first = site / f"{toc['root']}.html"
    part, chapters = "", []
    for entry in read_page(first).select("nav.bd-links :is(p.caption, a)"):
        text = entry.get_text(" ", strip=True)
        if entry.name == "p":
            part = text
        else:
            address = entry["href"].partition("#")[0]
            path = (first.parent / address).resolve() if address else first
            chapters.append(Chapter(path, path.stem, part, text))
    return chapters


def chapter_of(chapter: Chapter, ids: dict[Path, str], site: Path, home: str) -> str:
    """Return the article of a page: all ids its own, all links within the book."""
    article = read_page(chapter.path).select_one("article.bd-article")
    address = urljoin(home, str(chapter.path.relative_to(site)))
    say_what_is_live(article, address)
    for tag in article.select(FOR_SCREENS):
        tag.decompose()
    for tag in article.find_all("details"):
        tag["open"] = ""
    for image in article.select("img[src]"):
        image["src"] = (chapter.path.parent / image["src"]).resolve().relative_to(site)
        del image["loading"]
    for tag in article.find_all(id=True):
        tag["id"] = f"{chapter.id}--{tag['id']}"
    for link in article.select("a[href]"):
        link["href"] = rewritten(link["href"], chapter, ids, site, home)
    article["id"] = chapter.id
    article["style"] = "zoom: 1"
    return str(article)


def say_what_is_live(article: Tag, address: str) -> None:
    """Keep the pictures of live figures; say where they and other controls live."""
    for view in article.select(VIEWS):
        still = view.find_next_sibling("noscript")
        if still:
            figure = view.find_parent("figure")
            place = f"{address}#{figure['id']}" if figure else address
            link = f' <a href="{place}">Move it on the website.</a>'
            still.select_one(".shown").append(BeautifulSoup(link, "html.parser"))
            still.unwrap()
        else:
            view.replace_with(BeautifulSoup(NEEDS_PYTHON, "html.parser"))


def rewritten(
    href: str, chapter: Chapter, ids: dict[Path, str], site: Path, home: str
) -> str:
    """Return a link as it stands in the book, or the public address of a file."""
    if re.match(r"[a-z]+:|//", href):
        return href
    address, _, anchor = href.partition("#")
    path = (chapter.path.parent / unquote(address)).resolve() if address else None
    target = ids.get(path) if path else chapter.id
    if target is None:
        return urljoin(home, str(path.relative_to(site)))
    return f"#{target}--{anchor}" if anchor else f"#{target}"


def contents(chapters: list[Chapter], pages: dict[str, int]) -> str:
    """Return the table of contents; pages that are not known yet are left out."""
    rows, part = [], ""
    for chapter in chapters:
        if chapter.part != part:
            part = chapter.part
            rows.append(f"<p>{escape(part)}</p>")
        number = pages.get(chapter.id, "")
        rows.append(
            f'<a href="#{chapter.id}"><span>{escape(chapter.title)}</span>'
            f"<span>{number}</span></a>"
        )
    return "".join(rows)


def write_sheet(config: dict, *parts: str) -> str:
    """Return a page to print."""
    return SHEET.format(
        language=config["sphinx"]["config"]["language"],
        title=escape(config["title"]),
        style=STYLE.read_text(encoding="utf-8"),
        body="\n".join(parts),
    )


def write_front(
    site: Path, config: dict, chapters: list[Chapter], pages: dict[str, int]
) -> str:
    """Return the title page and the contents."""
    first = read_page(chapters[0].path)
    cover = first.select_one("article figure img")
    return FRONT.format(
        title=escape(config["title"]),
        author=escape(config["author"]),
        cover=(chapters[0].path.parent / cover["src"]).resolve().relative_to(site),
        cover_alt=escape(cover["alt"]),
        description=escape(first.select_one('meta[name="description"]')["content"]),
        address=config["html"]["baseurl"],
        rights="Text and figures: CC BY 4.0. Code: BSD 3-Clause License.",
        contents=contents(chapters, pages),
    )


def print_sheet(browser: Browser, site: Path, sheet: str) -> bytes:
    """Return the PDF of a page whose files lie in the folder of the site."""

    def answer(route: Route) -> None:
        name = unquote(urlsplit(route.request.url).path).lstrip("/")
        if name:
            route.fulfill(path=site / name)
        else:
            route.fulfill(body=sheet, content_type="text/html; charset=utf-8")

    page = browser.new_page()
    page.set_default_timeout(300_000)  # on a busy machine
    page.route("**/*", answer)
    page.goto(HERE, wait_until="networkidle")
    page.evaluate("document.fonts.ready")
    printed = page.pdf(
        prefer_css_page_size=True, print_background=True, outline=True, tagged=True
    )
    page.close()
    return printed


def finish(printed: bytes, sheet: str, config: dict) -> bytes:
    """Return the PDF with its metadata, its bookmarks open, at half the size."""
    heads = BeautifulSoup(sheet, "html.parser").find_all(re.compile("^h[1-6]$"))
    titles = {"".join(h.get_text().split()): h.get_text(" ", strip=True) for h in heads}
    titles |= {2 * title: shown for title, shown in titles.items()}  # painted twice
    file = BytesIO()
    with Pdf.open(BytesIO(printed)) as pdf:
        with pdf.open_outline() as outline:
            for item in every_item(outline.root):
                item.title = titles.get("".join(item.title.split()), item.title)
        group_captions(pdf)
        with pdf.open_metadata() as metadata:
            metadata["dc:title"] = config["title"]
            metadata["dc:creator"] = [config["author"]]
            metadata["dc:language"] = [config["sphinx"]["config"]["language"]]
        facts = Dictionary(Title=config["title"], Author=config["author"])
        pdf.docinfo = pdf.make_indirect(facts)  # in place of dates and programs
        pdf.Root.PageMode = Name.UseOutlines
        packed = ObjectStreamMode.generate
        pdf.save(file, object_stream_mode=packed, deterministic_id=True)
    return file.getvalue()


def group_captions(pdf: Pdf) -> None:
    """Call a picture with its caption a group: the picture within has the words.

    Chromium calls both a figure, and gives alternative text to pictures only.
    """
    for element in pdf.objects:
        if is_figure(element) and Name.Alt not in element:
            element[Name.S] = Name.Div


def is_figure(element: Object) -> bool:
    return isinstance(element, Dictionary) and element.get(Name.S) == Name.Figure


def every_item(items: list[OutlineItem]) -> Iterator[OutlineItem]:
    for item in items:
        yield item
        yield from every_item(item.children)


def print_book(
    browser: Browser, site: Path, config: dict, chapters: list[Chapter]
) -> bytes:
    ids = {chapter.path: chapter.id for chapter in chapters}
    home = config["html"]["baseurl"]

    def measure(*parts: str) -> tuple[int, float]:
        return length(print_sheet(browser, site, write_sheet(config, *parts)))

    begin = 1 + measure(write_front(site, config, chapters, {}))[0]
    articles, pages = [], {}
    for chapter in chapters:
        article = chapter_of(chapter, ids, site, home)
        article, count = fitted(article, measure)
        articles.append(article)
        pages[chapter.id], begin = begin, begin + count
    front = write_front(site, config, chapters, pages)
    sheet = write_sheet(config, front, *articles)
    return finish(print_sheet(browser, site, sheet), sheet, config)


def fitted(
    article: str, measure: Callable[[str], tuple[int, float]]
) -> tuple[str, int]:
    """Return a chapter at the size at which it ends well, and how many pages it has."""
    for scale in SCALES:
        scaled = article.replace(SCALE.format(1), SCALE.format(scale))
        count, ink = measure(scaled)
        if ink >= LEAST_INK:
            break
    return scaled, count


def length(printed: bytes) -> tuple[int, float]:
    """Return how many pages a print has, and how much ink the last one."""
    with PdfDocument(printed) as document:
        return len(document), inked(document[len(document) - 1])


def inked(page: PdfPage) -> float:
    """Return which part of the height of a page's text holds any ink."""
    image = np.asarray(page.render(scale=0.5, grayscale=True).to_pil())
    text = image[int(TOP * len(image)) : int(FOOT * len(image))]
    return (text < 200).any(axis=1).mean()


def offer(site: Path, printed: bytes) -> None:
    """Put the PDF into the site, and a link to it into each page's download menu."""
    (site / NAME).write_bytes(printed)
    for path in site.glob("book/**/*.html"):
        text = path.read_text(encoding="utf-8")
        if NAME not in text:
            address = "../" * (len(path.relative_to(site).parts) - 1) + NAME
            entry = MENU_ENTRY.format(address=address)
            text = PRINT_BUTTON.sub(lambda found, entry=entry: found[0] + entry, text)
            path.write_text(text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--site", type=Path, default=ROOT / "_build" / "html")
    parser.add_argument("--out", type=Path, default=ROOT / "_build" / NAME)
    parser.add_argument("--browser", default=find_chromium())
    options = parser.parse_args()
    if options.browser is None:
        sys.exit("the PDF is printed by Chromium: install it, or set CHROMIUM")
    with launch(options.browser) as browser:
        site = options.site.resolve()
        printed = print_book(browser, site, read_config(), read_contents(site))
    options.out.write_bytes(printed)
    offer(site, printed)
    print(f"{options.out}: {len(printed) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
