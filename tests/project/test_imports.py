"""No module needs itself, by however many others: imports run downward only."""

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tools.paths import ROOT

PACKAGES = ("initlib", "assignments", "tools")


def modules(root: Path, packages: tuple[str, ...]) -> dict[str, Path]:
    """Return the path of each module by its full name."""
    found = {}
    for path in (file for name in packages for file in (root / name).rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def needed(name: str, path: Path, known: dict[str, Path]) -> set[str]:
    """Return the modules that a module imports, also inside of its functions."""
    found = set()
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) + 1 - node.level]
            start = ".".join([*above, *filter(None, [node.module])])
            start = start if node.level else node.module
            for alias in node.names:
                whole = f"{start}.{alias.name}"
                found.add(whole if whole in known else start)
    return found & known.keys()


def graph(root: Path, packages: tuple[str, ...]) -> dict[str, set[str]]:
    """Return what each module needs."""
    known = modules(root, packages)
    return {name: needed(name, path, known) for name, path in known.items()}


def circle(arrows: dict[str, set[str]]) -> list[str]:
    """Return the modules of a circle, or nothing."""
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def test_there_is_no_circle():
    arrows = graph(ROOT, PACKAGES)
    assert sum(map(len, arrows.values())) > 100
    assert circle(arrows) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("import tools.b", "import tools.a"),
        ("from tools import b", "def late():\n    from tools.a import f"),
        ("from . import b", "from .a import f"),
    ],
)
def test_a_circle_is_noticed(tmp_path, first, second):
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools/a.py").write_text(first)
    (tmp_path / "tools/b.py").write_text(second)
    assert {*circle(graph(tmp_path, ("tools",)))} == {"tools.a", "tools.b"}
    (tmp_path / "tools/b.py").write_text("import json")
    assert circle(graph(tmp_path, ("tools",))) == []
