"""Each verdict follows from how the claims that settle a statement bear on it."""

import re
from functools import cache

import pytest
import yaml

from tests.book.stored import claims_in
from tools.paths import NOTEBOOKS, ROOT

STATEMENTS = yaml.safe_load(
    (ROOT / "book" / "appendix" / "statements.yml").read_text("utf-8")
)
SIDES = ("for", "against", "both")
UNTRUE = {"False", "Misleading", "Another name", "Two things share a name"}
DIVIDED = {
    "Half true", "Needs care", "True as a default", "True of saturation",
    "True for tanh", "True in the linear regime", "False for the sigmoid",
    "False for tanh",
    "True, and depth decides how much", "Depends on the framework",
}  # fmt: skip


@cache
def settling() -> dict[str, list[str]]:
    """Return the sentences of the claims that settle each statement."""
    found = {}
    for path in NOTEBOOKS:
        for claim in claims_in(path):
            if claim["settles"]:
                found.setdefault(claim["settles"], []).append(claim["statement"])
    return found


def unsorted_claims(statement: dict, sentences: list[str]) -> list[str]:
    """Return sentences on no side or on two, and openings that begin no sentence."""
    openings = [words for side in SIDES for words in statement.get(side, [])]
    fits = [[s.startswith(words) for words in openings] for s in sentences]
    strays = [s for s, row in zip(sentences, fits, strict=True) if sum(row) != 1]
    columns = zip(*fits, strict=True) if fits else [[] for _ in openings]
    return strays + [
        w for w, col in zip(openings, columns, strict=True) if not any(col)
    ]


def follows(statement: dict) -> bool:
    """Tell whether the verdict follows from the claims for, against, and both.

    A plain verdict has all claims on its side, a divided one has some on each.
    One such as "True for tanh" is borne out by a claim that names the condition.
    """
    verdict = statement["verdict"]
    sides = {side for side in SIDES if statement.get(side)}
    if verdict == "True":
        return sides == {"for"}
    if verdict in UNTRUE:
        return sides == {"against"}
    if verdict not in DIVIDED or not ("both" in sides or sides == {"for", "against"}):
        return False
    condition = re.fullmatch(r"(True|False) for (?:the )?(\w+)", verdict)
    if not condition:
        return True
    said = statement.get({"True": "for", "False": "against"}[condition[1]], [])
    return any(condition[2] in words for words in said)


def test_statements_are_settled():
    known = [statement["id"] for statement in STATEMENTS]
    assert known == [f"S{n}" for n in range(1, 50)]
    assert set(settling()) == set(known)


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda s: s["id"])
def test_verdict_follows_from_the_claims(statement):
    sentences = settling().get(statement["id"], [])
    assert unsorted_claims(statement, sentences) == []
    assert follows(statement) == bool(sentences)


def turned(statement: dict) -> list[dict]:
    """Return the statement with verdicts that say something else."""
    verdict = statement["verdict"]
    words = {"True", "False", "Half true"} - {verdict}
    words -= {"False"} if verdict in UNTRUE else set()
    words -= {"Half true"} if verdict in DIVIDED else set()
    first = re.match("True|False", verdict)
    if first:
        words.add({"True": "False", "False": "True"}[first[0]] + verdict[first.end() :])
    return [{**statement, "verdict": word} for word in sorted(words)]


def test_turned_verdicts_are_noticed():
    settled = [s for s in STATEMENTS if s["id"] in settling()]
    changed = [other for statement in settled for other in turned(statement)]
    assert len(changed) >= 2 * len(settled)
    assert [s for s in changed if follows(s)] == []


def test_claims_that_are_on_no_side_or_gone_are_noticed():
    statement = {"for": ["One is"], "against": ["Two"]}
    assert unsorted_claims(statement, ["One is one.", "Two is one."]) == []
    assert unsorted_claims(statement, ["One is one.", "Three."]) == ["Three.", "Two"]
    assert unsorted_claims({"for": ["One", "One is"]}, ["One is one."]) == [
        "One is one."
    ]
    assert unsorted_claims(statement, []) == ["One is", "Two"]
