"""Formulas are rendered in order, and each font is given what it shows."""

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
