"""Draw what stands outside the chapters: the cover, the card, the README's picture.

    python -m tools.cover

The README's picture is copied out of the chapter that computes it.
The cover is computed here: what tanh units send out, layer by layer, in three
networks that differ in nothing but the size of their weights.
The card is the same drawing as a social network wants it, with room for a title.
"""

import io
from functools import partial
from pathlib import Path

import matplotlib as mpl
import nbformat
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

from initlib import normal, propagate, tanh
from initlib.plotting import COLOURS, STYLE, write_svg

CHAPTER = Path("book/chapters/03-scale.ipynb")
FIGURE = "fig-scale-forward"
README_FIGURE = Path("book/assets/picture.svg")
COVER = Path("book/assets/cover.svg")
CARD = Path("book/assets/card.png")
WIDTH, DEPTH, INPUTS = 500, 14, 600
SCALES = {0.7: COLOURS[0], 1.1: COLOURS[2], 1.8: COLOURS[1]}  # sigma_w: colour
EDGES = np.linspace(-1, 1, 62)
RIDGE = 1.9  # height of a ridge, in steps from layer to layer


def readme_figure() -> str:
    """Return the stored SVG of the figure."""
    for cell in nbformat.read(CHAPTER, as_version=4).cells:
        if cell.metadata.get("mystnb", {}).get("figure", {}).get("name") == FIGURE:
            shown = [output.get("data", {}) for output in cell.outputs]
            return next(d["image/svg+xml"] for d in shown if "image/svg+xml" in d)
    raise LookupError(f"{CHAPTER} has no figure {FIGURE}")


def activations(sigma: float) -> np.ndarray:
    """Return the histogram of the activations of each layer, (DEPTH, bins).

    Each input comes with its negative, so that every histogram is symmetric.
    """
    rng = np.random.default_rng(0)
    half = rng.standard_normal((INPUTS // 2, WIDTH))
    init = partial(normal, std=sigma / np.sqrt(WIDTH))
    sizes = [WIDTH] * (DEPTH + 2)
    trace = propagate(sizes, init, tanh, rng, x=np.concatenate([half, -half]))
    return np.array([np.histogram(h, EDGES)[0] for h in trace.h[1:]])


def draw_ridges(ax: Axes, counts: np.ndarray, colour: str, rim: str) -> None:
    """Draw one ridge for each layer, the first on top, all of the same height."""
    middles = (EDGES[1:] + EDGES[:-1]) / 2
    for layer, row in enumerate(counts, start=1):
        ridge = RIDGE * row / row.max() - layer
        ax.fill_between(middles, -layer, ridge, facecolor=colour, edgecolor=rim, lw=0.7)
    ax.set(xlim=(-1.02, 1.02), ylim=(-DEPTH - 0.1, RIDGE - 0.9))
    ax.grid(False)
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)


def draw_cover() -> Figure:
    fig = Figure(figsize=(5.2, 4), layout="constrained")
    axes = fig.subplots(1, len(SCALES), sharey=True)
    for ax, (sigma, colour) in zip(axes, SCALES.items(), strict=True):
        draw_ridges(ax, activations(sigma), colour, "w")
        ax.set_xticks([-1, 0, 1], ["−1", "0", "1"])
        ax.set_xlim(-1.12, 1.12)
        ax.set_xlabel(rf"$\sigma_w = {sigma}$")
    layers = [1, 5, 10, DEPTH]
    axes[0].set_yticks([-layer for layer in layers], layers)
    axes[0].set_ylabel("layer")
    fig.supxlabel("activation", fontsize="medium")
    return fig


def draw_card() -> Figure:
    """Draw the ridges at the right half of a dark card of 1200 x 630 pixels."""
    night = "#14171b"
    fig = Figure(figsize=(12, 6.3), dpi=100, facecolor=night)
    for column, (sigma, colour) in enumerate(SCALES.items()):
        ax = fig.add_axes((0.56 + 0.14 * column, 0.08, 0.13, 0.84))
        draw_ridges(ax, activations(sigma), colour, night)
        ax.set_axis_off()
    return fig


def write_cover() -> str:
    """Return the cover as SVG."""
    with mpl.rc_context(STYLE):
        return write_svg(draw_cover())


def write_card() -> bytes:
    """Return the card as PNG of at most 64 colours, which saves half of the bytes."""
    drawn, file = io.BytesIO(), io.BytesIO()
    draw_card().savefig(drawn, format="png")
    Image.open(drawn).convert("RGB").quantize(64).save(file, "png", optimize=True)
    return file.getvalue()


def main() -> None:
    README_FIGURE.write_text(readme_figure(), encoding="utf-8", newline="\n")
    COVER.write_text(write_cover(), encoding="utf-8", newline="\n")
    CARD.write_bytes(write_card())


if __name__ == "__main__":
    main()
