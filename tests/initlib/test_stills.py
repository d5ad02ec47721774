"""The picture that a live figure stores, read back: it shows what its tables say."""

import re

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from initlib.plotting import COLOURS
from initlib.widgets import LiveBars, LiveCurves, LiveHeatmap, LiveHistograms, LiveMap
from initlib.widgets.heatmap import colours_of

CONTROLS = {"activation": ["tanh", "ReLU"], "scale": [0.5, 1.0, 2.0]}
CELLS = [(0, 0), (0, 2), (1, 1)]
every_cell = pytest.mark.parametrize("selected", CELLS)


def drawn(made):
    figure = Figure()
    made._draw(figure)
    return figure


def at(made, selected):
    made.selected = list(selected)
    return drawn(made)


def legend_of(figure):
    return [text.get_text() for legend in figure.legends for text in legend.get_texts()]


def ticks(axis):
    names = [label.get_text() for label in axis.get_ticklabels()]
    return dict(zip(axis.get_ticklocs(), names, strict=True))


@pytest.fixture
def table(rng):
    return 10 ** rng.uniform(-1, 1, (2, 3, 4))


@every_cell
@pytest.mark.parametrize("ylog", [False, True])
def test_bars_end_at_their_numbers(table, ylog, selected):
    other = 1 / table if ylog else 2 - table
    made = LiveBars(
        ["a", "b", "c d", "e"], {"up": table, "down": other},
        controls=CONTROLS, ylabel="end", ylog=ylog, alt="Bars.",
    )  # fmt: skip
    figure = at(made, selected)
    (ax,) = figure.axes
    groups = zip(("up", "down"), ax.containers, COLOURS, (-0.2, 0.2), strict=False)
    for name, bars, colour, beside in groups:
        wanted = (table if name == "up" else other)[selected]
        ends = [bar.get_y() + bar.get_height() for bar in bars]
        np.testing.assert_allclose(ends, wanted, rtol=1e-3, atol=1e-3)
        assert {bar.get_y() for bar in bars} == {float(ylog)}
        middles = [bar.get_x() + bar.get_width() / 2 for bar in bars]
        np.testing.assert_allclose(middles, np.arange(4) + beside)
        assert {to_hex(bar.get_facecolor()).upper() for bar in bars} == {colour}
    assert list(ticks(ax.xaxis).values()) == ["a", "b", "c\nd", "e"]
    assert (ax.get_ylabel(), ax.get_yscale()) == ("end", "log" if ylog else "linear")
    assert ax.get_ylim() == (made._bars["axis"]["low"], made._bars["axis"]["high"])
    assert legend_of(figure) == ["up", "down"]


