"""The Sphinx extensions: each mends what it says, and nothing else."""

import json
import re
from base64 import b64decode
from io import BytesIO
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from fontTools.ttLib import TTFont
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbformat.v4 import writes as written
from PIL import Image
from pygments.formatters import HtmlFormatter
from sphinx.testing.util import SphinxTestApp

import cards
import formulas
import leanpages
import leanstyles
from initlib.claims import claim
from tools.paths import ROOT

FONTS = ROOT / "book" / "assets" / "katex" / "fonts"
CARD = ROOT / "book" / "assets" / "card.png"
SCRIPTS = """
<link rel="preload" as="script" href="_static/scripts/bootstrap.js">
<script src="_static/searchtools.js?v=1"></script>
<script src="_static/clipboard.min.js"></script>
<script src="_static/scripts/fontawesome.js"></script>
<script src="_static/doctools.js"></script>
<script src="_static/live/runtime.js" type="module"></script>
"""


def mended(mend, html, path="/site/page.html"):
    page = BeautifulSoup(html, "html.parser")
    mend(page, Path(path))
    once = str(page)
    mend(page, Path(path))
    assert str(page) == once  # a second run changes nothing
    return page


def sources(page):
    return [Path(tag["src"].partition("?")[0]).name for tag in page.select("[src]")]


# Pages


def test_page_without_code_loads_two_scripts_late():
    page = mended(leanpages.slim_scripts, SCRIPTS)
    assert sources(page) == ["doctools.js", "runtime.js"]
    doctools, module = page.select("script")
    assert doctools.has_attr("defer")
    assert not module.has_attr("defer")
    assert not page.select("link")


def test_page_with_code_can_be_copied_from():
    page = mended(leanpages.slim_scripts, SCRIPTS + '<div class="highlight"></div>')
    assert "clipboard.min.js" in sources(page)


def test_search_page_loads_search_at_once():
    page = mended(leanpages.slim_scripts, SCRIPTS, "/site/search.html")
    assert "searchtools.js" in sources(page)
    assert not page.select("[defer]")


def test_theme_is_light_without_scripts():
    html = '<html data-theme="auto"><script data-cfasync="false">old</script></html>'
    page = mended(leanpages.choose_theme_first, html)
    assert page.html["data-theme"] == "light"
    assert "prefers-color-scheme" in page.script.string


def test_header_menu_opens_without_scripts():
    html = """<button data-bs-toggle="dropdown" aria-expanded="false"
      aria-label="Launch"></button><ul class="dropdown-menu"></ul>"""
    page = mended(leanpages.menus_without_scripts, html)
    assert page.button["popovertarget"] == page.ul["id"]
    assert page.ul.has_attr("popover")
    assert not page.button.has_attr("aria-expanded")


def test_solution_is_a_details_element_with_a_plain_summary():
    html = """<div class="solution dropdown admonition"><p class="admonition-title">
      Solution to <a href="#x">Exercise 1</a></p><section>text</section></div>"""
    page = mended(leanpages.boxes_that_open, html)
    assert page.details["class"] == ["solution", "admonition"]
    assert page.summary.get_text().split() == ["Solution", "to", "Exercise", "1"]
    assert not page.select("summary a")


SIZES = {
    '<svg xmlns="http://www.w3.org/2000/svg" width="72pt" height="36pt"/>': "96 48",
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 44 22"/>': "44 22",
    '<svg xmlns="http://www.w3.org/2000/svg" width="10px" height="2in"/>': "10 192",
}


@pytest.mark.parametrize(("svg", "size"), SIZES.items())
def test_image_says_its_size(tmp_path, svg, size):
    (tmp_path / "a.svg").write_text(svg)
    html = '<article><img src="a.svg"></article>'
    image = mended(leanpages.size_images, html, tmp_path / "page.html").img
    assert f"{image['width']} {image['height']}" == size


def test_only_images_below_the_first_view_wait(tmp_path):
    html = '<img src="a.svg"><h2>Section</h2><img src="a.svg">'
    page = mended(leanpages.size_images, html, tmp_path / "page.html")
    assert [image.get("loading") for image in page.select("img")] == [None, "lazy"]


def test_table_is_followed_by_a_mark():
    html = '<div class="pst-scrollable-table-container"><table></table></div>'
    page = mended(leanpages.end_tables, html)
    assert page.table.find_next_sibling().has_attr("hidden")


def test_logo_is_shown_once():
    html = """<a class="navbar-brand"><img class="logo__image only-light" src="l.svg">
      <img class="logo__image only-dark pst-js-only" src="l.svg"></a>"""
    page = mended(leanpages.one_logo, html)
    assert [image["class"] for image in page.select("img")] == ["logo__image"]


