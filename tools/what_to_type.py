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
PART = re.compile(rf"(?m)^# ({'|'.join(LIBRARIES)})\b.*\n")
NAMES = {"fan_in": 784, "fan_out": 100, "act": gelu, "gain": gain, "log": log}
CLOSE = 0.05  # 40,000 weights and more tell their variance to one in a hundred


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


def run(imports: str, code: str) -> object:
    """Return the value of the last line of code."""
    names: dict[str, object] = {}
    *lines, last = code.rstrip().splitlines()
    exec("\n".join([imports, *lines]), names)
    return eval(last, names)


def drawn(library: str, made: object, kind: str) -> np.ndarray:
    """Return the weights or the bias that a recipe of this kind is about."""
    if library == "torch":
        made = made.detach().numpy()
    if library == "Keras":
        spec = made.input_spec  # an embedding has none
        places = (8,) * ((spec.ndim or spec.min_ndim) - 2 if spec else 0)
        made.build((1, *places, 784))
        of_kind = -1 if "bias" in kind else int("recurrent" in kind)
        made = made.get_weights()[of_kind]
        made = made[100:200] if "forget" in kind else made  # one gate of four
    if library == "Flax":
        layer = getattr(made, "hf", made)
        name = "bias" if "bias" in kind else "kernel"
        made = getattr(layer, "embedding" if "embedding" in kind else name)[...]
    return np.asarray(made)


def wrong(library: str, imports: str, recipe: Recipe) -> Iterator[str]:
    """Say where a recipe draws something else than its text promises."""
    made = run(imports, recipe.code[library])
    values = drawn(library, made, recipe.kind)
    got = float(np.mean(values if "bias" in recipe.kind else values**2))
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
