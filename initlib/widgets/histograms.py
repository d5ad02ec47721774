"""Histograms layer by layer that follow menus and sliders."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import traitlets
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from initlib._packing import cell, check_table, pack, unpack
from initlib.plotting import COLOURS
from initlib.widgets.figure import Controls, LiveFigure, grid_of, write_numbers
from initlib.widgets.labels import mathtext, plain

Table = NDArray[np.float64]


class LiveHistograms(LiveFigure):
    """Draw one histogram for each layer, one column of them for each quantity.

    Every row is scaled to its own highest bin, so that shapes compare; the number
    beside it tells what the shape does not.

    Parameters
    ----------
    panels : mapping of str to pair of array_like, (bins + 1,), (..., L, bins)
        Bin edges and counts by quantity; the name stands below the panel.
    numbers : mapping of str to array_like, (..., L)
        One number a row, by quantity.
    number : str, or mapping of str to str
        What these numbers are, such as "std": one word for all, or one by quantity.
    controls : mapping of str to sequence of str or of increasing numbers
        Names make a menu, numbers a slider.
    alt : str
        What one sees, for readers who do not see it.
    row : str
        What a row is.
    rows : sequence of str, optional
        Names of the rows; 1 to L if not given.
    measured : mapping of str to str, optional
        What the numbers are taken of, by panel; the panel's own quantity if not given.
    start : mapping of str to str or float, optional
        Where the controls stand at first, by name; the nearest number is taken.

    Raises
    ------
    ValueError
        If a table does not fit the controls or its edges, or a quantity has no word.
    """

    _kind = traitlets.Unicode("histograms").tag(sync=True)
    _panels = traitlets.List().tag(sync=True)
    _rows = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        panels: Mapping[str, tuple[ArrayLike, ArrayLike]],
        *,
        numbers: Mapping[str, ArrayLike],
        number: str | Mapping[str, str],
        controls: Controls,
        alt: str,
        row: str = "layer",
        rows: Sequence[str] | None = None,
        measured: Mapping[str, str] | None = None,
        start: Mapping[str, Any] | None = None,
    ) -> None:
        grid = grid_of(controls)
        drawn = _check_panels(panels, numbers, grid)
        depth = next(iter(drawn.values()))[1].shape[-2]
        names = list(rows) if rows else [str(i) for i in range(1, depth + 1)]
        told = [
            check_table(f"numbers of {name!r}", numbers[name], grid, [row])
            for name in panels
        ]
        _check_depth(len(names), drawn, told)
        words = _words(panels, number)
        super().__init__(
            controls,
            start=start,
            alt=alt,
            height=(72 + 30 * depth),
            _rows={"label": row, "names": names},
            _panels=_pack_panels(drawn, words, depth),
            _sentence=_sentence(_measured(panels, measured or {}), words, row, names),
            _numbers=write_numbers(told, grid),
        )

    def _draw(self, figure: Figure) -> None:
        axes = figure.subplots(1, len(self._panels), squeeze=False)[0]
        numbers = self._cell_numbers()
        for series, (ax, panel) in enumerate(zip(axes, self._panels, strict=True)):
            heights = cell(unpack(panel["heights"]), self.selected)
            told = numbers[panel["slot"] :][: len(heights)]
            _draw_rows(ax, panel["edges"], heights, told, COLOURS[series])
            ax.set_yticks(range(len(heights)), self._rows["names"])
            ax.set(xlabel=mathtext(panel["name"]), ylabel=mathtext(self._rows["label"]))


def _draw_rows(
    ax: Axes, edges: ArrayLike, heights: Table, numbers: Sequence[str], colour: str
) -> None:
    for row, (height, number) in enumerate(zip(heights, numbers, strict=True)):
        ax.stairs(row - 0.85 * height, edges, baseline=row, fill=True, color=colour)
        ax.annotate(number, (1.02, row), xycoords=("axes fraction", "data"))
    ax.set(xlim=(edges[0], edges[-1]), ylim=(len(heights) - 0.8, -1))
    ax.locator_params(axis="x", nbins=3)


def _check_panels(
    panels: Mapping[str, tuple[ArrayLike, ArrayLike]],
    numbers: Mapping[str, ArrayLike],
    grid: list[int],
) -> dict[str, tuple[Table, Table]]:
    if not panels or set(panels) != set(numbers):
        raise ValueError(f"panels are {list(panels)}, numbers {list(numbers)}")
    return {
        name: _heights(name, edges, counts, grid)
        for name, (edges, counts) in panels.items()
    }


def _check_depth(
    names: int, drawn: Mapping[str, tuple[Table, Table]], told: Sequence[Table]
) -> None:
    depths = [heights.shape[-2] for _, heights in drawn.values()]
    depths += [table.shape[-1] for table in told]
    if set(depths) != {names}:
        raise ValueError(f"{names} names for tables of {depths} rows")


def _pack_panels(
    drawn: Mapping[str, tuple[Table, Table]], words: Sequence[str], depth: int
) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "number": word,
            "slot": depth * i,
            "edges": edges.tolist(),
            "heights": pack(heights, bytes_each=1),
        }
        for i, (word, (name, (edges, heights))) in enumerate(
            zip(words, drawn.items(), strict=True)
        )
    ]


def _heights(
    name: str, edges: ArrayLike, counts: ArrayLike, grid: list[int]
) -> tuple[Table, Table]:
    edges = np.asarray(edges, dtype=float)
    if edges.ndim != 1 or edges.size < 2 or not (np.diff(edges) > 0).all():
        raise ValueError(f"edges of {name!r} must be one increasing row of numbers")
    table = check_table(f"panel {name!r}", counts, grid, ["layers", "bins"])
    if table.shape[-1] != edges.size - 1:
        raise ValueError(
            f"panel {name!r} has {table.shape[-1]} bins and {edges.size} edges"
        )
    if not (table >= 0).all():
        raise ValueError(f"panel {name!r} has counts that are negative or missing")
    heights = table / np.diff(edges)
    peaks = heights.max(axis=-1, keepdims=True)
    return edges, np.divide(heights, peaks, out=np.zeros_like(heights), where=peaks > 0)


def _measured(panels: Iterable[str], measured: Mapping[str, str]) -> list[str]:
    if unknown := set(measured) - set(panels):
        raise ValueError(f"measured names {sorted(unknown)}, panels are {list(panels)}")
    return [measured.get(name, name) for name in panels]


def _words(panels: Iterable[str], number: str | Mapping[str, str]) -> list[str]:
    if isinstance(number, str):
        return [number for _ in panels]
    if set(number) != set(panels):
        raise ValueError(f"number names {list(number)}, panels are {list(panels)}")
    return [number[name] for name in panels]


def _sentence(panels: list[str], words: list[str], row: str, names: list[str]) -> str:
    depth, alike = len(names), len(set(words)) == 1
    told = (
        f"{'' if alike else f'{plain(word)} of '}{plain(name)} "
        f"from {{{depth * i}}} to {{{depth * (i + 1) - 1}}}"
        for i, (name, word) in enumerate(zip(panels, words, strict=True))
    )
    rows = f"{row} {names[0]} to {names[-1]}"
    first = f"{plain(words[0])}, {rows}" if alike else rows.capitalize()
    return f"{first}: {'; '.join(told)}."
