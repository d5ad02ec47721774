"""What a live figure draws is what its tables say, at every position of its controls.

Each kind is drawn in Chromium and read back: places through the ticks, colours through
legend and colour bar, words as they stand.  The companions draw a false picture each.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
import yaml

from initlib.widgets import LiveBars, LiveCurves, LiveHeatmap, LiveHistograms, LiveMap
from initlib.widgets.figure import LiveFigure
from initlib.widgets.labels import plain, spell
from tests.initlib import drawn as reader
from tests.initlib import samples
from tests.initlib.drawn import PIXEL, Axis, Box, Drawn, Shape, Text, freeze
from tests.initlib.samples import CONTROLS, NAN, SCALES, scattered
from tools.paths import ROOT

RUNTIME = (ROOT / "book/assets/live/runtime.js").read_text("utf-8")
SCRIPT = (ROOT / "initlib/widgets/live.js").read_text("utf-8")
LABELS = (ROOT / "tests/initlib/labels.js").read_text("utf-8")
STATE = "application/vnd.jupyter.widget-state+json"
VIEW = "application/vnd.jupyter.widget-view+json"
SHOWN = {"activation": CONTROLS["activation"], "scale σw": ["0.5", "1.5", "4"]}


@dataclass(frozen=True)
class Case:
    """A figure, and what compares one drawn position with the tables."""

    figure: LiveFigure
    compare: Callable[[Drawn, Any], None]
    shown: dict[str, list[str]]


def near(place: Any, wanted: Any, what: str) -> None:
    error = np.abs(np.asarray(place) - np.asarray(wanted))
    assert np.shape(place) == np.shape(wanted), f"{what}: {place} for {wanted}"
    assert np.all(error < PIXEL), f"{what} {error.max():.1f} pixels away"


def from_to(name: str, values: np.ndarray) -> str:
    return f"{name} from {spell(values[0])} to {spell(values[-1])}"


# Curves


def compare_line(drawn: Drawn, name: str, wanted: np.ndarray) -> None:
    """Compare a drawn line with its points (lines, P, 2) in pixels."""
    lines = [s for s in drawn.free if s.is_line and drawn.name_of(s) == name]
    assert len(lines) == 1, f"{len(lines)} lines {name}"
    pieces = [piece for line in wanted for piece in reader.runs(line)]
    assert len(lines[0].parts) == len(pieces), f"{name} is parted wrongly"
    for part, piece in zip(lines[0].parts, pieces, strict=True):
        near(part, piece, name)


def compare_marks(drawn: Drawn, name: str, wanted: np.ndarray, least: int) -> None:
    """Compare the marks of a curve with its points (P, 2) in pixels."""
    found = [
        s
        for s in drawn.free
        if not s.is_line and s.tag == "path" and drawn.name_of(s) == name
    ]
    assert len(found) == 1, f"{len(found)} kinds of marks for {name}"
    centres = [Box.around(part) for part in found[0].parts]
    there = wanted[np.isfinite(wanted).all(axis=1)]
    assert len(centres) >= least, f"{name} lacks marks"
    for box in centres:
        gaps = np.abs(there - [box.x, box.y]).max(axis=1)
        assert gaps.min() < PIXEL, f"a mark of {name} is no point of it"


def compare_curves(
    drawn: Drawn,
    curves: dict[str, tuple[str, np.ndarray, np.ndarray]],
    *,
    xlog: bool = False,
    ylog: bool = False,
    labels: tuple[str, str],
) -> None:
    x, y, box = drawn.axes(xlog=xlog, ylog=ylog)
    assert drawn.names_of_axes(box) == labels
    assert list(drawn.keys) == (list(curves) if len(curves) > 1 else [])
    for name, (look, xs, ys) in curves.items():
        places = np.stack(np.broadcast_arrays(x.place(xs), y.place(ys)), axis=-1)
        if look != "points":
            compare_line(drawn, name, places.reshape(-1, len(xs), 2))
        if look in {"line", "points"}:
            count = np.isfinite(ys).sum()
            compare_marks(drawn, name, places, count if look == "points" else 5)
    looks = [look for look, *_ in curves.values()]
    lines = sum(shape.is_line for shape in drawn.free)
    assert lines == sum(look != "points" for look in looks), "a line too many"


def curves_on_logs() -> Case:
    """Three kinds of curves, a gap, a point and numbers over many decades."""
    x = np.arange(1, 8)
    forward = 10 ** scattered(2, 3, 7, low=-6, high=3, seed=0)
    backward = 10 ** scattered(2, 3, 7, low=-6, high=3, seed=1)
    forward[:, :, 3] = NAN
    data = 10 ** np.linspace(-4, 2, 7)
    figure = LiveCurves(
        x,
        {"forward": forward, "backward_l": backward, "one": np.ones(7), "data": data},
        controls=CONTROLS,
        xlabel="layer ℓ",
        ylabel="E[z^2]",
        ylog=True,
        points=["data"],
        guides=["one"],
        alt="Curves.",
    )

    def compare(drawn: Drawn, cell: tuple[int, int]) -> None:
        curves = {
            "forward": ("line", x, forward[cell]),
            "backwardl": ("line", x, backward[cell]),
            "one": ("guide", x, np.ones(7)),
            "data": ("points", x, data),
        }
        compare_curves(drawn, curves, ylog=True, labels=("layer ℓ", "E[z²]"))
        ends = from_to("forward", forward[cell]), from_to("backwardl", backward[cell])
        assert drawn.summary == f"E[z²], layer ℓ 1 to 7: {'; '.join(ends)}."

    return Case(figure, compare, SHOWN)


def bundles_of_lines() -> Case:
    """Lines that share a name, with abscissas of their own, on a logarithmic x axis."""
    x = 10 ** np.linspace(-2, 2, 6)
    own = x * np.array([[2.0], [1.0], [0.5]])[..., None]
    many = scattered(3, 4, 6, low=-3, high=8, seed=2)
    one = scattered(3, 6, low=-3, high=8, seed=3)
    loss = np.array([0.123, 45.6, 1e-7])
    figure = LiveCurves(
        x,
        {"seeds": many, "mean": (own.reshape(3, 6), one)},
        controls={"scale σ_w": SCALES},
        xlabel="step",
        ylabel="loss",
        xlog=True,
        xlim=(1e-3, 1e3),
        ylim=(-4, 9),
        readouts={"χ_1": loss},
        alt="Bundles.",
    )

    def compare(drawn: Drawn, cell: tuple[int]) -> None:
        curves = {
            "seeds": ("many", x, many[cell]),
            "mean": ("line", own.reshape(3, 6)[cell], one[cell]),
        }
        compare_curves(drawn, curves, xlog=True, labels=("step", "loss"))
        assert drawn.summary == f"χ1 = {spell(loss[cell])}."

    return Case(figure, compare, {"scale σw": SHOWN["scale σw"]})


# Bars


def compare_bars(
    drawn: Drawn,
    groups: list[str],
    series: dict[str, np.ndarray],
    *,
    log: bool,
    label: str,
) -> None:
    y, box = drawn.height_axis(log=log)
    assert [t.label for t in drawn.texts if t.turned] == [label]
    assert list(drawn.keys) == (list(series) if len(series) > 1 else [])
    places = reader.names_below(drawn, box.bottom, numbers=False)
    assert [name for name, _ in places] == groups
    first = groups[0].split(" ")[0]
    names = min(t.box.y for t in drawn.texts if t.label == first)
    ground = [s.box.y for s in drawn.free if s.is_line]
    near(ground, [y.place(1 if log else 0)], "the ground")
    seen = []
    for bar in (shape for shape in drawn.free if shape.tag == "rect"):
        group = min(places, key=lambda place: abs(place[1] - bar.box.x))[0]
        name = drawn.name_of(bar) if drawn.keys else next(iter(series))
        value = series[name][groups.index(group)]
        ends = sorted([ground[0], float(y.place(value))])
        near([bar.box.top, bar.box.bottom], ends, f"bar {name} of {group}")
        end = float(y.place(value))
        room = end <= ground[0] or end + 28 < names  # below it, or above
        compare_number(drawn, bar.box, end if room else ground[0], value)
        seen.append((name, group))
    wanted = sorted(finite_bars(groups, series))
    assert sorted(seen) == wanted, "a bar is missing, or upon another"


def finite_bars(
    groups: list[str], series: dict[str, np.ndarray]
) -> Iterator[tuple[str, str]]:
    """Yield the series and the group of each bar that can be drawn."""
    for name, values in series.items():
        yield from ((name, groups[i]) for i in np.flatnonzero(np.isfinite(values)))


def compare_number(drawn: Drawn, bar: Box, end: float, value: float) -> None:
    if bar.right - bar.left < 30:
        return  # no room
    near_end = [
        t
        for t in drawn.texts
        if abs(t.box.x - bar.x) < 3
        and abs(t.box.y - end) < 20
        and reader.is_number(t.label)
    ]
    told = [reader.number(t.label) for t in near_end]
    assert told == [float(f"{value:.2g}")], f"{told} at a bar to {value}"


def bars_on_logs() -> Case:
    sample = samples.bars(LiveBars, log=True)

    def compare(drawn: Drawn, cell: tuple[int, int]) -> None:
        series = {name: table[cell] for name, table in sample.series.items()}
        compare_bars(drawn, sample.groups, series, log=True, label="change")
        told = "; ".join(
            f"{name} " + ", ".join(spell(float(f"{v:.2g}")) for v in values)
            for name, values in series.items()
        )
        assert drawn.summary == f"{', '.join(sample.groups)}: {told}."

    return Case(sample.figure, compare, SHOWN)


def bars_below_zero() -> Case:
    groups = list("abcd")
    table = scattered(2, 3, 4, low=-7, high=11, seed=6)
    told = scattered(2, 3, low=0.1, high=0.9, seed=7)
    figure = LiveBars(
        groups,
        {"change": table},
        controls=CONTROLS,
        ylabel="Δ",
        ylim=(-8, 13),
        readouts={"best": told, "worst": -told},
        alt="Bars.",
    )

    def compare(drawn: Drawn, cell: tuple[int, int]) -> None:
        compare_bars(drawn, groups, {"change": table[cell]}, log=False, label="Δ")
        best = spell(told[cell]), spell(-told[cell])
        assert drawn.summary == f"best = {best[0]}, worst = {best[1]}."

    return Case(figure, compare, SHOWN)


# Colours


def compare_names(drawn: Drawn, cells: Box, rows: list[str], columns: list[str]):
    """Return where rows and columns stand, by the names that are written."""
    left = [
        t
        for t in drawn.texts
        if 0 < cells.left - t.box.right < 12 and cells.top < t.box.y < cells.bottom
    ]
    below = [
        (name, place)
        for name, place in reader.names_below(drawn, cells.bottom, numbers=True)
        if name.split(" ")[0] in {c.split(" ")[0] for c in columns}
        and cells.left < place < cells.right
    ]
    tall = (cells.bottom - cells.top) / len(rows)
    broad = (cells.right - cells.left) / len(columns)
    assert len(left) >= 2, "no names of rows"
    assert len(below) >= 2, "no names of columns"
    for text in left:
        place = cells.top + (rows.index(plain(text.label)) + 0.5) * tall
        assert abs(text.box.y - place) < 2.5, f"row {text.label} is elsewhere"
    for name, place in below:
        named = next(c for c in columns if name == c or name.startswith(f"{c} "))
        wanted = cells.left + (columns.index(named) + 0.5) * broad
        assert abs(place - wanted) < 2.5, f"column {name} is elsewhere"
    return tall, broad


def colour_bar(drawn: Drawn, cells: Box, colours: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the colours of the bar (n, 3), and the values that its ticks give them."""
    slices = [s for s in drawn.free if s.tag == "rect" and s.box.left > cells.right]
    paints = np.array([paint(s.style["fill"]) for s in slices])
    ticks = [
        t
        for t in drawn.texts
        if 0 < t.box.left - slices[0].box.right < 8 and reader.is_number(t.label)
    ]
    labels = [reader.number(t.label) for t in ticks]
    axis = Axis(np.array([t.box.y for t in ticks]), np.array(labels), log=False)
    values = np.array([axis.value(s.box.y) for s in slices])
    part = (values - values.min()) / np.ptp(values)
    wanted = 255 * mpl.colormaps[colours](part)[:, :3]
    assert np.abs(wanted - paints).mean() < 2, f"the bar is not {colours}"
    return paints, values


