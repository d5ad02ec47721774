"""Gradients beside central differences, entry by entry."""

from collections.abc import Callable, Iterator

import numpy as np


def difference(
    f: Callable[[], float], array: np.ndarray, index: tuple[int, ...], step=1e-6
) -> float:
    """Return the slope of f() in one entry of an array, which is left as it was."""
    before, values = array[index], []
    for sign in (1, -1):
        array[index] = before + sign * step
        values.append(f())
    array[index] = before
    return (values[0] - values[1]) / (2 * step)


def numeric_gradient(f: Callable[[], float], array: np.ndarray) -> np.ndarray:
    """Return the slope of f() in each entry of an array."""
    slopes = [difference(f, array, index) for index in np.ndindex(array.shape)]
    return np.reshape(slopes, array.shape)


def relative_errors(passes, params, act, x, dout) -> Iterator[float]:
    """Compare each entry of each gradient of sum(out * dout) with a difference."""
    run, run_back = passes
    trace = run_back(run(params, x, act), act, dout)
    for layer, *gradients in zip(params, trace.dW, trace.db, strict=True):
        for array, gradient in zip(layer, gradients, strict=True):
            assert array.shape == gradient.shape
            numeric = numeric_gradient(
                lambda: (run(params, x, act).z[-1] * dout).sum(), array
            )
            errors = np.abs(gradient - numeric) / np.maximum(1, np.abs(numeric))
            yield from errors.ravel()
