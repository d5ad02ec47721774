"""Pictures by matplotlib say what their tables say: those of the chapters, and those
that a live figure leaves for print.

Each is drawn and read back; the companions are drawn by a source with one change.
"""

import types
from pathlib import Path
from types import SimpleNamespace

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
import yaml
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle, StepPatch

import initlib.plotting
from initlib.plotting import COLOURS, STYLE
from initlib.widgets import bars, curves, heatmap, histograms, map
from initlib.widgets.labels import spell
from tests.initlib import rendered as reader
from tests.initlib import samples
from tests.initlib.rendered import only
from tests.initlib.samples import CONTROLS, scattered

pytestmark = pytest.mark.usefixtures("book_style")
CELLS = [(1, 2), (0, 1)]
FALSE = yaml.safe_load(
    Path(__file__).with_name("false_stored_pictures.yml").read_text("utf-8")
)


def draw(made) -> Figure:
    """Draw the picture that a live figure leaves for print."""
    with mpl.rc_context():
        mpl.rcParams.update(mpl.rcParamsDefault)
        mpl.rcParams.update(STYLE)
        figure = Figure(figsize=(5.2, made.height / 80), dpi=100)
        made._draw(figure)
        figure.draw_without_rendering()
    return figure


def at_each_cell(made):
    """Yield some positions of two controls, and the picture there."""
    for cell in CELLS:
        made.selected = list(cell)
        yield cell, draw(made)


def close(read, wanted, **room) -> None:
    np.testing.assert_allclose(read, wanted, **({"rtol": 2e-3, "atol": 1e-9} | room))


# Live figures


def compare_curves(module: types.ModuleType) -> None:
    x = np.arange(1, 8)
    up = 10 ** scattered(2, 3, 7, low=-4, high=3, seed=0)
    many = 10 ** scattered(2, 3, 2, 7, low=-4, high=3, seed=1)
    up[:, :, 3] = np.nan
    drawn = {"up": up, "many": many, "one": np.ones(7), "data": np.arange(2.0, 9)}
    made = module.LiveCurves(
        x,
        drawn,
        controls=CONTROLS,
        xlabel="layer",
        ylabel="q",
        ylog=True,
        ylim=(1e-5, 1e4),
        points=["data"],
        guides=["one"],
        alt="Curves.",
    )
    for cell, figure in at_each_cell(made):
        (ax,) = figure.axes
        wanted = {"up": [up[cell]], "many": list(many[cell])}
        compare_lines(figure, x, {n: wanted.get(n, [y]) for n, y in drawn.items()})
        compare_looks(list(reader.legend_of(figure).values()))
        assert (ax.get_xlabel(), ax.get_ylabel()) == ("layer", "q")
        assert (ax.get_xscale(), ax.get_yscale()) == ("linear", "log")
        close([ax.get_xlim(), ax.get_ylim()], [(1, 7), (1e-5, 1e4)])
        reader.check_ticks(ax, "x", "y")


def compare_lines(
    figure: Figure, x: np.ndarray, wanted: dict[str, list[np.ndarray]]
) -> None:
    """Compare the lines of each name with the values that they should have."""
    found = reader.lines_by_name(figure, figure.axes[0])
    assert list(found) == list(reader.legend_of(figure)) == list(wanted)
    for name, lines in found.items():
        for line, y in zip(lines, wanted[name], strict=True):
            close(line, np.stack([x, y], axis=-1))


def compare_looks(keys: list[Line2D]) -> None:
    """Two of four curves are without marks, the third is a guide, the last points."""
    colours = [key.get_color() for key in keys]
    assert len(set(colours)) == len(keys)
    assert colours[2] == "0.5"
    assert [key.get_marker() for key in keys].count("") == 2
    assert [key.get_linestyle() for key in keys].count("None") == 1
    assert all(key._dash_pattern[0] == 0 for key in keys), "a broken first dash"


def compare_bars(module: types.ModuleType, *, log: bool) -> None:
    sample = samples.bars(module.LiveBars, log=log)
    series = sample.series
    for cell, figure in at_each_cell(sample.figure):
        (ax,) = figure.axes
        assert list(reader.names_at(ax, "x").values()) == sample.groups
        keys = reader.legend_of(figure)
        assert list(keys) == list(series)
        shades = {key.get_facecolor(): name for name, key in keys.items()}
        for bar in ax.patches:
            middle = bar.get_x() + bar.get_width() / 2
            assert abs(middle - round(middle)) < 0.4
            value = series[shades[bar.get_facecolor()]][cell][round(middle)]
            close([bar.get_y(), bar.get_y() + bar.get_height()], [float(log), value])
        assert len({(bar.get_x(), bar.get_facecolor()) for bar in ax.patches}) == 6
        assert [set(line.get_ydata()) for line in ax.get_lines()] == [{float(log)}]
        assert (ax.get_ylabel(), ax.get_yscale()) == ("change", ["linear", "log"][log])
        shown = np.array([*series.values()])
        assert ax.get_ylim()[0] < np.nanmin(shown) < np.nanmax(shown) < ax.get_ylim()[1]
        reader.check_ticks(ax, "y")


