"""An axis of a stored picture names two places or more, with room, in plain numbers."""

import re
from collections.abc import Iterator
from itertools import pairwise

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure

from initlib.plotting import STYLE, write_svg
from tests.book.stored import cells, name_of
from tools.paths import NOTEBOOKS

TICK = re.compile(r'<g id="([xy])tick_\d+">(.*?)\n {4}</g>', re.DOTALL)
AXIS = re.compile(r'<g id="matplotlib\.axis_\d+">(.*?)\n {3}</g>', re.DOTALL)
PLACE = re.compile(r'<use xlink:href="[^"]*" x="([\d.]+)"')
NAME = re.compile(r"<!-- (.+?) -->")
POWER = re.compile(r"\de[+−]?\d+")  # as matplotlib puts it beside an axis
MARKS = re.compile(r"\$|\\mathdefault|[{}^\\]|times")
WIDE, NARROW = 7.63, 3.82  # of a digit and of a point, at 12 points
GAP = 2.0


def axes(picture: str) -> Iterator[list[tuple[str, float, str]]]:
    """Yield the ticks of each axis that have a name: side, place along x, and name."""
    for axis in AXIS.findall(picture):
        ticks = [
            (side, float(place[1]), MARKS.sub("", name[1]))
            for side, body in TICK.findall(axis)
            if (name := NAME.search(body)) and (place := PLACE.search(body))
        ]
        if ticks:
            yield ticks


def width(name: str) -> float:
    return sum(NARROW if letter in ".,−- " else WIDE for letter in name)


def faults(picture: str) -> Iterator[str]:
    for axis in AXIS.findall(picture):
        yield from (name for name in NAME.findall(axis) if POWER.search(name))
    for ticks in axes(picture):
        if len(ticks) == 1:
            yield f"only {ticks[0][2]}"
        for (side, one, first), (_, two, second) in pairwise(ticks):
            room = abs(two - one) - (width(first) + width(second)) / 2
            if side == "x" and room < GAP:
                yield f"{first} and {second} run into each other"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name_of)
def test_axes_name_places_with_room_between(path):
    found = [
        fault
        for cell in cells(path, "code")
        for output in cell.outputs
        for fault in faults(output.get("data", {}).get("image/svg+xml", ""))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"xticks": [0, 0.1, 10]}, "0.0 and 0.1 run into each other"),
        ({"xticks": [3]}, "only 3"),
        ({"yscale": "log", "ylim": (2, 30)}, "only 101"),
        ({"ylim": (0, 3e7)}, "1e7"),
        ({"ylim": (0, 3e-7)}, "1e−7"),
    ],
)
def test_a_name_alone_or_without_room_is_noticed(changes, fault):
    with mpl.rc_context(STYLE):
        figure = Figure()
        ax = figure.subplots()
        ax.set(xlim=(0, 10), xticks=[0, 5, 10])
        assert list(faults(write_svg(figure))) == []
        ax.set(**changes)
        ax.minorticks_off()
        assert list(faults(write_svg(figure))) == [fault]
