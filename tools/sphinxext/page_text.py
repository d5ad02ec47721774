"""Change the text of a page: what a parser need not see, marks of code, apostrophes."""

import re
from html import escape
from pathlib import Path

from bs4 import BeautifulSoup as Page

from initlib.claims import APOSTROPHE
from tools.sphinxext import formulas
from tools.sphinxext.lean import lean_code

ASIDE = re.compile(f"{formulas.OPEN}.*?{formulas.CLOSE}|<pre>.*?</pre>", re.DOTALL)
PLACE = re.compile(r"<(formula|code)-here>.*?</\1-here>", re.DOTALL)
PLAIN_CODE = re.compile(r'<span class="(?:n|nn|p|w)">([^<]*)</span>')
FORMULA = rf'<span class="math[^"]*">{formulas.OPEN}.*?{formulas.CLOSE}</span>'
MARKED = re.compile(rf'(?<!"together">)({FORMULA})([,.;:!?)\u2019\u201d]*)', re.DOTALL)
AS_TYPED = {"code", "code-here", "formula-here", "pre", "script", "style", "svg"}
BEGIN, BASE = '<span class="katex-html" aria-hidden="true">', '<span class="base">'


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
    return lean_code(PLAIN_CODE.sub(r"\1", text))


def keep_together(text: str) -> str:
    """Let no line begin with the mark that follows a formula."""

    def wrap(found: re.Match) -> str:
        formula, mark = found.groups()
        if not mark:
            return found[0]
        before, base, last = formula.rpartition(BASE)
        pieces = f'{BEGIN}<span class="breaks">'.join(before.rsplit(BEGIN, 1))
        kept = f"{pieces}</span>{base}{last}" if BASE in before else formula
        return f'<span class="together">{kept}{mark}</span>'

    return MARKED.sub(wrap, text)


def set_apostrophes(page: Page, path: Path) -> None:
    """Set the apostrophes that smart quotes leave: of options, of copied titles."""
    for words in page.find_all(string=APOSTROPHE):
        places = [*words.parents]
        typed = any(
            place.name in AS_TYPED or "pre" in place.get("class", [])
            for place in places
        )
        if not typed and any(place.name == "article" for place in places):
            words.replace_with(APOSTROPHE.sub("\N{RIGHT SINGLE QUOTATION MARK}", words))