def compare_cells(
    figure: Figure, table: np.ndarray, rows: list[str], columns: list[str]
) -> None:
    read = reader.read_colours(figure, figure.axes[0])
    wanted = {
        (row, column): table[i, j]
        for i, row in enumerate(rows)
        for j, column in enumerate(columns)
    }
    assert read.keys() == wanted.keys()
    room = np.nanmax(np.abs(table)) / 30
    close([read[name] for name in wanted], list(wanted.values()), atol=room)


def compare_shades(ax: Axes, table: np.ndarray) -> None:
    """Compare the colours of cells that no bar explains: the least to the greatest."""
    pixels = reader.paint(ax.figure)
    low, high = np.nanmin(table), np.nanmax(table)
    for (i, j), value in np.ndenumerate(table):
        wanted = mpl.colormaps["cividis"]((value - low) / (high - low), bytes=True)[:3]
        wanted = wanted if np.isfinite(value) else (255, 255, 255)
        shown = reader.colour_at(ax, pixels, j - 0.3, i - 0.3)
        close(shown, wanted, atol=4)


def compare_texts(ax: Axes, table: np.ndarray, texts: np.ndarray) -> None:
    """Compare what is written in the cells, and whether one can read it there."""
    read = {text.get_position()[::-1]: text for text in ax.texts if text.get_text()}
    assert {at: text.get_text() for at, text in read.items()} == {
        at: text for at, text in np.ndenumerate(texts) if text
    }
    image = ax.images[0]
    for at, text in read.items():
        known = np.isfinite(table[at])
        ground = image.cmap(image.norm(table[at]))[:3] if known else (1, 1, 1)
        ink = to_rgba(text.get_color())[:3]
        assert abs(np.mean(ink) - np.mean(ground)) > 0.35, "illegible"


def compare_heatmap(module: types.ModuleType, *, diverging: bool) -> None:
    limits = None if diverging else (-4, 12)
    about = {"diverging": diverging, "limits": limits}
    sample = samples.heatmap(module.LiveHeatmap, **about)
    for cell, figure in at_each_cell(sample.figure):
        compare_cells(figure, sample.table[cell], sample.rows, sample.columns)
        ax, bar = figure.axes
        assert (ax.get_xlabel(), ax.get_ylabel()) == ("step", "unit")
        assert not any(line.get_visible() for line in ax.get_xgridlines())
        assert bar.get_ylabel() == r"weight w$_{\mathrm{0}}$"
        close(bar.get_ylim(), limits or (-9, 9))
        high, low = ax.images[0].cmap(1.0), ax.images[0].cmap(0.0)
        assert high[0] - high[2] > 0 > low[0] - low[2], "colours turned round"


def compare_histograms(module: types.ModuleType) -> None:
    sample = samples.histograms(module.LiveHistograms)
    for cell, figure in at_each_cell(sample.figure):
        panels = zip(figure.axes, sample.edges, COLOURS, strict=False)
        assert len(figure.axes) == len(sample.edges)
        for ax, name, colour in panels:
            assert (ax.get_xlabel(), ax.get_ylabel()) == (name, "layer")
            named = reader.names_at(ax, "y")
            assert list(named.items()) == list(enumerate(sample.rows))
            low, high = ax.get_ylim()
            assert len(sample.rows) > low > len(sample.rows) - 1, "no room, or too much"
            assert high == -1, "upside down"
            close(ax.get_xlim(), sample.edges[name][[0, -1]])
            reader.check_ticks(ax, "x")
            compare_rows(ax, name, colour, sample, cell)


def compare_rows(
    ax: Axes, name: str, colour: str, sample: SimpleNamespace, cell: tuple[int, int]
) -> None:
    """Compare the outlines of one panel, and the numbers beside them."""
    told = [spell(number) for number in sample.told[name][cell]]
    texts = {t.xy[1]: t.get_text() for t in ax.texts}
    assert texts == dict(enumerate(told))
    density = sample.counts[name][cell] / np.diff(sample.edges[name])
    rows = [patch for patch in ax.patches if isinstance(patch, StepPatch)]
    assert [row.get_data().baseline for row in rows] == [0, 1, 2]
    for patch, high in zip(rows, density, strict=True):
        tops, places, floor = patch.get_data()
        close(places, sample.edges[name])
        close((floor - tops) / 0.85, high / high.max(), atol=0.005)
        assert to_hex(patch.get_facecolor()).upper() == colour


