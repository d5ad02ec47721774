"""What the cells of a chapter compute: settings in code, outputs, and formulas."""

import ast
import re
from collections.abc import Iterator
from fractions import Fraction
from functools import cache, cached_property
from itertools import accumulate
from pathlib import Path

from nbformat import NotebookNode

from initlib.claims import MIME
from tools.prose.numbers import Number, numbers_in
from tools.prose.places import DISPLAY, HEADING, notebook

STYLE = {"figsize", "fontsize", "linewidth", "lw", "markersize", "ncols", "zorder"}
INDEX = ast.Constant | ast.UnaryOp | ast.Tuple  # of an entry; not a slice or mask
DRAWING = re.compile(r"(ax|axes|fig|plt)\b")


@cache
def evidence(path: Path) -> "Evidence":
    return Evidence(path)


class Evidence:
    """What the cells of a chapter compute, print, and derive."""

    def __init__(self, path: Path):
        self.cells = notebook(path).cells
        self.numbers = [numbers_of(cell) for cell in self.cells]

    @cached_property
    def sections(self) -> list[int]:
        """The number of the section in which each cell ends."""
        heads = [
            cell.cell_type == "markdown" and len(HEADING.findall(cell.source))
            for cell in self.cells
        ]
        return list(accumulate(heads))

    def beside(self, cell: int) -> list[Number]:
        """Numbers of the code cells next to a text, and of the formulas between."""
        seen = {cell, *self.reach(cell, -1), *self.reach(cell, 1)}
        return [number for i in sorted(seen) for number in self.numbers[i]]

    def reach(self, cell: int, step: int) -> Iterator[int]:
        """Walk from a text to the end of the next code cells in one direction."""
        code, i = False, cell + step
        while 0 <= i < len(self.cells):
            is_code = self.cells[i].cell_type == "code"
            if code and not is_code:
                return
            code = code or is_code
            yield i
            i += step

    def around(self, cell: int) -> list[Number]:
        """Numbers of the section of a cell, and of its neighbours."""
        here = self.sections[cell]
        return [
            number
            for section, numbers in zip(self.sections, self.numbers, strict=True)
            if abs(section - here) <= 1
            for number in numbers
        ]

    @cached_property
    def all(self) -> list[Number]:
        return [number for numbers in self.numbers for number in numbers]


def numbers_of(cell: NotebookNode) -> list[Number]:
    """Return the numbers that a cell computes and prints, or derives in a formula."""
    if cell.cell_type == "markdown":
        return [n for maths in DISPLAY.findall(cell.source) for n in numbers_in(maths)]
    printed = "\n".join(printed_by(output) for output in cell.outputs)
    return [*set_by(ast.parse(cell.source)), *numbers_in(printed)]


def printed_by(output: NotebookNode) -> str:
    if output.output_type == "stream":
        return output.text
    data = output.get("data", {})
    if claim := data.get(MIME):
        rival = claim.get("rival") or {"given": ""}
        return f"{claim['measured']}; {claim['bound']}; {rival['given']}"
    shown = data.get("text/plain", "")
    return "" if shown.startswith("<Figure") else shown


def set_by(node: ast.AST) -> Iterator[Number]:
    """Return the settings in code: no indices, powers, styles, or claimed sentences."""
    match node:
        case ast.Constant(value=bool()):
            return
        case ast.Constant(value=int() | float() as value):
            yield Number(repr(value), 0, "code", Fraction(repr(value)))
        case ast.JoinedStr():  # prints it, and what is printed counts
            return
        case ast.Expr(value=ast.Call() as call) if DRAWING.match(ast.unparse(call)):
            return
        case ast.keyword(arg=name) if name in STYLE:
            return
        case ast.Subscript(value=value, slice=index):
            yield from set_by(value)
            yield from set_by(index) if not isinstance(index, INDEX) else ()
        case ast.BinOp(left=ast.List(), op=ast.Mult(), right=ast.Constant(value=k)):
            for layers in (k, k - 1, k - 2):  # [500] * 12: 11 layers, 10 of them hidden
                yield Number(str(layers), 0, "code", Fraction(layers))
            yield from set_by(node.left)
        case ast.BinOp(op=ast.Pow() | ast.Div()):
            yield from worth(node)
            yield from set_by(node.left)
            yield from set_by(node.right) if isinstance(node.op, ast.Div) else ()
        case _:
            for child in ast.iter_child_nodes(node):
                yield from set_by(child)


def worth(node: ast.BinOp) -> Iterator[Number]:
    """Return the worth of a power or quotient of two plain numbers, as 1 / 3."""
    try:
        left = Fraction(repr(ast.literal_eval(node.left)))
        right = Fraction(repr(ast.literal_eval(node.right)))
    except ValueError:
        return
    value = left**right if isinstance(node.op, ast.Pow) else left / right
    if isinstance(value, Fraction):
        yield Number(ast.unparse(node), 0, "code", value)
