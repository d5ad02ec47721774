"""Bars side by side that follow menus and sliders."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import traitlets
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from initlib._packing import cell, check_table, pack, unpack
from initlib.plotting import COLOURS
from initlib.widgets.figure import (
    Controls,
    LiveFigure,
    axis_of,
    grid_of,
    legend_below,
    name_each,
    write_numbers,
)
from initlib.widgets.labels import folded, mathtext, plain, two_digits

Table = NDArray[np.float64]
OPAQUE = [0.75, 0.2, 0.45]


class LiveBars(LiveFigure):
    """Draw groups of bars, one bar a series in each group.

    On a logarithmic axis a bar begins at 1: no bar means no change.

    Parameters
    ----------
    groups : sequence of str
        What stands below the groups of bars.
    series : mapping of str to array_like, (..., groups)
        Ends of the bars by name, at most three; NaN leaves a bar out.
    controls : mapping of str to sequence of str or of increasing numbers
        Names make a menu, numbers a slider.
    ylabel : str
        Label of the axis.
    alt : str
        What one sees, for readers who do not see it.
    ylim : tuple of float, optional
        Ends of the axis; those of the tables if not given.
    ylog : bool
        Whether the axis is logarithmic.
    readouts : mapping of str to array_like, (...), optional
        Numbers told below the picture; if not given, all bars.
    start : mapping of str to str or float, optional
        Where the controls stand at first, by name; the nearest number is taken.
    height : int
        Height of the picture in pixels.

    Raises
    ------
    ValueError
        If a table does not fit the controls and groups.
    """

    _kind = traitlets.Unicode("bars").tag(sync=True)
    _bars = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        groups: Sequence[str],
        series: Mapping[str, ArrayLike],
        *,
        controls: Controls,
        ylabel: str,
        alt: str,
        ylim: tuple[float, float] | None = None,
        ylog: bool = False,
        readouts: Mapping[str, ArrayLike] | None = None,
        start: Mapping[str, Any] | None = None,
        height: int = 300,
    ) -> None:
        grid, base = grid_of(controls), float(ylog)
        tables = _check_series(series, grid, len(groups))
        ends = [np.array([base]), *tables.values()]
        axis = axis_of("y", ylabel, ends, ylim, log=ylog, margin=0.04)
        named, told = name_each(readouts or {}, grid)
        written = [two_digits(table) for table in tables.values()]
        about = {"groups": list(groups), "axis": axis, "base": base, "slot": len(told)}
        super().__init__(
            controls,
            start=start,
            alt=alt,
            height=height,
            _bars={**about, "series": _pack_series(tables, ylog)},
            _sentence=named if readouts else _all(tables, groups),
            _numbers=write_numbers([*told, *written], grid),
        )

    def _draw(self, figure: Figure) -> None:
        ax = figure.add_subplot()
        axis, base, series = (self._bars[key] for key in ("axis", "base", "series"))
        places, width = np.arange(len(self._bars["groups"])), 0.8 / len(series)
        for i, one in enumerate(series):
            ends = cell(unpack(one["table"]), self.selected)
            at = places + (i + 0.5) * width - 0.4
            look = {"color": COLOURS[i], "alpha": OPAQUE[i], "edgecolor": COLOURS[i]}
            name = mathtext(one["name"])
            ax.bar(at, ends - base, 0.95 * width, base, label=name, **look)
        ax.set_xticks(places, map(folded, self._bars["groups"]))
        ax.set_yscale("log" if axis["log"] else "linear")
        ax.set(ylabel=mathtext(axis["label"]), ylim=(axis["low"], axis["high"]))
        ax.axhline(base, color="0.5", linewidth=1)
        legend_below(figure, series)


def _check_series(
    series: Mapping[str, ArrayLike], grid: Sequence[int], groups: int
) -> dict[str, Table]:
    if not 1 <= len(series) <= len(OPAQUE):
        raise ValueError(f"there is room for 1 to 3 series, not {len(series)}")
    tables = {
        name: check_table(f"series {name!r}", values, grid, ["groups"])
        for name, values in series.items()
    }
    lengths = {table.shape[-1] for table in tables.values()}
    if lengths != {groups}:
        raise ValueError(f"{groups} groups for series of {sorted(lengths)}")
    return tables


def _pack_series(tables: Mapping[str, Table], log: bool) -> list[dict[str, Any]]:
    return [
        {"name": name, "table": pack(table, log=log)} for name, table in tables.items()
    ]


def _all(series: Iterable[str], groups: Sequence[str]) -> str:
    told = []
    for i, name in enumerate(series):
        slots = range(i * len(groups), (i + 1) * len(groups))
        told.append(f"{plain(name)} " + ", ".join(f"{{{slot}}}" for slot in slots))
    return f"{', '.join(map(plain, groups))}: {'; '.join(told)}."