def paint(fill: str) -> list[float]:
    return [float(level) for level in re.findall(r"[\d.]+", fill)[:3]]


def compare_cells(
    drawn: Drawn,
    table: np.ndarray,
    names: tuple[list[str], list[str]],
    *,
    labels: tuple[str, str, str],
    texts: np.ndarray | None = None,
    colours: str = "cividis",
    bar: bool = True,
) -> Box:
    """Compare coloured cells with a table (rows, columns); return where they are."""
    shapes = drawn.framed("live-map")
    cells = Box.around(np.concatenate([p for s in shapes for p in s.parts]))
    sides = compare_names(drawn, cells, *names)
    placed = shapes_by_cell(shapes, cells, sides)
    assert sorted(placed) == [tuple(at) for at in np.argwhere(np.isfinite(table))]
    if bar:
        compare_colours(placed, table, colour_bar(drawn, cells, colours))
        above = [plain(t.label) for t in drawn.texts if t.box.bottom < cells.top]
        assert above == [labels[2]]
    for place, shape in placed.items() if texts is not None else ():
        (written,) = (t for t in drawn.texts if inside(t, shape.box))
        assert written.label == texts[place]
        compare_ink(written, paint(shape.style["fill"]))
    below = [plain(t.label) for t in drawn.texts if t.box.y > cells.bottom]
    assert labels[0] in below
    assert labels[1] in [plain(t.label) for t in drawn.texts if t.turned]
    return cells


