"""What a sandbox lends of the libraries, where an assignment asks to write the rest.

A module of `initlib` that a master takes away is not in the sandbox at all, neither to
be called nor to be read.  In its place lies one that knows the names alone, so that
what imports them still runs.  Folders of other libraries are covered by empty ones.
"""

import ast
import importlib.util
from collections.abc import Iterable, Iterator
from pathlib import Path

LIBRARY = "initlib"
FRAMEWORKS = (  # they can do every task, and need none to be done
    *("torch", "tensorflow", "keras", "jax", "flax", "haiku", "autograd", "lasagne"),
)
STAND_IN = '''"""Taken away in this assignment: its names, and nothing behind them."""

from assignments.inside.taken_away import TakenAway

'''


def stand_ins(taken: Iterable[str]) -> dict[Path, str]:
    """Return the text that lies in the place of each module of `initlib` taken away."""
    names = [name for name in taken if name.partition(".")[0] == LIBRARY]
    paths = [Path(importlib.util.find_spec(name).origin) for name in names]
    return {path: stand_in(path.stem, path.read_text("utf-8")) for path in paths}


def stand_in(module: str, source: str) -> str:
    """Return a module with the names of another; only plain constants keep values."""
    lines = [
        f"{name} = " + (value or f'TakenAway("{LIBRARY}.{module}.{name}")')
        for statement in ast.parse(source).body
        for name, value in bound(statement)
    ]
    return STAND_IN + "\n".join([*lines, ""])


def bound(statement: ast.stmt) -> Iterator[tuple[str, str]]:
    """Yield the names that a statement binds, each with its value if that is plain."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        yield statement.name, ""
    if isinstance(statement, ast.Assign):
        for target in statement.targets:
            for node in ast.walk(target):
                if isinstance(node, ast.Name):
                    yield node.id, plain(statement.value)


def plain(value: ast.expr) -> str:
    """Return the source of a constant; nothing where it is computed."""
    try:
        return repr(ast.literal_eval(value))
    except ValueError:
        return ""


def covered(taken: Iterable[str], seen: dict[Path, str]) -> list[str]:
    """Return the folders to be covered, as they are called inside.

    Parameters
    ----------
    taken
        Names of modules.  Where there are any, no framework is left.
    seen
        Paths that can be read inside, and where each is mounted.
    """
    others = [name for name in taken if name.partition(".")[0] != LIBRARY]
    packages = {*others, *(FRAMEWORKS if taken else ())}
    return sorted(
        f"{place}/{folder.relative_to(path)}"
        for path, place in seen.items()
        for package in packages
        for folder in path.glob(f"python3*/*-packages/{package.replace('.', '/')}")
    )
