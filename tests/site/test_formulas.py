"""Formulas are rendered in order, and each font is given what it shows."""

import re
from xml.etree import ElementTree

from tools.sphinxext import formulas


def test_formulas_keep_their_order_and_symbols(render):
    shown = [formulas.symbols(render(latex)) for latex in ("a<b", r"\sigma_w", "x")]
    assert shown == ["a<b", "σw\u200b", "x"]


def test_each_font_is_given_the_characters_it_shows(render):
    latex = [r"x_\sigma + \mathbb{E}[y]", r"\mathbf{w} < \mathit{u}"]
    shown = formulas.symbols_by_font([render(part) for part in latex])
    assert set(shown["KaTeX_Math-Italic"]) == {"x", "y", "σ"}
    assert shown["KaTeX_AMS"] == "E"
    assert shown["KaTeX_Main-Bold."] == "w"
    assert shown["KaTeX_Main-Italic"] == "u"
    assert shown["KaTeX_Math-BoldItalic"] == ""
    assert set("+[]<") <= set(shown["KaTeX"])


def test_display_equation_scrolls(render):
    html = render("x", {"displayMode": True})
    assert "katex-display pst-scrollable-table-container" in html


def test_wrong_formula_is_a_warning_with_its_source(render, monkeypatch):
    warnings = []
    monkeypatch.setattr(
        formulas.LOGGER, "warning", lambda text, *args: warnings.append(text % args)
    )
    assert render(r"\nonsense < 1") == r"\nonsense &lt; 1"
    assert len(warnings) == 1
    assert r"\nonsense" in warnings[0]
    assert "Undefined control sequence" in warnings[0]


CHILDREN = {  # of an element of MathML, which would not be drawn with others
    **dict.fromkeys(["mfrac", "mroot", "msub", "msup", "munder", "mover"], 2),
    **dict.fromkeys(["msubsup", "munderover"], 3),
}


def invalid_parts(mathml: str) -> list[str]:
    """Return the elements of a formula that have a child too many or too few."""
    return [
        ElementTree.tostring(part, encoding="unicode")
        for part in ElementTree.fromstring(mathml).iter()
        if len(part) != CHILDREN.get(part.tag.rpartition("}")[2], len(part))
    ]


def test_all_mathml_of_the_site_is_valid(site):
    count = 0
    for path in site.glob("book/**/*.html"):
        for found in re.findall(r"<math.*?</math>", path.read_text("utf-8"), re.DOTALL):
            assert (path.name, invalid_parts(found)) == (path.name, [])
            count += 1
    assert count > 500


def test_an_index_that_is_a_function_is_one_child(render):
    for formula in (r"\ell_{\min}", r"x^{\max}", r"x_{\min}^{\max}", r"\log_2 x"):
        (mathml,) = re.findall(r"<math.*?</math>", render(formula))
        assert invalid_parts(mathml) == []
    assert invalid_parts("<math><msub><mi>l</mi><mi>min</mi><mo>x</mo></msub></math>")