def shapes_by_cell(
    shapes: list[Shape], cells: Box, sides: tuple[float, float]
) -> dict[tuple[int, int], Shape]:
    """Return the shape at each row and column."""
    tall, broad = sides
    placed = {}
    for shape in shapes:
        row = int((shape.box.y - cells.top) / tall)
        column = int((shape.box.x - cells.left) / broad)
        assert (row, column) not in placed, "two cells in one place"
        placed[row, column] = shape
    return placed


def compare_colours(
    placed: dict[tuple[int, int], Shape],
    table: np.ndarray,
    bar: tuple[np.ndarray, np.ndarray],
) -> None:
    """Compare the values that a colour bar gives to the cells with a table."""
    paints, values = bar
    for place, shape in placed.items():
        gaps = np.abs(paints - paint(shape.style["fill"])).max(axis=1)
        assert gaps.min() < 8, "a colour that the bar does not have"
        read = values[gaps.argmin()]
        assert abs(read - table[place]) < np.ptp(values) / 40, f"{read} at {place}"


def inside(text: Text, box: Box) -> bool:
    return box.left < text.box.x < box.right and box.top < text.box.y < box.bottom


def compare_ink(text: Text, ground: list[float]) -> None:
    weights = [0.2126, 0.7152, 0.0722]
    shades = sorted(
        float(np.dot(weights, (np.array(c) / 255) ** 2.2))
        for c in (paint(text.fill), ground)
    )
    assert (shades[1] + 0.05) / (shades[0] + 0.05) > 3, "illegible"


