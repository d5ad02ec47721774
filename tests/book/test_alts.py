"""A description counts as many panels and curves as its picture has."""

import re

import pytest

from tests.book.stored import cells, name_of
from tools.paths import NOTEBOOKS
from tools.prose.numbers import COUNTS

MANY = "|".join(COUNTS)
SAID = re.compile(
    rf"({MANY})(?: \w+)? (?:(panels)(?: of ({MANY}) curves each)?|(?:curves|lines))\b",
    re.IGNORECASE,
)
DRAWN = re.compile(
    r'<g id="line2d_\d+">\s*<path d="([^"]*)" clip-path="[^"]*" style="([^"]*)"'
)
GREY = re.compile(r"stroke: #(..)\1\1")  # of grids and guides


def drawn(picture: str) -> tuple[int, int]:
    """Return the panels and the curves of an SVG: lines of three points or more."""
    panels = len(re.findall(r'<g id="axes_\d+">', picture))
    lines = DRAWN.findall(picture)
    return panels, sum(d.count("L") > 1 and not GREY.search(s) for d, s in lines)


def agrees(alt: str, picture: str) -> bool:
    """Tell whether the count with which a description begins is that of its picture."""
    if not (said := SAID.match(alt)) or alt.startswith(" and", said.end()):
        return True
    panels, curves = drawn(picture)
    number = COUNTS[said[1].lower()]
    if not said[2]:
        return number == curves
    return number == panels and (not said[3] or number * COUNTS[said[3]] == curves)


def described(path) -> list[tuple[str, str]]:
    """Return description and picture of the figures of a notebook."""
    return [
        (alt, output["data"]["image/svg+xml"])
        for cell in cells(path, "code")
        if (alt := cell.metadata.get("mystnb", {}).get("image", {}).get("alt"))
        for output in cell.outputs
        if "image/svg+xml" in output.get("data", {})
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name_of)
def test_descriptions_count_as_is_drawn(path):
    assert [alt for alt, picture in described(path) if not agrees(alt, picture)] == []


def panel(*points: int, style: str = "stroke: #0072b2") -> str:
    line = '<g id="line2d_1"> <path d="M 0 0{}" clip-path="url(#p)" style="{}"/></g>'
    lines = (line.format(" L 1 1" * (n - 1), style) for n in points)
    return '<g id="axes_1">' + "".join(lines) + "</g>"


@pytest.mark.parametrize(
    ("alt", "picture", "wrong"),
    [
        ("Two curves fall.", panel(9, 9), panel(9, 9, 9)),
        ("Two rising curves.", panel(9, 9, 2), panel(9, 2)),
        ("Two panels.", panel(9) + panel(9), panel(9, 9)),
        ("Two panels of two curves each.", 2 * panel(9, 9), 2 * panel(9, 9, 9)),
        ("Two lines over layers.", panel(9, 9), panel(9, 9, style="stroke: #808080")),
    ],
)
def test_another_count_is_noticed(alt, picture, wrong):
    assert agrees(alt, picture)
    assert not agrees(alt, wrong)


def test_other_counts_are_left_alone():
    assert agrees("Two lines and their mean.", panel(9, 9, 9))
    assert agrees("A table of two rows.", panel(9))
