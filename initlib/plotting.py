"""Drawing: arrays in, Axes out.  Nothing here computes a result."""

import io
import re
from collections.abc import Mapping, Sequence

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from numpy.typing import ArrayLike

COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000"]
"""The palette of Okabe & Ito (2008), told apart with any colour vision."""

MARKERS = ["o", "s", "^", "D", "v", "P", "X"]

STYLE = {
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.prop_cycle": cycler(color=COLOURS) + cycler(marker=MARKERS),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.constrained_layout.use": True,
    "figure.figsize": (5.2, 3.2),
    "font.size": 12.0,
    "grid.alpha": 0.3,
    "grid.linewidth": 0.6,
    "image.cmap": "cividis",
    "legend.frameon": False,
    "lines.linewidth": 1.6,
    "lines.markersize": 5.0,
    "savefig.bbox": "tight",
    "svg.hashsalt": "initlib",
}
"""The look of every picture of the book."""

_PLACES = re.compile(r'\b(?:d|points|x|y)="[^"]*"')
_BEYOND_HUNDREDTHS = re.compile(r"(?<=\.\d\d)\d+")
_NO_METADATA = dict.fromkeys(["Creator", "Date", "Format", "Type"])


def use_book_style() -> None:
    """Set the look of all figures, and let notebooks show them with `write_svg`."""
    mpl.rcParams.update(STYLE)
    try:
        from IPython import get_ipython
        from matplotlib_inline.backend_inline import set_matplotlib_formats
    except ImportError:
        return
    if (shell := get_ipython()) is not None:
        set_matplotlib_formats()  # none of its own
        shown = shell.display_formatter.formatters["image/svg+xml"]
        shown.for_type(Figure, write_svg)


def write_svg(figure: Figure) -> str:
    """Return a figure as SVG: the same text on every run, to hundredths of a point."""
    stream = io.StringIO()
    figure.savefig(stream, format="svg", metadata=_NO_METADATA)
    return _PLACES.sub(
        lambda place: _BEYOND_HUNDREDTHS.sub("", place[0]), stream.getvalue()
    )


def plot_layers(
    ax: Axes,
    curves: Mapping[str, Sequence[float]],
    *,
    ylabel: str,
    xlabel: str = "layer",
    log: bool = False,
    first: int = 1,
) -> Axes:
    """Draw one curve for each name, a point for each layer.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    curves : mapping of str to sequence of float, (L,)
        Values by layer, by name.
    ylabel, xlabel : str
        Labels of the axes.
    log : bool
        Whether the values are drawn on a logarithmic scale.
    first : int
        Number of the first layer.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If there is no curve or one is not one-dimensional.
    """
    if not curves:
        raise ValueError("curves must hold at least one curve; got none")
    for name, values in curves.items():
        values = np.asarray(values)
        if values.ndim != 1:
            raise ValueError(
                f"curves[{name!r}] must have shape (L,); got {values.shape}"
            )
        ax.plot(np.arange(first, first + len(values)), values, label=name)
    ax.set(xlabel=xlabel, ylabel=ylabel, yscale="log" if log else "linear")
    ax.minorticks_off()  # over many decades they are most of the file
    ax.xaxis.get_major_locator().set_params(integer=True)
    if len(curves) > 1:
        ax.legend()
    return ax


def plot_histograms(
    layers: Sequence[np.ndarray],
    *,
    limit: float,
    xlabel: str,
    bins: int = 41,
    columns: int = 5,
    first: int = 1,
) -> Figure:
    """Draw the histogram of each layer in a panel of its own, on one scale.

    Parameters
    ----------
    layers : list of numpy.ndarray
        Values of each layer, any shape.
    limit : float
        Values from ``-limit`` to ``limit`` are shown; those beyond count at the rims.
    xlabel : str
        What the values are.
    bins : int
        Bars in a panel.
    columns : int
        Panels side by side.
    first : int
        Number of the first layer.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If there is no layer or the limit is not positive.
    """
    if not len(layers) or not limit > 0:
        raise ValueError(f"give a layer or more and limit > 0; got limit={limit}")
    rows = -(-len(layers) // columns)
    fig, axes = plt.subplots(
        rows, columns, sharex=True, sharey=True, figsize=(5.2, 1.3 * rows + 0.5)
    )
    for i, ax in enumerate(np.ravel(axes)):
        ax.set(yticks=[], xticks=[-limit, 0, limit])
        ax.grid(False)
        if i >= len(layers):
            ax.set_axis_off()
            continue
        values = np.clip(np.ravel(layers[i]), -limit, limit)
        weights = np.full(values.size, 1 / values.size)
        ax.hist(values, bins, range=(-limit, limit), weights=weights, color=COLOURS[0])
        ax.text(0.04, 0.9, f"{i + first}", transform=ax.transAxes, va="top")
    fig.supxlabel(xlabel, fontsize="medium")
    fig.supylabel("fraction", fontsize="medium")
    return fig


def plot_heatmap(
    ax: Axes,
    table: np.ndarray,
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    label: str,
    texts: np.ndarray | None = None,
    log: bool = False,
) -> Axes:
    """Draw a table as coloured cells with their values written in them.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    table : numpy.ndarray, (rows, columns)
        Values; NaN cells stay blank.
    rows, columns : sequence of str
        Names of the rows and of the columns.
    label : str
        What the values are (the label of the colour bar).
    texts : numpy.ndarray of str, (rows, columns), optional
        What to write instead of the values.
    log : bool
        Whether colours follow the logarithm.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If the table has another shape than its names.
    """
    table = np.asarray(table, dtype=float)
    if table.shape != (len(rows), len(columns)):
        raise ValueError(
            f"table must have shape {(len(rows), len(columns))}; got {table.shape}"
        )
    image = ax.imshow(table, aspect="auto", norm="log" if log else "linear")
    ax.set_xticks(range(len(columns)), columns)
    ax.set_yticks(range(len(rows)), rows)
    ax.grid(False)
    ax.spines[:].set_visible(False)
    written = np.char.mod("%.3g", table) if texts is None else texts
    write_cells(image, np.where(np.isfinite(table), written, ""))
    bar = ax.figure.colorbar(image, ax=ax, label=label)
    bar.outline.set_visible(False)
    return ax


def write_cells(image: AxesImage, texts: ArrayLike) -> None:
    """Write a text into each cell of an image, in the ink that is easier to read there.

    Parameters
    ----------
    image : matplotlib.image.AxesImage
        As `imshow` returns it; on cells without a number the ink is black.
    texts : array_like of str, (rows, columns)
        What to write; nothing where they are empty.
    """
    table = np.ma.filled(image.get_array(), np.nan)
    for i, j in np.argwhere(np.asarray(texts) != ""):
        known = np.isfinite(table[i, j])
        ink = _ink_on(image.cmap(image.norm(table[i, j]))) if known else "k"
        image.axes.text(j, i, texts[i][j], ha="center", va="center", color=ink)


def _ink_on(colour: Sequence[float]) -> str:
    """Return black or white, whichever is easier to read on a colour."""
    luminance = np.dot([0.2126, 0.7152, 0.0722], np.power(colour[:3], 2.2))
    return "k" if luminance > 0.18 else "w"
