"""What all live figures share: controls, summary, stored picture."""

import inspect
import io
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

from initlib.widgets.tables import check_table, spell

SCRIPT = re.compile(r"[_^](?:\{([^}]+)\}|([^\W_]|\*)(?![^\W_]))")
IMPORT = re.compile(r'^import [^;]*"\./(\w+\.js)";\n', re.M)
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
DRAWN = re.compile(r' d="[^"]*"')
FINE = re.compile(r"(?<=\.\d\d)\d+")
FOLDER = Path(__file__).parent
STILL = {
    "axes.formatter.use_mathtext": True,
    "axes.grid": True,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.constrained_layout.use": True,
    "font.size": 12.0,
    "grid.alpha": 0.3,
    "svg.fonttype": "none",
    "svg.hashsalt": "initlib",
}
Controls = Mapping[str, Sequence[str] | Sequence[float] | NDArray[np.float64]]


def script(name: str) -> str:
    """Return the body of one live figure as one JavaScript module.

    What it imports comes first, without its ``export``; comments and indentation stay
    behind, since every notebook stores the text.
    """
    *helpers, body = (
        (FOLDER / part).read_text(encoding="utf-8") for part in _parts(name)
    )
    joined = re.sub(r"^export default .*\n", "", "".join(helpers), flags=re.M)
    joined = re.sub(r"^function render\(.*\n(.*\n)*?\}\n", "", joined, flags=re.M)
    joined = re.sub(r"^export (?!default)", "", joined + body, flags=re.M)
    joined = IMPORT.sub("", joined)
    joined = re.sub(r"^\s*(//.*|/\*\*[\s\S]*?\*/)\n", "", joined, flags=re.M)
    return re.sub(r"^\s+", "", joined, flags=re.M)


def _parts(name: str) -> list[str]:
    """Name a script after all that it needs, each once."""
    source = (FOLDER / name).read_text(encoding="utf-8")
    needed = [part for found in IMPORT.findall(source) for part in _parts(found)]
    return list(dict.fromkeys([*needed, name]))


def style() -> str:
    """Return the style sheet of all live figures."""
    return (FOLDER / "live.css").read_text(encoding="utf-8")


class LiveFigure(anywidget.AnyWidget):
    """Hold the traits that every live figure sends to its JavaScript body.

    Each control is one leading axis of every table: names make a menu, increasing
    numbers make a slider.  ``selected`` holds the position of each control and is
    the trait to observe; ``value`` says the same with the controls' own names.
    """

    _css = style()
    _controls = traitlets.List().tag(sync=True)
    _numbers = traitlets.Unicode().tag(sync=True)
    _sentence = traitlets.Unicode().tag(sync=True)
    alt = traitlets.Unicode().tag(sync=True)
    height = traitlets.Int().tag(sync=True)
    selected = traitlets.List(traitlets.Int()).tag(sync=True)

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        # Sphinx would show the signature of __new__, *args and **kwargs.
        cls.__signature__ = inspect.signature(partial(cls.__init__, None))

    def __init__(
        self,
        controls: Controls,
        *,
        start: Mapping[str, Any] | None,
        alt: str,
        **traits: Any,
    ) -> None:
        if not alt.strip():
            raise ValueError("alt is empty; say what one sees")
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

    def still(self) -> str:
        """Return the picture of the chosen slice as SVG, for print and for readers."""
        with mpl.style.context(["default", STILL]):
            figure = Figure(figsize=(5.3, self.height / 80))
            self._draw_still(figure)
            stream = io.StringIO()
            figure.savefig(stream, format="svg", metadata={"Date": None})
        return DRAWN.sub(lambda path: FINE.sub("", path[0]), stream.getvalue())

    def _draw_still(self, figure: Figure) -> None:
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"{type(self).__name__}: {self.summary()}"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict, dict]:
        data, metadata = super()._repr_mimebundle_(**kwargs)
        return {**data, "image/svg+xml": self.still()}, metadata


def plain(label: str) -> str:
    """Return a label without the marks of its sub- and superscripts."""

    def bare(found: re.Match[str]) -> str:
        text = found[1] or found[2]
        return text.translate(RAISED) if found[0][0] == "^" else text

    return SCRIPT.sub(bare, label)


def mathtext(label: str) -> str:
    """Return a label with its sub- and superscripts as matplotlib writes them."""
    return SCRIPT.sub(
        lambda found: rf"${found[0][0]}{{\mathrm{{{found[1] or found[2]}}}}}$", label
    )


def folded(name: str) -> str:
    """Return a name with a word a line, where there is little room across."""
    return name.replace(" ", "\n")


def legend_below(figure: Figure, shown: Sequence[object]) -> None:
    """Tell what the colours of a stored picture mean, if they are several."""
    if len(shown) > 1:
        figure.legend(loc="outside lower center", ncols=2, frameon=False)


def grid_of(controls: Controls) -> list[int]:
    """Return the number of positions of each control."""
    return [len(values) for values in controls.values()]


def tell(
    readouts: Mapping[str, ArrayLike], grid: Sequence[int]
) -> tuple[str, list[NDArray[np.float64]]]:
    """Return the sentence that names some numbers, with places, and their tables."""
    tables = [
        check_table(f"readout {name!r}", values, grid, [])[..., np.newaxis]
        for name, values in readouts.items()
    ]
    told = (f"{plain(name)} {{{slot}}}" for slot, name in enumerate(readouts))
    return ", ".join(told) + ".", tables


def write_numbers(tables: Sequence[NDArray[np.float64]], grid: Sequence[int]) -> str:
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


def limits_of(
    side: str,
    tables: Sequence[NDArray[np.float64]],
    given: tuple[float, float] | None,
    log: bool,
    margin: float,
) -> dict[str, float]:
    """Return the ends of an axis: the given ones, or those of the tables."""
    if given is not None:
        low, high = map(float, given)
        if not low < high or (log and low <= 0):
            raise ValueError(f"{side}lim is {given}; it must increase, above 0 on logs")
        return {"low": low, "high": high}
    values = np.concatenate([table.ravel() for table in tables])
    values = values[np.isfinite(values) & ((values > 0) | (not log))]
    if not values.size:
        raise ValueError(f"nothing can be drawn on the {side} axis")
    ends = np.array([values.min(), values.max()])
    low, high = np.log10(ends) if log else ends
    room = margin * (high - low) or (0.0 if high > low else 0.5)
    ends = np.array([low - room, high + room])
    low, high = 10**ends if log else ends
    return {"low": float(low), "high": float(high)}


def label_of(value: str | float) -> str:
    """Return a name as it is, and a number spelled."""
    return value if isinstance(value, str) else spell(float(value))


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
