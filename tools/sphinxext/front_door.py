"""Write what stands at the root of the site: the way in, and the page for lost readers.

`.nojekyll` lets GitHub Pages serve folders that begin with an underscore.
"""

from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from bs4 import BeautifulSoup as Page
from sphinx.application import Sphinx

TOLD = (
    'title, meta[name="description"], meta[property], meta[name^="twitter:"], '
    'link[rel="canonical"], script[type="application/ld+json"]'
)
WAY_IN = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
{told}
<meta http-equiv="refresh" content="0; url={first}">
</head>
<body><p><a href="{first}">{title}</a></p></body>
</html>
"""
LOST = """<!DOCTYPE html>
<html data-theme="light" lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>No such page — {title}</title>
<link rel="stylesheet" href="{home}_static/site.css">
<link rel="icon" href="{home}_static/logo.svg">
</head>
<body><main class="bd-article-container">
<h1>There is no page here</h1>
<p>The address may have a typing error, or the page has moved.
These pages exist; the search knows every section.</p>
<form action="{home}search.html" role="search">
<input aria-label="Search this book" name="q" type="search"> <button>Search</button>
</form>
<ul>
{pages}
</ul>
</main></body>
</html>
"""


def way_in(first: Path, site: Path, language: str) -> str:
    """Return a page that leads to the first one and tells the same of itself."""
    head = Page(first.read_text(encoding="utf8"), "html.parser").head
    return WAY_IN.format(
        language=language,
        told="\n".join(map(str, head.select(TOLD))),
        first=first.relative_to(site).as_posix(),
        title=escape(head.title.get_text()),
    )


def page_for_the_lost(first: Path, site: Path, title: str, address: str) -> str:
    """Return the page that a host shows in place of any that is not there.

    It may be shown at any depth, so its links begin at the root of the host.
    """
    home = urlsplit(address).path
    page = Page(first.read_text(encoding="utf8"), "html.parser")
    links = {first.name: page.h1.find(string=True)}
    links |= {a["href"]: a.get_text(strip=True) for a in page.select("nav.bd-links a")}
    folder = f"{home}{first.parent.relative_to(site).as_posix()}"
    return LOST.format(
        language=page.html["lang"],
        title=escape(title),
        home=home,
        pages="\n".join(
            f'<li><a href="{folder}/{href}">{escape(text)}</a></li>'
            for href, text in links.items()
            if not href.startswith("#")
        ),
    )


def write_root(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.format != "html":
        return
    site, config = Path(app.outdir), app.config
    first = site / f"{config.root_doc}.html"
    lost = page_for_the_lost(first, site, config.project, config.html_baseurl)
    (site / "404.html").write_text(lost, encoding="utf8")
    entrance = way_in(first, site, config.language)
    (site / "index.html").write_text(entrance, encoding="utf8")
    (site / ".nojekyll").touch()


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("build-finished", write_root, priority=940)  # when pages are mended
    return {"parallel_read_safe": True, "parallel_write_safe": True}
