"""Seven races of two networks, each with the question that it answers.

`ends` holds, for each side, between which fractions of right answers it ends; `chapter`
says where in the book the answer is derived.
"""

from typing import Any

STUCK, LEARNS = [0.0, 0.6], [0.65, 1.0]
USUAL = {"activation": "tanh", "depth": 3, "width": 16, "lr": 0.3, "optimizer": "sgd"}
LONG = {"data": "spirals", "seed": 0, "steps": 1000, "batch": 32}


def _race(
    left: dict[str, Any], right: dict[str, Any], *, differ: str = "start", **shared: Any
) -> dict[str, Any]:
    """Return what the lab needs to set up a race: what is shared, and two sides."""
    common = {key: shared.pop(key, value) for key, value in LONG.items()}
    return {
        **common,
        "differ": differ,
        "sides": [{**USUAL, **shared, **side} for side in (left, right)],
    }


XAVIER, HE, ZEROS = ({"start": s} for s in ("xavier_normal", "he_normal", "zeros"))

EXPERIMENTS: dict[str, dict[str, Any]] = {
    "thirty-relu-layers": {
        "name": "Thirty ReLU layers",
        "question": "Thirty ReLU layers: does Xavier or He learn?",
        "settings": _race(
            XAVIER, HE, activation="relu", depth=30, width=32, lr=0.003, steps=1500
        ),
        "ends": [[0.0, 0.4], LEARNS],
        "chapter": ["06-he.html#thirty-layers", "chapter 6, Thirty layers"],
    },
    "twenty-tanh-layers": {
        "name": "Twenty tanh layers",
        "question": "Twenty tanh layers: does Xavier or He learn?",
        "settings": _race(XAVIER, HE, depth=20, lr=0.05),
        "ends": [LEARNS, LEARNS],
        "chapter": [
            "07-which-one.html#twenty-layers-of-tanh-xavier-or-he",
            "chapter 7, Twenty layers of tanh",
        ],
    },
    "all-zero-tanh": {
        "name": "All zero, tanh",
        "question": "All weights zero, tanh: what can still learn?",
        "settings": _race(ZEROS, XAVIER),
        "ends": [[0.0, 0.4], LEARNS],
        "chapter": [
            "02-zero-constant-symmetry.html#all-zero",
            "chapter 2, All zero",
        ],
    },
    "all-zero-sigmoid": {
        "name": "All zero, sigmoid",
        "question": "All weights zero, sigmoid: are the units idle, or alike?",
        "settings": _race(ZEROS, XAVIER, activation="sigmoid", lr=1.0, steps=2000),
        "ends": [STUCK, LEARNS],
        "chapter": [
            "02-zero-constant-symmetry.html#a-sigmoid-is-not-zero-at-zero",
            "chapter 2, A sigmoid is not zero at zero",
        ],
    },
    "copies-and-a-speck": {
        "name": "Copies and a speck",
        "question": "Copies of one unit: does a speck of noise set them free?",
        "settings": _race(
            {"start": "constant:0.3"}, {"start": "specked:0.3"}, lr=0.5, steps=1500
        ),
        "ends": [STUCK, LEARNS],
        "chapter": [
            "02-zero-constant-symmetry.html#how-small-a-difference-is-enough",
            "chapter 2, How small a difference is enough?",
        ],
    },
    "large-and-saturated": {
        "name": "Large and saturated",
        "question": "Large weights, saturated units: does the gradient vanish?",
        "settings": _race({"start": "normal:2"}, XAVIER, depth=5, lr=0.03),
        "ends": [LEARNS, [0.4, 1.0]],
        "chapter": [
            "03-scale.html#saturated-and-yet-exploding",
            "chapter 3, Saturated, and yet exploding",
        ],
    },
    "nothing-wrong": {
        "name": "Nothing wrong",
        "question": "Nothing is wrong with this start, and yet it does not learn: why?",
        "settings": _race({**XAVIER, "lr": 3e-4}, XAVIER, differ="lr"),
        "ends": [STUCK, LEARNS],
        "chapter": [
            "07-which-one.html#one-learning-rate-for-all-is-unfair",
            "chapter 7, One learning rate for all is unfair",
        ],
    },
}
