"""Lines over one abscissa that follow menus and sliders."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import traitlets
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from initlib._packing import cell, check_table, pack, unpack
from initlib.plotting import COLOURS, MARKERS
from initlib.widgets.figure import (
    Controls,
    LiveFigure,
    axis_of,
    grid_of,
    legend_below,
    name_each,
    write_numbers,
)
from initlib.widgets.labels import mathtext, plain, spell

Table = NDArray[np.float64]
Curve = ArrayLike | tuple[ArrayLike, ArrayLike]
DASHES = ["-", (0, (4, 2)), ":", "-.", (0, (8, 2)), (0, (2, 1))]


class LiveCurves(LiveFigure):
    """Draw named curves that follow menus and sliders.

    Parameters
    ----------
    x : array_like, (P,)
        Abscissa of the curves.
    curves : mapping of str to array_like, (..., P) or (..., K, P)
        Ordinates by name, one leading axis for each control; a curve that no control
        moves may come as (P,).  K lines share one name, colour and key.  A pair
        ``(x, y)`` brings its own abscissa, of the same shape as y or (P,).
        NaN leaves a gap.
    controls : mapping of str to sequence of str or of increasing numbers
        Names make a menu, numbers a slider.
    xlabel, ylabel : str
        Labels of the axes; ``q_l`` and ``x^{2}`` become sub- and superscripts.
    alt : str
        What one sees, for readers who do not see it.
    xlim, ylim : tuple of float, optional
        Ends of the axes; those of the tables if not given.
    xlog, ylog : bool
        Whether an axis is logarithmic.
    points : collection of str
        Names of curves drawn as points without a line.
    guides : collection of str
        Names of curves drawn as thin grey lines, for comparison.
    readouts : mapping of str to array_like, (...), optional
        Numbers told below the picture; if not given, both ends of each curve.
    start : mapping of str to str or float, optional
        Where the controls stand at first, by name; the nearest number is taken.
    height : int
        Height of the picture in pixels.

    Raises
    ------
    ValueError
        If a table does not fit the controls, or an axis cannot show it.
    """

    _kind = traitlets.Unicode("curves").tag(sync=True)
    _axes = traitlets.Dict().tag(sync=True)
    _curves = traitlets.List().tag(sync=True)

    def __init__(
        self,
        x: ArrayLike,
        curves: Mapping[str, Curve],
        *,
        controls: Controls,
        xlabel: str,
        ylabel: str,
        alt: str,
        xlim: tuple[float, float] | None = None,
        ylim: tuple[float, float] | None = None,
        xlog: bool = False,
        ylog: bool = False,
        points: Collection[str] = (),
        guides: Collection[str] = (),
        readouts: Mapping[str, ArrayLike] | None = None,
        start: Mapping[str, Any] | None = None,
        height: int = 340,
    ) -> None:
        grid = grid_of(controls)
        drawn = {name: _pair(name, x, y, grid) for name, y in curves.items()}
        looks = _looks(drawn, points, guides, grid)
        xs, ys = zip(*drawn.values(), strict=True)
        across = axis_of("x", xlabel, xs, xlim, log=xlog)
        up = axis_of("y", ylabel, ys, ylim, log=ylog, margin=0.04)
        if readouts:
            sentence, told = name_each(readouts, grid)
        else:
            sentence, told = _name_ends(drawn, grid, np.asarray(x), xlabel, ylabel)
        super().__init__(
            controls,
            start=start,
            alt=alt,
            height=height,
            _axes={"x": across, "y": up},
            _curves=_pack_curves(drawn, looks, xlog, ylog),
            _sentence=sentence,
            _numbers=write_numbers(told, grid),
        )

    def _draw(self, figure: Figure) -> None:
        self._draw_curves(figure.add_subplot())

    def _draw_curves(self, ax: Axes) -> None:
        for curve in self._curves:
            x, y = (cell(unpack(curve[side]), self.selected) for side in "xy")
            lines = ax.plot(x.T, y.T, **_line_style(curve, y.shape[-1]))
            lines[0].set_label(mathtext(curve["name"]))
        for side in "xy":
            axis = self._axes[side]
            limits = {f"{side}lim": (axis["low"], axis["high"])}
            ax.set(**{f"{side}label": mathtext(axis["label"])}, **limits)
            ax.set(**{f"{side}scale": "log" if axis["log"] else "linear"})
        legend_below(ax.figure, self._curves)


def _looks(
    drawn: Mapping[str, tuple[Table, Table]],
    points: Collection[str],
    guides: Collection[str],
    grid: Sequence[int],
) -> dict[str, str]:
    if not drawn:
        raise ValueError("there is no curve to draw")
    if unknown := {*points, *guides} - set(drawn):
        raise ValueError(f"no curves {sorted(unknown)}; there are {list(drawn)}")
    many = {name for name, (_, y) in drawn.items() if y.ndim == len(grid) + 2}
    looks = {name: "many" if name in many else "line" for name in drawn}
    looks |= dict.fromkeys(guides, "guide")
    return looks | dict.fromkeys(points, "points")


def _pack_curves(
    drawn: Mapping[str, tuple[Table, Table]],
    looks: Mapping[str, str],
    xlog: bool,
    ylog: bool,
) -> list[dict[str, Any]]:
    coloured = [name for name in drawn if looks[name] != "guide"]
    return [
        {
            "name": name,
            "look": looks[name],
            "series": coloured.index(name) if name in coloured else 0,
            "x": pack(x, log=xlog),
            "y": pack(y, log=ylog),
        }
        for name, (x, y) in drawn.items()
    ]


def _line_style(curve: Mapping[str, Any], points: int) -> dict[str, Any]:
    series = curve["series"] % 6
    colour = {"color": COLOURS[series], "markersize": 5}
    if curve["look"] == "guide":
        return {"color": "0.5", "linewidth": 1, "marker": ""}
    if curve["look"] == "many":
        return {**colour, "alpha": 0.7, "linewidth": 1.2, "marker": ""}
    if curve["look"] == "points":
        return {**colour, "linestyle": "", "marker": MARKERS[series]}
    often = max(1, -(-points // 16))
    dashes = {"linestyle": DASHES[series], "marker": MARKERS[series]}
    return {**colour, **dashes, "markevery": often}


def _pair(
    name: str, x: ArrayLike, given: Curve, grid: list[int]
) -> tuple[Table, Table]:
    x, y = given if isinstance(given, tuple) else (x, given)
    y = _curve_table(f"curve {name!r}", y, grid)
    x = _curve_table(f"x of curve {name!r}", x, grid)
    if x.shape[-1] != y.shape[-1]:
        raise ValueError(
            f"curve {name!r} has {y.shape[-1]} points and {x.shape[-1]} abscissas"
        )
    return x, y


def _curve_table(name: str, values: ArrayLike, grid: list[int]) -> Table:
    lines = np.ndim(values) == len(grid) + 2
    return check_table(name, values, grid, ["lines", "points"] if lines else ["points"])


def _name_ends(
    drawn: Mapping[str, tuple[Table, Table]],
    grid: Sequence[int],
    x: Table,
    xlabel: str,
    ylabel: str,
) -> tuple[str, list[Table]]:
    single = {name: y for name, (_, y) in drawn.items() if y.ndim == len(grid) + 1}
    moving = {name: y for name, y in single.items() if max(y.shape[:-1], default=1) > 1}
    single = moving or single
    tables = [y[..., [0, -1]] for y in single.values()]
    told = "; ".join(
        f"{plain(name)} from {{{2 * slot}}} to {{{2 * slot + 1}}}"
        for slot, name in enumerate(single)
    )
    ends = f"{plain(xlabel)} {spell(x[0])} to {spell(x[-1])}"
    return f"{plain(ylabel)}, {ends}{told and f': {told}'}.", tables
