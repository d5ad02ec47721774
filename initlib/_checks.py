"""Checks of arguments: what was wrong, what is allowed, what came in."""

import math
from collections.abc import Collection, Sequence
from numbers import Integral, Real

import numpy as np


def check_rng(rng: np.random.Generator) -> np.random.Generator:
    """Return `rng`, or raise TypeError if it is no `numpy.random.Generator`."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            "rng must be a numpy.random.Generator, for example "
            f"numpy.random.default_rng(0); got {rng!r}"
        )
    return rng


def check_real(
    name: str, value: float, *, above=-math.inf, least=-math.inf, most=math.inf
) -> float:
    """Return `value` as a finite float that is > `above`, >= `least` and <= `most`."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name} must be a real number; got {value!r}")
    try:
        value = float(value)
    except OverflowError:  # an integer or a fraction beyond the largest float
        value = math.inf
    if not math.isfinite(value):
        raise ValueError(f"{name} must be finite; got {value}")
    if value > most:
        raise ValueError(f"{name} must be at most {most:g}; got {value:g}")
    if value <= above:
        raise ValueError(f"{name} must be greater than {above:g}; got {value:g}")
    if value < least:
        raise ValueError(f"{name} must be at least {least:g}; got {value:g}")
    return value


def check_count(name: str, value: int, *, least: int = 1, most=math.inf) -> int:
    """Return `value` as an int from `least` to `most`."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise TypeError(f"{name} must be an integer; got {value!r}")
    if value < least:
        raise ValueError(f"{name} must be at least {least}; got {value}")
    if value > most:
        raise ValueError(f"{name} must be at most {most}; got {value}")
    return int(value)


def check_choice(name: str, value: str, choices: Collection[str]) -> str:
    """Return `value`, or raise ValueError if it is none of `choices`."""
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(choices)}; got {value!r}")
    return value


def check_callable(name: str, value):
    """Return `value`, or raise TypeError if it cannot be called."""
    if not callable(value):
        raise TypeError(f"{name} must be callable; got {value!r}")
    return value


def check_array(name: str, value, *, ndim: int, finite: bool = True) -> np.ndarray:
    """Return `value` as a float64 array of at least `ndim` axes, finite on demand."""
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(
            f"{name} must be an array; got rows of different lengths"
        ) from None
    if array.dtype.kind not in "fiu":
        raise TypeError(f"{name} must hold real numbers; got dtype {array.dtype}")
    if array.ndim < ndim or array.size == 0:
        raise ValueError(
            f"{name} must be a non-empty array of at least {ndim} axes; "
            f"got shape {array.shape}"
        )
    array = array.astype(np.float64, copy=False)
    if finite and not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite; got NaN or infinity in it")
    return array


def check_layers(layers: Sequence[np.ndarray], ndim: int = 2) -> list[np.ndarray]:
    """Return a list of float64 arrays (..., batch, n), one a layer."""
    if not isinstance(layers, Sequence):  # an array is none
        raise TypeError(
            "layers must be a list of arrays, one a layer, such as trace.z; "
            f"got {type(layers).__name__}"
        )
    if not layers:
        raise ValueError("layers must hold at least one layer; got an empty list")
    return [
        check_array(f"layers[{i}]", layer, ndim=ndim, finite=False)
        for i, layer in enumerate(layers)
    ]
