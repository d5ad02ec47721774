"""Evaluate what `latex` has read, with numbers for its symbols."""

import math
import re
from functools import reduce
from typing import NamedTuple

import numpy as np
from lark import Token, Tree
from scipy.integrate import quad
from scipy.special import erf, softmax

CONSTANTS = {"e": math.e, r"\pi": math.pi, r"\infty": math.inf}


class Normal(NamedTuple):
    """A normal distribution, which samples are compared with by mean and variance."""

    mean: float
    variance: float


FUNCTIONS = {
    r"\tanh": np.tanh, r"\Var": np.var, r"\std": np.std, r"\tr": np.trace,
    r"\sin": np.sin, r"\cos": np.cos, r"\erf": erf, r"\max": np.maximum,
    r"\softmax": softmax, "N": Normal,
}  # fmt: skip


class UnequalError(AssertionError):
    """Two sides that should be one number are not."""


def multiply(a, b):
    """Multiply numbers, samples, or matrices, as two symbols side by side mean it."""
    matrices = max(np.ndim(a), np.ndim(b)) > 1 and min(np.size(a), np.size(b)) > 1
    return a @ b if matrices else a * b


class Values:
    """What each rule of the grammar is worth; `symbols` maps LaTeX names to numbers.

    `W_{ij}` is the symbol of that name if there is one, or else entry `i, j` of `W`.
    What depends on the index of a sum may be a function of all symbols.
    A mean runs over all entries of an array, which hold a sample each.
    """

    def __init__(self, symbols: dict, within: float):
        self.symbols = {squeezed(name): value for name, value in symbols.items()}
        self.within = within

    def given(self, **changed) -> "Values":
        return Values(self.symbols | changed, self.within)

    def of(self, node: Tree | Token):
        if isinstance(node, Tree):
            return getattr(self, node.data)(*node.children)
        if node.type == "NUMBER":
            return float(node) if "." in node else int(node)
        return self.name(squeezed(node))

    def name(self, text: str):
        if text in self.symbols:
            value = self.symbols[text]
            return value(self.symbols) if callable(value) else value
        base, _, index = text.partition("_")
        if index and base in self.symbols:
            return reduce(entry, self.indices(index.strip("{}")), self.symbols[base])
        return CONSTANTS[text]

    def indices(self, text: str):
        """Read `i`, `ij`, `i-1,bk` or `L-1` as the places that they name."""
        for letter, number, step in re.findall(r"(?:([A-Za-z])|(\d+))([+-]\d+)?", text):
            start = int(number) if number else np.asarray(self.symbols[letter])
            yield start + int(step or 0)

    # Arithmetic

    def negative(self, a):
        return -self.of(a)

    def plus(self, a, b):
        return self.of(a) + self.of(b)

    def minus(self, a, b):
        return self.of(a) - self.of(b)

    def times(self, a, b):
        return multiply(self.of(a), self.of(b))

    def each(self, a, b):
        return self.of(a) * self.of(b)

    def dot(self, a, b):
        a, b = self.of(a), self.of(b)
        return a @ b if np.ndim(a) == np.ndim(b) == 1 else multiply(a, b)

    def over(self, a, b):
        return self.of(a) / self.of(b)

    def power(self, a, exponent):
        """Raise numbers and samples to a power, and square matrices to a whole one."""
        base, exponent = self.of(a), self.of(exponent)
        square = np.ndim(base) == 2 and len(set(np.shape(base))) == 1
        return np.linalg.matrix_power(base, exponent) if square else base**exponent

    def transpose(self, a, _):
        return np.swapaxes(self.of(a), -1, -2)

    def factorial(self, a):
        return math.factorial(self.of(a))

    def root(self, a):
        return np.sqrt(self.of(a))

    def log(self, a):
        return np.log(self.of(a))

    # Functions, means, sums and integrals

    def call(self, function, exponent, *arguments):
        name = squeezed(function)
        f = self.symbols[name] if name in self.symbols else FUNCTIONS[name]
        value = f(*map(self.of, arguments))
        return value if exponent is None else value ** self.of(exponent)

    def mean(self, a):
        return np.mean(self.of(a))

    def norm(self, a):
        return self.symbols.get("norm", np.linalg.norm)(self.of(a))

    def add_up(self, index, last, body):
        """Sum over an index; over the batch, axis 0; or over terms with own symbols."""
        if index is None:
            terms = self.symbols[r"\sum"]
            return sum(
                Values(self.symbols | term, self.within).of(body) for term in terms
            )
        names, _, first = squeezed(index)[1:].removeprefix("{").partition("=")
        if names.startswith(r"\text"):
            return self.of(body).sum(axis=0)
        if last is not None:
            last = self.of(last)
            places = range(int(first.removesuffix("}")), last + 1)
            return sum(self.given(**{names: k}).of(body) for k in places)
        return self.sum_over(names.removesuffix("}").split(","), body)

    def sum_over(self, names, body):
        if not names:
            return self.of(body)
        first, *rest = names
        places = self.symbols[first]
        return sum(self.given(**{first: k}).sum_over(rest, body) for k in places)

    def integral(self, low, high, body, differential):
        variable = differential[-1]
        return quad(
            lambda at: self.given(**{variable: at}).of(body), *self.limits(low, high)
        )[0]

    def integral_over_line(self, body, differential):
        infinity = Token("NAME", r"\infty")
        return self.integral(Tree("negative", [infinity]), infinity, body, differential)

    def probability(self, _, value, bound):
        return np.mean(self.of(value) <= self.of(bound))

    def between(self, body, low, high):
        """Evaluate an antiderivative of z between its two ends."""
        ends = [self.given(z=end).of(body) for end in self.limits(low, high)]
        return ends[1] - ends[0]

    def limits(self, low, high) -> tuple[float, float]:
        return self.symbols.get("limits", (float(self.of(low)), float(self.of(high))))

    def range(self, first, last):
        return np.arange(self.of(first), self.of(last) + 1)

    def shape(self, rows, columns):
        return self.of(rows), self.of(columns)

    def matrix(self, *lines):
        rows = [[self.of(entry) for entry in line.children] for line in lines]
        return block(rows)

    def same(self, a, name):
        value = self.of(a)
        equal(value, self.of(name), self.within)
        return value


def squeezed(name: str) -> str:
    return re.sub(r"\s", "", name)


def entry(values, place):
    if np.ndim(place):
        return np.stack([values[k] for k in place])
    return values[int(place)]


def block(rows: list[list]) -> np.ndarray:
    """Put blocks together; a number stands for a block that is filled with it."""
    heights = [max(len(b) for b in row if np.ndim(b)) for row in rows]
    columns = zip(*rows, strict=True)
    widths = [max(b.shape[1] for b in column if np.ndim(b)) for column in columns]
    return np.block(
        [
            [np.broadcast_to(b, (h, w)) for b, w in zip(row, widths, strict=True)]
            for row, h in zip(rows, heights, strict=True)
        ]
    )


def equal(left, right, within: float) -> None:
    """Raise unless both sides differ by at most `within` of the larger one."""
    if isinstance(right, Normal):
        left = [np.mean(left), np.var(left)]
    left, right = np.asarray(left, float), np.asarray(right, float)
    size = max(np.abs(left).max(), np.abs(right).max())
    if not (np.isfinite(size) and np.abs(left - right).max() <= within * size):
        raise UnequalError(f"{left} is not {right}")
