"""What the grader makes of an answer, whoever wrote it."""

import pytest

from assignments.grade.errors import BrokenError
from assignments.grade.session import LATE, Session, understood
from assignments.grade.walls import Limits


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


def test_time_that_ends_while_a_sandbox_starts_again_is_the_submission_s(
    master, monkeypatch
):
    monkeypatch.setattr(Session, "_run", lambda *_: ("stopped", None))
    session = Session(master, [], Limits())
    session._starts = 2
    with pytest.raises(BrokenError, match=LATE):
        session._run_setup()
    session._starts = 1
    with pytest.raises(RuntimeError, match="a setup cell of d1-doubling"):
        session._run_setup()
