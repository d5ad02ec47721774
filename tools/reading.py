"""Measure how the chapters read: length, code, first picture, what is cut.

    python -m tools.reading [SITE]

A chapter is seen as most readers see it, its code folded and no answer open.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.browser import find_chromium, launch, serve
from tools.paths import CHAPTERS, ROOT
from tools.visitor import Visitor

SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
TALLEST = 20_000  # pixels at a width of 1280
MOST_CODE = 0.15  # of the height
FIRST_PICTURE = 1800  # pixels: two screens
LAST_LIVE = 0.75  # of the height: below it come exercises and questions
ABOUT_IT = 60  # words in the section of a live figure
WORDS_A_MINUTE = 100  # of a text that one studies, formulas and figures included
MINUTES = 25, 40
TOLERANCE = 0.1


@dataclass(frozen=True)
class Rule:
    """What a chapter breaks: the fault in words, and whether it is there."""

    fault: str
    broken: bool


def measure(visitor: Visitor, name: str) -> dict:
    """Return what a page looks like to the reader who opened it."""
    visitor.open(name).read()
    return visitor.page.evaluate(SCRIPT)


def minutes(seen: dict) -> float:
    return seen["words"] / WORDS_A_MINUTE


def faults(seen: dict) -> list[str]:
    """Say which rules a chapter breaks at a width of 1280."""
    rules = [*length(seen), *pictures(seen), *time(seen)]
    return [rule.fault for rule in rules if rule.broken] + hidden(seen, signs=False)


def length(seen: dict) -> Iterator[Rule]:
    height, code = seen["height"], seen["code"]
    yield Rule(f"{height} pixels high, at most {TALLEST}", height > TALLEST)
    yield Rule(f"{code:.0%} code, at most {MOST_CODE:.0%}", code > MOST_CODE)


def pictures(seen: dict) -> Iterator[Rule]:
    first = seen["picture"]
    late = first is None or first > FIRST_PICTURE
    yield Rule(f"first picture after {first} pixels, at most {FIRST_PICTURE}", late)
    for live in seen["live"]:
        named = f"live figure of {live['section']!r}"
        where = live["where"]
        yield Rule(
            f"{named} at {where:.0%}, at most {LAST_LIVE:.0%}", where > LAST_LIVE
        )
        few = live["words"] < ABOUT_IT
        yield Rule(f"{named} among {live['words']} words, at least {ABOUT_IT}", few)
        alone = live["company"] == 0
        yield Rule(f"{named} without formula, picture or claim beside it", alone)


def time(seen: dict) -> Iterator[Rule]:
    told, needed = seen["told"], minutes(seen)
    if told is None:
        yield Rule("tells no minutes", broken=True)
        return
    other = abs(told - needed) > TOLERANCE * needed
    yield Rule(f"tells {told} minutes, its words take {needed:.0f}", other)
    least, most = MINUTES
    beyond = not least <= told <= most
    yield Rule(f"tells {told} minutes, not {least} to {most}", beyond)
    words = seen["words"]
    least, most = least * WORDS_A_MINUTE, most * WORDS_A_MINUTE
    yield Rule(f"{words} words, not {least} to {most}", not least <= words <= most)


def hidden(seen: dict, *, signs: bool) -> list[str]:
    """Name what is cut, with `signs` only where no shadow at an edge says so."""
    return [
        f"cut: {box['box']} {box['words']!r}"
        for box in seen["cut"]
        if not (signs and box["sign"])
    ]


def row(name: str, wide: dict, phone: dict) -> str:
    live = " ".join(f"{figure['where']:.0%}" for figure in wide["live"])
    unsigned = len(hidden(phone, signs=True))
    return (
        f"{name:26} {wide['height']:6} {wide['code']:5.0%} {wide['picture']:7.0f} "
        f"{live:>16} {len(wide['cut']):4} {unsigned:5} {wide['words']:6} "
        f"{minutes(wide):4.0f} {wide['told']!s:>5}"
    )


HEAD = (
    f"{'chapter':26} height  code picture {'live figures':>16}  cut  @390  words  "
    "min  told"
)


def main() -> None:
    site = Path(sys.argv[1]) if sys.argv[1:] else ROOT / "_build" / "html"
    print(HEAD)
    with launch(find_chromium()) as browser, serve(site) as base:
        for chapter in CHAPTERS:
            name = f"book/chapters/{chapter.stem}.html"
            with Visitor(browser, base) as visitor:
                wide = measure(visitor, name)
            with Visitor(browser, base, "phone") as visitor:
                phone = measure(visitor, name)
            print(row(chapter.stem, wide, phone))
            print("".join(f"    {fault}\n" for fault in faults(wide)), end="")


if __name__ == "__main__":
    main()
