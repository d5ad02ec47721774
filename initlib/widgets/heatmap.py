"""Numbers as colours, in rows and columns, that follow menus and sliders."""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
import traitlets
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from numpy.typing import ArrayLike, NDArray

from initlib._packing import cell, check_table, pack, unpack
from initlib.widgets.figure import (
    Controls,
    LiveFigure,
    grid_of,
    name_each,
    write_numbers,
)
from initlib.widgets.labels import folded, label_of, mathtext, plain, two_digits

STOPS = 17
Table = NDArray[np.float64]


class LiveHeatmap(LiveFigure):
    """Draw a matrix of numbers as colours.

    Parameters
    ----------
    table : array_like, (..., rows, columns)
        The numbers; NaN leaves a cell empty.
    rows, columns : sequence of str or of float
        What the rows (from the top) and columns stand for.
    controls : mapping of str to sequence of str or of increasing numbers
        Names make a menu, numbers a slider.
    xlabel, ylabel, label : str
        What the columns, the rows and the colours are.
    alt : str
        What one sees, for readers who do not see it.
    limits : tuple of float, optional
        Numbers at both ends of the colours; those of the table if not given.
    diverging : bool
        Whether zero is the middle of the colours.
    written : bool
        Whether each cell shows its number where there is room.
    readouts : mapping of str to array_like, (...), optional
        Numbers told below the picture; if not given, the least and the greatest.
    start : mapping of str to str or float, optional
        Where the controls stand at first, by name; the nearest number is taken.
    height : int
        Height of the picture in pixels.

    Raises
    ------
    ValueError
        If the table does not fit the controls, rows and columns.
    """

    _kind = traitlets.Unicode("heatmap").tag(sync=True)
    _map = traitlets.Dict().tag(sync=True)
    _table = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        table: ArrayLike,
        *,
        rows: Sequence[str] | Sequence[float],
        columns: Sequence[str] | Sequence[float],
        controls: Controls,
        xlabel: str,
        ylabel: str,
        label: str,
        alt: str,
        limits: tuple[float, float] | None = None,
        diverging: bool = False,
        written: bool = False,
        readouts: Mapping[str, ArrayLike] | None = None,
        start: Mapping[str, Any] | None = None,
        height: int = 340,
    ) -> None:
        grid = grid_of(controls)
        table = check_table("the table", table, grid, ["rows", "columns"])
        about = about_cells(table, rows, columns, (xlabel, ylabel, label))
        about["colour"] = colours_of(table, limits, diverging)
        cells = table.reshape(*table.shape[:-2], -1)
        said, told = name_each(readouts, grid) if readouts else _range(cells, label)
        slot = sum(numbers.shape[-1] for numbers in told) if written else None
        super().__init__(
            controls,
            start=start,
            alt=alt,
            height=height,
            _table=pack(table, bytes_each=1),  # there are no more colours
            _map={**about, "slot": slot},
            _sentence=said,
            _numbers=write_numbers([*told, *[two_digits(cells)] * written], grid),
        )

    def _draw(self, figure: Figure) -> None:
        shown = cell(unpack(self._table), self.selected)
        ax = figure.add_subplot()
        image = draw_cells(ax, shown, self._map)
        figure.colorbar(image, ax=ax, label=mathtext(self._map["label"]["colour"]))


def draw_cells(ax: Axes, values: Table, about: Mapping[str, Any]) -> AxesImage:
    """Draw a matrix as colours, with what is known of its rows and columns."""
    colour, label = about["colour"], about["label"]
    stops = np.array(colour["stops"]) / 255
    image = ax.imshow(
        values,
        aspect="auto",
        cmap=LinearSegmentedColormap.from_list("live", stops),
        interpolation="nearest",
        vmin=colour["low"],
        vmax=colour["high"],
    )
    ax.grid(visible=False)
    ax.set(xlabel=mathtext(label["x"]), ylabel=mathtext(label["y"]))
    columns = [folded(name) for name in about["columns"]]
    for axis, names in ((ax.xaxis, columns), (ax.yaxis, about["rows"])):
        step = -(-len(names) // 12)
        axis.set_ticks(range(0, len(names), step), names[::step])
    return image


def about_cells(
    table: Table,
    rows: Sequence[str | float],
    columns: Sequence[str | float],
    labels: tuple[str, str, str],
) -> dict[str, Any]:
    """Return the names of rows and columns, and what they and the colours are."""
    shape = (len(rows), len(columns))
    if table.shape[-2:] != shape:
        raise ValueError(
            f"the table has {table.shape[-2:]} rows and columns, their names {shape}"
        )
    return {
        "rows": list(map(label_of, rows)),
        "columns": list(map(label_of, columns)),
        "label": dict(zip(("x", "y", "colour"), labels, strict=True)),
    }


def colours_of(
    table: Table, given: tuple[float, float] | None, diverging: bool = False
) -> dict[str, Any]:
    """Return the ends of the colours of a table, and the colours between them."""
    low, high = _extremes(table, diverging) if given is None else given
    if not low < high:
        raise ValueError(f"limits is {given}; it must increase")
    chosen = mpl.colormaps["RdBu_r" if diverging else "cividis"]
    stops = chosen(np.linspace(0, 1, STOPS), bytes=True)[:, :3]
    return {"low": float(low), "high": float(high), "stops": stops.tolist()}


def _extremes(table: Table, diverging: bool) -> tuple[float, float]:
    if np.isnan(table).all():
        raise ValueError("the table holds no number")
    low, high = np.nanmin(table), np.nanmax(table)
    if diverging:
        high = max(-low, high)
        low = -high
    return (low, high) if low < high else (low - 0.5, high + 0.5)


def _range(cells: Table, label: str) -> tuple[str, list[Table]]:
    ends = [np.fmin.reduce(cells, axis=-1), np.fmax.reduce(cells, axis=-1)]
    return f"{plain(label)} from {{0}} to {{1}}.", [np.stack(ends, axis=-1)]
