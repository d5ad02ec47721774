"""Released notebooks: the same bytes each time, and nothing in them to copy from."""

import tomllib
from pathlib import Path

import nbformat
import pytest
from setuptools import find_packages

from assignments import masters, release
from tests.assignments.toy import MODEL, SOLVED, cell, cells, demo, store
from tools.notebooks import canonical
from tools.paths import ROOT


def test_student_version_keeps_what_students_need(tmp_path):
    master = demo(tmp_path)
    notebook = release.student(master)
    assert len(notebook.cells) == len(master.cells)
    sources = [cell.source for cell in notebook.cells]
    assert sources[3] == (
        "def double(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
    )
    assert sources[4] == 'assert double(2) == 4, "double(2) should be 4"'
    assert sources[9] == "YOUR ANSWER HERE"
    assert notebook.cells[1].metadata.tags == ["setup"]
    assert notebook.cells[4].metadata.nbgrader.points == 3
    locked = [cell.metadata.get("editable") is False for cell in notebook.cells]
    assert [number for number, is_locked in enumerate(locked) if is_locked] == [
        *(1, 4, 6, 7)
    ]
    assert "BEGIN SOLUTION" in master.notebook.cells[3].source  # not changed itself


def test_fill_in_takes_solutions_and_leaves_the_rest_as_released(tmp_path):
    master = demo(tmp_path)
    notebook = release.fill_in(master, {"double": "def double(x):\n    return 2 * x"})
    sources = [cell.source for cell in notebook.cells]
    assert sources[3] == "def double(x):\n    return 2 * x"
    assert "raise NotImplementedError" in sources[5]
    assert "HIDDEN" not in "".join(sources)
    assert "YOUR ANSWER HERE" in sources[9]
    assert master.notebook.cells[3].source == SOLVED


@pytest.mark.parametrize("name", ["test-double", "nothing"])
def test_fill_in_refuses_what_is_no_solution_cell(tmp_path, name):
    with pytest.raises(KeyError, match=f"d1-doubling has no solution cell {name}"):
        release.fill_in(demo(tmp_path), {name: "x = 1"})


def test_release_writes_the_notebook_in_canonical_form_and_the_data(tmp_path):
    (tmp_path / "d1-data.npz").write_bytes(b"data")
    paths = release.release(demo(tmp_path), tmp_path / "out")
    assert [path.name for path in paths] == ["d1-doubling.ipynb", "d1-data.npz"]
    assert paths[1].read_bytes() == b"data"
    text = paths[0].read_text(encoding="utf-8")
    assert text == canonical(nbformat.reads(text, as_version=4))


def test_release_forgets_what_a_master_may_carry(tmp_path):
    content = cells()
    path = store(tmp_path, content)
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata["author"] = "return x + x"
    notebook.cells[3].metadata["note"] = "return x + x"
    nbformat.write(notebook, path)
    [released] = release.release(masters.read(path), tmp_path / "out")
    assert "return x + x" not in released.read_text(encoding="utf-8")


def test_what_a_master_says_itself_is_no_secret(tmp_path):
    content = cells()
    content[0].source += "\nHidden: assert double(-17.5)  == -35.0."
    master = masters.read(store(tmp_path, content))
    assert release.secrets(master) == [MODEL, "level = LEVEL + 1"]


def test_release_refuses_to_give_a_secret_away(tmp_path, monkeypatch):
    monkeypatch.setattr(release, "STEPS", release.STEPS[:-1])  # hidden tests stay
    with pytest.raises(ValueError, match=r"gives away: assert double\(-17"):
        release.release(demo(tmp_path), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_secrets_are_the_telling_lines_of_solutions_and_hidden_tests(tmp_path):
    long = cell(
        "solution",
        "def f(x):\n    ### BEGIN SOLUTION\n    y = x\n    return sum(range(x)) + y\n"
        "    ### END SOLUTION",
        "f",
    )
    found = release.secrets(masters.read(store(tmp_path, [*cells(), long])))
    assert found == [
        MODEL,
        "assert double(-17.5) == -35.0",
        "level = LEVEL + 1",
        "return sum(range(x)) + y",
    ]


def test_leaks_are_found_through_json_and_html(tmp_path):
    content = [*cells(), cell("manual", 'a <b> "quoted" & more text', "quoted", 1)]
    content[-1].cell_type = "markdown"
    del content[-1]["outputs"], content[-1]["execution_count"]
    master = masters.read(store(tmp_path, content))
    line = 'a <b> "quoted" & more text'
    assert release.leaks(master, ['["a <b> \\"quoted\\" & more text\\n"]']) == [line]
    page = "<p>a &lt;b&gt; <em>&quot;quoted&quot;</em> &amp; more text</p>"
    assert release.leaks(master, [release.text_of_page(page)]) == [line]
    assert release.leaks(master, [page], public=[line]) == []


def test_installed_library_has_no_assignments():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    include = project["tool"]["setuptools"]["packages"]["find"]["include"]
    packages = find_packages(str(ROOT), include=include)
    assert "initlib" in packages
    assert [name for name in packages if not name.startswith("initlib")] == []


def course() -> list[Path]:
    """Return what teaches, and so may have a line that a solution has too."""
    return [*ROOT.glob("book/chapters/*.ipynb"), *ROOT.glob("initlib/**/*.py")]


def told(texts: list[str]) -> list[str]:
    """Return the secret lines of all masters that stand in these texts."""
    everything = [release.squeeze("\n".join(texts))]
    found = map(masters.read, masters.paths())
    lines = [line for one in found for line in release.leaks(one, everything)]
    public = "\n".join(file.read_text(encoding="utf-8") for file in course())
    known = release.squeeze(public)
    return [line for line in lines if release.squeeze(line) not in known]


def test_every_master_has_secrets():
    for path in masters.paths():
        assert len(release.secrets(masters.read(path))) > 20


def test_sources_of_the_book_give_nothing_away():
    files = [*ROOT.glob("*.md"), *ROOT.glob("book/**/*")]
    kinds = (".ipynb", ".md", ".yml", ".bib")
    files = [file for file in files if file.suffix in kinds and file not in course()]
    assert any(file.parent.name == "assignments" for file in files)
    assert told([file.read_text(encoding="utf-8") for file in files]) == []


def test_built_site_gives_nothing_away(site):
    pages = [file.read_text(encoding="utf-8") for file in site.rglob("*.html")]
    others = [
        site / "_static" / "search" / "sections.js",
        *(site / "_sources").rglob("*"),
    ]
    sources = [file.read_text(encoding="utf-8") for file in others if file.is_file()]
    assert len(pages) > 10
    assert len(sources) > 10
    assert told([*map(release.text_of_page, pages), *sources]) == []
    names = [file.relative_to(site).as_posix() for file in site.rglob("*")]
    assert [name for name in names if "assignments/masters" in name] == []