def test_words_that_look_like_any_other_lose_their_marks():
    code = '<pre><span class="n">x</span><span class="o">=</span></pre>'
    assert leanpages.plain_code(code) == '<pre>x<span class="o">=</span></pre>'


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


def test_only_drawings_are_inverted_at_night(tmp_path):
    (tmp_path / "drawing.svg").write_text("<svg><path/></svg>")
    (tmp_path / "map.svg").write_text("<svg><image/></svg>")
    html = "".join(
        f'<article><img src="{name}"></article>'
        for name in ("drawing.svg", "map.svg", "photo.png")
    )
    page = mended(leanpages.tell_pictures, html, tmp_path / "page.html")
    classes = [image.get("class", []) for image in page.select("img")]
    assert classes == [[], ["picture"], ["picture"]]


def test_names_are_given_once():
    html = """<div id="pst-primary-sidebar"></div>
      <button class="sidebar-toggle" title="Menu"><i class="fa-solid" title="x"></i>
      </button><button class="search-button-field" aria-label="Search" title="Search">
      Search Ctrl+K</button><table><tr><th></th><th>a</th></tr></table>"""
    page = mended(leanpages.name_things, html)
    assert page.div["role"] == "navigation"
    assert page.i["aria-hidden"] == "true"
    assert not page.i.has_attr("title")
    toggle, search = page.select("button")
    assert toggle["aria-label"] == "Menu"
    assert not search.has_attr("aria-label")
    assert [tag.name for tag in page.tr.find_all(True)] == ["td", "th"]


HEAD = "<html><head><title>T</title>{}</head><body><article><section>{}</section>"


def metas(page):
    return {
        tag.get("name", tag.get("property")): tag["content"]
        for tag in page.select("meta")
    }


def test_first_paragraph_describes_the_page():
    page = mended(leanpages.describe, HEAD.format("", "<p>One <b>two</b>.</p><p>3</p>"))
    assert metas(page)["description"] == "One two."
    assert metas(page)["og:description"] == "One two."


def test_given_description_wins():
    given = '<meta name="description" content="Given.">'
    page = mended(leanpages.describe, HEAD.format(given, "no paragraph"))
    assert metas(page)["og:description"] == "Given."


def test_page_with_a_public_address_gets_a_card(tmp_path):
    (tmp_path / "_static").mkdir()
    (tmp_path / "book").mkdir()
    (tmp_path / "_static" / "card.png").write_bytes(CARD.read_bytes())
    head = '<link rel="canonical" href="https://home/course/book/page.html">'
    html = HEAD.format(head, "<p>Text.</p>").replace(
        "<html>", '<html data-content_root="../">'
    )
    page = mended(leanpages.describe, html, tmp_path / "book" / "page.html")
    said = metas(page)
    assert said["og:url"] == "https://home/course/book/page.html"
    assert said["og:image"] == "https://home/course/_static/cards/book-page.png"
    assert said["twitter:card"] == "summary_large_image"
    with Image.open(tmp_path / "_static" / "cards" / "book-page.png") as card:
        assert [str(side) for side in card.size] == [
            said["og:image:width"],
            said["og:image:height"],
        ]


def test_card_shows_the_title_and_is_the_same_each_time():
    plain, one, two = (
        cards.draw_card(CARD.read_bytes(), "Book", title)
        for title in ("", "One", "Two")
    )
    assert one == cards.draw_card(CARD.read_bytes(), "Book", "One")
    assert len({plain, one, two}) == 3


def test_long_title_is_broken_and_set_smaller():
    font, lines = cards.fit("One word")
    assert lines == "One word"
    small, many = cards.fit("Many " * 16 + "words")
    assert small.size < font.size
    assert max(map(small.getlength, many.split("\n"))) <= cards.ROOM


def test_coordinates_lose_only_invisible_digits(tmp_path):
    (tmp_path / "_images").mkdir()
    drawing = tmp_path / "_images" / "a.svg"
    drawing.write_text(
        '<svg><metadata>x</metadata><path d="M 1.23456 7 L .005 8.1" '
        'transform="scale(0.015625)"/></svg>'
    )
    for _ in range(2):
        leanpages.round_drawings(tmp_path)
        assert drawing.read_text() == (
            '<svg><path d="M 1.23 7 L .00 8.1" transform="scale(0.015625)"/></svg>'
        )


def test_only_pages_with_formulas_wait_for_their_fonts():
    link = '<link rel="stylesheet" href="a.css"><link rel="stylesheet" href="b.css">'
    for formula, scripts in (("<formula-here>x</formula-here>", 1), ("", 0)):
        page = BeautifulSoup(link + formula, "html.parser")
        for _ in range(2):
            leanpages.link_bundle(page, "site.css", "12ab")
            assert [tag["href"] for tag in page.select("link")] == ["site.css?v=12ab"]
            assert len(page.select("script")) == scripts


