"""On Colab, and only there, a notebook installs the library first."""

import subprocess
import sys
import tomllib
from types import SimpleNamespace

import nbformat
import pytest

from tools.colab import INSTALL, TAG, add_install_cell, first_code_cell, set_address
from tools.paths import ROOT
from tools.sphinxext.runhere import PACKED

ADDRESS = "https://github.com/some-one/course"


@pytest.fixture
def commands(monkeypatch):
    seen = []
    monkeypatch.setattr(subprocess, "run", lambda command, **_: seen.append(command))
    return seen


def notebook():
    new = nbformat.v4.new_notebook()
    new.cells = [nbformat.v4.new_markdown_cell("# Title")]
    new.cells += [nbformat.v4.new_code_cell("import initlib")]
    return new


def test_elsewhere_nothing_is_installed(commands):
    exec(INSTALL.format(address=ADDRESS), {})
    assert commands == []


def test_colab_installs_the_library_and_shows_widgets(commands, monkeypatch):
    enabled = []
    output = SimpleNamespace(enable_custom_widget_manager=lambda: enabled.append(True))
    colab = SimpleNamespace(output=output)
    monkeypatch.setitem(sys.modules, "google.colab", colab)
    exec(INSTALL.format(address=ADDRESS), {})
    (command,) = commands
    assert command[:4] == [sys.executable, "-m", "pip", "install"]
    assert command[-1] == f"initlib[live] @ git+{ADDRESS}"
    assert enabled == [True]


def test_cell_stands_before_the_first_that_runs_and_stays_off_the_page():
    new = notebook()
    add_install_cell(new, ADDRESS)
    assert [cell.cell_type for cell in new.cells] == ["markdown", "code", "code"]
    assert first_code_cell(new).metadata.tags == [TAG]
    set_address(new, "https://github.com/another/one")
    assert "another/one" in first_code_cell(new).source
    assert ADDRESS not in first_code_cell(new).source


def test_address_is_not_written_over_another_cell():
    with pytest.raises(ValueError, match="installs nothing:\nimport initlib"):
        set_address(notebook(), ADDRESS)


def left_behind(packaged: dict[str, list[str]]) -> set[str]:
    """Return the files of the library that `pip install` would not copy."""
    files = {p for p in (ROOT / "initlib").rglob("*") if p.suffix in PACKED}
    kept = {
        path
        for package, patterns in packaged.items()
        for pattern in patterns
        for path in ROOT.joinpath(*package.split(".")).glob(pattern)
    }
    return {path.name for path in files - kept if path.suffix != ".py"}


def test_what_the_library_reads_is_installed_with_it():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    packaged = project["tool"]["setuptools"]["package-data"]
    assert left_behind(packaged) == set()
    assert left_behind(packaged | {"initlib": []}) == {"audited.csv"}
