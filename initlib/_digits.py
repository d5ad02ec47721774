"""Handwritten digits, from the file in which scikit-learn ships them."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np


def read_digits() -> tuple[np.ndarray, np.ndarray]:
    """Read the images (1797, 64), 0 to 16 a pixel, and labels that scikit-learn ships.

    The file alone is read: importing scikit-learn takes longer than many an experiment.

    Raises
    ------
    ModuleNotFoundError
        If scikit-learn is not installed.
    """
    if (found := find_spec("sklearn")) is None:
        raise ModuleNotFoundError("the digits come with scikit-learn: install it")
    file = Path(found.origin).with_name("datasets") / "data" / "digits.csv.gz"
    table = np.loadtxt(file, delimiter=",")
    return table[:, :-1], table[:, -1].astype(int)