# Formulas


@pytest.fixture(scope="module")
def render():
    renderer = formulas.Renderer()
    yield renderer
    renderer.close()
    assert renderer.node.returncode == 0


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


def test_a_short_formula_keeps_the_mark_behind_it(render):
    short, long = (f'<span class="math">{render(f)}</span>' for f in ("x", "x = y + z"))
    text = f"<p>{short} {short}, {short} {long}.</p>"
    kept = leanpages.keep_together(text)
    together = f'<span class="together">{short},</span>'
    assert kept == f"<p>{short} {together} {short} {long}.</p>"
    assert leanpages.keep_together(kept) == kept


def test_wrong_formula_is_a_warning_with_its_source(render, monkeypatch):
    warnings = []
    monkeypatch.setattr(
        formulas.LOGGER, "warning", lambda text, *args: warnings.append(text % args)
    )
    assert render(r"\nonsense < 1") == r"\nonsense &lt; 1"
    assert len(warnings) == 1
    assert r"\nonsense" in warnings[0]
    assert "Undefined control sequence" in warnings[0]


def test_formulas_and_code_set_aside_come_back(render):
    text = f"<p>a {render('x^2')} b {render('y')} c</p><pre><span>1\n</span>2</pre>"
    short, parts = leanpages.set_aside(text)
    page = BeautifulSoup(short, "html.parser")
    assert page.p.get_text() == "a x2 b y c"
    assert len(page.find_all(True)) == 4
    assert leanpages.put_back(short, parts) == text


# Styles

USED = {"a", "b", "top"}
RULES = {
    ".a{x:1}": ".a{x:1}",
    ".gone{x:1}": "",
    ".a,.gone , p.b{x:1}": ".a,p.b{x:1}",
    "#top .a{x:1}#bottom .a{x:1}": "#top .a{x:1}",
    "p:not(.gone){x:1}": "p:not(.gone){x:1}",
    "@media print{.a{x:1}.gone{x:2}}": "@media print{.a{x:1}}",
    "@media print{.gone{x:1}}": "",
    "@keyframes k{from{x:1}}": "@keyframes k{from{x:1}}",
    "/* says */ .a { x: 1; /* more */ y: 2 }": ".a{x: 1;y: 2}",
}


@pytest.mark.parametrize(("css", "kept"), RULES.items())
def test_rules_that_no_page_uses_are_dropped(css, kept):
    assert leanstyles.keep_used(css, USED) == kept


def test_properties_that_nothing_reads_are_dropped():
    css = """p{--a:1;--b:var(--a);--c:2;color:var(--c)}q{--d:url("x;y}'");--e:url(;)}"""
    assert leanstyles.drop_unused_properties(css) == "p{--c:2;color:var(--c)}q{}"


def test_imports_are_inlined_and_addresses_follow(tmp_path):
    (tmp_path / "deep" / "fonts").mkdir(parents=True)
    (tmp_path / "deep" / "fonts" / "f.woff2").touch()
    (tmp_path / "deep" / "inner.css").write_text('p{src:url("fonts/f.woff2?v=1")}')
    (tmp_path / "outer.css").write_text(
        '@charset "UTF-8";@import "deep/inner.css";q{src:url(data:x)}'
    )
    css = leanstyles.read_sheet(tmp_path / "outer.css", tmp_path)
    assert css == "p{src:url(deep/fonts/f.woff2)}q{src:url(data:x)}"


def test_font_keeps_the_glyphs_that_are_shown():
    whole = (FONTS / "KaTeX_Main-Bold.woff2").read_bytes()
    small = leanstyles.subset_font(FONTS / "KaTeX_Main-Bold.woff2", "ab")
    assert TTFont(BytesIO(small)).getBestCmap().keys() == {ord("a"), ord("b")}
    assert len(small) < len(whole) / 4
    assert leanstyles.subset_font(FONTS / "KaTeX_Main-Bold.woff2", "中") is None


def face(name, family):
    return (
        f"@font-face{{font-family:{family};src:url(fonts/{name}.woff2) "
        f'format("woff2"),url(fonts/{name}.ttf)}}'
    )


