"""False numbers, one at a time: what the rule of `tools.prose` has to notice.

    from tools.prose import mutants, noticed

    for mutant in mutants(path, seed=0):  # a chapter (.ipynb) or a page (.md) of book/
        mutant.kind, mutant.place.cell, mutant.place.text, mutant.mutated
        noticed(mutant)

`mutant.place.kind` says where it stands: prose, caption, alt, label (the `alt=` of a
live figure), claim, or page; `mutant.kind` what was changed: decimal, percent, integer,
fraction, word.  `mutated` is the whole text of the place, changed.
"""

import random
import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from tools.prose.numbers import COUNTS, PARTS, TIMES, WORDS, Number
from tools.prose.places import Place, places
from tools.prose.rule import amiss, facts_of

DIGITS = "123456789"
KINDS = {"scientific": "decimal", "power": "decimal"}


@dataclass(frozen=True)
class Mutant:
    """A text of the book with one number changed."""

    place: Place
    kind: str
    change: str  # digit, other, or neighbour
    number: Number
    said: str

    @property
    def mutated(self) -> str:
        text, number = self.place.text, self.number
        return text[: number.start] + self.said + text[number.end :]


def mutants(path: Path, seed: int = 0) -> list[Mutant]:
    """Change every number of a chapter or page, one at a time, in up to three ways."""
    rng = random.Random(f"{seed} {path.name}")
    found = []
    for place in places(path):
        for _, number in facts_of(place):
            for change, said in changes(number, others(path), rng):
                kind = KINDS.get(number.kind, number.kind)
                found.append(Mutant(place, kind, change, number, said))
    return found


def noticed(mutant: Mutant) -> bool:
    """Tell whether the mutated text and the rest of its section break the rule."""
    place = mutant.place
    others = [text for text in neighbours(place.path, place.section) if text != place]
    changed = replace(place, text=mutant.mutated)
    return bool(amiss(place.path.stem, place.section, [*others, changed]))


@cache
def neighbours(path: Path, section: str) -> list[Place]:
    return [place for place in places(path) if place.section == section]


@cache
def others(path: Path) -> list[Number]:
    """Return all numbers of a chapter or page, as plausible wrong ones."""
    return [number for place in places(path) for _, number in facts_of(place)]


def changes(
    number: Number, pool: list[Number], rng: random.Random
) -> list[tuple[str, str]]:
    """Return a digit changed, a neighbouring number, and another one of the chapter."""
    ways = {}
    if number.text.lower() in WORDS or number.text.lower() == "one":
        ways["neighbour"] = neighbour_word(number.text.lower())
    elif number.kind == "integer":
        value = int(number.value)
        ways["neighbour"] = str(value + (1 if value < 2 else rng.choice([-1, 1])))
    if re.search(r"\d", number.text) and not (number.kind == "integer" and value < 10):
        ways["digit"] = digit_changed(number.text, rng)
    if same := [other.text for other in pool if may_replace(other, number)]:
        ways["other"] = rng.choice(same)
    return [(way, said) for way, said in ways.items() if said != number.text]


def may_replace(other: Number, number: Number) -> bool:
    if other.kind != number.kind or other.value == number.value:
        return False
    return number.kind != "word" or group(other.text) is group(number.text)


def group(word: str) -> dict:
    word = word.lower()
    return next(words for words in (COUNTS, TIMES, PARTS) if word in words)


def neighbour_word(word: str) -> str:
    if word in TIMES:
        return "three times"
    words = group(word) if word != "one" else COUNTS
    value = WORDS.get(word, 1)
    others = [other for other in words if words[other] != value]
    return min(others, key=lambda other: abs(words[other] - value))


def digit_changed(text: str, rng: random.Random) -> str:
    places = [m.start() for m in re.finditer(r"\d", text)]
    if len(places) > 1 and text[places[0]] == "0":
        places = places[1:]
    i = rng.choice(places)
    digit = rng.choice([d for d in DIGITS if d != text[i]])
    return text[:i] + digit + text[i + 1 :]
