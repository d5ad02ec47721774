"""Show what a student wrote: Markdown and formulas, and nothing that can do anything.

Markdown is read without HTML, links and pictures, which stay as they were typed.  A
formula is passed on as text; the page lets KaTeX draw it.
"""

from functools import lru_cache
from html import escape

from markdown_it import MarkdownIt
from markupsafe import Markup
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin

LEFT_AS_TYPED = ("link", "image", "autolink", "reference", "html_block", "html_inline")


def formula(text: str, options: dict) -> str:
    """Return a formula for the page to draw."""
    display = " display" if options["display_mode"] else ""
    return f'<span class="formula{display}">{escape(text)}</span>'


def environment(text: str) -> str:
    """Return a formula such as `align`, which stands by itself."""
    return formula(text, {"display_mode": True})


def reader() -> MarkdownIt:
    """Return what turns Markdown into HTML that is of our making only."""
    found = MarkdownIt("commonmark", {"html": False})
    found.enable(["table", "strikethrough"]).disable(LEFT_AS_TYPED)
    options = {"allow_labels": False, "allow_space": False, "allow_digits": False}
    found.use(dollarmath_plugin, renderer=formula, double_inline=True, **options)
    return found.use(amsmath_plugin, renderer=environment)


READER = reader()


@lru_cache(maxsize=256)
def rendered(text: str) -> Markup:
    """Return the HTML of a text."""
    return Markup(READER.render(text))
