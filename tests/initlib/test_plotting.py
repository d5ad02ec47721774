"""Drawing: what is handed over is what is drawn, and the bytes repeat."""

import re
from types import SimpleNamespace

import matplotlib as mpl
import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
from IPython.core.formatters import DisplayFormatter
from matplotlib_inline import backend_inline

from initlib.plotting import (
    COLOURS,
    MARKERS,
    _ink_on,
    plot_heatmap,
    plot_histograms,
    plot_layers,
    use_book_style,
    write_svg,
)
from tools.paths import CHAPTERS

pytestmark = pytest.mark.usefixtures("book_style")


def test_grid_lies_behind_bars():
    figure, ax = plt.subplots()
    (bar,) = ax.bar([0], [1])
    figure.draw_without_rendering()
    assert ax.get_ygridlines()[0].get_visible()
    assert ax.yaxis.get_zorder() < bar.get_zorder()


def test_curves_differ_in_colour_and_marker():
    _, ax = plt.subplots()
    curves = {name: np.arange(1, 5) * k for k, name in enumerate("abc", 1)}
    plot_layers(ax, curves, ylabel="std of z", log=True)
    lines = ax.get_lines()
    assert [line.get_color() for line in lines] == COLOURS[:3]
    assert [line.get_marker() for line in lines] == MARKERS[:3]
    np.testing.assert_array_equal(lines[1].get_xydata()[:, 0], [1, 2, 3, 4])
    np.testing.assert_array_equal(lines[1].get_xydata()[:, 1], curves["b"])
    assert (ax.get_ylabel(), ax.get_yscale()) == ("std of z", "log")
    assert [t.get_text() for t in ax.get_legend().get_texts()] == list("abc")
    seen = [side for side, spine in ax.spines.items() if spine.get_visible()]
    assert seen == ["left", "bottom"]


def test_layers_are_numbered_whole():
    _, ax = plt.subplots()
    plot_layers(ax, {"a": [1.0, 2.0]}, ylabel="y")
    assert all(place == int(place) for place in ax.get_xticks())


def test_pictures_are_no_wider_than_a_phone_can_show():
    """At most 5.2 inches, and panels of histograms are alike in all rows."""
    figures = [plt.subplots()[0]]
    for count in (1, 3, 5):
        layers = [np.zeros(5)] * count
        figures.append(plot_histograms(layers, limit=1, xlabel="h", columns=2))
    assert {figure.get_figwidth() for figure in figures} == {5.2}
    heights = [figure.get_figheight() for figure in figures[1:]]
    assert heights == pytest.approx([1.8, 3.1, 4.4])


def test_histograms_are_fractions_and_keep_what_lies_beyond():
    layers = [np.array([-9.0, 0.0, 0.0, 9.0]), np.zeros(5), np.ones(5)]
    fig = plot_histograms(layers, limit=1, xlabel="h", bins=4, columns=2)
    heights = [[p.get_height() for p in ax.patches] for ax in fig.axes[:3]]
    assert heights[0] == [0.25, 0, 0.5, 0.25]
    assert [sum(h) for h in heights] == pytest.approx([1, 1, 1])
    assert len({(*ax.get_xlim(), *ax.get_ylim()) for ax in fig.axes}) == 1
    assert not fig.axes[3].axison
    for ax in fig.axes[:3]:
        assert ax.get_xticks().tolist() == [-1, 0, 1]
        assert not ax.get_yticks().size
        assert mpl.colors.to_hex(ax.patches[0].get_facecolor(), False) == "#0072b2"


def test_heatmap_writes_its_values():
    _, ax = plt.subplots()
    table = np.array([[1.0, 22.5], [np.nan, 4.0]])
    plot_heatmap(ax, table, ["r", "s"], ["c", "d"], label="steps")
    assert ax.figure.axes[1].get_ylabel() == "steps"
    assert [t.get_text() for t in ax.texts] == ["1", "22.5", "4"]
    assert [t.get_text() for t in ax.get_xticklabels()] == ["c", "d"]
    assert not any(spine.get_visible() for spine in ax.spines.values())
    assert not any(line.get_visible() for line in ax.get_xgridlines())


