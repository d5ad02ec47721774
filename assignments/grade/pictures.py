"""Pictures that come out of a sandbox: numbers of a bounded size, and nothing else."""

import math

import numpy as np

from assignments.inside.pictures import MOST, WIDEST

Picture = np.ndarray  # of height, width and the four colours of each pixel


def read(value: object) -> Picture | None:
    """Return the picture that was sent; None if it is none."""
    match value:
        case (int(width), int(height), np.ndarray(dtype=np.dtype() as kind) as numbers):
            size = 4 * width * height
            sides = min(width, height) > 0 and max(width, height) <= WIDEST
            if kind == np.int64 and sides and numbers.shape == (math.ceil(size / 8),):
                colours = np.frombuffer(numbers.tobytes()[:size], np.uint8)
                return colours.reshape(height, width, 4)
    return None


def read_all(value: object) -> list[Picture | None]:
    """Return the pictures that were sent for a cell."""
    return list(map(read, value[:MOST])) if isinstance(value, list) else []
