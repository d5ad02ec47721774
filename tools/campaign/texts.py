"""Changes of what the book says: numbers in sentences, equations, verdicts."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import takewhile
from random import Random

from tests.book import test_statements as statements
from tests.book.equations.latex import equations
from tests.book.equations.mutants import mutants as changed_equations
from tests.book.equations.twins import notices as objected
from tools.campaign.report import Trial
from tools.prose import mutants, noticed
from tools.prose.rule import chapters_and_pages

DECIMALS = {"decimal", "percent"}


def numbers(rng: Random, most: int, *, decimal: bool, claims: bool) -> Iterator[Trial]:
    """Change numbers in sentences: decimal or whole, of claims or of other texts."""
    found = [
        mutant
        for path in chapters_and_pages()
        for mutant in mutants(path, seed=rng.randrange(10**6))
        if (mutant.kind in DECIMALS) == decimal or claims
        if (mutant.place.kind == "claim") == claims
    ]
    for mutant in rng.sample(found, min(most, len(found))):
        place = mutant.place
        where = f"{place.path.name}, cell {place.cell}, {place.kind}"
        change = f"{mutant.number.text} -> {mutant.said}"
        yield Trial(where, change, noticed(mutant))


def parts_of_equations(rng: Random, most: int, *, part: str) -> Iterator[Trial]:
    """Change one fraction, or one exponent, of an equation that has a label."""
    found = [
        (equation, changed)
        for equation in equations()
        if equation.label
        for changed_part, changed in changed_equations(equation.source)
        if changed_part == part
    ]
    for equation, changed in rng.sample(found, min(most, len(found))):
        caught = objected(replace(equation, source=changed))
        yield Trial(equation.label, difference(equation.source, changed), caught)


def difference(old: str, new: str) -> str:
    """Show where two texts differ, without what they share at both ends."""
    start = length_in_common(old, new)
    end = length_in_common(old[:start:-1], new[:start:-1])
    shown = [text[max(0, start - 10) : len(text) - end] for text in (old, new)]
    return " -> ".join(shown)


def length_in_common(old: str, new: str) -> int:
    """Count the letters with which two texts begin alike."""
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False))
    return len(list(alike))


def verdicts(rng: Random, most: int) -> Iterator[Trial]:
    """Turn the verdict on a statement round."""
    found = [
        (statement, changed)
        for statement in statements.STATEMENTS
        if statement["id"] in statements.settling()
        for changed in statements.turned(statement)
    ]
    for statement, changed in rng.sample(found, min(most, len(found))):
        change = f"{statement['verdict']} -> {changed['verdict']}"
        yield Trial(statement["id"], change, not statements.follows(changed))
