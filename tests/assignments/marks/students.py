"""Students with marks, for the tests that write them out."""

from assignments.grade.tests import Mark
from assignments.hand_in.answers import Answer, Item
from assignments.marks.student_records import Record
from assignments.marks.totals import Judgement, Total, add_up


def record(id="7", name="Jane Doe", layout="canvas", double=3.0, why="Since", **more):
    answers = {"why": Answer((Item("text", why),)) if why else Answer(note="No.")}
    answers["plot"] = Answer(note="Not answered.")
    earned = {"test-double": Mark(double, 3, "" if double else "double(2) should be 4")}
    earned["test-level"] = Mark(1, 1)
    return Record(id, name, layout, "0", "x.ipynb", earned, answers, **more)


def total(points=1.5, **more) -> Total:
    """Return the marks of a student whose answer is marked."""
    one = record(**more)
    given = {} if points is None else {one.token("why"): Judgement(points, "good")}
    return add_up(one, given)
