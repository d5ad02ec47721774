"""Formulas and code leave a page and come back; marks of code and formulas."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from pygments.formatters import HtmlFormatter

from tools.sphinxext import page_text


def test_words_that_look_like_any_other_lose_their_marks():
    code = '<pre><span class="n">x</span><span class="o">=</span></pre>'
    assert page_text.plain_code(code) == '<pre>x<span class="o">=</span></pre>'


@pytest.mark.parametrize(
    "style", [f"a11y-high-contrast-{s}" for s in ("light", "dark")]
)
def test_marks_are_lost_only_where_the_colours_agree(style):
    rules = HtmlFormatter(style=style).get_style_defs(".highlight")
    found = re.findall(
        r"^\.highlight ?\.?(n|nn|p|w|) \{.*?[ ;]color: (\S+)", rules, re.M
    )
    assert len(found) == 5
    assert len({colour for _, colour in found}) == 1


def test_a_formula_keeps_the_mark_behind_it(render):
    short, long = (f'<span class="math">{render(f)}</span>' for f in ("x", "x = y + z"))
    text = f"<p>{short} {short}, {short} {long}).</p>"
    kept = page_text.keep_together(text)
    page = BeautifulSoup(kept, "html.parser")
    marked = page.select("p > .together")
    assert [tag.contents[1] for tag in marked] == [",", ")."]
    assert [len(tag.select(".breaks > .base")) for tag in marked] == [0, 2]
    assert [len(tag.select(".katex-html > .base")) for tag in marked] == [1, 1]
    assert len(page.select("p > .math")) == 2
    assert page_text.keep_together(kept) == kept


def test_formulas_and_code_set_aside_come_back(render):
    text = f"<p>a {render('x^2')} b {render('y')} c</p><pre><span>1\n</span>2</pre>"
    short, parts = page_text.set_aside(text)
    page = BeautifulSoup(short, "html.parser")
    assert page.p.get_text() == "a x2 b y c"
    assert len(page.find_all(True)) == 4
    assert page_text.put_back(short, parts) == text


def test_apostrophes_are_set_where_words_stand():
    text = "<article><p>He's <code>rng's</code></p><pre>it's</pre></article>"
    page = BeautifulSoup(f"<p>a's</p>{text}", "html.parser")
    for _ in range(2):
        page_text.set_apostrophes(page, Path("a.html"))
        assert page.article.get_text() == "He\u2019s rng'sit's"
    page_text.set_apostrophes(
        BeautifulSoup("<p>a's</p>", "html.parser"), Path("b.html")
    )