@every_cell
def test_lines_go_through_their_points(table, selected):
    made = LiveCurves(
        [1, 2, 3, 4], {"one": np.ones(4), "up": table, "down": 1 / table},
        controls=CONTROLS, xlabel="layer", ylabel="RMS of z", ylog=True,
        guides=["one"], alt="Lines.",
    )  # fmt: skip
    figure = at(made, selected)
    (ax,) = figure.axes
    guide, *lines = ax.get_lines()
    assert (guide.get_color(), guide.get_marker()) == ("0.5", "")
    np.testing.assert_allclose(guide.get_ydata(), np.ones(4), rtol=1e-3)
    wanted = [table[selected], 1 / table[selected]]
    for line, y, colour in zip(lines, wanted, COLOURS, strict=False):
        np.testing.assert_allclose(line.get_xdata(), [1, 2, 3, 4], rtol=1e-3)
        np.testing.assert_allclose(line.get_ydata(), y, rtol=1e-3)
        assert line.get_color() == colour
    assert lines[0].get_linestyle() != lines[1].get_linestyle()
    assert lines[0].get_marker() != lines[1].get_marker()
    assert legend_of(figure) == ["one", "up", "down"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("layer", "RMS of z")
    assert (ax.get_xscale(), ax.get_yscale()) == ("linear", "log")
    for side, limits in (("x", ax.get_xlim()), ("y", ax.get_ylim())):
        assert limits == (made._axes[side]["low"], made._axes[side]["high"])


@every_cell
@pytest.mark.parametrize("diverging", [False, True])
def test_colours_stand_for_their_numbers(table, diverging, selected):
    made = LiveHeatmap(
        np.log10(table[..., None] * [1, 2, 3]), rows=[*"abcd"], columns=[5, 6, 7],
        controls=CONTROLS, xlabel="step", ylabel="unit", label="weight",
        diverging=diverging, alt="Colours.",
    )  # fmt: skip
    ax, bar = at(made, selected).axes
    (image,) = ax.images
    wanted = np.log10(table[selected][:, None] * [1, 2, 3])
    low, high = made._map["colour"]["low"], made._map["colour"]["high"]
    np.testing.assert_allclose(image.get_array(), wanted, atol=(high - low) / 250)
    assert image.get_clim() == (low, high)
    assert image.get_extent() == [-0.5, 2.5, 3.5, -0.5]  # the first row on top
    stops = np.array(made._map["colour"]["stops"])
    for part in (0.0, 0.5, 1.0):
        shade = image.get_cmap()(part)[:3]
        np.testing.assert_allclose(shade, stops[round(part * 16)] / 255, atol=0.01)
    assert ticks(ax.xaxis) == {0: "5", 1: "6", 2: "7"}
    assert ticks(ax.yaxis) == dict(enumerate("abcd"))
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("step", "unit")
    assert bar.get_ylabel() == "weight"


def test_colours_end_at_the_extremes_and_diverge_from_zero():
    def ends(table, diverging):
        found = colours_of(np.array(table), None, diverging)
        return found["low"], found["high"]

    assert ends([[-1.0, 3.0]], False) == (-1, 3)
    assert ends([[-1.0, 3.0]], True) == (-3, 3)
    assert ends([[-4.0, 3.0]], True) == (-4, 4)
    assert ends([[2.0, np.nan]], False) == (1.5, 2.5)


def test_of_many_names_every_second_stands_at_its_place():
    names = [f"n{i}" for i in range(20)]
    made = LiveHeatmap(
        np.arange(20.0)[:, None], rows=names, columns=["c"], controls={}, xlabel="x",
        ylabel="y", label="z", alt="Colours.",
    )  # fmt: skip
    shown = ticks(drawn(made).axes[0].yaxis)
    assert shown == {i: names[i] for i in range(0, 20, 2)}


@every_cell
def test_histograms_stand_in_their_row_beside_their_number(rng, selected):
    counts = {name: rng.poisson(9, (2, 3, 4, 5)) for name in ("h", "dz")}
    numbers = {name: rng.random((2, 3, 4)).round(2) for name in counts}
    edges = np.array([0.0, 1, 2, 4, 5, 6])  # one bar is twice as wide
    made = LiveHistograms(
        {name: (edges, table) for name, table in counts.items()}, numbers=numbers,
        number="std", controls=CONTROLS, alt="Histograms.",
    )  # fmt: skip
    panels = zip(counts, at(made, selected).axes, COLOURS, strict=False)
    for name, ax, colour in panels:
        assert ax.get_xlabel() == name
        assert ax.get_ylabel() == "layer"
        assert ticks(ax.yaxis) == dict(enumerate("1234"))
        for row, steps in enumerate(ax.patches):
            data = steps.get_data()
            density = counts[name][selected][row] / np.diff(edges)
            height = (row - data.values) / 0.85
            np.testing.assert_allclose(height, density / density.max(), atol=0.005)
            np.testing.assert_array_equal(data.edges, edges)
            assert to_hex(steps.get_facecolor()).upper() == colour
        told = {text.xy[1]: float(text.get_text()) for text in ax.texts}
        assert told == dict(enumerate(numbers[name][selected]))
        assert ax.get_ylim() == (3.2, -1)  # the first row on top


def test_the_frame_of_a_map_is_around_the_chosen_cell(rng):
    table = np.arange(6.0).reshape(2, 3)
    y = rng.random((2, 3, 2))
    made = LiveMap(
        table, [[*"abc"], [*"def"]], label="steps", rows={"row": ["r", "s"]},
        columns={"column": [*"xyz"]}, x=[1, 2], curves={"loss": y}, xlabel="step",
        ylabel="loss", alt="A map.",
    )  # fmt: skip
    figure = at(made, (1, 2))
    above, below, bar = figure.axes
    (frame,) = above.patches
    assert (*frame.get_xy(), frame.get_width(), frame.get_height()) == (1.5, 0.5, 1, 1)
    np.testing.assert_allclose(above.images[0].get_array(), table, atol=5 / 250)
    assert (ticks(above.xaxis), ticks(above.yaxis)) == (
        {0: "x", 1: "y", 2: "z"}, {0: "r", 1: "s"}
    )  # fmt: skip
    assert (above.get_xlabel(), above.get_ylabel()) == ("column", "row")
    assert bar.get_ylabel() == "steps"
    (line,) = below.get_lines()
    np.testing.assert_allclose(line.get_ydata(), y[1, 2], atol=1e-3)


def test_one_series_needs_no_legend():
    made = LiveCurves(
        [1, 2], {"f": [1, 2]}, controls={}, xlabel="x", ylabel="y", alt="A line."
    )
    assert legend_of(drawn(made)) == []


def test_the_stored_picture_has_its_size():
    made = LiveCurves(
        [1, 2], {"f": [1, 2]}, controls={}, xlabel="x", ylabel="y", alt="A line.",
        height=400,
    )  # fmt: skip
    size = re.search(r'width="(.*?)pt" height="(.*?)pt"', made.write_svg()).groups()
    inches = np.array(size, float) / 72  # without the white rim
    np.testing.assert_allclose(inches, [5.2, 400 / 80], atol=0.15)
