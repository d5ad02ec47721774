"""Nothing is computed in a chapter that no cell of it reads."""

import ast
from collections.abc import Iterable, Iterator

import pytest

from tests.book.stored import cells, name_of
from tools.paths import NOTEBOOKS


def bound(tree: ast.AST) -> Iterator[str]:
    """Yield the names that code binds one by one: parts of a tuple may go unread."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                yield from ((alias.asname or alias.name) for alias in aliases)
            case ast.Assign(targets=[ast.Name(id=name)]) if name != "_":
                yield name


def unread(sources: Iterable[str]) -> set[str]:
    """Return the names that cells bind and none of them reads."""
    trees = [ast.parse(source) for source in sources]
    read = {
        node.id
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    return {name for tree in trees for name in bound(tree)} - read


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name_of)
def test_every_name_of_a_chapter_is_read(path):
    assert unread(cell.source for cell in cells(path, "code")) == set()


def test_a_name_that_nobody_reads_is_noticed():
    sources = [
        "import numpy as np\nfig, ax = 1, 2",
        "runs = np.ones(3)\nkept = 1",
        "kept",
    ]
    assert unread(sources) == {"runs"}
    assert unread(["def train(): return 1"]) == {"train"}
    assert unread(["from initlib import relu"]) == {"relu"}
