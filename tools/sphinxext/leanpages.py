"""Slim and mend the pages that the theme writes, once the build has finished.

Every page is parsed, passed through the functions in MENDERS and written back;
then all style sheets become one, with small fonts beside it.
Each mender does one thing to one page, and nothing when it is run again.
"""

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path
from urllib.parse import urljoin
from xml.etree import ElementTree

from bs4 import BeautifulSoup, Tag
from PIL import Image
from sphinx.application import Sphinx

import cards
import formulas
import leanstyles

Page = BeautifulSoup
SEARCH_SCRIPTS = ("searchtools.js", "language_data.js", "searchindex.js")
UNUSED_SCRIPTS = ("fontawesome.js", "bootstrap.js")
COPY_SCRIPTS = ("clipboard.min.js", "copybutton.js", "copybutton_funcs.js")
UNUSED_FILES = ("**/*.map", "**/*.ttf", "**/fontawesome.js*", "**/bootstrap.js*")
BUNDLE = "_static/site.css"
SKIPPED_IN_RESULTS = '".bd-header-article", ".katex-mathml", "pre", ".headerlink"'
CHOOSE_THEME = """
{
  const mode = localStorage.getItem("mode") || "auto";
  const night = matchMedia("(prefers-color-scheme: dark)").matches;
  const dark = mode === "dark" || (mode === "auto" && night);
  const {dataset} = document.documentElement;
  dataset.mode = mode;
  dataset.theme = dark ? "dark" : "light";
  let before;
  addEventListener("beforeprint", () => {
    before = dataset.theme;
    dataset.theme = "light";
  });
  addEventListener("afterprint", () => { dataset.theme = before; });
}
"""
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
ASIDE = re.compile(f"{formulas.OPEN}.*?{formulas.CLOSE}|<pre>.*?</pre>", re.DOTALL)
PLACE = re.compile(r"<(formula|code)-here>.*?</\1-here>", re.DOTALL)
PLAIN_CODE = re.compile(r'<span class="(?:n|nn|p|w)">([^<]*)</span>')
FORMULA = rf'<span class="math[^"]*">{formulas.OPEN}.*?{formulas.CLOSE}</span>'
MARKED = re.compile(rf'(?<!"together">)({FORMULA})([,.;:!?)]*)', re.DOTALL)
NAMES = re.compile(r'\b(?:class|id)="([^"]*)"')
METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)
PATH = re.compile(r'\b(?:d|points|x|y)="[^"]*"')
FINE = re.compile(r"(\.\d\d)\d+")
TITLE_DASH = " — "  # between the page and the book
CHAPTER_NUMBER = re.compile(r"^\d+\. ")
PIXELS = {"": 1, "px": 1, "pt": 4 / 3, "in": 96}


def set_aside(text: str) -> tuple[str, list[str]]:
    """Take formulas and code, thousands of tags, out of a page; leave their words."""

    def place(found: re.Match) -> str:
        name = "code-here" if found[0].startswith("<pre") else "formula-here"
        return f"<{name}>{escape(formulas.symbols(found[0]))}</{name}>"

    return ASIDE.sub(place, text), ASIDE.findall(text)


def put_back(text: str, parts: list[str]) -> str:
    """Undo `set_aside`."""
    whole = iter(parts)
    return PLACE.sub(lambda _: next(whole), text)


def plain_code(text: str) -> str:
    """Leave out the marks of those words in code that look as they do without."""
    return PLAIN_CODE.sub(r"\1", text)


def keep_together(text: str) -> str:
    """Let no line begin with the mark that follows a formula of one piece."""

    def wrap(found: re.Match) -> str:
        short = found[1].count('class="base"') == 1
        wrapped = f'<span class="together">{found[0]}</span>'
        return wrapped if short and found[2] else found[0]

    return MARKED.sub(wrap, text)


def slim_scripts(page: Page, path: Path) -> None:
    """Load each script only where it is used, and after the text."""
    for link in page.select('link[rel="preload"][as="script"]'):
        link.decompose()
    for script in page.select('script[src*="documentation_options.js"]'):
        script.string = (path.parent / script["src"].partition("?")[0]).read_text()
        del script["src"]
    searching = path.name == "search.html"
    unused = list(UNUSED_SCRIPTS)
    unused += [] if searching else SEARCH_SCRIPTS
    unused += [] if page.select("div.highlight") else COPY_SCRIPTS
    for script in page.select("script[src]"):
        if Path(script["src"].partition("?")[0]).name in unused:
            script.decompose()
        elif not searching and script.get("type") != "module":
            script["defer"] = ""


def choose_theme_first(page: Page, path: Path) -> None:
    """Settle light or dark before the first paint, light without scripts."""
    page.html["data-theme"] = "light"
    for script in page.select("script[data-cfasync]"):
        script.string = CHOOSE_THEME


def drop_print_copy(page: Page, path: Path) -> None:
    """Remove the second title and contents that the theme keeps for printing."""
    for copy in page.select("#jb-print-docs-body"):
        copy.decompose()


def menus_without_scripts(page: Page, path: Path) -> None:
    """Let the browser itself open the menus of the header."""
    for number, button in enumerate(page.select("[data-bs-toggle=dropdown]")):
        menu = button.find_next_sibling("ul")
        menu["id"] = f"header-menu-{number}"
        menu["popover"] = "auto"
        button["popovertarget"] = menu["id"]
        button["title"] = button["aria-label"]
        del button["data-bs-toggle"], button["aria-expanded"]


