"""The rule: every number of a text is registered, and what is registered is computed.

`book/numbers.yml` is the register: for each section, what its texts count or measure,
with the numbers.  A text may say no number that the register does not hold for this
section and this noun.  What stands there under `runs` is computed beside the text,
under `recalls` elsewhere in the chapter; under `says` stands what a person answers for:
what a text derives, cites, or counts of its own.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import yaml

from tools.paths import CHAPTERS, NOTEBOOKS, ROOT
from tools.prose.evidence import evidence
from tools.prose.numbers import TIMES, WORDS, Number, agrees, numbers_in
from tools.prose.places import INLINE, Place, prose, quoted

REGISTER = ROOT / "book" / "numbers.yml"
NOUNS = {  # what is counted and measured
    "accuracy", "activation", "axis", "bar", "batch", "bias", "block", "branch",
    "channel", "chapter", "class", "column", "condition", "copy", "curve", "cycle",
    "decade", "degree", "depth", "deviation", "digit", "dimension", "dot", "edge",
    "epoch", "exercise", "factor", "fold", "gain", "head", "hidden", "image",
    "initialization", "input", "layer", "line", "loss", "map", "matrix", "mean",
    "minute", "network", "neuron", "number", "order", "output", "pair", "panel",
    "pixel", "place", "point", "power", "prediction", "question", "rate", "recipe",
    "replicate", "rms", "row", "run", "sample", "scale", "seed", "size", "slope",
    "spread", "step", "student", "time", "unit", "value", "variance", "weight", "width",
}  # fmt: skip
PLURALS = {"biases": "bias", "classes": "class", "matrices": "matrix"}
STOP, PAUSE = re.compile(r"[,.;:!?()|=$]"), re.compile(r"[.;:!?()|$]")
MARKUP = re.compile(
    r"\\(?:mathrm|mathbb|text|operatorname|left|right|quad|[td]?frac)\b"
)
SIGNS = {r"\sqrt": "√", r"\cdot": "·", r"\pm": "±", r"\_": "_", "−": "-"}
HOLE = "…"  # where the number stands

Fact = tuple[str, Number]


@cache
def facts_of(place: Place) -> list[Fact]:
    """Return the numbers of a text, each with what it counts or measures."""
    text = prose(quoted(place.text))
    inside = {i: maths for maths in INLINE.finditer(text) for i in range(*maths.span())}
    return [
        (context_of(text, number, inside.get(number.start)), number)
        for number in numbers_in(text)
    ]


def context_of(text: str, number: Number, maths: re.Match | None) -> str:
    before, after = text[: number.start], text[number.end :]
    if maths:
        end = maths.end() - number.end
        return symbols(before[maths.start() :], after[:end])
    line_before, line_after = before.split("\n")[-1], after.split("\n")[0]
    if line_before.endswith(tuple("√/=(·")) or line_after.startswith(tuple("/√·)")):
        return symbols(line_before, line_after)
    near = PAUSE.split(line_before)[-1], STOP.split(line_after)[0]
    return noun_of(number, *near) or noun_of(number, line_before, line_after) or HOLE


def noun_of(number: Number, before: str, after: str) -> str:
    """Return the noun after a number or else, with a hole, the words around it."""
    said = number.text.lower()
    if said in TIMES:
        return "time"
    words = [word for word in map(singular, before.split()) if word][-3:]
    following = [singular(word) for word in after.split()[:3]]
    for word in following:
        if word in NOUNS:
            return word
    for word in reversed(words):
        if word in NOUNS:
            return word + HOLE
    last, first = "".join(words[-1:]), "".join(following[:1])
    if said in WORDS and first:
        return HOLE + first
    return last + HOLE + first if last or first else ""


def symbols(before: str, after: str) -> str:
    """Return the signs around a number in a formula: `√…`, `…/fan_in`, `b=-…`."""
    return "".join(signs(before)[-2:]) + HOLE + "".join(signs(after)[:2])


def signs(formula: str) -> list[str]:
    """Return the signs of a bit of LaTeX without its markup, a name as one sign."""
    for latex, sign in SIGNS.items():
        formula = formula.replace(latex, sign)
    plain = MARKUP.sub(" ", formula)
    return re.findall(r"[A-Za-z_α-ω]+|[^\s\\{}$*\w|,;:.!?]", plain)


def singular(word: str) -> str:
    word = re.sub(r"[^a-zα-ω_]", "", word.lower())
    word = PLURALS.get(word, word)
    return word[:-1] if word.endswith("s") and word[-2:] not in {"ss", "as"} else word


def amiss(name: str, section: str, texts: Iterable[Place]) -> list[str]:
    """Say what the texts of a section and its entry in the register do not share."""
    said = {fact for text in texts for fact in worth(facts_of(text))}
    held = worth(registered(name, section))
    return [
        *(f"not registered: {noun} {value}" for noun, value in sorted(said - held)),
        *(f"not said: {noun} {value}" for noun, value in sorted(held - said)),
    ]


def worth(facts: Iterable[Fact]) -> set[tuple[str, Fraction]]:
    return {(noun, number.value) for noun, number in facts}


@cache
def read_register() -> dict[str, dict[str, dict[str, str]]]:
    return yaml.safe_load(REGISTER.read_text("utf-8"))


def registered(
    name: str, section: str, *, how: str = "runs recalls says"
) -> list[Fact]:
    """Return what is registered for a section of a chapter or page."""
    entry = read_register().get(name, {}).get(section, {})
    return [fact for key in how.split() for fact in parsed(entry.get(key, ""))]


@cache
def parsed(line: str) -> list[Fact]:
    """Read `layer 1 2 10, unit 500` as numbers with their nouns."""
    found = []
    for group in filter(None, line.split(", ")):
        noun, _, values = group.strip().partition(" ")
        found += [(noun, number) for number in numbers_in(values)]
    return found


def is_computed(place: Place, noun: str, number: Number) -> bool:
    """Tell whether a number stands in what is computed around its text.

    What is counted, such as 30 layers, may come from anywhere in the section or its
    neighbours; what is measured or a part of something, from the cells beside the text.
    """
    if place.overview:
        return is_recalled(place, noun, number)
    known = evidence(place.path)
    if number.kind in {"integer", "word"}:
        return stands_in(known.around(place.cell), noun, number)
    return stands_in(known.beside(place.cell), noun, number)


def is_recalled(place: Place, noun: str, number: Number) -> bool:
    """Tell whether a number stands anywhere in the chapter, or for a page in any."""
    chapters = CHAPTERS if place.kind == "page" else [place.path]
    return any(stands_in(evidence(path).all, noun, number) for path in chapters)


def stands_in(known: list[Number], noun: str, number: Number) -> bool:
    said = [number]
    if noun.startswith("point"):  # of accuracy: three points are .03
        said.append(replace(number, value=number.value / 100, step=number.step / 100))
    if number.kind == "percent":  # five percent more are a factor of 1.05
        said += [replace(number, value=1 + sign * number.value) for sign in (1, -1)]
    return any(agrees(each, other) for each in said for other in known)


def chapters_and_pages() -> list[Path]:
    book = ROOT / "book"
    pages = sorted([*book.glob("*.md"), *book.glob("appendix/*.md")])
    return [*NOTEBOOKS, *pages, book / "appendix" / "statements.yml"]


def by_section(places: list[Place]) -> Iterator[tuple[str, list[Place]]]:
    """Group the texts of a chapter by their sections, in order."""
    for name in dict.fromkeys(place.section for place in places):
        yield name, [place for place in places if place.section == name]
