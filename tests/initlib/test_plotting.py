"""Drawing: what is handed over is what is drawn, and the bytes repeat."""

import re

import matplotlib.pyplot as plt
import numpy as np
import pytest

from initlib.plotting import (
    COLOURS,
    MARKERS,
    plot_heatmap,
    plot_histograms,
    plot_layers,
    write_svg,
)

pytestmark = pytest.mark.usefixtures("book_style")


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


def test_histograms_are_fractions_and_keep_what_lies_beyond():
    layers = [np.array([-9.0, 0.0, 0.0, 9.0]), np.zeros(5), np.ones(5)]
    fig = plot_histograms(layers, limit=1, xlabel="h", bins=4, columns=2)
    heights = [[p.get_height() for p in ax.patches] for ax in fig.axes[:3]]
    assert heights[0] == [0.25, 0, 0.5, 0.25]
    assert [sum(h) for h in heights] == pytest.approx([1, 1, 1])
    assert not fig.axes[3].axison


def test_heatmap_writes_its_values():
    _, ax = plt.subplots()
    table = np.array([[1.0, 22.5], [np.nan, 4.0]])
    plot_heatmap(ax, table, ["r", "s"], ["c", "d"], label="steps")
    assert [t.get_text() for t in ax.texts] == ["1", "22.5", "4"]
    assert [t.get_text() for t in ax.get_xticklabels()] == ["c", "d"]


def drawn_svg(values):
    fig, ax = plt.subplots()
    plot_layers(ax, {"a": values, "b": [2, 1]}, ylabel="y")
    return write_svg(fig)


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
