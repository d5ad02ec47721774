"""Functions fit on a screen."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.paths import ROOT

MOST = 30  # lines, docstring aside; tests/initlib holds initlib to fewer
PLACES = ("assignments", "book", "tests", "tools")


def long_functions(source: str) -> Iterator[str]:
    """Yield the functions and methods with too many lines, docstrings aside."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = node.end_lineno - node.lineno + 1
            if ast.get_docstring(node) is not None:
                lines -= node.body[0].end_lineno - node.body[0].lineno + 1
            if lines > MOST:
                yield f"{node.name} has {lines} lines"


def files(place: str) -> list[Path]:
    """Return the modules below a folder."""
    return sorted((ROOT / place).rglob("*.py"))


@pytest.mark.parametrize("place", PLACES)
def test_no_function_is_too_long(place):
    assert files(place)
    told = [
        f"{path.relative_to(ROOT)}: {found}"
        for path in files(place)
        for found in long_functions(path.read_text(encoding="utf-8"))
    ]
    assert told == []


def test_a_long_function_is_noticed():
    body = "\n".join(["        x = 1"] * MOST)
    told = '        """Say.\n\n        More.\n        """'
    source = f"class C:\n    def f(self):\n{told}\n{body}"
    assert list(long_functions(source)) == [f"f has {MOST + 1} lines"]
    assert list(long_functions(source.replace("        x = 1\n", "", 1))) == []
