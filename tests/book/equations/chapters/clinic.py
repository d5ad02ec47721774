"""Twins of the equations of chapter 16."""

import numpy as np

from initlib.report import WARNING, _luck
from tests.book.equations.twins import twin


@twin("eq-clinic-tolerance")
def tolerance(rng):
    layer, width = int(rng.integers(2, 30)), int(rng.integers(16, 300))
    luck = _luck(np.full(layer, width))[-1]  # what a logarithm may be off by luck
    return {"l": layer, "n": width, "t_l": np.exp(np.log(WARNING) + luck)}
