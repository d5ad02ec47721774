"""Figures have words, legible on a phone, and live figures are small."""

import json
import re
from collections import Counter

import pytest

from tests.book.stored import BOOK, cells, every_chapter, read, shows
from tools.notebooks import WIDGET_STATE

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
PHONE = 356  # CSS pixels that a figure has on a phone of 375
SMALLEST = 11  # CSS pixels of the words in it


@every_chapter
def test_figures_have_words(path):
    figures = [c for c in cells(path, "code") if shows(c, "image/svg+xml")]
    assert len(figures) >= 3
    seen = Counter()
    for cell in figures:
        about = cell.metadata.get("mystnb", {})
        alt = about.get("image", {}).get("alt", "")
        figure = about.get("figure", {})
        assert len(alt) >= 40, f"no alt text: {cell.source}"
        assert figure.get("caption", "").endswith("."), f"no caption: {cell.source}"
        seen[figure["name"]] += 1
    assert set(seen.values()) == {1}


def smallest_words(picture: str) -> float:
    """Return the size of the smallest words of an SVG on a phone, in CSS pixels.

    Words drawn as paths are scaled to a hundredth of their size in points.
    Sub- and superscripts are smaller parts of such words, and do not count.
    """
    width = float(re.search(r'<svg [^>]*?\bwidth="([\d.]+)pt"', picture)[1])
    drawn = re.findall(r"scale\((0[\d.]+) -\1\)", picture)
    typed = re.findall(r'<text style="font-size: ([\d.]+)px', picture)
    sizes = [100 * float(size) for size in drawn] + [float(size) for size in typed]
    return min(sizes) * min(PHONE / width, 4 / 3)


@every_chapter
def test_words_in_figures_are_legible_on_a_phone(path):
    small = {}
    for cell in cells(path, "code"):
        for output in cell.outputs:
            picture = output.get("data", {}).get("image/svg+xml")
            if picture and (size := smallest_words(picture)) < SMALLEST:
                small[cell.metadata.mystnb.figure.name] = size
    assert small == {}


def test_words_of_the_cover_are_legible_on_a_phone():
    cover = (BOOK / "assets" / "cover.svg").read_text("utf-8")
    assert smallest_words(cover) >= SMALLEST


def test_small_words_are_noticed():
    words = '<g transform="translate(9 9) scale(0.12 -0.12)"><use/></g>'
    script = '<use transform="translate(9 9) scale(0.7)"/>'
    wide = f'<svg height="1pt" width="445pt">{words}{script}</svg>'
    assert smallest_words(wide) == pytest.approx(12 * 0.8)
    small = f'<svg width="89pt">{words}<text style="font-size: 6px">e</text></svg>'
    assert smallest_words(small) == pytest.approx(8)


@every_chapter
def test_live_figures_are_there_and_small(path):
    live = [c for c in cells(path, "code") if shows(c, WIDGET_VIEW)]
    assert any(shows(cell, "image/svg+xml") for cell in live)
    for cell in live:  # the page shows their picture, or text that nbval compares
        assert cell.outputs[-1].data["text/plain"]
        assert "nbval-ignore-output" not in cell.metadata.get("tags", [])
    stored = read(path).metadata.widgets[WIDGET_STATE].state
    assert len(json.dumps(stored)) <= 215_000
    assert not any(model.state.get("outputs") for model in stored.values())
