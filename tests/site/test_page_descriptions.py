"""Pages say what they are about, and have a card of their own."""

from PIL import Image

from tests.site.mended import mended
from tools.paths import ROOT
from tools.sphinxext import cards, page_descriptions

CARD = ROOT / "book" / "assets" / "card.png"
HEAD = "<html><head><title>T</title>{}</head><body><article><section>{}</section>"


def metas(page):
    return {
        tag.get("name", tag.get("property")): tag["content"]
        for tag in page.select("meta")
    }


def test_first_paragraph_describes_the_page():
    page = mended(
        page_descriptions.describe, HEAD.format("", "<p>One <b>two</b>.</p><p>3</p>")
    )
    assert metas(page)["description"] == "One two."
    assert metas(page)["og:description"] == "One two."


def test_given_description_wins():
    given = '<meta name="description" content="Given.">'
    page = mended(page_descriptions.describe, HEAD.format(given, "no paragraph"))
    assert metas(page)["og:description"] == "Given."


def test_page_with_a_public_address_gets_a_card(tmp_path):
    (tmp_path / "_static").mkdir()
    (tmp_path / "book").mkdir()
    (tmp_path / "_static" / "card.png").write_bytes(CARD.read_bytes())
    head = '<link rel="canonical" href="https://home/course/book/page.html">'
    html = HEAD.format(head, "<p>Text.</p>").replace(
        "<html>", '<html data-content_root="../">'
    )
    page = mended(page_descriptions.describe, html, tmp_path / "book" / "page.html")
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
