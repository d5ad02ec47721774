"""What all live figures share: controls, summary, stored picture."""

import inspect
import re
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import anywidget
import matplotlib as mpl
import matplotlib.style
import numpy as np
import traitlets
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from initlib._packing import check_table
from initlib.plotting import STYLE, write_svg
from initlib.widgets.labels import label_of, plain, spell

FOLDER = Path(__file__).parent
Controls = Mapping[str, Sequence[str] | Sequence[float] | NDArray[np.float64]]
Table = NDArray[np.float64]


class Still(anywidget.AnyWidget):
    """Leave a picture, and a sentence, where a widget cannot come alive."""

    _ipython_display_ = None  # by which ipywidgets 7 shows a widget and no picture
    alt = traitlets.Unicode().tag(sync=True)
    height = traitlets.Int().tag(sync=True)

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        # Sphinx would show the signature of __new__, *args and **kwargs.
        cls.__signature__ = inspect.signature(partial(cls.__init__, None))

    def __init__(self, *, alt: str, **traits: Any) -> None:
        if not alt.strip():
            raise ValueError("alt is empty; say what one sees")
        super().__init__(alt=alt, **traits)

    def summary(self) -> str:
        """Return the sentence that tells what the picture shows just now."""
        raise NotImplementedError

    def write_svg(self) -> str:
        """Return the picture as SVG, for print and for readers."""
        with mpl.style.context(["default", STYLE, {"svg.fonttype": "none"}]):
            figure = Figure(figsize=(5.2, self.height / 80))
            self._draw(figure)
            return write_svg(figure)

    def _draw(self, figure: Figure) -> None:
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"{type(self).__name__}: {self.summary()}"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict, dict]:
        data, metadata = super()._repr_mimebundle_(**kwargs)
        return {**data, "image/svg+xml": self.write_svg()}, metadata


class LiveFigure(Still):
    """Hold the traits that every live figure sends to its JavaScript body.

    Each control is one leading axis of every table: names make a menu, increasing
    numbers make a slider.  ``selected`` holds the position of each control and is
    the trait to observe; ``value`` says the same with the controls' own names.
    ``_kind`` names what the body draws.
    """

    _esm = FOLDER / "live.js"
    _css = FOLDER / "live.css"
    _kind = traitlets.Unicode().tag(sync=True)
    _controls = traitlets.List().tag(sync=True)
    _numbers = traitlets.Unicode().tag(sync=True)
    _sentence = traitlets.Unicode().tag(sync=True)
    selected = traitlets.List(traitlets.Int()).tag(sync=True)

    def __init__(
        self,
        controls: Controls,
        *,
        start: Mapping[str, Any] | None,
        alt: str,
        **traits: Any,
    ) -> None:
        self._values = {n: np.asarray(v).tolist() for n, v in controls.items()}
        super().__init__(
            _controls=[_control(name, values) for name, values in controls.items()],
            alt=alt,
            selected=self._move([0] * len(self._values), start or {}),
            **traits,
        )

    @property
    def value(self) -> dict[str, Any]:
        """Where the controls stand: for each name a choice or a number."""
        pairs = zip(self._values.items(), self.selected, strict=True)
        return {name: values[index] for (name, values), index in pairs}

    @value.setter
    def value(self, wanted: Mapping[str, Any]) -> None:
        self.selected = self._move(self.selected, wanted)

    def _move(self, selected: list[int], wanted: Mapping[str, Any]) -> list[int]:
        moved = dict(zip(self._values, selected, strict=True))
        for name, value in wanted.items():
            if name not in moved:
                raise ValueError(f"no control {name!r}; there are {list(moved)}")
            moved[name] = _nearest(name, self._values[name], value)
        return list(moved.values())

    @traitlets.validate("selected")
    def _check_selected(self, proposal: dict[str, Any]) -> list[int]:
        selected = proposal["value"]
        lengths = [len(values) for values in self._values.values()]
        inside = all(0 <= i < n for i, n in zip(selected, lengths, strict=False))
        if len(selected) != len(lengths) or not inside:
            raise traitlets.TraitError(
                f"selected is {selected}, but the controls have {lengths} positions"
            )
        return selected

    def _cell_numbers(self) -> list[str]:
        lengths = [len(values) for values in self._values.values()]
        cell = int(np.ravel_multi_index(self.selected, lengths)) if lengths else 0
        return self._numbers.split("\n")[cell].split("\t")

    def summary(self) -> str:
        """Return the sentence that tells what the picture shows just now."""
        numbers = self._cell_numbers()
        fill = re.sub(r"\{(\d+)\}", lambda slot: numbers[int(slot[1])], self._sentence)
        settings = zip(self._controls, self.selected, strict=True)
        where = ", ".join(f"{plain(c['name'])} {c['labels'][i]}" for c, i in settings)
        return f"{where}: {fill}" if where else fill


