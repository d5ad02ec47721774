"""Say in the head of a page what it is about, to searches and to social networks."""

import re
from html import escape
from pathlib import Path
from urllib.parse import urljoin

from bs4 import BeautifulSoup as Page
from sphinx.application import Sphinx

from tools.sphinxext import cards

TITLE_DASH = " — "  # between the page and the book
CHAPTER_NUMBER = re.compile(r"^\d+\. ")


def give_description(app: Sphinx, name: str, template: str, context: dict, *_) -> None:
    """Describe a page as the settings do, where its first paragraph would not serve."""
    if name in app.config.page_descriptions:
        text = escape(app.config.page_descriptions[name])
        context["metatags"] += f'<meta name="description" content="{text}">'


def describe(page: Page, path: Path) -> None:
    """Say in the head what the page is about: its first paragraph, unless given."""
    first = page.select_one("article section > p")
    given = page.select_one('meta[name="description"]')
    if page.select_one('meta[property="og:title"]') or not (given or first):
        return
    text = given["content"] if given else " ".join(first.get_text().split())
    if not given:
        add_meta(page, name="description", content=text)
    add_meta(page, property="og:type", content="article")
    add_meta(page, property="og:title", content=page.title.get_text())
    add_meta(page, property="og:description", content=text)
    for canonical in page.select('link[rel="canonical"]'):
        add_meta(page, property="og:url", content=canonical["href"])
        add_card(page, path, canonical["href"])


def add_card(page: Page, path: Path, address: str) -> None:
    """Draw the picture that social networks show beside a link to the page."""
    to_static = page.html["data-content_root"] + "_static"
    static = path.parent / to_static
    title, _, book = page.title.get_text().rpartition(TITLE_DASH)
    card = cards.draw_card(
        (static / "card.png").read_bytes(), book, CHAPTER_NUMBER.sub("", title)
    )
    name = f"cards/{path.parent.name}-{path.stem}.png"
    (static / "cards").mkdir(exist_ok=True)
    (static / name).write_bytes(card)
    add_meta(page, property="og:image", content=urljoin(address, f"{to_static}/{name}"))
    add_meta(page, property="og:image:width", content=str(cards.WIDTH))
    add_meta(page, property="og:image:height", content=str(cards.HEIGHT))
    add_meta(page, property="og:image:alt", content=f"{book}: {title}")
    add_meta(page, name="twitter:card", content="summary_large_image")


def add_meta(page: Page, **attributes: str) -> None:
    page.head.append(page.new_tag("meta", attrs=attributes))
