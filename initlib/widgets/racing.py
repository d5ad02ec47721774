"""Settings of a race of two networks: checked, told in words, and set up in initlib."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from functools import partial
from typing import Any

import numpy as np

import initlib
from initlib._checks import check_choice, check_count, check_real
from initlib.widgets.experiments import EXPERIMENTS

Settings = dict[str, Any]
ACTIVATIONS = (
    *("relu", "tanh", "sigmoid", "gelu", "silu", "elu", "selu"),
    *("softsign", "softplus", "sin", "linear"),
)
STARTS = (
    *("zeros", "lecun_normal", "xavier_normal", "he_normal", "orthogonal"),
    "torch_linear",
)
WITH_NUMBER = ("constant", "specked", "normal", "sigma")
SPECK = 0.01  # how far copies with a speck of noise differ
ROUNDING = 1e-14  # part of a gradient below which its sums hold rounding alone


def check_start(name: str, start: str) -> str:
    """Return a start, or say which there are: a name, some with a number behind it."""
    kind, colon, number = str(start).partition(":")
    if not colon:
        return check_choice(
            name, kind, (*STARTS, *(f"{n}:NUMBER" for n in WITH_NUMBER))
        )
    check_choice(name, kind, WITH_NUMBER)
    try:
        check_real(name, float(number), least=-100, most=100)
    except ValueError as error:
        raise ValueError(f"{name} must end in a number; got {start!r}") from error
    return start


SIDE: dict[str, Callable] = {
    "start": check_start,
    "activation": partial(check_choice, choices=ACTIVATIONS),
    "depth": partial(check_count, most=30),
    "width": partial(check_count, most=256),
    "lr": partial(check_real, above=0, most=100),
    "optimizer": partial(check_choice, choices=("sgd", "adam")),
}
SHARED: dict[str, Callable] = {
    "data": partial(check_choice, choices=("spirals", "digits")),
    "seed": partial(check_count, least=0, most=9999),
    "steps": partial(check_count, most=20_000),
    "batch": partial(check_count, most=256),
}


def check_settings(settings: Settings) -> Settings:
    """Return settings of a race, or say what is wrong with them."""
    known = {*SHARED, "differ", "sides"}
    if settings.keys() != known:
        raise ValueError(f"settings must be {sorted(known)}; got {sorted(settings)}")
    for key, check in SHARED.items():
        check(key, settings[key])
    check_choice("differ", settings["differ"], (*SIDE, "all"))
    check_count("number of sides", len(settings["sides"]), most=2)
    for side in settings["sides"]:
        if side.keys() != SIDE.keys():
            raise ValueError(f"a side must have {list(SIDE)}; got {list(side)}")
        for key, check in SIDE.items():
            check(key, side[key])
    return settings


def set_up(experiment: str, changes: Mapping[str, Any]) -> Settings:
    """Return the settings of an experiment with changes, pairs for left and right."""
    check_choice("experiment", experiment, tuple(EXPERIMENTS))
    race = deepcopy(EXPERIMENTS[experiment]["settings"])
    for key, value in changes.items():
        check_choice("setting", key, (*SHARED, *SIDE))
        if key in SHARED:
            race[key] = value
            continue
        pair = value if isinstance(value, (list, tuple)) else [value] * 2
        for side, one in zip(race["sides"], pair, strict=True):
            side[key] = one
    left, right = race["sides"]
    apart = [key for key in SIDE if left[key] != right[key]]
    if set(apart) - {race["differ"]}:
        race["differ"] = apart[0] if len(apart) == 1 else "all"
    return check_settings(race)


def started(start: str) -> Callable:
    """Return the initializer of initlib that a start names."""
    name, _, number = start.partition(":")
    value = float(number or 0)
    return {
        "constant": partial(initlib.constant, value=value),
        "normal": partial(initlib.normal, std=abs(value)),
        "sigma": partial(initlib.variance_scaling, scale=value**2),
        "specked": lambda shape, rng: value + SPECK * rng.standard_normal(shape),
    }.get(name) or getattr(initlib, name)


def data_of(race: Settings, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return inputs and labels as the page has them, but for the draw."""
    if race["data"] == "spirals":
        return initlib.spirals(rng, n=100)
    split = initlib.digits(rng)
    return split.x_train[:500], split.y_train[:500]


def first_pass(race: Settings, side: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the RMS of signal and gradient in each layer before the first step."""
    rng, how = np.random.default_rng(race["seed"]), race["sides"][side]
    x, labels = data_of(race, rng)
    hidden = [how["width"]] * (how["depth"] - 1)
    act = getattr(initlib, how["activation"])
    sizes = [x.shape[1], *hidden, int(labels.max()) + 1]
    params = initlib.init_mlp(sizes, started(how["start"]), rng)
    trace = initlib.forward(params, x, act)
    _, dout = initlib.softmax_cross_entropy(trace.z[-1], labels)
    trace = initlib.backward(trace, act, dout)
    return initlib.rms(trace.z), without_rounding(initlib.rms(trace.dz))


def without_rounding(gradient: np.ndarray) -> np.ndarray:
    """Return gradients by layer, 0 where all terms cancelled but for rounding.

    What is left of such a sum depends on the processor, and so does all before it.
    """
    cancelled = np.flatnonzero(gradient[:-1] < ROUNDING * gradient[1:])
    start = cancelled[-1] + 1 if cancelled.size else 0
    return np.where(np.arange(len(gradient)) < start, 0.0, gradient)


def side_in_words(how: Settings) -> str:
    """Say how one side starts and is trained."""
    layers = "1 layer" if how["depth"] == 1 else f"{how['depth']} layers"
    return (
        f"{how['start']}, {how['activation']}, {layers} of {how['width']} units, "
        f"{how['optimizer']} at rate {how['lr']:g}"
    )


def in_words(race: Settings) -> str:
    """Say what races against what."""
    places = ["left", "right"] if len(race["sides"]) > 1 else ["the network"]
    pairs = zip(places, race["sides"], strict=True)
    sides = "; ".join(f"{place}: {side_in_words(how)}" for place, how in pairs)
    return (
        f"{sides}; {race['steps']} steps on {race['data']}, {race['batch']} inputs "
        f"each, seed {race['seed']}."
    )