def test_heatmap_writes_truth_values_as_numbers():
    _, ax = plt.subplots()
    plot_heatmap(ax, np.array([[True, False]]), ["r"], ["c", "d"], label="right")
    assert [t.get_text() for t in ax.texts] == ["1", "0"]


def test_heatmap_writes_in_the_ink_that_is_easier_to_read():
    _, ax = plt.subplots()
    table = np.linspace(0, 1, 101)[np.newaxis]
    plot_heatmap(ax, table, ["r"], [""] * 101, label="v")
    (image,) = ax.images
    grounds = luminance(image.cmap(image.norm(table[0]))[:, :3])
    inks = luminance(np.array([mpl.colors.to_rgb(t.get_color()) for t in ax.texts]))
    assert {*inks} == {0, 1}
    bright, dark = np.maximum(grounds, inks), np.minimum(grounds, inks)
    assert ((bright + 0.05) / (dark + 0.05)).min() > 4.5  # as WCAG asks of text


def test_ink_changes_where_black_and_white_are_as_easy_to_read():
    assert [_ink_on((v, v, v)) for v in (0.458, 0.459)] == ["w", "k"]


def luminance(colours):
    """Return the relative luminance of sRGB colours, as WCAG defines it."""
    linear = np.where(
        colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4
    )
    return linear @ [0.2126, 0.7152, 0.0722]


def looks(svg):
    """Return how lines, surfaces and words of a picture look, without their places."""
    return set(re.findall(r'style="([^"]*)"', svg))


def test_pictures_look_like_those_of_the_book():
    stored = set()
    for path in CHAPTERS:
        for cell in nbformat.read(path, as_version=4).cells:
            for output in cell.get("outputs", []):
                stored |= looks(output.get("data", {}).get("image/svg+xml", ""))
    assert looks(drawn_svg([1, 2])) <= stored
    with mpl.rc_context({"grid.alpha": 0.4}):
        assert not looks(drawn_svg([1, 2])) <= stored


def drawn_svg(values):
    fig, ax = plt.subplots()
    plot_layers(ax, {"a": values, "b": [2, 1]}, ylabel="y")
    return write_svg(fig)


def test_notebooks_show_figures_with_write_svg(monkeypatch):
    shell = SimpleNamespace(display_formatter=DisplayFormatter())
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    monkeypatch.setattr(backend_inline, "set_matplotlib_formats", lambda: None)
    use_book_style()
    figure, _ = plt.subplots()
    shown, _ = shell.display_formatter.format(figure)
    assert shown["image/svg+xml"] == write_svg(figure)


def test_svg_bytes_repeat():
    assert drawn_svg([1, 2]) == drawn_svg([1, 2])


def test_places_in_svg_keep_hundredths_and_nothing_else_is_cut():
    svg = drawn_svg([1, 2.3456789])
    places = re.findall(r'\b(?:d|x|y|points)="([^"]*)"', svg)
    assert max(len(n) for place in places for n in re.findall(r"\.(\d+)", place)) == 2
    assert "scale(0.015625)" in svg  # from the units of a font
    assert "<metadata>" not in svg
    assert drawn_svg([1, 2.3456]) != svg


def test_bad_input():
    _, ax = plt.subplots()
    with pytest.raises(ValueError, match="at least one curve"):
        plot_layers(ax, {}, ylabel="y")
    with pytest.raises(ValueError, match=r"must have shape \(L,\); got \(2, 2\)"):
        plot_layers(ax, {"a": np.ones((2, 2))}, ylabel="y")
    with pytest.raises(ValueError, match="limit > 0"):
        plot_histograms([np.ones(3)], limit=0, xlabel="h")
    with pytest.raises(ValueError, match=r"shape \(1, 2\); got \(2, 2\)"):
        plot_heatmap(ax, np.ones((2, 2)), ["r"], ["c", "d"], label="v")
