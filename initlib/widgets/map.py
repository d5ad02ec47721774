"""A map of numbers, and the curves behind each of its cells."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import traitlets
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from initlib._packing import check_table, pack, unpack
from initlib.plotting import COLOURS, write_cells
from initlib.widgets.curves import Curve, LiveCurves
from initlib.widgets.heatmap import about_cells, colours_of, draw_cells
from initlib.widgets.labels import mathtext, plain


class LiveMap(LiveCurves):
    """Draw a matrix of numbers, and below it the curves behind one of its cells.

    The cell is chosen with the pointer, or with two menus: ``selected`` is its row and
    its column.

    Parameters
    ----------
    table : array_like, (rows, columns)
        The numbers that are drawn as colours; NaN leaves a cell without one.
    texts : sequence of sequence of str, (rows, columns)
        What stands in the cells, and is told of the chosen one.
    label : str
        What the numbers are.
    rows, columns : mapping of str to sequence of str
        What the rows (from the top) and the columns are, and their names.
    x, curves, **options
        The curves, with leading axes (rows, columns), and how they are drawn: see
        `LiveCurves`, whose ``controls`` and ``readouts`` are not needed here.
    high : int
        Height of the map in pixels, a part of ``height``.

    Raises
    ------
    ValueError
        If a table does not fit the rows and columns.
    """

    _kind = traitlets.Unicode("map").tag(sync=True)
    _map = traitlets.Dict().tag(sync=True)
    _table = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        table: ArrayLike,
        texts: Sequence[Sequence[str]],
        *,
        label: str,
        rows: Mapping[str, Sequence[str]],
        columns: Mapping[str, Sequence[str]],
        x: ArrayLike,
        curves: Mapping[str, Curve],
        high: int = 210,
        height: int = 470,
        **options: Any,
    ) -> None:
        ((row, row_names),), ((column, column_names),) = rows.items(), columns.items()
        shape = (len(row_names), len(column_names))
        table = check_table("the table", table, shape, [])
        if np.shape(texts) != shape or table.shape != shape:
            raise ValueError(
                f"the table has shape {table.shape} and the texts {np.shape(texts)}, "
                f"for rows and columns {shape}"
            )
        controls = {row: row_names, column: column_names}
        super().__init__(x, curves, controls=controls, height=height, **options)
        self._table = pack(table, bytes_each=1)
        self._map = {
            **about_cells(table, row_names, column_names, (column, row, label)),
            "colour": colours_of(table, None),
            "texts": [list(map(str, line)) for line in texts],
            "high": high,
        }
        self._sentence = f"{plain(label)}: {{0}}."
        self._numbers = "\n".join(text for line in self._map["texts"] for text in line)

    def _draw(self, figure: Figure) -> None:
        part = self._map["high"] / self.height
        above, below = figure.subplots(2, height_ratios=[part, 1 - part])
        values = unpack(self._table)
        image = draw_cells(above, values, self._map)
        write_cells(image, np.where(np.isnan(values), "–", self._map["texts"]))
        above.set_title(mathtext(self._map["label"]["colour"]))
        row, column = self.selected
        frame = Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, linewidth=3)
        above.add_patch(frame).set_edgecolor(COLOURS[1])
        self._draw_curves(below)
