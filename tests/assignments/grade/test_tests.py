"""What the grader asks, what it believes, and what it tells the student."""

import base64
import dataclasses
import gc
import io
import time
import weakref

import numpy as np
import pytest
from nbformat import v4
from PIL import Image

from assignments.grade import tests, walls
from assignments.grade.errors import StudentError
from assignments.grade.sandbox import Sandbox
from assignments.grade.session import Cell, Session
from assignments.inside.function import Function
from assignments.master_cells import grade_id
from tests.assignments import toy

pytestmark = pytest.mark.usefixtures("bubblewrap")


@pytest.fixture(scope="module")
def master(tmp_path_factory):
    return toy.with_functions(tmp_path_factory.mktemp("toy"))


@pytest.fixture
def grade(master):
    """Grade the reference with some solutions replaced, and cells around it."""

    def run(changed=(), before=(), behind=(), **limits):
        notebook = toy.right(master, **dict(changed))
        notebook.cells[:0] = map(v4.new_code_cell, before)
        notebook.cells += map(v4.new_code_cell, behind)
        limits = dataclasses.replace(toy.SHORT, **limits)
        return tests.grade(master, notebook, limits=limits)

    return run


def failed(result):
    """Return the messages of the tests that failed."""
    return {key: mark.message for key, mark in result.marks.items() if not mark.points}


def test_nothing_stays_in_memory(grade, monkeypatch):
    given, kept = tests.given, []

    def with_a_function(master):
        names = given(master)
        exec("def of_the_setup(): pass", names)
        kept.append(weakref.ref(names["of_the_setup"]))
        return names

    monkeypatch.setattr(tests, "given", with_a_function)
    gc.disable()  # it runs seldom, and arrays do not hasten it
    try:
        grade()
        assert kept
        assert not any(reference() for reference in kept)
    finally:
        gc.enable()


FUNCTIONS = """
def same(value, **options):
    return (value, options) if options else value

def changed(x):
    x[:] = 0
    return x

def drawn(rng):
    return rng.random()

def applied(f):
    return f(np.arange(3.0))

class Odd(KeyError):
    pass

def raised(kind, message):
    raise {"odd": Odd, "value": ValueError, "exit": SystemExit}[kind](message)

counter = 0

def count():
    global counter
    counter += 1
    return counter

class Thing:
    pass

def strange():
    return [Thing()]
strange_variable = Thing()
"""


@pytest.fixture(scope="module")
def part(master):
    """Give calls to functions of all kinds."""
    with Session(master, [Cell("Cell 1", FUNCTIONS)], toy.SHORT) as session:
        assert session.worker()
        assert session.notes == []
        with session.part() as found:
            found.session = session
            yield found


def test_the_reference_earns_everything(grade):
    result = grade()
    assert failed(result) == {}
    assert [mark.points for mark in result.marks.values()] == [3, 1, *[2] * 6]
    assert result.notes == []
    assert result.seconds > 0
    assert 0 < result.cpu_seconds < 10


def test_grading_again_gives_the_same(grade):
    random = "def weights(shape, rng):\n    return np.random.rand(*shape) * 1e9"
    found = [grade({"weights": random, "name": "name = hash"}) for _ in range(2)]
    assert found[0].marks == found[1].marks
    assert found[0].notes == found[1].notes


def test_a_public_failure_is_told_and_a_hidden_one_is_not(grade):
    wrong = {
        "lengths": "def lengths(x):\n    return np.array([5.0])",
        "scale": "factor = -1",
        "total": "def total(numbers):\n    return 4",
    }
    assert failed(grade(wrong)) == {
        "test-lengths": tests.HIDDEN,
        "test-scale": "-1 is not positive",
        "test-weights": tests.HIDDEN,
        "test-total": "one and two are three",
    }


def test_what_a_function_raises_is_told_in_one_line(grade):
    message = "first\n\x1b[2Jsecond " + "x" * 10_000
    wrong = f"def total(numbers):\n    raise ValueError({message!r})"
    (told,) = failed(grade({"total": wrong})).values()
    assert told.startswith("`total` raised ValueError: first [2Jsecond xxx")
    assert len(told) < 600


def test_what_fails_in_the_check_itself_is_told_with_its_line(grade):
    wrong = {"rows": "def rows(x, count=2):\n    return None"}
    (told,) = failed(grade(wrong)).values()
    assert told.startswith("This check failed: assert len(found) == 1, 'one row' (Type")


