"""Functions are sent by their source, those of NumPy by their name."""

import numpy as np
import pytest

from assignments.inside import protocol
from assignments.inside.function import Function


def test_a_function_of_numpy_is_sent_by_its_name():
    assert protocol.encode(np.tanh) == {"function": "np.tanh(x)"}
    assert Function("np.absolute(x)")(-2.0) == 2.0
    assert protocol.encode(np.abs) == {"function": "np.absolute(x)"}


def test_other_functions_are_not_sent():
    from scipy.special import expit

    for other in (expit, lambda x: x, np.mean):
        with pytest.raises(protocol.UnreadableError):
            protocol.encode(other)