def written_heatmap() -> Case:
    told = scattered(2, 3, low=10, high=70, seed=9)
    readouts = {"spread": told, "twice": 2 * told}
    sample = samples.heatmap(LiveHeatmap, readouts=readouts, written=True)

    def compare(drawn: Drawn, cell: tuple[int, int]) -> None:
        table, labels = sample.table[cell], ("step", "unit", "weight w0")
        texts = np.vectorize(lambda v: spell(float(f"{v:.2g}")))(table)
        names = sample.rows, sample.columns
        compare_cells(drawn, table, names, labels=labels, texts=texts)
        missing = [t.label for t in drawn.texts if t.label == "–"]
        assert missing == ["–"]
        told_here = spell(told[cell]), spell(2 * told[cell])
        assert drawn.summary == "spread = {}, twice = {}.".format(*told_here)

    return Case(sample.figure, compare, SHOWN)


def dense_heatmap() -> Case:
    rows, columns = list(range(2, 26, 2)), [0.1 * i for i in range(1, 25)]
    slopes = np.array([1.0, -1.0, 0.5])[:, None, None]
    table = slopes * np.add.outer(np.linspace(-1, 2, 12) ** 3, np.linspace(0, 4, 24))
    figure = LiveHeatmap(
        table,
        rows=rows,
        columns=columns,
        controls={"scale σ_w": SCALES},
        xlabel="σ_w",
        ylabel="depth",
        label="log c",
        diverging=True,
        limits=(-12, 12),
        alt="Colours.",
    )

    def compare(drawn: Drawn, cell: tuple[int]) -> None:
        names = list(map(str, rows)), list(map(spell, columns))
        labels = ("σw", "depth", "log c")
        compare_cells(drawn, table[cell], names, labels=labels, colours="RdBu_r")
        ends = spell(table[cell].min()), spell(table[cell].max())
        assert drawn.summary == "log c from {} to {}.".format(*ends)

    return Case(figure, compare, {"scale σw": SHOWN["scale σw"]})


