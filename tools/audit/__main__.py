"""Measure each library's layers and initializers anew: `make audit`.

    python -m tools.audit [--check]

Writes `initlib/audited.csv`; with --check it only says where that would differ.
"""

import sys
from collections.abc import Iterator
from datetime import date
from importlib.metadata import version
from itertools import groupby

import numpy as np

from initlib.data import AUDITED
from tools.audit.libraries import LIBRARIES, tensor
from tools.audit.statistics import measure
from tools.audit.table import differences, faults, read, written
from tools.audit.theory import Row, imports, rows

ENOUGH = 400_000  # numbers of a weight: they tell a std to one in a thousand
MOST = 150  # layers made for them


def names_of(library: str) -> dict[str, object]:
    names: dict[str, object] = {}
    exec(imports()[library], names)
    return names


def drawn(
    layer: list[Row], names: dict[str, object]
) -> Iterator[tuple[Row, np.ndarray, bool]]:
    """Yield the weights of a layer, each of many draws, and whether a seed repeats."""
    make, _ = LIBRARIES[layer[0].library]

    def draw(seed: int) -> list[np.ndarray]:
        made = make(layer[0].make, layer[0].on, names, seed)
        return [tensor(made, row.tensor) for row in layer]

    first, again = draw(0), draw(0)
    times = min(MOST, -(-ENOUGH // min(weight.size for weight in first)))
    all_draws = zip(first, *map(draw, range(1, times)), strict=True)
    for row, weights, repeated in zip(layer, all_draws, again, strict=True):
        yield row, np.stack(weights), np.array_equal(weights[0], repeated)


def measured(layer: list[Row], names: dict[str, object]) -> Iterator[dict]:
    """Yield a line of the table for each weight of a layer."""
    library = layer[0].library
    release = version(LIBRARIES[library][1])
    for row, weights, repeats in drawn(layer, names):
        shape = " x ".join(map(str, weights.shape[1:]))
        head = {"library": library, "version": release, "make": row.make}
        what = {"tensor": row.tensor, "shape": shape, "repeats": repeats}
        fans = {"fan_in": row.fan_in or "", "fan_out": row.fan_out or ""}
        yield head | what | measure(weights) | fans


def measure_all() -> Iterator[dict]:
    """Yield the whole table, one library imported after the other."""
    for library, wanted in groupby(rows(), key=lambda row: row.library):
        names = names_of(library)
        for _, layer in groupby(wanted, key=lambda row: row.make):
            yield from measured(list(layer), names)


def main(check: bool) -> int:
    """Measure all, print what differs from theory, and keep or compare the table."""
    table = list(measure_all())
    wrong = faults(table) + (differences(read(), table) if check else [])
    print(*wrong, f"{len(table)} weights measured", sep="\n")
    if not check:
        AUDITED.write_text(written(table, date.today()), encoding="utf-8")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv[1:]))
