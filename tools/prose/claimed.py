"""Hold claims against their own numbers: does the sentence say what was measured.

    from tools.prose.claimed import admitted, unfounded

    unfounded(claim)  # numbers of its sentence that are none of the claim's
    admitted(claim)  # the double or half of the measurement, where it would pass too

A claim is what a notebook stores of it, with bound, rival and measurement in numbers.
A number may also be a setting: so many layers, units or steps, a rate, a threshold.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from tools.prose.numbers import COUNTS, PARTS, Number, numbers_in
from tools.prose.places import Place
from tools.prose.rule import HOLE, Fact, facts_of, stands_in

COUNTED = {  # settings are so many of these, or the one of this number
    "activation", "batch", "block", "branch", "channel", "class", "condition", "copy",
    "depth", "digit", "dimension", "epoch", "exercise", "head", "hidden", "image",
    "initialization", "input", "layer", "matrix", "network", "neuron", "output", "pair",
    "pixel", "rate", "recipe", "replicate", "run", "sample", "seed", "step", "student",
    "unit", "weight", "width",
}  # fmt: skip
CHOSEN = re.compile(  # what is set stands behind one of these words
    r"\b(deviation|std|penalty|rates?|gains?|slope|degree|noise|seed|width|fan_in|scale|starts?"
    r"|reach(es|ed)?|trains? to|classif(y|ies)|[\w∙]+ =|powers?)( of| at| about)* ?$"
)
COMPARED = re.compile(  # with a bound, not with what was measured
    r"\b((less|more|fewer|greater|larger|smaller|higher|lower|longer) than"
    r"|at (least|most)|above|below|over|under|within|up to) (an? )?$"
)
LUCK = re.compile(
    r" ± [\d.]+(?!\d|\.|\))| in (both|all \d+|\d+ of \d+) replicates"
    r"| \(\d+ replicates\)"
)
THEORY = re.compile(r"[\d.\s−+·/()√π²]*= ?\.?\d")  # goes on to what it comes to
FORMULA = re.compile(r"(?:(\d+)\s?/\s?)?√(\d+)(?!\w|\(|\.\d)|\bln (\d+)")
LETTERS = re.compile(r"[^\W\d_]")
GLUE = re.compile(r"[ -]|\sin\s")


def unfounded(claim: dict) -> list[str]:
    """Return the numbers of a claim's sentence that are neither its own nor settings.

    Parameters
    ----------
    claim : dict
        As `initlib.claims.read_claims` returns it.
    """
    bound, found = list(own(claim)), []
    measured = list(numbers_in(LUCK.sub("", claim["measured"])))
    for noun, number in sizes(claim["statement"]):
        compared = COMPARED.search(claim["statement"][: number.start])
        known = bound if compared else bound + measured
        if not any(stands_in(known, noun, said) for said in readings(number)):
            found.append(number.text)
    return found


def readings(number: Number) -> Iterator[Number]:
    """Return a number, and of a part what is longer or shorter by it."""
    yield number
    if number.kind == "fraction":  # 4/3 is 1.333
        yield replace(number, kind="decimal", step=Fraction(1, 1000))
    if number.text.lower() in PARTS:
        for other in (1 + number.value, 1 - number.value):
            yield replace(number, value=other, kind="decimal", step=Fraction(1, 1000))


def own(claim: dict) -> Iterator[Number]:
    """Return the numbers of bound and rival; above 3.5 is at least 4."""
    low, high = (claim["numbers"][side] for side in ("low", "high"))
    if low is not None and high is not None:
        yield exact((low + high) / 2)
        if high > low:
            yield exact((high - low) / 2)
    if claim["bound"].startswith(("above", "below")):
        if low is not None:
            yield exact(math.floor(low + 1) if low > 1 and low % 1 == 0.5 else low)
        if high is not None:
            yield exact(math.ceil(high - 1) if high > 1 and high % 1 == 0.5 else high)
    if claim["rival"]:
        yield from numbers_in(LUCK.sub("", claim["rival"]["given"]))


def exact(value: float) -> Number:
    """Return a number as it stands in code, known beyond the digits of any sentence."""
    return Number(
        f"{value:.9g}", 0, "code", Fraction(f"{value:.9g}"), Fraction(1, 10**9)
    )


def sizes(statement: str) -> list[Fact]:
    """Return the numbers of a sentence that are results, each with its noun."""
    place = Place(Path(), 0, "claim", "", statement)
    return [
        (noun, number)
        for noun, number in joined(statement, facts_of(place))
        if not is_setting(statement, noun, number)
    ]


def is_setting(statement: str, noun: str, number: Number) -> bool:
    before, after = statement[: number.start], statement[number.end :]
    if CHOSEN.search(before) or THEORY.match(after):
        return True
    if number.kind in {"integer", "word"} and noun.removesuffix(HOLE) in COUNTED:
        return not after.startswith((" %", " percent", " times"))
    around = re.split(r"\s", before)[-1] + re.split(r"\s", after)[0]
    return bool(set(around) & set("/√·^=±(")) and bool(LETTERS.search(around))


def joined(statement: str, facts: list[Fact]) -> Iterator[Fact]:
    """Make one number of two thirds, of nine in ten, of 1/√2, and of ln 10."""
    inside = set()
    for found in FORMULA.finditer(statement):
        inside.update(range(*found.span()))
        worth = Fraction(value_of(*found.groups()))
        step = Fraction(1, 1000)
        yield HOLE, Number(found[0], found.start(), "decimal", worth, step)
    facts = [fact for fact in facts if fact[1].start not in inside]
    for i, (noun, number) in enumerate(facts):
        if i and (whole := pair(statement, facts[i - 1][1], number)):
            yield noun, whole
        elif not (i + 1 < len(facts) and pair(statement, number, facts[i + 1][1])):
            yield noun, number


def value_of(over: str | None, root: str | None, log: str | None) -> float:
    if log:
        return math.log(int(log))
    return int(over) / math.sqrt(int(root)) if over else math.sqrt(int(root))


def pair(statement: str, first: Number, second: Number) -> Number | None:
    """Return two thirds or nine in ten as one number, if they are two words of it."""
    glue = statement[first.end : second.start]
    if first.text.lower() not in COUNTS or not GLUE.fullmatch(glue):
        return None
    text = statement[first.start : second.end]
    if second.text.lower() in PARTS and "in" not in glue:
        return Number(text, first.start, "fraction", first.value * second.value)
    if second.text.lower() in COUNTS and "in" in glue:
        return Number(text, first.start, "fraction", first.value / second.value)
    return None


def admitted(claim: dict) -> list[float]:
    """Return the double and the half of what was measured that the bound would admit.

    Of a bound on one side only the one that goes against it counts, and zero bounds
    nothing that is positive; of zero and of a truth value there is none.
    """
    told = claim["numbers"]
    value, low, high = (told[name] for name in ("value", "low", "high"))
    if isinstance(value, bool) or value == 0:
        return []
    low, high = (side or None for side in (low, high))
    wrong = {2 * value, value / 2}
    if low is None or high is None:
        wrong = {max(wrong)} if low is None else {min(wrong)}
    if low is high is None:  # only the sign was claimed
        return []
    least = -math.inf if low is None else low
    most = math.inf if high is None else high
    return sorted(scaled for scaled in wrong if least < scaled < most)
