"""Marks of tests and of markers are added up."""

from assignments.marks.totals import Judgement, add_up, forgotten
from tests.assignments.marks.students import total


def test_tests_and_judgements_are_added(master):
    assert (total().points, total().open) == (5.5, [])
    assert (total(None).points, total(None).open) == (4, ["why"])
    assert total(None, why="").open == []  # an untouched answer needs no marker


def test_a_mark_of_an_answer_that_has_changed_is_said():
    one = total(None)
    given = {one.record.token("why"): Judgement(2), "a0": Judgement(1)}
    given["a1"] = Judgement(None, "only a comment")
    [said] = forgotten([add_up(one.record, given)], given)
    assert said.startswith("The mark of answer a0 (1 points) is not used: the answer")
