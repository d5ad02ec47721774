"""What `layers.yml` lists, and what theory says of each row."""

from dataclasses import dataclass
from functools import cache
from math import sqrt
from pathlib import Path

import yaml

from initlib import TRUNCATED_STD

LAYERS = Path(__file__).with_name("layers.yml")


@dataclass(frozen=True)
class Row:
    """One weight of one layer: how it is made, and what theory says of it."""

    library: str
    make: str
    on: tuple[int, ...] | None
    tensor: str
    distribution: str
    mean: float
    size: float  # limit of a uniform distribution, std of the others
    fan_in: float | None
    fan_out: float | None

    @property
    def std(self) -> float:
        return self.size / sqrt(3) if self.distribution == "uniform" else self.size

    @property
    def largest(self) -> float | None:
        """Return the largest distance from the mean, where there is one."""
        if self.distribution == "truncated":
            return 2 * self.size / TRUNCATED_STD
        return self.size if self.distribution == "uniform" else None


def number(formula: object, **names: float) -> float:
    return float(eval(str(formula), {"sqrt": sqrt, "cut": TRUNCATED_STD, **names}))


def row(library: str, layer: dict, tensor: str, said: list) -> Row:
    """Return one weight of a layer as theory has it."""
    kind, size, *fans = said
    fan_in, fan_out = (number(fan) for fan in fans) if fans else (None, None)
    names = {} if fan_in is None else {"fan_in": fan_in, "fan_out": fan_out}
    kind, _, mean = kind.partition(" around ")
    size, mean = number(size, **names), number(mean or 0)
    if kind == "constant":
        size, mean = 0.0, size
    elif kind == "zeros and ones":
        mean = (
            1 - sqrt(1 - 4 * size**2)
        ) / 2  # the share p of ones: p (1 - p) = size^2
    on = tuple(layer["input"]) if "input" in layer else None
    return Row(library, layer["make"], on, tensor, kind, mean, size, fan_in, fan_out)


@cache
def rows() -> tuple[Row, ...]:
    """Return every weight that is measured."""
    listed = yaml.safe_load(LAYERS.read_text(encoding="utf-8"))
    return tuple(
        row(library, layer, tensor, said)
        for library, content in listed.items()
        for layer in content["layers"]
        for tensor, said in layer.items()
        if tensor not in ("make", "input")
    )


@cache
def imports() -> dict[str, str]:
    """Return the lines with which each library's layers are written."""
    listed = yaml.safe_load(LAYERS.read_text(encoding="utf-8"))
    return {library: content["imports"] for library, content in listed.items()}