def chosen_map() -> Case:
    sample = samples.chosen_map(LiveMap)

    def compare(drawn: Drawn, cell: tuple[int, int]) -> None:
        labels = ("start", "activation", "steps")
        bar = any(t.label == "steps" for t in drawn.texts)  # there is no room on phones
        names = sample.rows, sample.columns
        about = {"labels": labels, "texts": sample.texts, "bar": bar}
        cells = compare_cells(drawn, sample.table, names, **about)
        compare_frame(drawn, cells, cell)
        drawn.shapes = [s for s in drawn.shapes if s.tag == "path"]
        curves = {
            "seeds": ("many", sample.x, sample.seeds[cell]),
            "chance": ("guide", sample.x, sample.chance),
        }
        compare_curves(drawn, curves, labels=("step", "accuracy"))
        assert drawn.summary == f"steps: {sample.texts[cell]}."

    shown = {"activation": sample.rows, "start": sample.columns}
    return Case(sample.figure, compare, shown)


def compare_frame(drawn: Drawn, cells: Box, cell: tuple[int, int]) -> None:
    """Compare where the frame of the chosen cell of 2 rows and 3 columns stands."""
    frame = [s for s in drawn.free if s.tag == "rect" and s.style["fill"] == "none"]
    tall, broad = (cells.bottom - cells.top) / 2, (cells.right - cells.left) / 3
    at = [cells.left + (cell[1] + 0.5) * broad, cells.top + (cell[0] + 0.5) * tall]
    near([[s.box.x, s.box.y] for s in frame], [at], "the frame")


# Histograms


def compare_panel(
    drawn: Drawn, colour: str, name: str, sample: SimpleNamespace, cell: tuple[int, int]
) -> None:
    """Compare the histograms of one colour with their tables."""
    bars = [s for s in drawn.free if s.style["stroke"] == colour]
    assert len(bars) == len(sample.rows)
    panel = Box.around(np.concatenate([p for s in bars for p in s.parts]))
    texts = [t for t in drawn.texts if t.box.left > panel.left - 60]
    assert any(t.label == name and abs(t.box.x - panel.x) < 2 for t in texts)
    edges = axis_below(drawn, panel).place(sample.edges[name])
    density = sample.counts[name][cell] / np.diff(sample.edges[name])
    for bar in bars:
        left, right = texts_beside(drawn, bar, panel)
        row = sample.rows.index(left)
        told = spell(sample.told[name][cell][row])
        assert right == told, "the number of another row"
        compare_outline(bar, edges, density[row])
    sizes = [bar.box.bottom - bar.box.top for bar in bars]
    assert np.ptp(sizes) < PIXEL, "peaks of several heights"
    above = [t for t in drawn.texts if 0 < panel.top - t.box.bottom + 6 < 20]
    assert {"std", "layer"} <= {t.label for t in above}


