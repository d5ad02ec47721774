"""Change one thing in an equation: a fraction, exponent, sign, number or index."""

import re
from collections.abc import Iterator
from dataclasses import replace

from tests.book.equations.latex import Equation

FLAT = r"[^{}]*"
GROUP = rf"\{{{FLAT}(?:\{{{FLAT}(?:\{{{FLAT}\}}{FLAT})*\}}{FLAT})*\}}"
FRACTION = re.compile(
    rf"\\t?frac\s?(?!\{{\\partial)(?P<top>{GROUP}|\w)\s?(?P<bottom>{GROUP}|\w)"
)
EXPONENT = re.compile(rf"\^(?P<power>(?!\{{\\infty){GROUP}|\w|\\top)")
SIGN = re.compile(r"(?<=[\w)}\]'] )[+-](?= (?!\\dots))")
NUMBER = re.compile(r"(?<![\w\\])\d+")
INDEX = re.compile(r"_(?P<index>\{\w[+-]1(?=[,}])|\d|[a-z](?=[^\w]))")


def matches(pattern: re.Pattern, source: str) -> Iterator[re.Match]:
    """Find also those that lie in one another."""
    return filter(None, (pattern.match(source, at) for at in range(len(source))))


def replaced(source: str, match: re.Match, new: str) -> str:
    return source[: match.start()] + new + source[match.end() :]


def larger(group: str) -> str:
    """Return a number plus one, or twice an expression, in braces."""
    text = group.removeprefix("{").removesuffix("}")
    return "{%s}" % (int(text) + 1 if text.isdigit() else f"2 ({text})")


def fractions(source: str) -> Iterator[str]:
    for m in matches(FRACTION, source):
        top, bottom = (x if x[0] == "{" else f"{{{x}}}" for x in m.groups())
        changes = (larger(top), bottom), (top, larger(bottom)), (bottom, top)
        for over, under in changes:
            if (over, under) != (top, bottom):
                yield replaced(source, m, rf"\frac{over}{under}")


def exponents(source: str) -> Iterator[str]:
    for m in matches(EXPONENT, source):
        new = "" if m["power"] == r"\top" else f"^{larger(m['power'])}"
        yield replaced(source, m, new)


def signs(source: str) -> Iterator[str]:
    for m in SIGN.finditer(source):
        yield replaced(source, m, {"+": "-", "-": "+"}[m[0]])


def numbers(source: str) -> Iterator[str]:
    for m in NUMBER.finditer(source):
        yield replaced(source, m, str(int(m[0]) + 1))


def indices(source: str) -> Iterator[str]:
    for m in INDEX.finditer(source):
        index = m["index"]
        if index.isdigit():
            new = str(int(index) + 1)
        elif index[0] == "{":
            new = index.replace("+1", "+2").replace("-1", "")
        else:
            new = f"{{{index}+1}}"
        yield replaced(source, m, f"_{new}")


KINDS = (fractions, exponents, signs, numbers, indices)


def mutants(source: str) -> list[tuple[str, str]]:
    """Return what was changed and how the equation reads then, for each change."""
    return [(kind.__name__, new) for kind in KINDS for new in kind(source)]


def changes(equation: Equation) -> list[Equation]:
    """Return what the equation is after each change."""
    return [replace(equation, source=new) for _, new in mutants(equation.source)]
