"""Each page of the built site has a description and a card of its own."""

import re
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup
from PIL import Image

from tools.paths import ROOT


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
