"""A notebook is recognized by what students were given, whatever it has lost."""

import json

import pytest

from assignments import masters, release
from assignments.hand_in import answers
from assignments.hand_in.notebook import choose
from assignments.hand_in.outlines import outline
from assignments.hand_in.students import collect
from assignments.hand_in.uploads import SubmissionError
from assignments.master_cells import grade_id
from tests.assignments.hand_in.files import chosen, fill


@pytest.fixture(scope="module")
def course() -> dict[str, masters.Master]:
    """Give the masters of the course by their short names."""
    found = [masters.read(path) for path in masters.paths()]
    return {master.key: master for master in found}


def solved(master) -> str:
    """Return what a student hands in who has solved all."""
    models = {question.id: question.model for question in master.manual}
    return json.dumps(release.fill_in(master, master.solutions | models))


def without_metadata(text: str) -> str:
    """Return a notebook as a tool leaves it that knows no metadata."""
    data = json.loads(text)
    for cell in data["cells"]:
        cell["metadata"] = {}
    return json.dumps(data)


def told(course, key, folder):
    """Return the notebook that is graded of the one student, its name, and notes."""
    ours = course[key]
    ordered = [ours, *(other for other in course.values() if other is not ours)]
    known = [outline(one.name, release.student(one)) for one in ordered]
    [student] = collect(folder, ours.name, [one.name for one in ordered])
    return choose(ours, student.loaded(), known)


@pytest.mark.parametrize("changed", [str, without_metadata])
@pytest.mark.parametrize("wrong", ["a1", "a3", "a4", "a5"])
def test_another_assignment_is_named_and_hides_no_right_one(
    tmp_path, course, wrong, changed
):
    other = changed(solved(course[wrong]))
    fill(tmp_path, {"jane_1_2_b.ipynb": other})
    name = course[wrong].name
    with pytest.raises(SubmissionError, match=f"b.ipynb is of {name}, not of a2-"):
        told(course, "a2", tmp_path)
    fill(tmp_path, {"jane_1_1_a.ipynb": solved(course["a2"])})
    _, path, notes = told(course, "a2", tmp_path)
    assert path == "jane_1_1_a.ipynb"
    assert notes[0] == f"jane_1_2_b.ipynb is of {name}, not of a2-xavier-and-he."


@pytest.mark.parametrize("key", ["a1", "a2", "a3", "a4", "a5"])
def test_cells_that_lost_their_names_get_them_back(tmp_path, course, key):
    fill(tmp_path, {"jane.ipynb": without_metadata(solved(course[key]))})
    notebook, _, [note] = told(course, key, tmp_path)
    assert note.startswith("jane.ipynb has lost the names of its cells")
    names = {cell.id: cell.source.strip() for cell in course[key].cells if cell.id}
    found = {grade_id(cell): cell.source.strip() for cell in notebook.cells}
    for question in course[key].manual:
        assert found[question.id] == names[question.id]
    assert set(names) <= set(found)


def edited(master, change) -> str:
    data = json.loads(solved(master))
    places = {grade_id(cell): n for n, cell in enumerate(data["cells"])}
    change(data["cells"], places)
    return json.dumps(data)


def test_a_deleted_or_converted_cell_is_named(tmp_path, master):
    def change(cells, places):
        cells[places["double"]]["cell_type"] = "markdown"
        cells[places["plot"]]["cell_type"] = "raw"
        del cells[places["level"]]

    fill(tmp_path, {"jane.ipynb": edited(master, change)})
    _, _, notes = chosen(master, tmp_path)
    assert notes == [
        "Not there: the cells level.",
        "The cell double is markdown, not code; it did not run.",
        "The cell plot is raw, not code; it did not run.",
    ]
    fill(tmp_path, {"jane.ipynb": solved(master)})
    assert chosen(master, tmp_path)[2] == []


def added(source):
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def gathered(tmp_path, master, change):
    """Return the answer to `why` in a notebook that was changed."""
    fill(tmp_path, {"jane.ipynb": edited(master, change)})
    untouched = {"why": "YOUR ANSWER HERE", "plot": ""}
    return answers.gather(master, untouched, chosen(master, tmp_path)[0])["why"]


@pytest.mark.parametrize("beside", [0, 1])
def test_an_answer_in_an_added_cell_is_found(tmp_path, master, beside):
    def change(cells, places):
        cells[places["why"]]["source"] = "YOUR ANSWER HERE"
        cells.insert(places["why"] + beside, added("Because."))

    found = gathered(tmp_path, master, change)
    assert [item.content for item in found.items] == ["Because."]
    assert found.note == "Not answered. Shown with it: added cells, 1 of them."


def test_an_answer_in_place_of_a_deleted_cell_is_found(tmp_path, master):
    def change(cells, places):
        cells[places["why"]] = added("Because.")

    found = gathered(tmp_path, master, change)
    assert [item.content for item in found.items] == ["Because."]
    assert found.note.startswith("The cell of this answer is not there.")


def test_cells_elsewhere_are_no_answer(tmp_path, master):
    def change(cells, places):
        cells[places["why"]]["source"] = "YOUR ANSWER HERE"
        cells.insert(1, added("My notes."))

    assert gathered(tmp_path, master, change) == answers.Answer(note="Not answered.")
