"""Let each library make its layers; each is imported only when it is asked."""

import os
from collections.abc import Callable

import numpy as np

os.environ["KERAS_BACKEND"] = "jax"
Make = Callable[[str, list[int] | None, dict, int], object]


def torch(code: str, on: list[int] | None, names: dict, seed: int) -> object:
    names["torch"].manual_seed(seed)
    return eval(code, names)


def keras(code: str, on: list[int] | None, names: dict, seed: int) -> object:
    from keras.utils import set_random_seed

    set_random_seed(seed)
    layer = eval(code, names)
    if on is not None:
        x = np.ones((1, *on), "float32")
        layer(x, x) if "Attention" in code else layer(x)
    return getattr(layer, "value", layer)


def jax(code: str, on: list[int] | None, names: dict, seed: int) -> object:
    from jax.random import key

    return eval(code, names | {"key": key(seed)})


def flax(code: str, on: list[int] | None, names: dict, seed: int) -> object:
    return eval(code, names | {"rngs": names["nnx"].Rngs(seed)})


def haiku(code: str, on: list[int] | None, names: dict, seed: int) -> object:
    from jax.random import PRNGKey

    def run(x):
        layer = eval(code, names)
        if "Attention" in code:
            return layer(x, x, x)
        return layer(x, layer.initial_state(1)) if "LSTM" in code else layer(x)

    x = np.ones((1, *on), int if "Embed" in code else "float32")
    return names["hk"].transform(run).init(PRNGKey(seed), x)


def scikit_learn(code: str, on: list[int] | None, names: dict, seed: int) -> object:
    """Take one step of no length, since the weights are made when training begins."""
    still = f', solver="sgd", learning_rate_init=1e-300, random_state={seed})'
    model = eval(code.removesuffix(")") + still, names)
    return model.partial_fit(np.zeros((2, *on)), [0, 1], classes=[0, 1])


LIBRARIES: dict[str, tuple[Make, str]] = {
    "torch": (torch, "torch"),
    "Keras": (keras, "keras"),
    "JAX": (jax, "jax"),
    "Flax": (flax, "flax"),
    "Haiku": (haiku, "dm-haiku"),
    "scikit-learn": (scikit_learn, "scikit-learn"),
}


def tensor(made: object, name: str) -> np.ndarray:
    """Return a weight of what was made: an attribute, or *array* for itself."""
    path = name if name.startswith("[") else f".{name}"
    found = made if name == "array" else eval(f"made{path}")
    if hasattr(found, "detach"):  # torch
        found = found.detach()
    return np.asarray(getattr(found, "value", found), dtype=float)