def test_a_name_that_is_missing_or_strange_is_told(grade):
    wrong = {"scale": "factor = {1, 2}", "total": "totals = 1", "name": "name = 1j"}
    told = failed(grade(wrong))
    assert told.pop("test-name") == tests.HIDDEN
    assert told.pop("test-scale").startswith("`factor` gives a set; only numbers")
    assert told.pop("test-total") == "`total` is not defined: did its cell run?"
    assert told.pop("test-weights").startswith("`weights` raised TypeError")
    assert told == {}


def test_cells_run_in_their_order_and_go_on_after_an_error(grade):
    before = ["base = 2", "1 / 0", "raise SystemExit", "def (", "base += 1"]
    result = grade({"scale": "factor = base"}, before)
    assert failed(result) == {}
    assert [note.split(":")[0] for note in result.notes] == [
        "Cell 2 raised ZeroDivisionError",
        "Cell 3 raised SystemExit",
        "Cell 4 raised SyntaxError",
    ]


def test_a_later_cell_wins_as_in_a_notebook(grade):
    result = grade(behind=["factor = 0", "def total(numbers):\n    return 3"])
    assert set(failed(result)) == {"test-scale", "test-weights", "test-total"}


def test_ipython_syntax_does_nothing_and_harms_nothing(grade):
    cells = [
        "%matplotlib inline\n!ls\nnp.mean?\nx = %timeit 1\nfiles = !ls\nfactor = 9",
        "%%time\nfactor = 3.0",
        "%%bash\nls",
        "display(1)\nget_ipython().run_line_magic('time', '1')",
    ]
    result = grade(behind=cells)
    assert result.notes == []
    assert failed(result) == {}


@pytest.mark.turns(3, 2)
def test_a_cell_that_hangs_or_ends_the_process_costs_itself_only(grade):
    cells = ["factor = 3.0\nwhile True: pass", "import os\nos._exit(0)"]
    result = grade({"scale": "pass"}, cells, cell_seconds=1)
    assert result.notes == [
        "Cell 1 was stopped after 1 s.",
        "Cell 2 ended its process; it was left out.",
    ]
    assert failed(result) == {}


def test_a_worker_that_is_killed_when_it_starts_again_gets_another_try(
    master, monkeypatch
):
    starts = []

    class Unlucky(Sandbox):
        def __init__(self, *arguments):
            super().__init__(*arguments)
            starts.append(self)
            if len(starts) == 2:
                self._kill()

    monkeypatch.setattr("assignments.grade.session.Sandbox", Unlucky)
    with Session(master, [Cell("Cell 1", "x = 1")], toy.SHORT) as session:
        session.worker()
        session.throw_away()
        session.worker()
        with session.part() as part:
            assert part.read("x") == ("value", 1)
    assert len(starts) == 3


@pytest.mark.turns(3, 2)
def test_cells_do_not_use_up_the_time_of_calls(grade):
    cells = ["while True: pass"]
    assert failed(grade(before=cells, cell_seconds=2, part_seconds=1.5)) == {}


def test_calls_of_one_part_have_a_time_together(tmp_path):
    master = toy.with_functions(tmp_path)
    public = "assert total([1]) == 1\nassert total([2]) == 2"
    vars(master)["tests"] = (toy.check(master, "test-total", public=public),)
    slow = (
        "import time\ndef total(numbers):\n    time.sleep(0.3)\n    return sum(numbers)"
    )
    notebook = toy.right(master, total=slow)
    limits = dataclasses.replace(toy.SHORT, part_seconds=0.2)
    result = tests.grade(master, notebook, limits=limits)
    assert failed(result) == {"test-total": "Calls took too long in all."}


@pytest.mark.turns(3, 1)
def test_a_function_that_hangs_costs_its_tests_only(grade):
    wrong = {"total": "def total(numbers):\n    while True: pass"}
    assert failed(grade(wrong, call_seconds=1)) == {
        "test-total": "`total` was stopped after 1 s."
    }


def test_too_many_broken_sandboxes_leave_the_rest_without_marks(grade):
    result = grade(before=3 * ["import os\nos._exit(0)"], restarts=2)
    assert "too many broken sandboxes" in failed(result)["test-lengths"]
    assert len(failed(result)) == 8


