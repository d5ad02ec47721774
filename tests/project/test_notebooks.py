"""The book's notebooks are executed, canonical and within their limits."""

import os
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools.notebooks import canonical, check, execute, reference, reseed
from tools.paths import NOTEBOOKS

pytestmark = pytest.mark.turns(3, 0)

FIGURE = """\
import matplotlib.pyplot as plt
from initlib.plotting import use_book_style
use_book_style()
plt.plot([0, 1])
plt.show()"""


def cell(source, number, *outputs):
    return new_code_cell(source, execution_count=number, outputs=list(outputs))


def printed(text, name="stdout"):
    return new_output("stream", name=name, text=text)


def result(text, number):
    return new_output("execute_result", {"text/plain": text}, execution_count=number)


def error(name, *frames):
    return new_output("error", ename=name, evalue="", traceback=list(frames))


def store(path, *cells):
    path.write_text(canonical(new_notebook(cells=list(cells))), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    path = tmp_path_factory.mktemp("executed") / "sample.ipynb"
    sources = ["print(1 / 8)", "1 + 1", FIGURE, "import initlib.data", "1 + 1"]
    cells = [new_markdown_cell("A title."), *map(new_code_cell, sources)]
    nbformat.write(new_notebook(cells=cells), path)
    assert execute(path) == []
    return path


def test_there_are_notebooks():
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_chapter_is_ready_to_publish(path):
    assert check(path) == []


def test_second_execution_changes_no_byte(executed):
    first = executed.read_bytes()
    assert execute(executed) == []
    assert executed.read_bytes() == first


def test_canonical_form_of_itself_is_itself(executed):
    text = executed.read_text(encoding="utf-8")
    assert canonical(nbformat.reads(text, as_version=4)) == text
    assert text.endswith("}\n")


def test_canonical_form_forgets_machine_and_time(executed):
    notebook = nbformat.read(executed, as_version=4)
    notebook.metadata.language_info.version = "3.11.7"
    notebook.cells[1].metadata["execution"] = {"iopub.execute_input": "2026-01-01"}
    notebook.cells[1].id = "random"
    assert canonical(notebook) == executed.read_text(encoding="utf-8")


def test_repeated_cells_have_distinct_ids(executed):
    ids = [cell.id for cell in nbformat.read(executed, as_version=4).cells]
    assert len(set(ids)) == len(ids)


def test_widget_models_are_numbered_in_order_of_creation():
    def notebook(*models):
        state = {model: {"state": {"layout": f"IPY_MODEL_{model}"}} for model in models}
        widgets = {"application/vnd.jupyter.widget-state+json": {"state": state}}
        return new_notebook(metadata={"widgets": widgets})

    text = canonical(notebook("f" * 32, "a" * 32))
    assert text == canonical(notebook("3" * 32, "7" * 32))
    assert "IPY_MODEL_" + "2".zfill(32) in text
    assert canonical(nbformat.reads(text, as_version=4)) == text


@pytest.mark.parametrize(
    ("faulty", "complaint"),
    [
        (cell("x = 1", None), "not executed"),
        (cell("x = 1", 2), "not in order"),
        (cell("1", 1, result("1", 3)), "not in order"),
        (cell("1 / 0", 1, error("ZeroDivisionError")), "ends in ZeroDivisionError"),
        (cell("warn()", 1, printed("x.py:1: UserWarning", "stderr")), "stderr"),
        (cell("\n".join(["x = 1"] * 16), 1), "16 lines"),
        (cell("x = " + "1" * 85, 1), "89 columns"),
        (cell("# NBVAL_IGNORE_OUTPUT\nprint(2)", 1), "hidden"),
        (cell("plt.plot(x);", 1), "plt.show()"),
        (cell("!ls", 1), "plain Python"),
        (cell("%matplotlib inline", 1), "plain Python"),
    ],
)
def test_faulty_cell_is_refused(tmp_path, faulty, complaint):
    (found,) = check(store(tmp_path / "faulty.ipynb", faulty))
    assert complaint in found


def test_largest_allowed_cell_is_accepted(tmp_path):
    source = "\n".join(["x = " + "1" * 84] * 15)
    assert check(store(tmp_path / "large.ipynb", cell(source, 1))) == []


def test_expected_exception_is_accepted_and_names_no_file(tmp_path):
    raising = cell("raise E", 1, error("E", "File /home/me/x.py"))
    raising.metadata.tags = ["raises-exception"]
    path = store(tmp_path / "raising.ipynb", raising)
    assert check(path) == []
    assert "/home/me" not in path.read_text(encoding="utf-8")


def test_failing_notebook_is_not_stored(tmp_path):
    path = store(tmp_path / "failing.ipynb", cell("1 / 0", 1))
    before = path.read_bytes()
    (complaint,) = execute(path)
    assert "ZeroDivisionError" in complaint
    assert path.read_bytes() == before


def test_figure_that_cannot_be_drawn_is_not_stored(tmp_path):
    """Such an error is shown and stops no cell."""
    source = FIGURE.replace("plt.plot([0, 1])", "plt.xlabel('$\\\\no$')")
    path = store(tmp_path / "undrawn.ipynb", cell(source, 1))
    before = path.read_bytes()
    (complaint,) = execute(path)
    assert "ends in ValueError" in complaint
    assert path.read_bytes() == before


def test_another_seed_is_tried_and_not_stored(tmp_path):
    path = store(tmp_path / "seeded.ipynb", cell("SEED = 0\nassert SEED < 8", 1))
    before = path.read_bytes()
    assert reseed(path, seed=7) == []
    (complaint,) = reseed(path, seed=8)
    assert "AssertionError" in complaint
    assert path.read_bytes() == before


def test_all_that_fails_with_another_seed_is_told(tmp_path):
    cells = [cell("SEED = 0", 1), cell("assert SEED < 8", 2), cell("1 / (SEED - 8)", 3)]
    first, second = reseed(store(tmp_path / "seeded.ipynb", *cells), seed=8)
    assert "AssertionError" in first
    assert "ZeroDivisionError" in second


def test_notebook_without_a_seed_cannot_be_tried_with_another(tmp_path):
    (complaint,) = reseed(store(tmp_path / "fixed.ipynb", cell("x = 0", 1)), seed=7)
    assert "SEED" in complaint


def test_notebook_that_is_not_canonical_is_refused(tmp_path):
    path = store(tmp_path / "rough.ipynb", cell("x = 1", 1))
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    (complaint,) = check(path)
    assert "canonical" in complaint


def test_command_line_fails_on_a_faulty_notebook(tmp_path):
    good = store(tmp_path / "good.ipynb", cell("x = 1", 1))
    faulty = store(tmp_path / "faulty.ipynb", cell("x = 1", None))
    command = [sys.executable, "-m", "tools.notebooks", "--check"]
    assert subprocess.run([*command, good], check=False).returncode == 0
    assert subprocess.run([*command, good, faulty], check=False).returncode == 1


PROCESSOR = """
import numpy, threadpoolctl
print(*numpy.show_config(mode="dicts")["SIMD Extensions"]["found"], end=" ")
print(*(pool["architecture"] for pool in threadpoolctl.threadpool_info()))
"""


def test_a_newer_processor_stores_as_the_reference():
    environment = {**os.environ, **reference()}
    command = [sys.executable, "-c", PROCESSOR]
    found = subprocess.check_output(command, env=environment, text=True).split()
    assert found == ["X86_V3", "Haswell"] or reference() == {}
