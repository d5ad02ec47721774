"""Pictures by matplotlib say what their tables say: those of the chapters, and those
that a live figure leaves for print.

Each is drawn and read back; the companions are drawn by a source with one change.
"""

import types
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
import yaml
from matplotlib.colors import to_hex, to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle, StepPatch

import initlib.plotting
from initlib.plotting import COLOURS, STYLE, use_book_style
from initlib.widgets import bars, curves, heatmap, histograms, map
from initlib.widgets.labels import spell
from tests.initlib import rendered as reader
from tests.initlib.rendered import only
from tests.initlib.test_live_pictures import scattered

CONTROLS = {"activation": ["tanh", "ReLU"], "scale": [0.5, 1.5, 4.0]}
CELLS = [(1, 2), (0, 1)]
FALSE = yaml.safe_load(Path(__file__).with_name("false_stills.yml").read_text("utf-8"))


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
        found = reader.lines_by_name(figure, ax)
        assert list(found) == list(reader.legend_of(figure)) == list(drawn)
        wanted = {"up": [up[cell]], "many": list(many[cell])}
        for name, lines in found.items():
            for line, y in zip(lines, wanted.get(name, [drawn[name]]), strict=True):
                close(line, np.stack([x, y], axis=-1))
        keys = reader.legend_of(figure)
        assert keys["one"].get_color() == "0.5"
        assert len({key.get_color() for key in keys.values()}) == len(keys)
        assert [key.get_marker() for key in keys.values()].count("") == 2
        assert [key.get_linestyle() for key in keys.values()].count("None") == 1
        assert (ax.get_xlabel(), ax.get_ylabel()) == ("layer", "q")
        assert (ax.get_xscale(), ax.get_yscale()) == ("linear", "log")
        close([ax.get_xlim(), ax.get_ylim()], [(1, 7), (1e-5, 1e4)])
        reader.check_ticks(ax, "x", "y")


def compare_bars(module: types.ModuleType, *, log: bool) -> None:
    groups = ["fan_in", "their average", "neither"]
    up, down = (scattered(2, 3, 3, low=-2, high=2.5, seed=seed) for seed in (4, 5))
    up, down = (10**up, 10**down) if log else (up, down)
    up[:, :, 2] = np.nan
    series = {"forward": up, "backward": down}
    about = {"controls": CONTROLS, "ylabel": "change", "ylog": log, "alt": "Bars."}
    made = module.LiveBars(groups, series, **about)
    for cell, figure in at_each_cell(made):
        (ax,) = figure.axes
        assert list(reader.names_at(ax, "x").values()) == groups
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
        shown = np.array([up, down])
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


def compare_heatmap(module: types.ModuleType, *, diverging: bool) -> None:
    rows, columns = ["a", "b", "c"], ["x", "second one", "z", "w"]
    table = scattered(2, 3, 3, 4, low=-3, high=9, seed=8)
    table[..., 1, 2] = np.nan
    made = module.LiveHeatmap(
        table,
        rows=rows,
        columns=columns,
        controls=CONTROLS,
        xlabel="step",
        ylabel="unit",
        label="weight",
        diverging=diverging,
        limits=None if diverging else (-4, 12),
        alt="Colours.",
    )
    for cell, figure in at_each_cell(made):
        compare_cells(figure, table[cell], rows, columns)
        ax, bar = figure.axes
        assert (ax.get_xlabel(), ax.get_ylabel()) == ("step", "unit")
        assert bar.get_ylabel() == "weight"
        close(bar.get_ylim(), (-9, 9) if diverging else (-4, 12))
        high, low = ax.images[0].cmap(1.0), ax.images[0].cmap(0.0)
        assert high[0] - high[2] > 0 > low[0] - low[2], "colours turned round"


def compare_histograms(module: types.ModuleType) -> None:
    names = ["first", "mid", "last"]
    edges = {"h": np.linspace(-1, 2, 7), "dz": np.array([0, 1, 2, 4, 8.0])}
    counts = {
        "h": scattered(2, 3, 3, 6, low=1, high=90, seed=12),
        "dz": scattered(2, 3, 3, 4, low=1, high=90, seed=13),
    }
    told = {name: scattered(2, 3, 3, low=0.1, high=9, seed=14) * k for k, name in
            enumerate(edges, 1)}  # fmt: skip
    made = module.LiveHistograms(
        {name: (edges[name], counts[name]) for name in edges},
        numbers=told,
        number="std",
        controls=CONTROLS,
        rows=names,
        alt="Histograms.",
    )
    for cell, figure in at_each_cell(made):
        for (name, colour), ax in zip(
            zip(edges, COLOURS, strict=False), figure.axes, strict=True
        ):
            assert (ax.get_xlabel(), ax.get_ylabel()) == (name, "layer")
            assert list(reader.names_at(ax, "y").items()) == list(enumerate(names))
            assert ax.get_ylim()[0] > ax.get_ylim()[1], "upside down"
            close(ax.get_xlim(), edges[name][[0, -1]])
            reader.check_ticks(ax, "x")
            texts = {t.xy[1]: t.get_text() for t in ax.texts}
            density = counts[name][cell] / np.diff(edges[name])
            rows = [patch for patch in ax.patches if isinstance(patch, StepPatch)]
            assert [row.get_data().baseline for row in rows] == [0, 1, 2]
            for i, patch in enumerate(rows):
                tops, places, floor = patch.get_data()
                close(places, edges[name])
                close((floor - tops) / 0.85, density[i] / density[i].max(), atol=0.005)
                assert texts[i] == spell(told[name][cell][i])
                assert to_hex(patch.get_facecolor()).upper() == colour


def compare_map(module: types.ModuleType) -> None:
    rows, columns = ["tanh", "ReLU"], ["He", "Xavier", "one"]
    table = scattered(2, 3, low=3, high=40, seed=10)
    seeds = scattered(2, 3, 2, 5, low=0, high=1, seed=11)
    made = module.LiveMap(
        table,
        [["a"] * 3] * 2,
        label="steps",
        rows={"activation": rows},
        columns={"start": columns},
        x=np.arange(5),
        curves={"seeds": seeds, "chance": np.full(5, 0.1)},
        guides=["chance"],
        xlabel="step",
        ylabel="accuracy",
        alt="Map.",
    )
    for cell, figure in at_each_cell(made):
        frame = only([p for p in figure.axes[0].patches if isinstance(p, Rectangle)])
        places = frame.get_x() + 0.5, frame.get_y() + 0.5
        named = [
            reader.names_at(figure.axes[0], s)[p]
            for s, p in zip("xy", places, strict=True)
        ]
        assert named == [columns[cell[1]], rows[cell[0]]]
        frame.set_visible(False)  # its line hides the colour at the rim
        compare_cells(figure, table, rows, columns)
        found = reader.lines_by_name(figure, figure.axes[1])
        for line, y in zip(found["seeds"], seeds[cell], strict=True):
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
        for text in ax.texts:
            column, row = text.get_position()
            value = f"{table[row, column]:.3g}"
            assert text.get_text() == (value if written is None else texts[row, column])
            ground = np.mean(
                ax.images[0].cmap(ax.images[0].norm(table[row, column]))[:3]
            )
            assert abs(np.mean(to_rgba(text.get_color())[:3]) - ground) > 0.35, (
                "illegible"
            )
        assert len(ax.texts) == 5


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


@pytest.fixture(autouse=True)
def style():
    with mpl.rc_context():
        mpl.use("agg")
        use_book_style()
        yield
        plt.close("all")


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