def test_fonts_in_use_shrink_and_others_go(tmp_path):
    site = tmp_path / "fonts"
    site.symlink_to(FONTS)
    faces = [("KaTeX_Main-Regular", "KaTeX_Main"), ("KaTeX_AMS-Regular", "KaTeX_AMS")]
    css = "".join(face(*pair) for pair in faces) + "p{font-family:KaTeX_Main}"
    css = leanstyles.shrink_fonts(css, tmp_path, {"KaTeX_Math": "q", "KaTeX": "xy"})
    assert css.count("@font-face") == 1
    data = re.search(r"url\(data:font/woff2;base64,([^)]+)\)", css)[1]
    assert TTFont(BytesIO(b64decode(data))).getBestCmap().keys() == {120, 121}


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
        leanpages.bundle_styles(pages, tmp_path, set(), {"KaTeX": "("})
        sheets.append((static / "site.css").read_text())
    assert sheets[0] == sheets[1]
    assert (static / re.search(r"url\((.*?)\)", sheets[1])[1]).exists()


def test_icons_are_found_as_escapes_and_as_characters():
    assert leanstyles.icons_in('a{--fa:"\\f135"}b{content:"\ue001"}') == "\ue001\uf135"


# Appendix


STATEMENTS = """
- {id: S1, statement: First *saying*., verdict: 'True', truth: So it is.}
- {id: S2, statement: Second saying., verdict: Half true, truth: Not quite.}
- {id: S3, statement: Third saying., verdict: 'False', truth: No.}
"""


def notebook(*claims):
    cells = [new_markdown_cell("# A chapter\n\nText.")]
    for made in claims:
        data = json.loads(json.dumps(made._repr_mimebundle_()))
        output = new_output("execute_result", data, execution_count=1)
        cells.append(new_code_cell("1", execution_count=1, outputs=[output]))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    language = {"name": "python", "pygments_lexer": "ipython3"}
    metadata = {"kernelspec": kernel, "language_info": language}
    return written(new_notebook(cells=cells, metadata=metadata))


@pytest.fixture
def build(tmp_path):
    """Build a book of one chapter and both pages; return what they say."""
    pages = {"claims": "{claims-index}", "truth": "{true-or-false} statements.yml"}
    for name, directive in pages.items():
        (tmp_path / f"{name}.md").write_text(f"# {name}\n\n```{directive}\n```\n")
    (tmp_path / "statements.yml").write_text(STATEMENTS)
    (tmp_path / "_toc.yml").write_text(
        "format: jb-book\nroot: chapter\nchapters: [{file: claims}, {file: truth}]"
    )

    def run(*claims):
        (tmp_path / "chapter.ipynb").write_text(notebook(*claims))
        settings = {
            "extensions": ["myst_nb", "sphinx_external_toc", "appendix"],
            "nb_execution_mode": "off",
            "suppress_warnings": ["mystnb.unknown_mime_type"],
        }
        (tmp_path / "conf.py").write_text(
            "\n".join(f"{name} = {value!r}" for name, value in settings.items())
        )
        app = SphinxTestApp("html", srcdir=tmp_path, freshenv=True)
        app.build()
        read = {
            name: BeautifulSoup(
                (app.outdir / f"{name}.html").read_text(), "html.parser"
            )
            for name in pages
        }
        warnings = app.warning.getvalue()
        app.cleanup()
        return read["claims"], read["truth"], warnings

    return run


HALF = claim("A half is a half.", 0.5, equals=0.5, settles="S2")
LONE = claim("Two is above one.", 2, above=1)
SAME = claim("One is one.", True, equals=True)


def test_every_claim_is_listed_with_its_measurement_and_link(build):
    claims, _, warnings = build(HALF, LONE, SAME)
    assert warnings == ""
    rows = claims.select("ul.claims-index > li")
    assert [row.a["href"] for row in rows] == [
        f"chapter.html#{made.id}" for made in (HALF, LONE, SAME)
    ]
    assert [row.select_one(".evidence").get_text() for row in rows] == [
        "measured 0.5; claimed 0.5",
        "measured 2; claimed above 1",
        "checked",
    ]
    assert claims.h2.get_text().startswith("A chapter")


def test_only_settled_statements_are_listed_with_their_evidence(build):
    _, truth, _ = build(HALF, LONE)
    (box,) = truth.select(".settled")
    assert box["id"] == "s2"
    assert box.select_one(".verdict")["class"] == ["verdict", "between"]
    assert "Second saying." in box.get_text()
    assert "A chapter: measured 0.5; claimed 0.5" in box.get_text()
    assert box.a["href"] == f"chapter.html#{HALF.id}"


def test_claim_that_settles_an_unknown_statement_is_a_warning(build):
    stray = claim("Three is three.", 3, equals=3, settles="S99")
    assert "settles unknown statement S99" in build(stray)[2]


def test_same_claim_twice_is_a_warning(build):
    assert "two claims make the same statement" in build(HALF, HALF)[2]