def axis_below(drawn: Drawn, panel: Box) -> Axis:
    """Return the x axis of one panel, as its ticks tell it."""
    ticks = [
        s.box
        for s in drawn.framed("live-axes")
        if s.box.right - s.box.left < 1
        and panel.left - 2 < s.box.x < panel.right + 2
        and s.box.top < panel.bottom < s.box.bottom + 2
    ]
    labels = [reader.number(drawn._below(tick).label) for tick in ticks]
    return Axis(np.array([tick.x for tick in ticks]), np.array(labels), log=False)


def texts_beside(drawn: Drawn, bar: Shape, panel: Box) -> tuple[str, str]:
    """Return the name left of a histogram and the number right of it."""
    floor = bar.box.bottom
    beside = [t for t in drawn.texts if floor - 20 < t.box.y < floor + 2]
    left = [t.label for t in beside if 0 < panel.left - t.box.right < 12]
    right = [t.label for t in beside if 0 < t.box.left - panel.right < 12]
    assert len(left) == len(right) == 1, "a row without name or number"
    return left[0], right[0]


def compare_outline(bar: Shape, edges: np.ndarray, density: np.ndarray) -> None:
    """Compare the outline of a histogram with its edges, in pixels, and its bins."""
    (outline,) = bar.parts
    near(np.unique(outline[:, 0]), edges, "edges")
    heights = (bar.box.bottom - outline[1:-1:2, 1]) / (bar.box.bottom - bar.box.top)
    np.testing.assert_allclose(heights, density / density.max(), atol=0.03)


def two_histograms() -> Case:
    sample = samples.histograms(LiveHistograms)
    colours = ["rgb(0, 114, 178)", "rgb(213, 94, 0)"]

    def compare(drawn: Drawn, cell: tuple[int, int]) -> None:
        for name, colour in zip(sample.edges, colours, strict=True):
            compare_panel(drawn, colour, name, sample, cell)
        ends = [from_to(name, told[cell]) for name, told in sample.told.items()]
        assert drawn.summary == f"std, layer first to last: {'; '.join(ends)}."

    return Case(sample.figure, compare, SHOWN)


CASES = {
    make.__name__: make()
    for make in (
        curves_on_logs,
        bundles_of_lines,
        bars_on_logs,
        bars_below_zero,
        written_heatmap,
        dense_heatmap,
        chosen_map,
        two_histograms,
    )
}

FALSE = yaml.safe_load(
    Path(__file__).with_name("false_pictures.yml").read_text("utf-8")
)


def page_of(figures: list[tuple[LiveFigure, str]], width: int) -> str:
    """Return a page with some figures, each drawn by a script of its own."""
    states, views = {}, []
    for number, (figure, script) in enumerate(figures):
        stored = freeze(figure.get_state())
        stored["state"]["_esm"] = script
        states[str(number)] = stored
        view = json.dumps({"model_id": str(number)})
        views.append(f'<div><script type="{VIEW}">{view}</script></div>')
    told = json.dumps({"state": states}).replace("</", "<\\/")
    style = f"body > div {{ width: {width}px; contain: content; }}"
    return (
        f'<!doctype html><meta charset="utf-8"><style>{style}</style>{"".join(views)}'
        f'<script type="{STATE}">{told}</script><script>{RUNTIME}</script>'
    )


def draw(browser, figures: list[tuple[LiveFigure, str]], width: int):
    """Return a page of Chromium in which figures are drawn."""
    page = browser.new_page(viewport={"width": 1000, "height": 800})
    page.set_content(page_of(figures, width))
    drawn = ".live-picture:has(> *), .live-note"
    page.wait_for_function(
        f"document.querySelectorAll('{drawn}').length === {len(figures)}"
    )
    assert page.locator(".live-note").all_text_contents() == []
    return page


def read(
    browser, figures: list[tuple[LiveFigure, str]], width: int
) -> list[list[Drawn]]:
    """Draw figures in Chromium, and read each at every position of its controls."""
    page = draw(browser, figures, width)
    every = f"[...document.querySelectorAll('.live')].map({reader.SCRIPT})"
    told = json.loads(page.evaluate(f"JSON.stringify({every})"))
    page.close()
    return [[Drawn(position) for position in figure] for figure in told]


