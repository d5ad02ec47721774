"""The kinds of change that a campaign tries, and the share that must be noticed."""

import io
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from functools import cache, partial
from pathlib import Path
from random import Random

import nbformat
import pytest
from nbformat import NotebookNode

from tools import compare
from tools.campaign import by_hand, code, runner, stored, texts
from tools.campaign.equivalent import is_equivalent
from tools.campaign.report import Kind, Trial
from tools.notebooks import widget_models
from tools.paths import CHAPTERS, ROOT

INITLIB = [str(path.relative_to(ROOT)) for path in sorted(ROOT.glob("initlib/**/*.py"))]
ALL = 10**6
Mutator = Callable[[NotebookNode, Random], stored.Change | None]
Notices = Callable[[NotebookNode, NotebookNode], bool]


def differ(before: NotebookNode, after: NotebookNode) -> bool:
    """Tell whether the comparison of stored outputs notices a change."""
    cells = [
        [cell.get("outputs", []) for cell in notebook.cells]
        for notebook in (before, after)
    ]
    changed = [pair for pair in zip(*cells, strict=True) if pair[0] != pair[1]]
    models = map(widget_models, (before, after))
    return any(
        any(found)
        for found in (
            *(compare.outputs(*pair) for pair in changed),
            compare.states(*models, {}),
        )
    )


def in_notebooks(
    mutate: Mutator, notices: Notices, rng: Random, most: int
) -> Iterator[Trial]:
    """Change what chapters store, and ask whether the comparison notices."""
    holding = [path for path in CHAPTERS if mutate(read(path), Random(0))]
    for _ in range(most if holding else 0):
        path = rng.choice(holding)
        change = mutate(read(path), rng)
        noticed = notices(read(path), change.notebook)
        yield Trial(f"{path.name}: {change.where}", change.change, noticed)


@cache
def read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def of_notebooks(name: str, mutate: Mutator, notices: Notices = differ) -> Kind:
    """Return the kind of change that one mutator makes; all must be noticed."""
    return Kind(name, 1.0, 100, partial(in_notebooks, mutate, notices))


def drawn_falsely(rng: Random, most: int) -> list[Trial]:
    """Ask the tests whether they notice the false pictures that they draw."""
    outcomes = []

    class Outcomes:
        def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
            if report.when == "call":
                where, _, what = report.nodeid.rstrip("]").partition("[")
                outcomes.append(Trial(where, what, report.passed))

    files = [f"{runner.TESTS}/test_{name}_pictures.py" for name in ("live", "stored")]
    tests = [*files, "-k", "false_picture"]
    with redirect_stdout(io.StringIO()):
        pytest.main(["-q", "-p", "no:cacheprovider", *tests], plugins=[Outcomes()])
    return rng.sample(outcomes, min(most, len(outcomes)))


def random_code(rng: Random, most: int) -> list[Trial]:
    """Try random mutants of initlib, without those that compute the same."""
    mutants = code.choose(INITLIB, rng, most)
    return runner.try_all([mutant for mutant in mutants if not is_equivalent(mutant)])


def code_by_hand(rng: Random, most: int) -> list[Trial]:
    """Try the mutants of initlib that a person made, or some of them."""
    mutants = by_hand.mutants()
    return runner.try_all(rng.sample(mutants, min(most, len(mutants))))


numbers = partial(partial, texts.numbers)
equations = partial(partial, texts.parts_of_equations)
KINDS = [
    *(of_notebooks(*mutator) for mutator in stored.MUTATORS.items()),
    Kind("false pictures, by hand", 1.0, ALL, drawn_falsely),
    Kind("decimals and percentages", 0.95, ALL, numbers(decimal=True, claims=False)),
    Kind("integers and words", 0.8, 1000, numbers(decimal=False, claims=False)),
    Kind("numbers in claims", 0.95, 1000, numbers(decimal=False, claims=True)),
    Kind("fractions in equations", 0.95, ALL, equations(part="fractions")),
    Kind("exponents in equations", 0.95, ALL, equations(part="exponents")),
    Kind("verdicts", 1.0, ALL, texts.verdicts),
    Kind("initlib, at random", 0.95, 137, random_code),
    Kind("initlib, by hand", 0.95, ALL, code_by_hand),
]