@pytest.mark.turns(3, 1)
def test_time_for_everything_together_is_limited(grade):
    start = time.monotonic()
    result = grade(behind=8 * ["while True: pass"], total_seconds=3)
    assert time.monotonic() - start < 20
    assert "after the time for the whole notebook" in failed(result)["test-lengths"]


def test_only_its_own_cells_run(master):
    notebook = toy.right(master)
    for cell in notebook.cells:
        if grade_id(cell) in ("setup", "test-total"):
            cell.source = "raise RuntimeError"
    strange = v4.new_code_cell("x = 1")
    strange.metadata["nbgrader"] = "none"
    notebook.cells += [strange, v4.new_markdown_cell("text"), v4.new_raw_cell("raw")]
    cells = tests.own_cells(master, notebook)
    double, level, *others = master.solutions.values()
    plot = master.manual[1].model  # an answer that a person marks runs as well
    sources = [double, level, plot, *others, "x = 1"]
    assert [cell.source for cell in cells] == sources
    assert cells[0].label == "Cell 2 (double)"
    assert cells[-1].label == "Cell 20"


@pytest.mark.parametrize("value", [3, [1, (2.5, None)], {"a": "b"}, "x"], ids=repr)
def test_values_go_there_and_back(part, value):
    assert part.call("same", (value,), {}) == value
    assert part.call("same", (value,), {"more": value}) == (value, {"more": value})


def test_arguments_are_copies(part):
    x = np.ones(3)
    assert part.call("changed", (x,), {}).tolist() == [0, 0, 0]
    assert x.tolist() == [1, 1, 1]
    rng = np.random.default_rng(5)
    first, second = (part.call("drawn", (rng,), {}) for _ in range(2))
    assert first == second == rng.random()
    applied = part.call("applied", (Function("np.exp(x)"),), {})
    assert np.allclose(applied, np.exp([0, 1, 2]), rtol=1e-15)


def test_an_exception_arrives_as_one_of_the_same_kind(part):
    with pytest.raises(ValueError, match="`raised` raised ValueError: why") as caught:
        part.call("raised", ("value", "why"), {})
    assert isinstance(caught.value, StudentError)
    with pytest.raises(KeyError, match=r"^`raised` raised Odd: 'why'$"):
        part.call("raised", ("odd", "why"), {})
    with pytest.raises(StudentError, match="SystemExit"):
        part.call("raised", ("exit", ""), {})


def test_what_cannot_be_read_is_told(part):
    with pytest.raises(StudentError, match=r"`strange` gives a Thing; only numbers"):
        part.call("strange", (), {})
    with pytest.raises(StudentError, match="`strange_variable` gives a Thing"):
        part.read("strange_variable")
    assert part.read("nothing") == ("missing", None)
    assert part.read("count") == ("callable", None)
    assert part.read("counter") == ("value", 0)


def test_state_lasts_for_one_part(part):
    assert [part.call("count", (), {}) for _ in range(3)] == [1, 2, 3]
    with part.session.part() as another:
        assert another.call("count", (), {}) == 1


def test_hidden_parts_run_when_all_public_ones_have(grade, master):
    code = """
import os

def total(numbers):
    open("/tmp/heard", "a").write(str(numbers))
    return sum(numbers)

def rows(x, count=2):
    raise ValueError(open("/tmp/heard").read())
"""
    (told,) = failed(grade({"total": code, "rows": "pass"})).values()
    assert told == "`rows` raised ValueError: [1, 2]"


def test_a_test_sees_its_own_public_names_in_its_hidden_part(tmp_path):
    master = toy.with_functions(tmp_path)
    check = toy.check(master, "test-total", public="kept = total([1])", hidden="")
    used = dataclasses.replace(check, hidden="assert kept == 1")
    unused = toy.check(master, "test-rows", public="", hidden="assert kept == 1")
    vars(master)["tests"] = (used, unused)
    notebook = toy.right(master)
    result = tests.grade(master, notebook, limits=toy.SHORT)
    assert failed(result) == {"test-rows": tests.HIDDEN}


