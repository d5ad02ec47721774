"""Fonts hold the characters that the site shows, and no others."""

import re
from base64 import b64decode
from io import BytesIO

from fontTools.ttLib import TTFont

from tests.site.faces import FONTS, face
from tools.sphinxext import fonts


def test_font_keeps_the_glyphs_that_are_shown():
    whole = (FONTS / "KaTeX_Main-Bold.woff2").read_bytes()
    small = fonts.subset_font(FONTS / "KaTeX_Main-Bold.woff2", "ab")
    assert TTFont(BytesIO(small)).getBestCmap().keys() == {ord("a"), ord("b")}
    assert len(small) < len(whole) / 4
    assert fonts.subset_font(FONTS / "KaTeX_Main-Bold.woff2", "中") is None


def test_fonts_in_use_shrink_and_others_go(tmp_path):
    site = tmp_path / "fonts"
    site.symlink_to(FONTS)
    faces = [("KaTeX_Main-Regular", "KaTeX_Main"), ("KaTeX_AMS-Regular", "KaTeX_AMS")]
    css = "".join(face(*pair) for pair in faces) + "p{font-family:KaTeX_Main}"
    css = fonts.shrink_fonts(css, tmp_path, {"KaTeX_Math": "q", "KaTeX": "xy"})
    assert css.count("@font-face") == 1
    data = re.search(r"url\(data:font/woff2;base64,([^)]+)\)", css)[1]
    assert TTFont(BytesIO(b64decode(data))).getBestCmap().keys() == {120, 121}


def test_icons_are_found_as_escapes_and_as_characters():
    assert fonts.icons_in('a{--fa:"\\f135"}b{content:"\ue001"}') == "\ue001\uf135"