def compare_map(module: types.ModuleType) -> None:
    sample = samples.chosen_map(module.LiveMap)
    for cell, figure in at_each_cell(sample.figure):
        frame = only([p for p in figure.axes[0].patches if isinstance(p, Rectangle)])
        assert frame.get_width() == frame.get_height() == 1
        places = frame.get_x() + 0.5, frame.get_y() + 0.5
        named = [
            reader.names_at(figure.axes[0], s)[p]
            for s, p in zip("xy", places, strict=True)
        ]
        assert named == [sample.columns[cell[1]], sample.rows[cell[0]]]
        compare_shades(figure.axes[0], sample.table)
        texts = np.where(np.isfinite(sample.table), sample.texts, "–")
        compare_texts(figure.axes[0], sample.table, texts)
        assert figure.axes[0].get_title() == "steps"
        found = reader.lines_by_name(figure, figure.axes[1])
        for line, y in zip(found["seeds"], sample.seeds[cell], strict=True):
            close(line[:, 1], y, atol=1e-4)
        assert figure.axes[1].get_ylabel() == "accuracy"


# Pictures of the chapters


def compare_layers(module: types.ModuleType) -> None:
    for log in (False, True):
        figure, ax = plt.subplots()
        drawn = {
            name: scattered(6, low=1, high=50, seed=i) for i, name in enumerate("abc")
        }
        module.plot_layers(ax, drawn, ylabel="std", xlabel="l", log=log, first=2)
        reader.paint(figure)
        found = reader.lines_by_name(figure, ax)
        assert list(found) == list(reader.legend_of(figure)) == list(drawn)
        for name, (line,) in found.items():
            close(line, np.stack([np.arange(2, 8), drawn[name]], axis=-1))
        assert (ax.get_xlabel(), ax.get_ylabel()) == ("l", "std")
        assert ax.get_yscale() == ["linear", "log"][log]
        assert all(float(tick).is_integer() for tick in ax.get_xticks())
        reader.check_ticks(ax, "x", "y")


def compare_fractions(module: types.ModuleType) -> None:
    rng = np.random.default_rng(0)
    layers = [scale * rng.normal(size=(50, 4)) for scale in (0.3, 1, 3)]
    figure = module.plot_histograms(
        layers, limit=2, xlabel="z", bins=8, columns=2, first=4
    )
    reader.paint(figure)
    edges = np.linspace(-2, 2, 9)
    for ax, values, name in zip(figure.axes, layers, "456", strict=False):
        counts, _ = np.histogram(np.clip(values, -2, 2), edges)
        close([bar.get_height() for bar in ax.patches], counts / 200)
        close([bar.get_x() for bar in ax.patches], edges[:-1])
        assert [text.get_text() for text in ax.texts] == [name]
        assert ax.get_ylim()[0] == 0
    reader.check_ticks(figure.axes[2], "x")
    assert not figure.axes[3].axison
    assert figure._supxlabel.get_text() == "z"
    assert figure._supylabel.get_text() == "fraction"


def compare_table(module: types.ModuleType, *, log: bool) -> None:
    rows, columns = ["a", "b", "c"], ["x", "y"]
    table = 10.0 ** np.array([[0, 3], [1.5, np.nan], [2.4, 0.7]])
    texts = np.array([["p", "q"], ["r", "s"], ["t", "u"]])
    for written in (None, texts):
        figure, ax = plt.subplots()
        module.plot_heatmap(
            ax, table, rows, columns, label="steps", texts=written, log=log
        )
        bar = figure.axes[1]
        read = reader.read_colours(figure, ax)
        assert list(read) == [(row, column) for row in rows for column in columns]
        warp = np.log10 if log else (lambda values: values / 300)
        close(warp(np.array([*read.values()])), warp(table.ravel()), atol=0.1)
        assert (bar.get_ylabel(), bar.get_yscale()) == ("steps", ["linear", "log"][log])
        close(bar.get_ylim(), (np.nanmin(table), np.nanmax(table)))
        shown = np.char.mod("%.3g", table) if written is None else texts
        compare_texts(ax, table, np.where(np.isfinite(table), shown, ""))


CASES = {
    "curves": (curves, compare_curves, {}),
    "bars on logs": (bars, compare_bars, {"log": True}),
    "bars below zero": (bars, compare_bars, {"log": False}),
    "heat map": (heatmap, compare_heatmap, {"diverging": False}),
    "diverging heat map": (heatmap, compare_heatmap, {"diverging": True}),
    "histograms": (histograms, compare_histograms, {}),
    "map": (map, compare_map, {}),
    "plot_layers": (initlib.plotting, compare_layers, {}),
    "plot_histograms": (initlib.plotting, compare_fractions, {}),
    "plot_heatmap": (initlib.plotting, compare_table, {"log": False}),
    "plot_heatmap on logs": (initlib.plotting, compare_table, {"log": True}),
}


@pytest.mark.parametrize("name", CASES)
def test_a_picture_says_what_its_tables_say(name):
    module, compare, options = CASES[name]
    compare(module, **options)


@pytest.mark.parametrize("false", FALSE, ids=lambda false: false["what"])
def test_a_false_picture_is_noticed(false):
    module, compare, options = CASES[false["case"]]
    other = reader.changed(module.__name__, false["from"], false["to"])
    with pytest.raises((AssertionError, KeyError)):
        compare(other, **options)
