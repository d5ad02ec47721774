"""Fair checks of random answers: a right one passes, whatever it drew.

Each check fails a right answer with a probability of at most `ALPHA`, by a bound that
holds for every number of weights and is not an approximation; an assignment with a
hundred such checks fails a right submission less than once in a million.  What a check
lets pass shrinks like one over the root of that number, so that its author chooses the
shapes that tell a wrong answer from a right one.

A check returns nothing, or raises `AssertionError` with a hint that gives no answer.
"""

from assignments.fair.bounds import (
    ALPHA,
    DISTRIBUTIONS,
    Law,
    Z,
    gap_bound,
    largest_bounds,
    mean_bound,
    std_bounds,
)
from assignments.fair.checks import (
    check_array,
    check_distribution,
    check_initializer,
    check_largest,
    check_mean,
    check_reproducible,
    check_std,
    check_unrelated,
    check_varies,
    check_weights,
)
from assignments.fair.streams import rng, seeded
from assignments.inside.function import Function

__all__ = [
    "ALPHA",
    "DISTRIBUTIONS",
    "Function",
    "Law",
    "Z",
    "check_array",
    "check_distribution",
    "check_initializer",
    "check_largest",
    "check_mean",
    "check_reproducible",
    "check_std",
    "check_unrelated",
    "check_varies",
    "check_weights",
    "gap_bound",
    "largest_bounds",
    "mean_bound",
    "rng",
    "seeded",
    "std_bounds",
]
