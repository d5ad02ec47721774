"""Claims stand alone and visible, and no two say the same."""

import ast
from collections import Counter

from initlib.claims import MIME
from tests.book.stored import cells, claims_in, every_chapter, shows
from tools.paths import CHAPTERS


@every_chapter
def test_claims_stand_alone_and_visible(path):
    stated = 0
    for cell in cells(path, "code"):
        tree = ast.parse(cell.source)
        calls = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "claim"
        ]
        if not calls:
            continue
        last = tree.body[-1]
        assert len(calls) == 1
        assert isinstance(last, ast.Expr)
        assert last.value is calls[0]
        assert shows(cell, MIME)
        assert not {"remove-cell", "remove-output", "hide-cell", "hide-output"} & set(
            cell.metadata.get("tags", [])
        )
        stated += 1
    assert stated == len(claims_in(path)) >= 4


def test_claims_of_the_book_differ():
    stated = Counter(c["statement"] for path in CHAPTERS for c in claims_in(path))
    assert [statement for statement, n in stated.items() if n > 1] == []
