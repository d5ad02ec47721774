"""The twin of an equation: numbers for its symbols, with which it has to hold."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import numpy as np
from lark import Token, Tree

from tests.book.equations.latex import ALIGNED, Equation, read
from tests.book.equations.values import UnequalError, Values, equal

SYMBOLS = dict[str, object]


@dataclass(frozen=True)
class Twin:
    """How to draw the symbols of an equation, and how closely its sides agree."""

    draw: Callable[[np.random.Generator], SYMBOLS]
    within: float
    about: float


TWINS: dict[str, Twin] = {}


def twin(*names: str, within: float = 1e-9, about: float = 0.01):
    """Register a function that draws the symbols of an equation, or of several.

    A name is a label, the first characters of a displayed equation without a label,
    or the whole text of an equation in a line: so a changed one has no twin.  The sides
    of `=` and of "is distributed as" agree to a part of `within`, those of "is about"
    to `about`.  Among the symbols, ``after`` holds what those on the left of an arrow
    become, and ``terms`` what expressions without a relation are worth.
    """

    def register(draw):
        for name in names:
            if name in TWINS:
                raise ValueError(f"{name} has two twins")
            TWINS[name] = Twin(draw, within, about)
        return draw

    return register


@cache
def twins() -> dict[str, Twin]:
    """Return the twins of all equations."""
    for path in sorted(Path(__file__).with_name("chapters").glob("*.py")):
        import_module(f"tests.book.equations.chapters.{path.stem}")
    return TWINS


def name_of(equation: Equation) -> str | None:
    """Return the name of the twin of an equation, or None if it has none."""
    name = equation.label if equation.displayed else equation.source
    if name:
        return name if name in twins() else None
    source = ALIGNED.sub("", equation.source).replace("&", "").strip()
    starts = [name for name in twins() if source.startswith(name)]
    return starts[0] if len(starts) == 1 else None


@cache
def drawn(draw: Callable, seed: int) -> SYMBOLS:
    return draw(np.random.default_rng(seed))


def check(name: str, source: str, seed: int = 0) -> None:
    """Evaluate all sides of an equation; raise if they differ or cannot be read."""
    twin = twins()[name]
    symbols = dict(drawn(twin.draw, seed))
    terms = list(symbols.pop("terms", []))
    after = symbols.pop("after", {})
    for chain in read(source).children:
        if isinstance(chain, Tree):
            hold(chain, twin, Values(symbols, twin.within), after, terms)
    if terms:
        raise UnequalError(f"{len(terms)} terms are missing")


@cache
def not_evaluated() -> set[tuple[str, str]]:
    """Return the equations that need no twin, each with its page."""
    text = Path(__file__).with_name("not_evaluated.txt").read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return {tuple(line.split(" ", 1)) for line in lines}


def notices(equation: Equation) -> bool:
    """Tell whether the tests would object if the book said this."""
    name = name_of(equation)
    if name is None:
        return (equation.page, equation.source) not in not_evaluated()
    try:
        check(name, equation.source)
    except Exception:
        return True
    return False


def hold(chain: Tree, twin: Twin, values: Values, after: SYMBOLS, terms: list) -> None:
    """Compare the neighbours in a chain of relations, a < b = c."""
    sides, relations = chain.children[::2], chain.children[1::2]
    numbers = [values.of(side) for side in sides]
    if not relations:
        equal(numbers[0], terms.pop(0), twin.within)
    elif relations[0] in (r"\leftarrow", r"\mapsto"):
        numbers[0] = Values(values.symbols | after, twin.within).of(sides[0])
    for pair, relation in zip(pairwise(numbers), relations, strict=True):
        compare(*pair, relation, twin)
    for left, right in pairwise(sides):
        if {kind(left), kind(right)} == {"integral", "between"}:
            part = values.given(limits=(0.4, 1.3))  # an antiderivative holds anywhere
            equal(part.of(left), part.of(right), twin.within)


def kind(side: Tree | Token) -> str:
    return side.data if isinstance(side, Tree) else side.type


def compare(left, right, relation: str, twin: Twin) -> None:
    if relation in "<>":
        low, high = (left, right) if relation == "<" else (right, left)
        if not np.all(low < high):
            raise UnequalError(f"{left} {relation} {right} is false")
    elif relation == r"\in":
        if np.shape(left) != right:
            raise UnequalError(f"{np.shape(left)} is not {right}")
    else:
        equal(left, right, twin.about if relation == r"\approx" else twin.within)
