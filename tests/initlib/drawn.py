"""Read what a live figure has drawn back into values, as a reader would.

Places become numbers only through the ticks and their labels, colours only through
the colour bar or the legend, and a position of the controls is what they show.
"""

import base64
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from initlib.widgets.labels import MINUS, plain

SCRIPT = Path(__file__).with_suffix(".js").read_text("utf-8")
TOKEN = re.compile(r"([A-Za-z])|(-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?)")
PIXEL = 1.0
"""How far a shape may stand from where the ticks say that its value is."""


def number(label: str) -> float:
    """Return the number that a label writes."""
    text = label.replace(MINUS, "-")
    power = re.fullmatch(r"(-?)(?:([\d.]+)·)?10\^\{(-?\d+)\}", text)
    if power:
        return float(f"{power[1]}{power[2] or 1}e{power[3]}")
    return float("nan") if text in {"–", "none"} else float(text)


def is_number(label: str) -> bool:
    try:
        number(label)
    except ValueError:
        return False
    return True


def corners(outline: str) -> list[np.ndarray]:
    """Return the corners (points, 2) of each part of a path; of arcs, the ends."""
    parts: list[list] = []
    command, numbers, at = "", [], np.zeros(2)
    size = {"M": 2, "L": 2, "H": 1, "V": 1, "A": 7}
    for letter, digits in TOKEN.findall(outline):
        if letter:
            command, numbers = letter, []
            continue
        numbers.append(float(digits))
        if len(numbers) < size[command.upper()]:
            continue
        origin = at if command.islower() else np.zeros(2)
        to = {"H": [numbers[0], None], "V": [None, numbers[0]]}.get(
            command.upper(), numbers[-2:]
        )
        at = np.array(
            [a if v is None else o + v for a, o, v in zip(at, origin, to, strict=True)]
        )
        if command == "M":
            parts.append([])
        parts[-1].append(at)
        numbers = []
    return [np.array(part) for part in parts]


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, points: np.ndarray) -> "Box":
        return cls(*points.min(axis=0), *points.max(axis=0))

    @property
    def x(self) -> float:
        return (self.left + self.right) / 2

    @property
    def y(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(frozen=True)
class Shape:
    tag: str
    parts: list[np.ndarray]
    frame: str
    style: dict[str, str]

    @property
    def box(self) -> Box:
        return Box.around(np.concatenate(self.parts))

    @property
    def is_line(self) -> bool:
        return self.style["fill"] == "none"

    def looks_like(self, key: "Shape") -> bool:
        """Whether the key of a legend stands for this line, these marks or this bar."""
        same = self.tag == key.tag and self.style == key.style
        return same and (self.is_line or self.tag == "rect" or self.form == key.form)

    @property
    def form(self) -> list:
        """What one mark looks like, wherever it stands."""
        part = self.parts[0]
        return np.round(part - part[0], 1).tolist()


@dataclass(frozen=True)
class Text:
    label: str
    fill: str
    turned: bool
    box: Box


@dataclass(frozen=True)
class Axis:
    """Where the drawn ticks say that values stand."""

    places: np.ndarray
    values: np.ndarray
    log: bool

    def __post_init__(self) -> None:
        assert len(self.places) >= 2, "fewer than two ticks"
        assert np.ptp(self.places) > 20, "ticks upon each other"
        error = np.abs(self.place(self.values) - self.places)
        assert error.max() < PIXEL + 0.5, f"ticks at uneven distances: {self.values}"

    def _warp(self, values: Any) -> np.ndarray:
        return np.log10(values) if self.log else np.asarray(values, dtype=float)

    @cached_property
    def _line(self) -> np.ndarray:
        return np.polyfit(self._warp(self.values), self.places, 1)

    def place(self, values: Any) -> np.ndarray:
        return np.polyval(self._line, self._warp(values))

    def value(self, place: float) -> float:
        value = (place - self._line[1]) / self._line[0]
        return 10**value if self.log else value


class Drawn:
    """One picture with its legend, controls and words."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.controls, self.said = told["controls"], told["said"]
        self.summary = told["summary"]
        self.shapes = [shape for s in told["shapes"] if (shape := _shape(s)).parts]
        self.keys = {
            key["name"]: [_shape(s) for s in key["shapes"]] for key in told["legend"]
        }
        self.texts = [
            Text(
                t["label"],
                t["fill"],
                t["turned"],
                Box(t["left"], t["top"], t["right"], t["bottom"]),
            )
            for t in told["texts"]
        ]

    def name_of(self, shape: Shape) -> str:
        """Return what the legend calls a shape."""
        names = [
            name for name, keys in self.keys.items() if any(map(shape.looks_like, keys))
        ]
        assert len(names) == 1, f"the legend has {names} for {shape.style}"
        return names[0]

    def framed(self, frame: str) -> list[Shape]:
        return [shape for shape in self.shapes if shape.frame == frame]

    @property
    def free(self) -> list[Shape]:
        """Shapes that belong to no axes and no map."""
        return [s for s in self.shapes if s.frame not in {"live-axes", "live-map"}]

    def axes(self, *, xlog: bool = False, ylog: bool = False) -> tuple[Axis, Axis, Box]:
        """Return both axes as their ticks tell them, and the box of the grid lines."""
        lines = [shape.box for shape in self.framed("live-axes")]
        across = [box for box in lines if box.right - box.left < 1]
        up = [box for box in lines if box.bottom - box.top < 1]
        x = _axis(across, [self._below(box).label for box in across], "x", xlog)
        y = _axis(up, [self._left_of(box).label for box in up], "y", ylog)
        box = Box(up[0].left, across[0].top, up[0].right, across[0].bottom)
        return x, y, box

    def height_axis(self, *, log: bool) -> tuple[Axis, Box]:
        """Return the one axis of a picture without a horizontal one."""
        up = [shape.box for shape in self.framed("live-axes")]
        assert up, "no grid lines"
        y = _axis(up, [self._left_of(box).label for box in up], "y", log)
        bottom = max(shape.box.bottom for shape in self.free)
        return y, Box(up[0].left, min(b.top for b in up), up[0].right, bottom)

    def _below(self, line: Box) -> Text:
        near = [
            text
            for text in self.texts
            if abs(text.box.x - line.x) < 2 and 0 < text.box.y - line.bottom < 20
        ]
        assert len(near) == 1, f"{len(near)} labels at a tick of the x axis"
        return near[0]

    def _left_of(self, line: Box) -> Text:
        near = [
            text
            for text in self.texts
            if abs(text.box.y - line.y) < 3 and 0 < line.left - text.box.right < 12
        ]
        assert len(near) == 1, f"{len(near)} labels at a tick of the y axis"
        return near[0]

    def names_of_axes(self, box: Box) -> tuple[str, str]:
        """Return what stands below the middle of a box and, turned, left of it."""
        below = [
            t
            for t in self.texts
            if abs(t.box.x - box.x) < 2 and t.box.top > box.bottom + 12
        ]
        left = [t for t in self.texts if t.turned and abs(t.box.y - box.y) < 2]
        lowest = max(below, key=lambda t: t.box.y, default=None)
        assert lowest, "no label of the x axis"
        assert len(left) == 1, f"{len(left)} labels of the y axis"
        return plain(lowest.label), plain(left[0].label)


def _shape(told: dict[str, Any]) -> Shape:
    a, b, c, d, e, f = told["matrix"]
    turn, shift = np.array([[a, b], [c, d]]), np.array([e, f])
    parts = [part @ turn + shift for part in corners(told["outline"])]
    return Shape(told["tag"], parts, told["frame"], told["style"])


def _axis(lines: list[Box], labels: list[str], side: str, log: bool) -> Axis:
    places = np.array([getattr(line, side) for line in lines])
    return Axis(places, np.array(list(map(number, labels))), log)


def names_below(
    drawn: Drawn, bottom: float, *, numbers: bool
) -> list[tuple[str, float]]:
    """Return the names below some columns, a word a line, and where they stand."""
    below = [
        t
        for t in drawn.texts
        if t.box.top > bottom - 4 and (numbers or not is_number(t.label))
    ]
    places = sorted({round(t.box.x) for t in below})
    places = [p for i, p in enumerate(places) if not i or p - places[i - 1] > 1]
    named = []
    for place in places:
        lines = [t for t in below if abs(t.box.x - place) < 2]
        lines.sort(key=lambda t: t.box.y)
        named.append((" ".join(plain(t.label) for t in lines), place))
    return named


def runs(points: np.ndarray) -> list[np.ndarray]:
    """Part the points (P, 2) of a line where one is missing."""
    there = np.isfinite(points).all(axis=1)
    ends = np.flatnonzero(np.diff(np.concatenate([[0], there, [0]])))
    return [points[start:stop] for start, stop in ends.reshape(-1, 2)]


def freeze(state):
    """Part a state from its bytes, as a notebook stores it."""
    buffers = []

    def part(value, path):
        if isinstance(value, bytes):
            data = base64.b64encode(value).decode()
            buffers.append({"path": path, "encoding": "base64", "data": data})
            return None
        if isinstance(value, dict):
            return {key: part(inner, [*path, key]) for key, inner in value.items()}
        if isinstance(value, list):
            return [part(inner, [*path, i]) for i, inner in enumerate(value)]
        return value

    return {"state": part(state, []), "buffers": buffers}
