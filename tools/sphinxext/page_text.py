"""Change the HTML of a page as text: what a parser need not see, and marks of code."""

import re
from html import escape

from tools.sphinxext import formulas
from tools.sphinxext.lean import lean_code

ASIDE = re.compile(f"{formulas.OPEN}.*?{formulas.CLOSE}|<pre>.*?</pre>", re.DOTALL)
PLACE = re.compile(r"<(formula|code)-here>.*?</\1-here>", re.DOTALL)
PLAIN_CODE = re.compile(r'<span class="(?:n|nn|p|w)">([^<]*)</span>')
FORMULA = rf'<span class="math[^"]*">{formulas.OPEN}.*?{formulas.CLOSE}</span>'
MARKED = re.compile(rf'(?<!"together">)({FORMULA})([,.;:!?)\u2019\u201d]*)', re.DOTALL)
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
