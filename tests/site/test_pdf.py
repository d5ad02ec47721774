"""The PDF: a few pages of the book, with their links, bookmarks, fonts and figures.

Every third day, with EVERY_TEST=1 each; with EVERY_CHAPTER=1 it is the whole book.
"""

import os
import re
from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from pikepdf import Dictionary, Name, Page, Pdf
from pypdfium2 import PdfDocument

from tools import pdf as tool

TURN = pytest.mark.turns(3, 1)
FEW = {"intro", "lab", "notation", "05-xavier", "bibliography"}
BROKEN = re.compile(r"undefined|katex-error|ParseError|Traceback|<[a-z]+ [a-z]+=")


@pytest.fixture(scope="module")
def config() -> dict:
    return tool.read_config()


@pytest.fixture(scope="module")
def chapters(site) -> list[tool.Chapter]:
    found = tool.read_contents(site.resolve())
    if os.environ.get("EVERY_CHAPTER") == "1":
        return found
    return [chapter for chapter in found if chapter.id in FEW]


@pytest.fixture(scope="module")
def printed(browser, site, config, chapters) -> bytes:
    return tool.print_book(browser, site.resolve(), config, chapters)


@pytest.fixture(scope="module")
def pdf(printed):
    with Pdf.open(BytesIO(printed)) as opened:
        yield opened


@pytest.fixture(scope="module")
def texts(printed) -> list[str]:
    """Return the text of each page."""
    with PdfDocument(printed) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def words(text: str) -> str:
    return "".join(text.split())


def places(pdf) -> dict[str, int]:
    """Return the index of the page on which each linked place stands."""
    return {name[1:]: Page(at[0]).index for name, at in pdf.Root.Dests.items()}


@TURN
def test_every_chapter_begins_on_a_page_of_its_own_that_the_contents_name(
    pdf, texts, chapters
):
    begins = [places(pdf)[chapter.id] for chapter in chapters]
    assert begins == sorted(set(begins))
    assert len(texts) > 5 * len(chapters)
    for chapter, index in zip(chapters, begins, strict=True):
        title = words(chapter.title)
        assert words(texts[index]).startswith(f"{index + 1}{title}")  # foot comes first
        assert f"{title}{index + 1}" in words(texts[1])


@TURN
def test_every_page_is_worth_its_paper(printed):
    with PdfDocument(printed) as document:
        share = {index + 1: tool.inked(page) for index, page in enumerate(document)}
    del share[2]  # the contents, which are short when only a few chapters are printed
    assert {page: ink for page, ink in share.items() if ink < tool.LEAST_INK} == {}


@pytest.mark.parametrize(("lines", "worth"), [(3, False), (20, True), (48, True)])
def test_ink_of_the_last_page_is_measured(browser, tmp_path, lines, worth):
    sheet = f"<style>{tool.STYLE.read_text('utf-8')}</style>"
    sheet += "<p style='margin: 0; line-height: 14pt'>text</p>" * lines
    count, ink = tool.length(tool.print_sheet(browser, tmp_path, sheet))
    assert (count, bool(ink >= tool.LEAST_INK)) == (1, worth)


def test_chapter_that_ends_badly_is_set_smaller_or_larger():
    article = '<article id="a" style="zoom: 1">text</article>'
    sizes = {0.98: (5, 0.01), 1.02: (6, 0.3)}

    def measure(html):
        return next((s for z, s in sizes.items() if f"zoom: {z}" in html), (5, 0.05))

    assert tool.fitted(article, measure) == (article.replace("1", "1.02"), 6)
    assert tool.fitted(article, lambda html: (7, 0.5)) == (article, 7)


@TURN
def test_bookmarks_name_every_chapter_and_section(printed, chapters):
    with PdfDocument(printed) as document:
        marks = [
            (mark.level, mark.get_title(), mark.get_dest().get_index())
            for mark in document.get_toc()
        ]
    tops = [title for level, title, _ in marks if level == 0]
    assert tops[1:] == ["Contents", *(chapter.title for chapter in chapters)]
    assert sum(level == 1 for level, _, _ in marks) > 5 * len(chapters)
    pages = [index for _, _, index in marks]
    assert pages == sorted(pages)


@TURN
def test_links_lead_to_a_place_in_the_book_or_to_an_address(pdf, chapters):
    known, within = places(pdf), 0
    for page in pdf.pages:
        for link in page.get("/Annots", ()):
            if target := link.get("/Dest"):
                within += 1
                assert str(target).lstrip("/") in known
            else:
                address = str(link.A.URI)
                assert re.match(r"https?://(?!book\.invalid)|mailto:", address)
    assert within > 5 * len(chapters)


@TURN
def test_fonts_are_embedded_those_of_formulas_too(pdf):
    fonts = {
        str(font.BaseFont): font
        for page in pdf.pages
        for font in page.get("/Resources", {}).get("/Font", {}).values()
        if "/BaseFont" in font
    }
    for name, font in fonts.items():
        descriptor = font.DescendantFonts[0].FontDescriptor
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & {*descriptor.keys()}, name
    assert any("KaTeX_Main" in name for name in fonts)
    assert any("KaTeX_Math" in name for name in fonts)


