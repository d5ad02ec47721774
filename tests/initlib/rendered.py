"""Read a figure of matplotlib back into values, from what its canvas shows."""

import importlib
import re
import sys
import types
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D


def only(things: list) -> Any:
    assert len(things) == 1, f"{len(things)} instead of one"
    return things[0]


def changed(module: str, old: str, new: str) -> types.ModuleType:
    """Return a module with one place of its source changed."""
    source = importlib.import_module(module).__loader__.get_source(module)
    assert source.count(old) == 1, f"{source.count(old)} times: {old}"
    copy = types.ModuleType(module)
    copy.__file__ = sys.modules[module].__file__
    exec(compile(source.replace(old, new), module, "exec"), vars(copy))
    return copy


def paint(figure: Figure) -> np.ndarray:
    """Return the pixels (rows, columns, 3), the lowest row first."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[::-1, :, :3].astype(int)


def number(label: str) -> float:
    """Return the number that a tick's label writes."""
    text = label.replace("\N{MINUS SIGN}", "-")
    text = re.sub(r"\$\\mathdefault\{(.*)\}\$", r"\1", text)
    power = re.fullmatch(r"(-?)(?:([\d.]+)\\times)?10\^\{(-?\d+)\}", text)
    return float(f"{power[1]}{power[2] or 1}e{power[3]}" if power else text)


def check_ticks(ax: Axes, *sides: str) -> None:
    """Compare the labels of the ticks within the limits with their places.

    There are two at least, and they do not run into each other.
    """
    for side in sides:
        axis = getattr(ax, f"{side}axis")
        low, high = sorted(getattr(ax, f"get_{side}lim")())
        shown = [
            (tick.get_loc(), tick.label1.get_text())
            for tick in axis.get_major_ticks()
            if low <= tick.get_loc() <= high
        ]
        named = [(place, label) for place, label in shown if label]
        assert len(named) >= 2, f"{len(named)} labels on the {side} axis"
        for place, label in named:
            np.testing.assert_allclose(number(label), place, rtol=1e-6, atol=1e-9)
        boxes = [tick.label1.get_window_extent() for tick in axis.get_major_ticks()]
        ends = sorted(
            tuple(getattr(box, f"interval{side}")) for box in boxes if box.width > 1
        )
        for one, another in pairwise(ends):
            assert one[1] < another[0], f"labels of the {side} axis overlap"


def names_at(ax: Axes, side: str) -> dict[float, str]:
    """Return the names beside an axis by the places where they stand."""
    axis = getattr(ax, f"{side}axis")
    ticks = axis.get_major_ticks()
    return {t.get_loc(): t.label1.get_text().replace("\n", " ") for t in ticks}


def legend_of(figure: Figure) -> dict[str, Any]:
    """Return what the legend shows of each name."""
    legends = [*figure.legends, *(ax.get_legend() for ax in figure.axes)]
    legend = only([legend for legend in legends if legend])
    assert not legend.get_frame_on(), "a frame around the legend"
    names = [text.get_text() for text in legend.get_texts()]
    return dict(zip(names, legend.legend_handles, strict=True))


def style_of(line: Line2D) -> tuple:
    """Return what tells a line from the others."""
    style = line.get_linestyle()
    dashes = style if style == "None" else str(line._dash_pattern)
    colour = to_rgba(line.get_color(), line.get_alpha())
    return colour, dashes, line.get_marker(), line.get_linewidth()


def lines_by_name(figure: Figure, ax: Axes) -> dict[str, list[np.ndarray]]:
    """Return the points (P, 2) of the lines, named as the legend names their style."""
    keys = {style_of(key): name for name, key in legend_of(figure).items()}
    found: dict[str, list[np.ndarray]] = {}
    for line in ax.get_lines():
        assert style_of(line) in keys, "a line that the legend does not have"
        found.setdefault(keys[style_of(line)], []).append(line.get_xydata())
    return found


def colour_at(ax: Axes, pixels: np.ndarray, x: float, y: float) -> np.ndarray:
    across, up = ax.transData.transform((x, y))
    return pixels[int(up), int(across)]


def read_colours(figure: Figure, ax: Axes) -> dict[tuple[str, str], float]:
    """Return the number of each named row and column, read off the colour bar.

    The colour is looked at beside the middle of the cell, where a text may stand.
    A cell without colour gives NaN.
    """
    pixels = paint(figure)
    bar = only([a for a in figure.axes if a.get_label() == "<colorbar>"])
    check_ticks(bar, "y")
    low, high = bar.transAxes.transform([(0.5, 0), (0.5, 1)])
    heights = np.arange(int(low[1]) + 2, int(high[1]) - 1)
    paints = pixels[heights, int(low[0])]
    places = bar.transData.inverted().transform([(low[0], h + 0.5) for h in heights])
    found = {}
    for y, row in names_at(ax, "y").items():
        for x, column in names_at(ax, "x").items():
            colour = colour_at(ax, pixels, x - 0.3, y - 0.35)
            gaps = np.abs(paints - colour).max(axis=1)
            blank = (colour > 250).all()
            assert blank or gaps.min() < 6, f"{row}, {column}: no colour of the bar"
            value = places[gaps.argmin(), 1]
            found[row, column] = np.nan if blank else value
    return found
