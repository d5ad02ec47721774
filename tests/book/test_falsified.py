"""A book with one thing falsified does not pass."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from tools.paths import CHAPTERS, ROOT


@pytest.mark.parametrize("scale", ["2.0", "2.1"])
def test_another_he_fails_the_tests_of_initlib(scale, tmp_path):
    """He's 2, and 2.1 in its place, in a copy of initlib under its own tests."""
    shutil.copytree(ROOT / "initlib", tmp_path / "initlib")
    source = tmp_path / "initlib" / "initializers.py"
    text = source.read_text("utf-8")
    assert text.count("scale=2.0") == 2
    source.write_text(text.replace("scale=2.0", f"scale={scale}"), "utf-8")
    shutil.copy(ROOT / "tests" / "initlib" / "test_initializers.py", tmp_path)
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path)
    shutil.copytree(ROOT / "tools", tmp_path / "tools")
    options = ["-q", "-p", "no:cacheprovider", "-k", "he_normal or he_uniform"]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "test_initializers.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == (scale != "2.0"), run.stdout


def first_cells(path: Path, wanted: int) -> NotebookNode:
    """Copy a chapter up to the first code cell that prints a decimal number."""
    notebook = nbformat.read(path, as_version=4)
    for i, cell in enumerate(notebook.cells):
        prints = [out for out in cell.get("outputs", []) if out.output_type == "stream"]
        if any(re.search(r"\d\.\d", out.text) for out in prints):
            wanted -= 1
        if not wanted:
            notebook.cells = notebook.cells[: i + 1]
            notebook.metadata.pop("widgets", None)
            return notebook
    raise AssertionError(f"{path} prints no decimal number")


@pytest.mark.parametrize("falsify", [False, True])
def test_a_changed_digit_in_a_chapter_fails_nbval(falsify, tmp_path):
    notebook = first_cells(CHAPTERS[0], 1)
    if falsify:
        output = notebook.cells[-1].outputs[0]
        output.text = re.sub(
            r"\.(\d)", lambda m: f".{(int(m[1]) + 1) % 10}", output.text, count=1
        )
    nbformat.write(notebook, tmp_path / "chapter.ipynb")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "-q",
         "-p", "tools.nbval_everything", "chapter.ipynb"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert run.returncode == falsify, run.stdout