def test_data_of_the_assignment_lie_beside_the_cells(tmp_path):
    master = toy.with_functions(tmp_path)
    np.savez(tmp_path / "d1-data.npz", x=np.arange(4))
    loading = "total = lambda numbers: sum(np.load('d1-data.npz')['x'][:3]) * 1.0"
    public = "assert total([]) == np.load('d1-data.npz')['x'][:3].sum()"
    check = toy.check(master, "test-total", public=public, hidden="")
    vars(master)["tests"] = (check,)
    notebook = toy.right(master, total=loading)
    result = tests.grade(master, notebook, limits=toy.SHORT)
    assert (failed(result), result.notes) == ({}, [])


def test_a_master_whose_setup_fails_is_an_error(tmp_path):
    master = toy.with_functions(tmp_path)
    vars(master)["setup"] = ("import numpy as np\nassert not np",)
    notebook = toy.right(master)
    with pytest.raises((RuntimeError, AssertionError)):
        tests.grade(master, notebook, limits=toy.SHORT)


def test_a_worker_that_does_not_start_is_an_error(master, monkeypatch, tmp_path):
    monkeypatch.setattr(walls, "INSIDE", tmp_path)
    with (
        pytest.raises(RuntimeError, match=r"does not start: .*assignments\.inside"),
        Session(master, [], toy.SHORT) as session,
    ):
        session.worker()


def test_without_a_sandbox_nothing_is_graded(grade, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(walls.Unavailable, match="nothing is graded without"):
        grade()


DRAWS = """
import matplotlib.pyplot as plt
plt.figure()
"""
FIGURE = """
plt.plot([1, 2], color="red")
plt.gcf().set_facecolor("lime")
plt.show()
"""
VALUE = "fig, ax = plt.subplots()\nfig.set_facecolor('blue')\nplt.close(fig)\nfig"
BROKEN = "plt.plot([1, 2])\nraise ValueError"
HANGING = "plt.plot([1])\nplt.Figure.savefig = lambda *_, **__: time.sleep(1000)"


def png(size):
    stream = io.BytesIO()
    Image.new("RGB", size, "yellow").save(stream, "PNG")
    return base64.b64encode(stream.getvalue()).decode()


@pytest.mark.turns(3, 0)
def test_figures_are_those_of_their_cells_and_pictures_are_decoded(master):
    notebook = toy.right(master, plot=FIGURE)
    notebook.cells[:0] = map(v4.new_code_cell, ["import time" + DRAWS, VALUE, BROKEN])
    notebook.cells.append(v4.new_code_cell(HANGING))
    plot = [grade_id(cell) for cell in notebook.cells].index("plot")
    last = len(notebook.cells) - 1
    pair = [png((3, 2)), png((5000, 5000))]
    shown = {1: [], 2: [], plot: ["not looked at"], 7: pair, last: []}
    limits = dataclasses.replace(toy.SHORT, cell_seconds=5)  # pyplot is slow to come
    result = tests.grade(master, notebook, limits=limits, shown=shown)
    assert failed(result) == {}
    drawn = {place: len(found) for place, found in result.drawn.items()}
    assert drawn == {1: 1, 2: 1, plot: 1, last: 0}
    corners = [result.drawn[place][0][0, 0].tolist() for place in (plot, 1)]
    assert corners == [[0, 255, 0, 255], [0, 0, 255, 255]]
    first, second = (result.decoded.pop(picture) for picture in pair)
    assert first.shape == (2, 3, 4)
    assert second is None
    assert result.decoded == {}


def test_parts_of_a_hidden_check_earn_their_share(tmp_path):
    master = toy.with_functions(tmp_path)
    hidden = "x = total([1])\nassert x == 1\n### PART\nassert x == 2\n### PART\n1 / 0"
    check = toy.check(master, "test-total", points=6, hidden=hidden)
    whole = toy.check(master, "test-rows", hidden="### PART\nassert 1\n### PART\n")
    none = toy.check(master, "test-name", hidden="assert 0\n### PART\nassert False")
    wrong = toy.check(master, "test-scale", public="assert 0", hidden=hidden)
    vars(master)["tests"] = (check, whole, none, wrong)
    result = tests.grade(master, toy.right(master), limits=toy.SHORT)
    earned = {id: (mark.points, mark.message) for id, mark in result.marks.items()}
    assert earned == {
        "test-total": (2, "1 of 3 hidden checks passed."),
        "test-rows": (2, ""),
        "test-name": (0, "0 of 2 hidden checks passed."),
        "test-scale": (0, "This check failed: assert 0"),
    }