@TURN
def test_nothing_on_the_pages_went_wrong(texts):
    faults = {
        index + 1: found[0]
        for index, text in enumerate(texts)
        if (found := BROKEN.search(text))
    }
    assert faults == {}
    empty = [index + 1 for index, text in enumerate(texts) if len(text.split()) < 10]
    assert empty == []


@TURN
def test_pdf_says_what_it_is(pdf, config):
    assert pdf.docinfo["/Title"] == config["title"]
    assert pdf.docinfo["/Author"] == config["author"]
    assert pdf.Root.Lang == "en"
    assert pdf.Root.MarkInfo.Marked  # headings, lists and figures are tagged
    assert Name.StructTreeRoot in pdf.Root


def without_words(pdf) -> int:
    """Return how many figures have no alternative text."""
    return sum(Name.Alt not in e for e in pdf.objects if tool.is_figure(e))


@TURN
def test_every_figure_has_alternative_text(pdf, site, chapters):
    assert without_words(pdf) == 0
    figures = sum(tool.is_figure(element) for element in pdf.objects)
    pictures = sum(
        len(tool.read_page(c.path).select("article figure img")) for c in chapters
    )
    assert figures >= pictures > 0


def test_figure_with_a_caption_is_a_group_with_a_picture():
    pdf = Pdf.new()
    figure, picture = (pdf.make_indirect(Dictionary(S=Name.Figure)) for _ in range(2))
    picture.Alt = "A curve."
    assert without_words(pdf) == 1
    tool.group_captions(pdf)
    assert without_words(pdf) == 0
    assert (Name.Div, Name.Figure) == (figure.S, picture.S)


def test_solutions_answers_and_live_figures_are_printed(site, chapters):
    chapter = next(c for c in chapters if c.id.startswith("05-"))
    ids = {c.path: c.id for c in chapters}
    article = tool.chapter_of(chapter, ids, site.resolve(), "https://home/")
    assert "<details" in article
    assert not re.search(r"<details(?![^>]*\bopen\b)", article)
    assert "widget-view" not in article
    assert article.count("<figure") == article.count("<img")
    assert article.count("Shown: ") == article.count("Move it on the website.") > 0
    assert 'loading="lazy"' not in article


def test_controls_that_need_python_say_so():
    html = """<script type="application/vnd.jupyter.widget-view+json"></script>
      <figure id="f"><script type="application/vnd.jupyter.widget-view+json"></script>
      <noscript><img><p class="shown">Shown: scale 2.</p></noscript></figure>"""
    article = BeautifulSoup(html, "html.parser")
    tool.say_what_is_live(article, "https://home/a.html")
    first, second = article.select("p")
    assert "need Python" in first.get_text()
    assert second.get_text() == "Shown: scale 2. Move it on the website."
    assert second.a["href"] == "https://home/a.html#f"
    assert not article.select("script:not([type]), noscript")


def test_a_live_picture_that_is_no_figure_leads_to_its_page():
    html = """<div><script type="application/vnd.jupyter.widget-view+json"></script>
      <noscript><img><p class="shown">Shown: two networks.</p></noscript></div>"""
    article = BeautifulSoup(html, "html.parser")
    tool.say_what_is_live(article, "https://home/lab.html")
    assert article.a["href"] == "https://home/lab.html"


@TURN
def test_large_signs_of_formulas_have_their_fonts(pdf):
    fonts = {
        str(font.get(Name.BaseFont)).partition("+")[2]
        for page in pdf.pages
        for _, font in page.Resources.get(Name.Font, Dictionary()).items()
    }
    assert {"KaTeX_Main-Bold", *(f"KaTeX_Size{n}-Regular" for n in (1, 2, 3))} <= fonts


LINKS = {
    "https://doi.org/1": "https://doi.org/1",
    "#here": "#b--here",
    "a.html": "#a",
    "a.html#there": "#a--there",
    "../file.ipynb": "https://home/file.ipynb",
}


@pytest.mark.parametrize(("href", "target"), LINKS.items())
def test_links_between_pages_become_links_within_the_book(tmp_path, href, target):
    folder = tmp_path / "book"
    chapter = tool.Chapter(folder / "b.html", "b", "", "B")
    ids = {folder / "a.html": "a", chapter.path: "b"}
    assert tool.rewritten(href, chapter, ids, tmp_path, "https://home/") == target


def test_menu_offers_the_book_once_it_is_printed(tmp_path):
    page = tmp_path / "book" / "chapters" / "one.html"
    page.parent.mkdir(parents=True)
    page.write_text(
        '<ul><li><button class="btn-download-pdf-button">p</button></li></ul>'
    )
    for _ in range(2):
        tool.offer(tmp_path, b"PDF")
        assert page.read_text().count(f'href="../../{tool.NAME}"') == 1
    assert (tmp_path / tool.NAME).read_bytes() == b"PDF"