def legend_below(figure: Figure, shown: Sequence[object]) -> None:
    """Tell what the colours of a stored picture mean, if they are several."""
    if len(shown) > 1:
        figure.legend(loc="outside lower center", ncols=2, frameon=False)


def grid_of(controls: Controls) -> list[int]:
    """Return the number of positions of each control."""
    return [len(values) for values in controls.values()]


def name_each(
    readouts: Mapping[str, ArrayLike], grid: Sequence[int]
) -> tuple[str, list[Table]]:
    """Return the sentence that names some numbers, with places, and their tables."""
    tables = [
        check_table(f"readout {name!r}", values, grid, [])[..., np.newaxis]
        for name, values in readouts.items()
    ]
    told = (f"{plain(name)} = {{{slot}}}" for slot, name in enumerate(readouts))
    return ", ".join(told) + ".", tables


def write_numbers(tables: Sequence[Table], grid: Sequence[int]) -> str:
    """Spell the numbers of each grid cell on one line.

    Parameters
    ----------
    tables : sequence of numpy.ndarray, (*grid, k)
        Numbers by position of the controls; a control's axis may have length 1.
    grid : sequence of int
        Number of positions of each control.

    Returns
    -------
    str
        One line a cell, numbers parted by tabs, in the order of the tables.
    """
    full = [np.broadcast_to(table, (*grid, table.shape[-1])) for table in tables]
    joined = np.concatenate([np.empty((*grid, 0)), *full], axis=-1)
    cells = product(*map(range, grid))
    return "\n".join("\t".join(map(spell, joined[cell])) for cell in cells)


def axis_of(
    side: str,
    label: str,
    tables: Sequence[Table],
    given: tuple[float, float] | None,
    *,
    log: bool,
    margin: float = 0.0,
) -> dict[str, Any]:
    """Return label, scale and ends of an axis: the given ones, or those of tables."""
    low, high = _ends(side, tables, log, margin) if given is None else given
    if not low < high or (log and low <= 0):
        raise ValueError(f"{side}lim is {given}; it must increase, above 0 on logs")
    return {"label": label, "log": log, "low": float(low), "high": float(high)}


def _ends(
    side: str, tables: Sequence[Table], log: bool, margin: float
) -> tuple[float, float]:
    values = np.concatenate([table.ravel() for table in tables])
    values = values[np.isfinite(values) & ((values > 0) | (not log))]
    if not values.size:
        raise ValueError(f"nothing can be drawn on the {side} axis")
    ends = np.array([values.min(), values.max()])
    low, high = np.log10(ends) if log else ends
    room = margin * (high - low) or (0.0 if high > low else 0.5)
    ends = np.array([low - room, high + room])
    return tuple(10**ends if log else ends)


def _control(name: str, values: Sequence[Any]) -> dict[str, Any]:
    values = list(values)
    if not values:
        raise ValueError(f"control {name!r} has no positions")
    if all(isinstance(value, str) for value in values):
        return {"name": name, "slider": False, "labels": values}
    numbers = np.asarray(values, dtype=float)
    if numbers.ndim != 1 or not (np.diff(numbers) > 0).all():
        raise ValueError(f"control {name!r} needs names or increasing numbers")
    return {"name": name, "slider": True, "labels": [label_of(v) for v in values]}


def _nearest(name: str, values: list[Any], value: Any) -> int:
    if value in values:
        return values.index(value)
    if isinstance(value, str) or isinstance(values[0], str):
        raise ValueError(f"{name!r} cannot be {value!r}; choose from {values}")
    return int(np.argmin(np.abs(np.asarray(values, dtype=float) - value)))
