"""Pages link to one style sheet, and wait for its fonts where they show formulas."""

import re

from bs4 import BeautifulSoup

from tests.site.faces import FONTS, face
from tools.sphinxext import style_bundle


def test_only_pages_with_formulas_wait_for_their_fonts():
    link = '<link rel="stylesheet" href="a.css"><link rel="stylesheet" href="b.css">'
    for formula, scripts in (("<formula-here>x</formula-here>", 1), ("", 0)):
        page = BeautifulSoup(link + formula, "html.parser")
        for _ in range(2):
            style_bundle.link_bundle(page, "site.css", "12ab")
            assert [tag["href"] for tag in page.select("link")] == ["site.css?v=12ab"]
            assert len(page.select("script")) == scripts


def test_fonts_are_found_again_by_the_next_build(tmp_path):
    static = tmp_path / "_static"
    (static / "katex").mkdir(parents=True)
    (static / "katex" / "fonts").symlink_to(FONTS)
    rule = face("KaTeX_Size2-Regular", "KaTeX_Size2") + "p{font-family:KaTeX_Size2}"
    (static / "katex" / "k.css").write_text(rule)
    page = '<link rel="stylesheet" href="_static/katex/k.css">'
    sheets = []
    for _build in range(2):
        pages = {tmp_path / "page.html": BeautifulSoup(page, "html.parser")}
        style_bundle.bundle_styles(pages, tmp_path, set(), {"KaTeX": "("})
        sheets.append((static / "site.css").read_text())
    assert sheets[0] == sheets[1]
    assert (static / re.search(r"url\((.*?)\)", sheets[1])[1]).exists()
