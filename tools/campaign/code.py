"""Random changes of Python code: a constant, an operator, a bound, a statement."""

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from random import Random

from tools.paths import ROOT

OPERATORS = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.BitAnd: ast.BitOr,
}
COMPARISONS = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
UNTOUCHED = (ast.Raise, ast.JoinedStr, ast.Import, ast.ImportFrom)  # words, and names


@dataclass(frozen=True)
class Mutant:
    """A piece of a file, and what stands there instead."""

    file: str
    source: str = field(repr=False)
    start: int
    old: str
    new: str
    why: str = ""

    @property
    def line(self) -> int:
        return self.source.count("\n", 0, self.start) + 1

    @property
    def text(self) -> str:
        """Return the lines that are changed, as they stand in the file."""
        last = self.line + self.old.count("\n")
        return "\n".join(self.source.splitlines()[self.line - 1 : last])

    @property
    def change(self) -> str:
        told = f"{' '.join(self.old.split())} -> {' '.join(self.new.split()) or 'gone'}"
        return f"{told} ({self.why})" if self.why else told

    def apply(self, root: Path) -> None:
        """Write the changed file below another root."""
        end = self.start + len(self.old)
        changed = self.source[: self.start] + self.new + self.source[end:]
        (root / self.file).write_text(changed, encoding="utf-8", newline="\n")

    def undo(self, root: Path) -> None:
        (root / self.file).write_text(self.source, encoding="utf-8", newline="\n")


def replace_once(file: str, old: str, new: str, why: str) -> Mutant:
    """Make a mutant of the one place in a file where a text stands."""
    source = (ROOT / file).read_text(encoding="utf-8")
    if source.count(old) != 1:
        raise ValueError(
            f"{file} must hold {old!r} once; got {source.count(old)} times"
        )
    return Mutant(file, source, source.index(old), old, new, why)


def choose(files: list[str], rng: Random, most: int) -> list[Mutant]:
    """Choose mutants evenly from all that there are, file after file."""
    sites = [site for file in files for site in mutants_by_site(file)]
    if not sites:
        return []
    step, first = max(1.0, len(sites) / most), rng.random()
    places = range(min(most, len(sites)))
    return [rng.choice(sites[int((i + first) * step) % len(sites)]) for i in places]


def mutants_by_site(file: str) -> list[list[Mutant]]:
    """Return all mutants of a file, those of one place in one list, in its order."""
    source = (ROOT / file).read_text(encoding="utf-8")
    place, found = _places(source), []
    for node in _walk(ast.parse(source)):
        start = place(node.lineno, node.col_offset)
        old = source[start : place(node.end_lineno, node.end_col_offset)]
        mutants = [Mutant(file, source, start, old, new) for new in _changes(node)]
        found.append([mutant for mutant in mutants if mutant.new != old])
    return [mutants for mutants in found if mutants]


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what may be changed: no decorators, annotations, messages or docstrings."""
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list"}:
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not isinstance(child, UNTOUCHED):
                if hasattr(child, "lineno"):
                    yield child
                yield from _walk(child)


def _places(source: str) -> Callable[[int, int], int]:
    """Return a function from line and column, in bytes as ast counts, to a place."""
    lines = source.splitlines(keepends=True)
    starts = list(accumulate(map(len, lines), initial=0))

    def place(line: int, column: int) -> int:
        return starts[line - 1] + len(lines[line - 1].encode()[:column].decode())

    return place


def _changes(node: ast.AST) -> Iterator[str]:
    """Yield what may stand in the place of a node."""
    match node:
        case ast.Constant(value=bool(value)):
            yield str(not value)
        case ast.Constant(value=int(value)):
            yield str(value + 1)
        case ast.Constant(value=float(value)):
            yield repr(1.2 * value or 1.0)
        case ast.BinOp(op=op) | ast.BoolOp(op=op) if type(op) in OPERATORS:
            yield _written(node, op=OPERATORS[type(op)]())
        case ast.UnaryOp(op=ast.USub() | ast.Not()):
            yield f"({ast.unparse(node.operand)})"
        case ast.Compare(ops=[op, *rest]):
            for other in COMPARISONS[type(op)]:
                yield _written(node, ops=[other(), *rest])
        case ast.Call():
            yield from _calls(node)
        case ast.AugAssign() | ast.Continue() | ast.Expr(value=ast.Call()):
            yield "pass"
        case ast.If(body=[ast.Raise()]):
            yield "pass"


def _calls(node: ast.Call) -> Iterator[str]:
    """Yield the call with two arguments changed over, and without each keyword."""
    match node.args:
        case [first, second, *rest] if _differ(first, second):
            yield _written(node, args=[second, first, *rest])
    for keyword in node.keywords:
        yield _written(node, keywords=[k for k in node.keywords if k is not keyword])


def _differ(first: ast.AST, second: ast.AST) -> bool:
    """Whether two arguments may change places, and something is changed by it."""
    return not isinstance(second, ast.Starred) and ast.dump(first) != ast.dump(second)


def _written(node: ast.AST, **fields: object) -> str:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return f"({ast.unparse(changed)})"
