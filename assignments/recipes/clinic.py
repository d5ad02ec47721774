"""Make the eight sick networks of the third assignment, *The clinic*.

    python -m assignments.recipes.clinic

Students get the weights alone, in one small file beside the notebook; this module is
never released, since it says what each network suffers from.
"""

from functools import partial
from pathlib import Path

import numpy as np

from initlib import Params, digits, fit, he_normal, init_mlp, normal, relu
from initlib import softmax_cross_entropy as cross_entropy
from initlib.initializers import uniform

FILE = Path(__file__).parents[1] / "masters" / "a3-the-clinic.npz"
SEED = 10
IMAGES = 100

SIZES = {
    "A": [64, *[48] * 7, 10],
    "B": [64, *[48] * 4, 10],
    "C": [64, *[48] * 12, 10],
    "D": [64, *[48] * 12, 10],
    "E": [64, *[48] * 6, 10],
    "F": [64, *[80, 32] * 3, 10],
    "G": [64, *[40] * 80, 10],
    "H": [64, 48, 48, 48, 10],
}
DISEASE = {
    "A": "zero layer",
    "B": "output bias",
    "C": "double gain",
    "D": "torch default",
    "E": "dead ReLUs",
    "F": "wrong fan",
    "G": "He on tanh at depth",
    "H": "transposed weights",
}


def torch_default(sizes: list[int], rng: np.random.Generator) -> Params:
    """Draw weights and biases from U(±1 / sqrt(fan_in)), as torch.nn.Linear does."""
    params = []
    for W, b in init_mlp(sizes, he_normal, rng):
        draw = partial(uniform, rng=rng, limit=len(W) ** -0.5)
        params.append((draw(W.shape), draw((1, len(b)))[0]))
    return params


def trained(sizes: list[int], rng: np.random.Generator) -> tuple[Params, tuple]:
    """Train a network on digits; return it with images that it has not seen."""
    x, y, x_test, y_test = digits(rng)
    start = init_mlp(sizes, he_normal, rng)
    settings = {"lr": 0.1, "steps": 600, "batch": 64, "rng": rng}
    params = fit(start, relu, cross_entropy, x, y, **settings).params
    return params, (x_test[:IMAGES], y_test[:IMAGES])


def make() -> tuple[dict[str, Params], tuple[np.ndarray, np.ndarray]]:
    """Return the patients, each with its disease, and the images with their labels."""
    *streams, last = np.random.default_rng(SEED).spawn(8)
    rng = dict(zip("ABCDEFG", streams, strict=True))
    sick = {name: init_mlp(SIZES[name], he_normal, rng[name]) for name in "ABEG"}
    sick["A"][4][0][:] = 0
    sick["B"][-1][1][:] = 8 * rng["B"].standard_normal(10)
    sick["E"][2][1][:] = -8
    twice = [partial(normal, std=2 / n**0.5) for n in SIZES["C"][:-1]]
    sick["C"] = init_mlp(SIZES["C"], twice, rng["C"])
    sick["D"] = torch_default(SIZES["D"], rng["D"])
    one_fan = partial(normal, std=(2 / SIZES["F"][-1]) ** 0.5)
    sick["F"] = init_mlp(SIZES["F"], one_fan, rng["F"])
    params, images = trained(SIZES["H"], last)
    square = [W.shape[0] == W.shape[1] for W, _ in params]
    sick["H"] = [
        (W.T if turn else W, b) for (W, b), turn in zip(params, square, strict=True)
    ]
    return sick, images


def pack(params: Params) -> np.ndarray:
    """Return the weights and biases of a network in one row of short numbers."""
    rows = [np.ravel(a) for layer in params for a in layer]
    return np.concatenate(rows).astype(np.float16)


def arrays() -> dict[str, np.ndarray]:
    """Return what the file holds: images, labels, and one row for each patient."""
    sick, (x, y) = make()
    rows = {name: pack(sick[name]) for name in sorted(sick)}
    return {"x": x.astype(np.float16), "y": y.astype(np.uint8), **rows}


if __name__ == "__main__":
    np.savez(FILE, **arrays())  # without time stamps: the same arrays, the same bytes
