"""Functions that can be sent: an expression in x, given by its source."""

import ast
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Function:
    """A function of one number or array, such as ``Function("np.maximum(x, 0)")``.

    It may use `x`, `np`, and nothing else, so that it means the same wherever its
    source is read.

    Parameters
    ----------
    source : str
        A Python expression.

    Raises
    ------
    SyntaxError
        If the source is no expression.
    ValueError
        If it uses another name, or an attribute that begins with an underscore.
    """

    source: str

    def __post_init__(self):
        for node in ast.walk(ast.parse(self.source, mode="eval")):
            if isinstance(node, ast.Name) and node.id not in {"x", "np"}:
                raise ValueError(f"only x and np are known here; got {node.id!r}")
            if isinstance(node, ast.Attribute) and node.attr.startswith("_"):
                raise ValueError(f"no attribute may begin with _; got {node.attr!r}")

    def __call__(self, x):
        """Evaluate the expression at `x`."""
        return eval(self.source, {"__builtins__": {}, "np": np}, {"x": x})
