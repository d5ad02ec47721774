"""Put all style sheets of the site into one that holds what its pages use."""

import hashlib
import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from bs4 import BeautifulSoup as Page
from bs4 import Tag

from tools.sphinxext import fonts, styles

BUNDLE = "_static/site.css"
AWAIT_FONTS = """
{
  const fonts = ["1em KaTeX_Main", "1em KaTeX_AMS", "italic 1em KaTeX_Math"];
  const loaded = Promise.all(fonts.map(font => document.fonts.load(font)));
  const late = new Promise(done => setTimeout(done, 300));
  const root = document.documentElement;
  root.style.visibility = "hidden";
  Promise.race([loaded, late]).finally(() => root.style.removeProperty("visibility"));
}
"""
NAMES = re.compile(r'\b(?:class|id)="([^"]*)"')


def words_in(texts: Iterable[str], site: Path) -> set[str]:
    """Return every class and id in the pages, and every word in the scripts."""
    words = set()
    for text in texts:
        for value in NAMES.findall(text):
            words.update(value.split())
    for script in site.glob("_static/**/*.js"):
        words.update(re.findall(r"[\w-]+", script.read_text(encoding="utf8")))
    return words


def bundle_styles(
    pages: dict[Path, Page], site: Path, words: set[str], texts: dict[str, str]
) -> None:
    """Replace the style sheets of all pages by one that holds what they use."""
    sheets = {}
    for path, page in pages.items():
        for link in page.select('link[rel="stylesheet"]'):
            file = os.path.normpath(path.parent / link["href"].partition("?")[0])
            sheets[Path(file)] = None
    sheets.pop(site / BUNDLE, None)
    if not sheets:
        return
    static = site / "_static"
    shutil.rmtree(static / "fonts", ignore_errors=True)  # of an earlier build
    css = "".join(styles.read_sheet(sheet, static) for sheet in sheets)
    css = styles.drop_unused_properties(styles.keep_used(css, words))
    texts = texts | {"fa-": fonts.icons_in(css)}
    css = fonts.shrink_fonts(css, static, texts)
    (site / BUNDLE).write_text(css, encoding="utf8")
    digest = hashlib.sha256(css.encode()).hexdigest()[:8]
    for path, page in pages.items():
        link_bundle(page, os.path.relpath(site / BUNDLE, path.parent), digest)


def link_bundle(page: Page, href: str, digest: str) -> None:
    first, *others = page.select('link[rel="stylesheet"]') or [None]
    for link in others:
        link.decompose()
    if first is not None:
        first.attrs = {"rel": "stylesheet", "href": f"{href}?v={digest}"}
        await_fonts(page, first)


def await_fonts(page: Page, sheet: Tag) -> None:
    """Paint formulas once, with their fonts, which the style sheet holds."""
    if page.find("formula-here") and not page.find("script", id="await-fonts"):
        script = page.new_tag("script", id="await-fonts")
        script.string = AWAIT_FONTS
        sheet.insert_after(script)
