"""Make the checkpoint of the fifth assignment, *Diagnose a real checkpoint*.

    python -m assignments.recipes.checkpoint

Students get a file as ``np.savez`` writes a ``state_dict`` of torch, and some images;
this module is never released, since it says how each layer was drawn and what ails it.
"""

from pathlib import Path

import numpy as np

from initlib import (
    Params,
    fit,
    he_normal,
    he_uniform,
    init_mlp,
    relu,
    softmax_cross_entropy,
    torch_linear,
    xavier_uniform,
    zeros,
)
from initlib.data import read_table
from initlib.initializers import uniform

FILE = Path(__file__).parents[1] / "masters" / "a5-checkpoint.npz"
IMAGES = FILE.with_name("a5-images.npz")
SEED = 8
GIVEN = 400  # images that students get, half of them to test; the others came before
SIZES = [64, 96, 96, 32, 96, 32, 96, 32, 10]
SCHEMES = [
    *["he_normal", "he_normal", "xavier_uniform", "torch_default"],
    *["he_normal", "unknown", "he_uniform", "zeros"],
]
VERDICTS = [
    *["healthy", "healthy", "healthy", "wrong scale"],
    *["copied units", "not finite", "silent", "healthy"],
]
TURNED = 2  # the layer that came from Keras, and was not turned round


def images() -> tuple[np.ndarray, np.ndarray]:
    """Return all images, 0 to 16 a pixel, and what they show, in an order by chance."""
    pixels, labels = read_table("digits")
    order = np.random.default_rng(SEED).permutation(len(labels))
    return pixels[order].astype(np.uint8), labels[order].astype(np.uint8)


def trained(rng: np.random.Generator) -> Params:
    """Train a network on the images that students do not get."""
    pixels, y = images()
    given = pixels[:GIVEN]
    x = (pixels[GIVEN:] - given.mean()) / given.std()
    start = init_mlp([*SIZES[:3], SIZES[-1]], he_normal, rng)
    settings = {"lr": 0.1, "steps": 600, "batch": 64, "rng": rng}
    loss = softmax_cross_entropy
    return fit(start, relu, loss, x, y[GIVEN:].astype(int), **settings).params


def make() -> Params:
    """Return the network: two layers that were trained, and six by other hands."""
    rng = np.random.default_rng([SEED, 1])
    first, second, _ = trained(rng)
    draws = [he_normal, he_normal, xavier_uniform, torch_linear]
    draws += [he_normal, he_normal, he_uniform, zeros]
    params = [first, second, *init_mlp(SIZES, draws, rng)[2:]]
    params[3][1][:] = uniform((1, SIZES[4]), rng, limit=SIZES[3] ** -0.5)[0]
    params[4][0][:] = np.tile(params[4][0][:, :8], 4)  # a block, and three copies
    params[5][0][[3, 17, 30], [40, 5, 71]] = np.nan  # after a step that was too long
    params[6][1][3:] = -40  # likewise
    return params


def state(params: Params) -> dict[str, np.ndarray]:
    """Return a network as torch stores it, with ReLUs counted, the names sorted."""
    arrays = {}
    for i, (W, b) in enumerate(params):
        arrays[f"layers.{2 * i}.weight"] = W if i == TURNED else W.T
        arrays[f"layers.{2 * i}.bias"] = b
    return {
        name: np.ascontiguousarray(arrays[name], np.float32) for name in sorted(arrays)
    }


if __name__ == "__main__":  # without time stamps: the same arrays, the same bytes
    np.savez(FILE, **state(make()))
    pixels, labels = images()
    np.savez(IMAGES, images=pixels[:GIVEN], labels=labels[:GIVEN])
