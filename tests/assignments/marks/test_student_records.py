"""Records come back as they were, and no two students share one."""

import re

import pytest

from assignments.hand_in.answers import Answer, Item
from assignments.marks import student_records
from tests.assignments.marks.students import record


def test_a_mark_is_for_one_answer_of_one_student():
    others = ({}, {"id": "8"}, {"layout": "moodle"}, {"why": "Else"}, {"name": "X"})
    tokens = {record(**other).token("why") for other in others}
    assert len(tokens) == 4  # the name alone makes no other student
    assert all(re.fullmatch("a[0-9a-f]{10}", token) for token in tokens)


def test_a_record_comes_back_as_it_was(tmp_path):
    told = record(name="José", notes=["one"], seconds=1.5, cpu_seconds=0.5)
    told.save(tmp_path)
    [path] = tmp_path.iterdir()
    assert student_records.load(path) == told
    assert path.name == f"{told.slug}.json"


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 0}', '{"format": 1}'])
def test_a_record_that_cannot_be_read_is_none(tmp_path, content):
    path = tmp_path / "x.json"
    path.write_text(content)
    assert student_records.load(path) is None
    assert student_records.load(tmp_path / "y.json") is None


def test_files_of_students_never_collide_or_leave_the_folder():
    ids = ["jane", "Jane", "../jane", "jane/", "", ".", "..", "x" * 300, "é", "jane_1"]
    slugs = [
        student_records.slug(way, id, "n") for id in ids for way in ("plain", "moodle")
    ]
    assert len({slug.lower() for slug in slugs}) == len(slugs)
    assert all(re.fullmatch(r"[\w-]{1,80}", slug) for slug in slugs)
    assert slugs[0] == "jane"


def test_what_the_run_draws_changes_no_answer():
    def token(*items):
        one = record()
        one.answers["why"] = Answer((Item("code", "plt.plot(x)"), *items))
        return one.token("why")

    assert token(Item("picture", "a", drawn=True)) == token()
    assert token(Item("picture", "a")) != token()