def boxes_that_open(page: Page, path: Path) -> None:
    """Turn boxes of the class `dropdown` into <details>, which need no script."""
    for box in page.select("div.admonition.dropdown, div.solution.dropdown"):
        title = box.find("p", class_="admonition-title")
        for link in title.find_all("a"):
            link.unwrap()  # a link inside of a button answers to neither
        title.name = "summary"
        box.name = "details"
        box["class"].remove("dropdown")


def size_images(page: Page, path: Path) -> None:
    """Reserve the room of every image, and load those far down when they are near."""
    for image in page.select("img[src]"):
        file = path.parent / image["src"].partition("?")[0]
        if not image.get("height") and file.is_file():
            image["width"], image["height"] = image_size(file)
        if image.find_previous("h2"):
            image["decoding"] = "async"
            image["loading"] = "lazy"


def end_tables(page: Page, path: Path) -> None:
    """Mark where a table ends: the style sheet shows it once it is whole."""
    for table in page.select(".pst-scrollable-table-container > table:only-child"):
        table.insert_after(page.new_tag("span", hidden=""))


def tell_pictures(page: Page, path: Path) -> None:
    """Mark the images whose colours mean something: they are not inverted at night."""
    for image in page.select("article img[src]"):
        file = path.parent / image["src"].partition("?")[0]
        drawn = file.suffix == ".svg" and "<image" not in file.read_text("utf8")
        if not drawn and "picture" not in image.get("class", []):
            image["class"] = [*image.get("class", []), "picture"]


def image_size(file: Path) -> tuple[str, str]:
    if file.suffix != ".svg":
        with Image.open(file) as picture:
            return str(picture.width), str(picture.height)
    root = ElementTree.parse(file).getroot()
    box = root.get("viewBox", "0 0 0 0").split()[2:]
    sides = (root.get("width", box[0]), root.get("height", box[1]))
    return tuple(str(round(pixels(side))) for side in sides)


def pixels(length: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)([a-z]*)", length).groups()
    return float(number) * PIXELS[unit]


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


def one_logo(page: Page, path: Path) -> None:
    """Show the same logo by day and by night."""
    for logo in page.select("img.logo__image"):
        if "only-dark" in logo["class"]:
            logo.decompose()
        else:
            logo["class"] = "logo__image"


MENDERS: list[Callable[[Page, Path], None]] = [
    slim_scripts,
    choose_theme_first,
    drop_print_copy,
    menus_without_scripts,
    boxes_that_open,
    size_images,
    end_tables,
    tell_pictures,
    name_things,
    describe,
    one_logo,
]


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
    css = "".join(leanstyles.read_sheet(sheet, static) for sheet in sheets)
    css = leanstyles.drop_unused_properties(leanstyles.keep_used(css, words))
    texts = texts | {"fa-": leanstyles.icons_in(css)}
    css = leanstyles.shrink_fonts(css, static, texts)
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


def round_drawings(site: Path) -> None:
    """Write the coordinates of drawings to a hundredth of a point."""
    for file in site.glob("_images/*.svg"):
        text = file.read_text(encoding="utf8")
        text = METADATA.sub("", text)
        file.write_text(
            PATH.sub(lambda d: FINE.sub(r"\1", d[0]), text), encoding="utf8"
        )


def show_words_alone(site: Path) -> None:
    """Leave buttons, code and second copies of formulas out of search results."""
    script = site / "_static" / "searchtools.js"
    text = script.read_text(encoding="utf8")
    if SKIPPED_IN_RESULTS not in text:
        before, after = text.split('[".headerlink"')
        script.write_text(f"{before}[{SKIPPED_IN_RESULTS}{after}", encoding="utf8")


def give_description(app: Sphinx, name: str, template: str, context: dict, *_) -> None:
    """Describe a page as the settings do, where its first paragraph would not serve."""
    if name in app.config.page_descriptions:
        text = escape(app.config.page_descriptions[name])
        context["metatags"] += f'<meta name="description" content="{text}">'


def mend_site(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.format != "html":
        return
    site = Path(app.outdir)
    drop_unused_files(site)
    texts, pages, aside = {}, {}, {}
    for path in pages_of(site):
        texts[path] = keep_together(plain_code(path.read_text(encoding="utf8")))
        short, aside[path] = set_aside(texts[path])
        pages[path] = BeautifulSoup(short, "html.parser")
        for mend in MENDERS:
            mend(pages[path], path)
    parts = [part for page in aside.values() for part in page]
    shown = formulas.symbols_by_font([p for p in parts if p.startswith(formulas.OPEN)])
    bundle_styles(pages, site, words_in(texts.values(), site), shown)
    for path, page in pages.items():
        path.write_text(put_back(str(page), aside[path]), encoding="utf8")
    show_words_alone(site)
    round_drawings(site)


def pages_of(site: Path) -> list[Path]:
    """Return the pages of the book, without the one that redirects to the first."""
    return [
        path
        for path in sorted(site.rglob("*.html"))
        if "_static" not in path.parts and path != site / "index.html"
    ]


def drop_unused_files(site: Path) -> None:
    for pattern in UNUSED_FILES:
        for file in site.glob(f"_static/{pattern}"):
            file.unlink()


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_config_value("comments_config", {}, "")  # Jupyter Book always sets it
    app.add_config_value("page_descriptions", {}, "html")
    app.connect("html-page-context", give_description)
    app.connect("build-finished", mend_site, priority=900)  # after the theme's own
    return {"parallel_read_safe": True, "parallel_write_safe": True}
