"""The kinds of change that a campaign tries, and the share that must be noticed."""

from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from random import Random

import nbformat
from nbformat import NotebookNode

from tools.campaign import by_hand, code, runner
from tools.campaign.equivalent import is_equivalent
from tools.campaign.report import Kind, Trial
from tools.campaign.stored import Change
from tools.paths import CHAPTERS, ROOT

INITLIB = [str(path.relative_to(ROOT)) for path in sorted(ROOT.glob("initlib/**/*.py"))]
Mutator = Callable[[NotebookNode, Random], Change | None]
Notices = Callable[[NotebookNode, NotebookNode], bool]


def random_code(rng: Random, most: int) -> list[Trial]:
    """Try random mutants of initlib, without those that compute the same."""
    mutants = code.choose(INITLIB, rng, most)
    return runner.try_all([mutant for mutant in mutants if not is_equivalent(mutant)])


def code_by_hand(rng: Random, most: int) -> list[Trial]:
    """Try the mutants of initlib that a person made, or some of them."""
    mutants = by_hand.mutants()
    return runner.try_all(rng.sample(mutants, min(most, len(mutants))))


def stored(
    mutate: Mutator, notices: Notices, rng: Random, most: int
) -> Iterator[Trial]:
    """Change what chapters store, and ask whether the comparison notices."""
    holding = [path for path in CHAPTERS if mutate(read(path), Random(0))]
    for _ in range(most if holding else 0):
        path = rng.choice(holding)
        change = mutate(read(path), rng)
        noticed = notices(read(path), change.notebook)
        yield Trial(f"{path.name}: {change.where}", change.change, noticed)


def of_stored(name: str, mutate: Mutator, notices: Notices) -> Kind:
    """Return the kind of change that one mutator makes; all must be noticed."""
    return Kind(name, aim=1.0, most=100, trials=partial(stored, mutate, notices))


@cache
def read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


KINDS = [
    Kind("initlib, at random", 0.95, most=137, trials=random_code),
    Kind("initlib, by hand", 0.95, most=1000, trials=code_by_hand),
]
