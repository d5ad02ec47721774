"""Run the lines of the page *What do I type?* and compare what they draw.

    python -m tools.what_to_type [LIBRARY ...]

Without a library named, initlib is meant; torch, Keras and Flax must be installed.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from math import log

import numpy as np

from initlib import gain, gelu
from tools.paths import ROOT

PAGE = ROOT / "book" / "appendix" / "what-do-i-type.md"
LIBRARIES = ("torch", "Keras", "Flax", "initlib")
SECTION = re.compile(r"(?ms)^## ([^\n]+)\n(.*?)(?=^## |\Z)")
BLOCK = re.compile(r"(?ms)^```python\n(.*?)^```")
PART = re.compile(rf"(?m)^# ({'|'.join(LIBRARIES)})\n")
NAMES = {"fan_in": 784, "fan_out": 100, "act": gelu, "gain": gain, "log": log}
CLOSE = 0.05  # 78,400 weights tell their variance to one in two hundred


@dataclass(frozen=True)
class Recipe:
    """A kind of network, the number its text names, and the code of each library."""

    kind: str
    promised: float
    code: dict[str, str]


def parts(block: str) -> dict[str, str]:
    """Return the code of each library in a block."""
    _, *found = PART.split(block)
    return dict(zip(found[::2], found[1::2], strict=True))


def read(text: str) -> tuple[dict[str, str], list[Recipe]]:
    """Return the imports and the recipes of the page."""
    head = text[: text.index("\n## ")]
    recipes = [
        Recipe(kind, eval(re.search(r"`(.+?)`", words)[1], dict(NAMES)), parts(block))
        for kind, words in SECTION.findall(text)
        for block in BLOCK.findall(words)
    ]
    return parts(BLOCK.search(head)[1]), recipes


def run(library: str, imports: str, code: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the weights and the biases that the lines of a library make."""
    names: dict[str, object] = {}
    *lines, last = code.rstrip().splitlines()
    exec("\n".join([imports, *lines]), names)
    made = eval(last, names)
    if library == "torch":
        layer = names["layer"]
        return layer.weight.detach().numpy(), layer.bias.detach().numpy()
    if library == "Keras":
        made.build((1, 784))
        return tuple(np.asarray(weights) for weights in made.get_weights())
    if library == "Flax":
        return np.asarray(made.kernel[...]), np.asarray(made.bias[...])
    return made, made


def wrong(library: str, imports: str, recipe: Recipe) -> Iterator[str]:
    """Say where a recipe draws something else than its text promises."""
    weights, bias = run(library, imports, recipe.code[library])
    of_bias = recipe.promised < 0
    got = float(np.mean(bias) if of_bias else np.mean(weights**2))
    if abs(got - recipe.promised) > CLOSE * abs(recipe.promised):
        yield f"{library}, {recipe.kind}: {got:.6f}, promised {recipe.promised:.6f}"


def main(libraries: list[str]) -> int:
    imports, recipes = read(PAGE.read_text(encoding="utf-8"))
    found = [
        fault
        for library in libraries or ["initlib"]
        for recipe in recipes
        for fault in wrong(library, imports[library], recipe)
    ]
    print("\n".join(found) or f"{len(recipes)} recipes draw what they promise")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