def compare(case: Case, positions: list[Drawn]) -> None:
    """Compare what stands at each position of the controls with the tables."""
    seen = []
    for drawn in positions:
        assert list(drawn.controls) == list(case.shown)
        cell = tuple(
            names.index(drawn.controls[control])
            for control, names in case.shown.items()
        )
        seen.append(cell)
        case.compare(drawn, cell)
        where = ", ".join(f"{name} {shown}" for name, shown in drawn.controls.items())
        assert drawn.said == f"{case.figure.alt} {where}: {drawn.summary}"
    assert seen == list(np.ndindex(*map(len, case.shown.values())))


@pytest.fixture(scope="module")
def pictures(browser):
    """Draw all cases, wide and narrow, and every false picture."""
    true = [(case.figure, SCRIPT) for case in CASES.values()]
    false = [
        (CASES[one["case"]].figure, SCRIPT.replace(one["from"], one["to"]))
        for one in FALSE
    ]
    wide = read(browser, true + false, 720)
    narrow = read(browser, true, 360)
    return {
        "wide": dict(zip(CASES, wide[: len(true)], strict=True)),
        "narrow": dict(zip(CASES, narrow, strict=True)),
        "false": {
            one["what"]: drawn
            for one, drawn in zip(FALSE, wide[len(true) :], strict=True)
        },
    }


@pytest.mark.parametrize("width", ["wide", "narrow"])
@pytest.mark.parametrize("name", CASES)
def test_a_picture_says_what_its_tables_say(pictures, name, width):
    compare(CASES[name], pictures[width][name])


@pytest.mark.parametrize("false", FALSE, ids=lambda false: false["what"])
def test_a_false_picture_is_noticed(pictures, false):
    assert SCRIPT.count(false["from"]) == 1
    with pytest.raises((AssertionError, ValueError, KeyError)):
        compare(CASES[false["case"]], pictures["false"][false["what"]])


def long_numbers() -> list[LiveFigure]:
    """Return figures whose numbers and names are as long as they get."""
    many = 10.0 ** np.arange(-12, 0).reshape(3, 4) * -1.23
    groups = ["fan_in", "fan_out", "their average", "geometric mean"]
    scales = {"scale": SCALES}
    rows = ["first", "in the middle", "last"]
    return [
        LiveBars(
            groups, {"a": 1 - many, "b": -many}, controls=scales, ylabel="Δ", alt="."
        ),
        LiveHistograms(
            {"h": (np.arange(5), np.ones((3, 3, 4)))},
            numbers={"h": many[:, :3]},
            number="std",
            controls=scales,
            rows=rows,
            alt=".",
        ),
        LiveCurves(
            np.linspace(1200, 1201.5, 4),
            {"y": np.linspace(-1234.9, -1234.1, 4)},
            controls=scales,
            xlabel="step",
            ylabel="mean of squares",
            alt=".",
        ),
    ]


def labels_out_of_place(browser, width: int, script: str = SCRIPT) -> list[str]:
    page = draw(browser, [(figure, script) for figure in long_numbers()], width)
    faults = page.evaluate(LABELS)
    page.close()
    return faults


@pytest.mark.parametrize("width", [288, 360, 720])
def test_long_labels_are_whole_and_apart(browser, width):
    assert labels_out_of_place(browser, width) == []


@pytest.mark.parametrize(
    ("true", "false", "fault"),
    [
        ("10 + wide(LONGEST)", "50", "leaves"),
        ("Math.max(30, 10 + widest(names))", "30", "leaves"),
        ("1 + wide(tickLabel(last, x)) / 2", "0", "leaves"),
        ("30 + widest(numbers)", "0", "lies upon"),
        ("(LETTERS * pixels) / widest(labels)", "LETTERS", "lies upon"),
    ],
)
def test_a_label_without_room_is_noticed(browser, true, false, fault):
    assert SCRIPT.count(true) == 1
    faults = labels_out_of_place(browser, 288, SCRIPT.replace(true, false))
    assert fault in " ".join(faults)
