"""The stored table: what was measured, and whether theory agrees."""

import csv
import io
from collections.abc import Iterator
from datetime import date

from initlib.data import AUDITED
from tools.audit.statistics import MOMENTS, standard_error
from tools.audit.theory import Row, rows

MEASURED_ON = "# Measured on "
NUMBERS = ("n", "mean", "std", "largest", "fan_in", "fan_out")
ERRORS = 4.5  # standard errors, for some hundred numbers at once
ROUNDED = 6e-4  # of four digits
SHIFT = 6e-3  # of a mean that was drawn
RIM = 90  # numbers: the largest of n comes within RIM / n of the limit
SPARSE = 3 / 0.9  # fourth moment of normal weights of which a tenth is 0
EXACT = ("constant", "zeros and ones", "orthogonal", "orthogonal at the centre")


def read(text: str | None = None) -> list[dict]:
    """Return the lines of the table, its numbers as numbers."""
    text = AUDITED.read_text(encoding="utf-8") if text is None else text
    _, body = text.split("\n", 1)
    lines = []
    for line in csv.DictReader(io.StringIO(body)):
        numbers = {name: float(line[name]) if line[name] else "" for name in NUMBERS}
        lines.append(line | numbers | {"repeats": line["repeats"] == "True"})
    return lines


def written(table: list[dict], day: date) -> str:
    """Return the table as it is stored."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, table[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(table)
    return f"{MEASURED_ON}{day}\n{buffer.getvalue()}"


def key(line: dict) -> tuple[str, str, str]:
    return line["library"], line["make"], line["tensor"]


def error(row: Row, n: float) -> float:
    """Return how far a measured std may lie from theory's."""
    rounding = ROUNDED * row.std
    if row.distribution in EXACT:
        return rounding
    fourth = MOMENTS.get(row.distribution, SPARSE)
    return ERRORS * standard_error(row.std, fourth, n) + rounding


def near(row: Row, line: dict) -> Iterator[tuple[str, object, object, bool]]:
    """Yield what is compared: its name, what was measured, theory, and the verdict."""
    same = line["distribution"] == row.distribution
    yield "distribution", line["distribution"], row.distribution, same
    close = abs(line["mean"] - row.mean) <= SHIFT * row.mean
    yield "mean", line["mean"], row.mean, close
    off = abs(line["std"] - row.std)
    yield "std", line["std"], row.std, off <= error(row, line["n"])
    yield "largest", line["largest"], row.largest, reaches(row, line)
    yield "repeats", line["repeats"], True, line["repeats"]
    for fan in ("fan_in", "fan_out"):
        true = getattr(row, fan) or ""
        yield fan, line[fan], true, line[fan] == true


def reaches(row: Row, line: dict) -> bool:
    """Say whether the largest of n numbers comes near the limit, if there is one."""
    if row.largest is None or line["largest"] == "":
        return row.largest is None and line["largest"] == ""
    slack = RIM / line["n"] + SHIFT * (row.mean > 0) + ROUNDED
    return abs(line["largest"] - row.largest) <= slack * row.largest


def faults(table: list[dict]) -> list[str]:
    """Say where the table and theory differ, or a line has no theory or no place."""
    lines, theory = {key(line): line for line in table}, rows()
    known = {key(vars(row)): row for row in theory}
    missing = [f"{name}: not measured" for name in known if name not in lines]
    strange = [f"{name}: no theory" for name in lines if name not in known]
    wrong = [
        f"{' '.join(name)}: {what} {found}, theory {expected}"
        for name, row in known.items()
        if name in lines
        for what, found, expected, right in near(row, lines[name])
        if not right
    ]
    return missing + strange + wrong


def differences(before: list[dict], now: list[dict]) -> list[str]:
    """Say which weights a new version draws otherwise, beyond what chance does."""
    old, found = {key(line): line for line in before}, []
    for line in now:
        was = old.get(key(line))
        if was is None or was["distribution"] != line["distribution"]:
            found.append(f"{' '.join(key(line))}: was {was and was['distribution']}")
        elif abs(was["std"] - line["std"]) > 0.02 * max(was["std"], line["std"]):
            found.append(f"{' '.join(key(line))}: std was {was['std']}")
    return found
