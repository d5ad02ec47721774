"""Claims stand alone and visible, no two say the same, and each has a rival."""

import ast
from collections import Counter

from initlib.claims import MIME, claim
from tests.book.stored import cells, claims_in, every_chapter, shows
from tools.paths import NOTEBOOKS


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
    stated = Counter(c["statement"] for path in NOTEBOOKS for c in claims_in(path))
    assert [statement for statement, n in stated.items() if n > 1] == []


def unrivalled(claims: list[dict]) -> list[str]:
    """Return the sentences of claims that name nothing that would break them."""
    return [claim["statement"] for claim in claims if not claim["rival"]]


def test_every_claim_of_the_book_has_a_rival():
    lone = {path.stem: unrivalled(claims_in(path)) for path in NOTEBOOKS}
    assert {name: said for name, said in lone.items() if said} == {}


def test_a_claim_without_a_rival_is_noticed():
    made = claim("One is one.", 1, equals=1)._repr_mimebundle_()[MIME]
    kept = claim("1 is 1.", 1, equals=1, rival=("two", 2))._repr_mimebundle_()[MIME]
    assert unrivalled([made, kept]) == ["One is one."]
