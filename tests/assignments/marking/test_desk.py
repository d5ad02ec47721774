"""Which answers a marker sees, in which order, beside what."""

import pytest

from assignments import masters
from assignments.hand_in.answers import Answer
from assignments.marking import desk
from assignments.marking.desk import Desk, DeskError
from assignments.masters import MasterError
from tests.assignments.marking import classes


@pytest.fixture
def own(tmp_path, master):
    return classes.ten(master, tmp_path)


def test_names_order_the_answers_unless_they_are_hidden(master, own):
    question = master.manual[0]
    table = Desk(master, own)
    assert [one.name[:3] for one in table.entries(question)] == list(classes.NAMES)
    hidden = [one.name for one in Desk(master, own, True).entries(question)]
    assert sorted(hidden) == [one.name for one in table.entries(question)] != hidden
    assert [one.name for one in Desk(master, own, True).entries(question)] == hidden
    other = Desk(master, own, True).entries(master.manual[1])
    assert [one.name for one in other] != hidden


def test_what_is_graded_meanwhile_is_there_at_once(master, own):
    table, question = Desk(master, own), master.manual[0]
    first = table.entries(question)[0]
    classes.record("Kim").save(own / "records")
    changed = classes.record("Ann", "Another answer.")
    changed.save(own / "records")
    entries = table.entries(question)
    assert [one.name for one in entries if one.name == "Kim Doe"]
    assert first not in entries
    with pytest.raises(DeskError, match="this answer has just changed"):
        desk.read(first)
    without = classes.record("Ben")
    without.answers["why"] = Answer(note="Not answered.")
    without.save(own / "records")
    assert "Ben Doe" not in {one.name for one in table.entries(question)}
    (own / "records/half.json").write_text('{"format": 1')
    assert len(table.entries(question)) == 10


def test_the_question_is_the_text_before_it():
    master = masters.read(masters.find("a1"))
    asked = {one.id: desk.asked(master, one) for one in master.manual}
    assert asked["explain-symmetry"].startswith("**Explain** (4 points)")
    assert asked["figure-noise-text"] == asked["figure-noise"]
    assert "five sizes of the noise" in asked["figure-noise"]


def test_the_figure_is_shown_with_its_text(master):
    why, plot = master.manual
    assert desk.asked(master, plot) == desk.asked(master, why) == "## Why"
    one = classes.record("Ann")
    assert [*desk.beside(master, one, why)] == ["plot"]
    one.answers["plot"] = Answer()
    assert desk.beside(master, one, why) == {}


@pytest.mark.parametrize("path", masters.paths(), ids=lambda path: path.stem)
def test_rubrics_are_of_the_questions_there_are(path):
    master = masters.read(path)
    text = (desk.RUBRICS / f"{path.stem}.md").read_text(encoding="utf-8")
    assert text.startswith(f"# {master.title}\n")
    found = [line[3:] for line in text.splitlines() if line.startswith("## ")]
    assert found == [question.id for question in master.manual]
    assert all(desk.rubric(master, question) for question in master.manual)


def test_rubrics_give_the_points_that_there_are():
    for path in masters.paths():
        master = masters.read(path)
        for question in master.manual:
            lines = desk.rubric(master, question).splitlines()
            assert points(lines) == question.points, question.id
    assert points(["- 1: a", "- 1 for each of A, B, C: b", "- At most 3."]) == 4


def points(lines: list[str]) -> float:
    """Return what the lines of a rubric add up to; `1 for each` counts three times."""
    total = 0.0
    for line in lines:
        head = line.removeprefix("- ").partition(":")[0]
        if head[:1].isdigit():
            total += float(head.split()[0]) * (3 if "for each" in head else 1)
    return total


def test_a_master_without_a_rubric_has_none(master, tmp_path):
    assert desk.rubric(master, master.manual[0]) == ""
    (tmp_path / f"{master.name}.md").write_text("# D\n\n## plot\n\n- 4: all\n")
    assert desk.rubric(master, master.manual[1], tmp_path) == "- 4: all"
    assert desk.rubric(master, master.manual[0], tmp_path) == ""


def test_the_folder_tells_the_assignment(tmp_path, master, own):
    found = desk.find(tmp_path, str(master.path))
    assert (found[0].name, found[1]) == (master.name, own)
    assert desk.find(own, str(master.path))[1] == own
    (tmp_path / "out/a1-symmetry-and-scale/records").mkdir(parents=True)
    assert desk.find(tmp_path / "out")[0].key == "a1"
    (tmp_path / "out/a2-xavier-and-he/records").mkdir(parents=True)
    with pytest.raises(DeskError, match="for one assignment; there are: a"):
        desk.find(tmp_path / "out")
    assert desk.find(tmp_path / "out", "a2")[0].key == "a2"
    with pytest.raises(DeskError, match="there are: none"):
        desk.find(tmp_path / "nowhere")
    with pytest.raises(MasterError, match="no assignment 'd1-doubling'"):
        desk.find(own)
