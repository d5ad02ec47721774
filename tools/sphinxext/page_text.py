"""Change the HTML of a page as text: what a parser need not see, and marks of code."""

import re
from html import escape

from tools.sphinxext import formulas

ASIDE = re.compile(f"{formulas.OPEN}.*?{formulas.CLOSE}|<pre>.*?</pre>", re.DOTALL)
PLACE = re.compile(r"<(formula|code)-here>.*?</\1-here>", re.DOTALL)
PLAIN_CODE = re.compile(r'<span class="(?:n|nn|p|w)">([^<]*)</span>')
FORMULA = rf'<span class="math[^"]*">{formulas.OPEN}.*?{formulas.CLOSE}</span>'
MARKED = re.compile(rf'(?<!"together">)({FORMULA})([,.;:!?)]*)', re.DOTALL)


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
