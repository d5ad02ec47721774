"""What the grader makes of an answer, whoever wrote it."""

import pytest

from assignments.grade.errors import BrokenError
from assignments.grade.session import understood


def test_an_answer_is_understood():
    assert understood({"value": [1]}) == ("value", [1])
    assert understood({"error": [["E"], "why"]}) == ("error", (["E"], "why"))
    assert understood({"unreadable": "a\nset"}) == ("unreadable", "a set")
    for kind in ("stopped", "missing", "callable"):
        assert understood({kind: None}) == (kind, None)


@pytest.mark.parametrize(
    "answer",
    [
        *({}, [], None, 3, "value", {"other": None}, {"stopped": 1}),
        *({"error": 1}, {"error": 1, "stopped": None}, {"value": 1, "error": None}),
        *({"error": [1, "x"]}, {"error": [[], 3]}, {"missing": None, "callable": None}),
    ],
    ids=repr,
)
def test_any_other_answer_is_a_broken_one(answer):
    with pytest.raises(BrokenError, match="no known form"):
        understood(answer)
