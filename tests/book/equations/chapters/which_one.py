"""Twins of the equations of chapter 7."""

import numpy as np

from initlib import chi, tanh
from tests.book.equations.chapters.scale import moments
from tests.book.equations.ensembles import from_one, gaussian
from tests.book.equations.twins import twin


@twin("eq-which-factors", within=1e-3)
def factors(rng):
    sigma_w, L, layer = rng.uniform(1.5, 2), 4, 2
    q = np.array(moments(tanh, sigma_w**2, L, first=0.5))
    slopes = np.array([chi(tanh, sigma_w**2, q_l) for q_l in q])
    return {
        "q": from_one(q), r"\chi": from_one(slopes), "L": L, "l": layer,
        "z": gaussian(q[layer - 1]), r"\sigma_w": sigma_w, r"\phi": tanh,
        r"\phi'": tanh.df,
        r"\text{signal}": np.prod(np.sqrt(q[1:] / q[:-1])),
        r"\text{gradient}": np.prod(np.sqrt(slopes[:-1])),
    }  # fmt: skip
