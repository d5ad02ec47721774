"""Tell catalogues what the course and its chapters are, and how one cites them.

Search engines read schema.org's Course and LearningResource (as JSON-LD); reference
managers and Google Scholar read `citation_*`.
"""

import json
from html import escape
from pathlib import Path
from urllib.parse import urljoin

from bs4 import BeautifulSoup as Page
from sphinx.application import Sphinx

LICENSE = "https://creativecommons.org/licenses/by/4.0/"
CHAPTERS = "book/chapters/"
LINKED_DATA = "application/ld+json"


def say_how_to_cite(app: Sphinx, name: str, template: str, context: dict, *_) -> None:
    """Give the first page and the chapters the tags that reference managers read."""
    first = name == app.config.root_doc
    if not (first or name.startswith(CHAPTERS)):
        return
    title = Page(context["title"], "html.parser").get_text()
    facts = {
        "citation_title": app.config.project if first else title,
        "citation_author": app.config.author,
        "citation_publication_date": app.config.copyright,
        "citation_language": app.config.language,
        "citation_public_url": context["pageurl"],
    }
    if not first:
        facts["citation_inbook_title"] = app.config.project
    context["metatags"] += "".join(
        f'<meta name="{key}" content="{escape(value)}">' for key, value in facts.items()
    )


def catalogue(page: Page, path: Path) -> None:
    """Describe what can be cited as linked data, with what a chapter teaches."""
    told = {
        tag["name"]: tag["content"] for tag in page.select('meta[name^="citation_"]')
    }
    if not told or page.select_one(f'script[type="{LINKED_DATA}"]'):
        return
    url = told["citation_public_url"]
    home = urljoin(url, page.html["data-content_root"])
    facts = {
        "@context": "https://schema.org",
        "name": told["citation_title"],
        "description": page.select_one('meta[name="description"]')["content"],
        "url": url,
        "image": page.select_one('meta[property="og:image"]')["content"],
        "inLanguage": told["citation_language"],
        "isAccessibleForFree": True,
        "license": LICENSE,
    }
    author = {"@type": "Organization", "name": told["citation_author"]}
    if book := told.get("citation_inbook_title"):
        course = {"@type": "Course", "@id": home, "name": book}
        facts |= {"@id": url, "author": author, "isPartOf": course, **lesson(page)}
    else:
        facts |= {"@type": "Course", "@id": home, "provider": author}
    script = page.new_tag("script", type=LINKED_DATA)
    script.string = json.dumps(facts, ensure_ascii=False).replace("<", "\\u003c")
    page.head.append(script)


def lesson(page: Page) -> dict[str, str | list[str]]:
    """Return what a chapter is, and what its first list says that one learns."""
    taught = page.select("#you-will-learn-to li")
    return {
        "@type": "LearningResource",
        "learningResourceType": "chapter with experiments and exercises",
        "teaches": [" ".join(entry.get_text().split()) for entry in taught],
    }


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("html-page-context", say_how_to_cite)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
