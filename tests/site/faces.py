"""Fonts of formulas, and the rules by which a style sheet names them."""

from tools.paths import ROOT

FONTS = ROOT / "book" / "assets" / "katex" / "fonts"


def face(name, family):
    return (
        f"@font-face{{font-family:{family};src:url(fonts/{name}.woff2) "
        f'format("woff2"),url(fonts/{name}.ttf)}}'
    )
