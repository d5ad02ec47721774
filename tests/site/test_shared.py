"""What is found, shared, downloaded and printed: descriptions, cards, logo, paper."""

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from bs4 import BeautifulSoup
from PIL import Image
from playwright.sync_api import expect

from tools import picture
from tools.paths import ROOT

CHAPTERS = sorted(path.stem for path in ROOT.glob("book/chapters/*.ipynb"))
NUMBER = re.compile(r"(?<![\w#])-?\d+\.\d+")


@pytest.fixture(scope="module")
def heads(site) -> dict[Path, BeautifulSoup]:
    """Return the head of each page of the book."""
    return {
        path: BeautifulSoup(
            path.read_text(encoding="utf-8").partition("<body")[0], "html.parser"
        )
        for path in sorted(site.glob("book/**/*.html"))
    }


def said(head: BeautifulSoup, name: str) -> str:
    (tag,) = head.select(f'meta[name="{name}"], meta[property="{name}"]')
    return tag["content"]


def test_each_page_has_a_description_of_its_own_that_reads_well(heads):
    texts = {path: said(head, "description") for path, head in heads.items()}
    assert len(set(texts.values())) == len(texts)
    for path, text in texts.items():
        assert 50 <= len(text) <= 160, f"{path.name}: {len(text)} letters: {text}"
        assert re.fullmatch(r"[A-Z][^\\$\u200b{}<>]+[.?]", text), f"{path.name}: {text}"
        assert said(heads[path], "og:description") == text


def test_each_page_has_a_card_of_its_own(site, heads):
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    home = config["html"]["baseurl"]
    seen = set()
    for head in heads.values():
        address = said(head, "og:image")
        assert address.startswith(home)
        card = site / address.removeprefix(home)
        with Image.open(card) as image:
            assert image.size == (1200, 630)
        assert card.stat().st_size < 60_000
        seen.add(card.read_bytes())
    assert len(seen) == len(heads)


def test_settings_describe_only_pages_that_exist(heads, site):
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    for name in config["sphinx"]["config"]["page_descriptions"]:
        assert site / f"{name}.html" in heads


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_notebook_that_one_downloads_is_the_one_in_the_repository(site, chapter):
    path = site / "book" / "chapters" / f"{chapter}.html"
    page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    (link,) = page.select('.dropdown-download-buttons a[href$=".ipynb"]')
    file = (path.parent / link["href"]).resolve()
    assert file.read_bytes() == (ROOT / f"book/chapters/{chapter}.ipynb").read_bytes()


def test_download_button_hands_over_the_notebook(browser, served):
    chapter = CHAPTERS[0]
    page = browser.new_page()
    page.goto(f"{served}book/chapters/{chapter}.html")
    page.locator(".dropdown-download-buttons > button").click()
    with page.expect_download() as download:
        page.locator('.dropdown-download-buttons a[href$=".ipynb"]').click()
    saved = json.loads(Path(download.value.path()).read_bytes())
    assert saved == json.loads((ROOT / f"book/chapters/{chapter}.ipynb").read_bytes())
    page.close()


def test_logo_and_cover_are_shown(browser, served):
    page = browser.new_page()
    page.goto(f"{served}book/intro.html")
    for image in (".logo__image", "figure.cover img"):
        shown = page.locator(f"{image}:visible").first
        expect(shown).to_be_visible()
        assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)")
    page.close()


def test_printed_page_holds_the_text_alone_and_all_of_it(browser, served):
    page = browser.new_page()
    page.goto(f"{served}book/chapters/03-scale.html")
    page.emulate_media(media="print")
    for hidden in (
        "#pst-primary-sidebar",
        "#pst-secondary-sidebar",
        ".bd-header-article",
        ".prev-next-footer",
        ".copybtn",
    ):
        for element in page.locator(f"{hidden}:visible").all():
            pytest.fail(f"{hidden} is printed: {element.inner_html()[:200]}")
    for solution in page.locator("details.solution section").all():
        assert (
            solution.evaluate("element => element.getBoundingClientRect().height") > 0
        )
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0
    page.close()


def test_site_works_from_a_folder_without_a_server(browser, site):
    page = browser.new_page(color_scheme="dark")
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto((site / "index.html").as_uri())
    page.wait_for_url("**/book/intro.html")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.locator("#pst-primary-sidebar .toctree-l1 a", has_text="Xavier").click()
    page.wait_for_url("**/05-xavier.html")
    fonts = "document.fonts.load('1em KaTeX_Main').then(found => found.length)"
    assert page.evaluate(fonts) == 1
    page.goto((site / "search.html").as_uri() + "?q=variance")
    expect(page.locator("#search-results li").first).to_be_visible()
    assert set(errors) <= {"Failed to fetch"}  # the excerpts below search results
    page.close()


def numbers(svg: str) -> list[float]:
    return [float(number) for number in NUMBER.findall(svg)]


def test_cover_is_the_drawing_that_the_library_computes():
    stored = picture.COVER.read_text(encoding="utf-8")
    drawn = picture.cover()
    assert numbers(drawn) == pytest.approx(numbers(stored), abs=1.5)
    assert NUMBER.sub("", drawn) == NUMBER.sub("", stored)


def test_too_small_weights_make_a_needle_and_too_large_ones_a_cup():
    narrow, kept, cup = (picture.activations(sigma)[-1] for sigma in picture.SCALES)
    total, middle = narrow.sum(), len(narrow) // 2
    assert narrow[middle - 1 : middle + 2].sum() > 0.9 * total
    assert kept[middle - 1 : middle + 2].sum() < 0.2 * total
    assert kept[[0, -1]].sum() < 0.02 * total
    assert cup[[0, -1]].min() == sorted(cup)[-2]


def test_sitemap_leads_to_pages_at_the_public_address(site):
    sitemap = (site / "sitemap.xml").read_text(encoding="utf-8")
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    home = urlsplit(config["html"]["baseurl"])
    for address in re.findall(r"<loc>(.*?)</loc>", sitemap):
        assert address.startswith(home.geturl())
        assert (site / address.removeprefix(home.geturl())).is_file()
