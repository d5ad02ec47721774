"""Spoil submissions by the attacks in `hostile`, and say what they gained or lost."""

import importlib
import pkgutil

from nbformat import NotebookNode

from assignments import hostile, release
from assignments.masters import Master


def names() -> list[str]:
    """Return the names of all attacks."""
    return sorted(module.name for module in pkgutil.iter_modules(hostile.__path__))


def honest_part(master: Master) -> dict[str, str]:
    """Return the solutions that are right in a submission before it is spoiled.

    It is the first half, because later ones may need earlier ones.
    """
    solutions = list(master.solutions.items())
    return dict(solutions[: (len(solutions) + 1) // 2])


def spoiled(master: Master, name: str) -> NotebookNode:
    """Return the partly right submission after an attack on it."""
    honest = honest_part(master)
    notebook = release.fill_in(master, honest)
    return module(name).spoil(notebook, set(honest))


def module(name: str):
    """Return the module of an attack."""
    return importlib.import_module(f"{hostile.__name__}.{name}")


def problems(name: str, honest: dict, earned: dict) -> list[str]:
    """Return how the marks of a spoiled submission differ from those it should have.

    Parameters
    ----------
    name : str
        Of the attack.
    honest, earned : dict
        The marks of the partly right submission, and of the spoiled one.
    """
    at_most = getattr(module(name), "EXPECTED", "") == "at most"
    return [
        f"{test} earns {earned[test].points:g}, not {mark.points:g}"
        for test, mark in honest.items()
        if earned[test].points > mark.points
        or (earned[test].points < mark.points and not at_most)
    ]
