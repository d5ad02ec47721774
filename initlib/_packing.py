"""Tables of whole numbers: small enough to travel inside a page."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def pack(
    values: ArrayLike, *, bytes_each: int = 2, log: bool = False
) -> dict[str, Any]:
    """Round a table to whole numbers of one or two bytes.

    With T the largest code, a value v becomes ``1 + (T - 2) (v - low) / (high - low)``,
    rounded, where v stands for its logarithm to base 10 if ``log`` is true.
    Code 0 is an exact zero and code T a missing value (NaN).
    What is stored are the differences of the codes along the last axis, all high bytes
    before all low ones: neighbours are alike, so that they compress well.

    Parameters
    ----------
    values : array_like
        The table; NaN leaves a gap.
    bytes_each : {1, 2}
        Bytes a number takes.
    log : bool
        Whether to keep relative instead of absolute precision; no negative values.

    Returns
    -------
    dict
        ``shape``, ``bytes``, ``log``, ``low``, ``high`` and ``data``.

    Raises
    ------
    ValueError
        If a value is infinite, or negative where logarithms are taken.
    """
    table = _finite(values, log)
    top = 256**bytes_each - 1
    codes = np.where(np.isnan(table), top, 0)
    drawn = ~np.isnan(table) & (table != 0)
    numbers = np.log10(table[drawn]) if log else table[drawn]
    low, high = _ends(numbers)
    part = (numbers - low) / (high - low) if high > low else np.zeros_like(numbers)
    codes[drawn] = 1 + np.rint((top - 2) * part)
    steps = np.diff(codes, axis=-1, prepend=0).astype(f">u{bytes_each}")
    data = np.frombuffer(steps.tobytes(), "u1").reshape(-1, bytes_each).T.tobytes()
    about = {"shape": list(table.shape), "bytes": bytes_each, "log": log}
    return {**about, "low": low, "high": high, "data": data}


def unpack(table: Mapping[str, Any]) -> NDArray[np.float64]:
    """Give back the table that `pack` rounded, to half a step of its codes."""
    bytes_each, top = table["bytes"], 256 ** table["bytes"] - 1
    joined = np.frombuffer(table["data"], "u1").reshape(bytes_each, -1).T.tobytes()
    steps = np.frombuffer(joined, f">u{bytes_each}").reshape(table["shape"])
    codes = np.cumsum(steps, axis=-1, dtype=int) % (top + 1)
    values = table["low"] + (table["high"] - table["low"]) * (codes - 1.0) / (top - 2)
    if table["log"]:
        values = 10**values
    return np.select([codes == 0, codes == top], [0.0, np.nan], values)


def _finite(values: ArrayLike, log: bool) -> NDArray[np.float64]:
    table = np.asarray(values, dtype=float)
    if np.isinf(table).any():
        raise ValueError("a live figure cannot hold infinite values; use nan for gaps")
    if log and (table < 0).any():
        raise ValueError("a logarithmic axis needs values of at least 0")
    return table


def _ends(numbers: NDArray[np.float64]) -> tuple[float, float]:
    if not numbers.size:
        return 0.0, 0.0
    return float(numbers.min()), float(numbers.max())


def check_table(
    name: str, values: ArrayLike, grid: Sequence[int], rest: Sequence[str]
) -> NDArray[np.float64]:
    """Return a table with one leading axis for each control, or say what is wrong.

    Parameters
    ----------
    name : str
        What the message calls the table.
    values : array_like
        The table; leading axes may be missing or of length 1 if it is the same for
        all positions of a control.
    grid : sequence of int
        Number of positions of each control.
    rest : sequence of str
        Names of the remaining axes.

    Returns
    -------
    numpy.ndarray
        With ``len(grid) + len(rest)`` axes.

    Raises
    ------
    ValueError
        If the axes do not fit the controls.
    """
    table = np.asarray(values, dtype=float)
    wanted = ", ".join([*map(str, grid), *rest])
    message = f"{name} has shape {table.shape}, expected ({wanted})"
    missing = len(grid) + len(rest) - table.ndim
    if missing and table.ndim != len(rest):
        raise ValueError(message)
    table = table.reshape((1,) * missing + table.shape)
    leading = table.shape[: len(grid)]
    if any(given not in (1, asked) for given, asked in zip(leading, grid, strict=True)):
        raise ValueError(message)
    if 0 in table.shape:
        raise ValueError(f"{message}; it is empty")
    return table


def cell(table: NDArray[np.float64], selected: Sequence[int]) -> NDArray[np.float64]:
    """Return what a table holds where the controls stand."""
    lengths = table.shape[: len(selected)]
    return table[tuple(min(i, n - 1) for i, n in zip(selected, lengths, strict=True))]
