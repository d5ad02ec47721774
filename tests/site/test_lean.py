"""Formulas and code have fewer elements, and are drawn and read as before."""

import re

import pytest
from pygments.formatters import HtmlFormatter

from tests.site.test_formulas import invalid_parts
from tools.sphinxext import formulas, lean

MOST = 11_500  # elements of a page: the heaviest has 10,750


def count(html: str) -> int:
    return len(re.findall("<[a-z]", html))


def heavy(pages: dict[str, str]) -> list[str]:
    return [name for name, html in pages.items() if count(html) > MOST]


@pytest.fixture(scope="module")
def whole(render):
    """Render a formula as KaTeX does, with all its elements."""

    def whole(latex: str) -> str:
        kept, formulas.lean_formula = formulas.lean_formula, str
        try:
            return render(latex)
        finally:
            formulas.lean_formula = kept

    return whole


FORMULAS = [r"\sigma_w^2 = \frac{2}{n}", r"f(x, y) + \sqrt{2}", r"\hat{x}_{l-1}"]


@pytest.mark.parametrize("latex", FORMULAS)
def test_lean_formula_says_the_same_with_fewer_elements(latex, render, whole):
    before, after = whole(latex), render(latex)
    assert formulas.symbols(after) == formulas.symbols(before)
    assert count(after) < count(before)
    assert lean.lean_formula(after) == after
    mathml = after[after.index("<math") : after.index("</math>") + len("</math>")]
    assert invalid_parts(mathml) == []


def test_what_the_style_sheet_asks_for_stays(render):
    html = render(r"\frac{2}{n}")
    assert '<span class="pstrut" style="height:3em;"></span><span class="sizing' in html
    assert html.count('class="mord mathnormal') == 1
    row = '<span style="top:1em"><span class="mord">2</span></span>'
    assert lean.lean_formula(row) == row


def test_neighbours_of_one_colour_share_a_mark():
    marks = [("sa", "f"), ("s2", '"a'), ("si", "{"), ("mi", "1"), ("si", "}")]
    html = "".join(f'<span class="{name}">{word}</span>' for name, word in marks)
    assert lean.lean_code(f"<pre><span></span>{html}</pre>") == (
        '<pre><span class="s2">f"a{</span><span class="mi">1</span>'
        '<span class="si">}</span></pre>'
    )
    lines = '<span class="o">=</span>\n<span class="o">-</span>'
    assert lean.lean_code(lines) == lines


@pytest.mark.parametrize("look", ["light", "dark"])
def test_marks_are_joined_only_where_the_colours_agree(look):
    style = HtmlFormatter(style=f"a11y-high-contrast-{look}")
    rules = style.get_style_defs(".highlight")
    for name, alike in lean.ALIKE.items():
        found = rf"^\.highlight \.(?:{alike}) {{ color: (\S+) }}"
        colours = re.findall(found, rules, re.M)
        assert len(colours) == len(alike.split("|")), name
        assert len(set(colours)) == 1, name


def rules_that_ask(css: str) -> list[str]:
    names = "mord|mbin|mrel|mopen|mclose|mpunct|mtight"
    return re.findall(rf"\.(?:{names})(?![\w-])", css)


def test_no_rule_asks_for_the_kinds_that_are_left_out(site):
    (sheet,) = site.rglob("katex.min.css")
    assert rules_that_ask(sheet.read_text("utf-8")) == []
    assert rules_that_ask(".katex .mrel>span{color:red}") == [".mrel"]


def test_no_page_of_the_site_is_heavy(site):
    pages = {path.name: path.read_text("utf-8") for path in site.glob("book/**/*.html")}
    assert len(pages) > 10
    assert heavy(pages) == []


def test_a_heavy_page_is_noticed():
    assert heavy({"light": "<p></p>" * MOST, "heavy": "<p></p>" * (MOST + 1)}) == [
        "heavy"
    ]
