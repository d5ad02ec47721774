"""Renew the register of the numbers in the book's texts, `book/numbers.yml`.

What a text says and the cells beside it compute is entered under `runs`, and what no
text says any more is struck out.  Another number is not entered but printed: whoever
answers for it types it under `says`, and it is moved to `recalls` if the chapter
computes it elsewhere.
"""

import argparse
import sys
from pathlib import Path

import yaml

from tools.prose.numbers import Number
from tools.prose.places import Place, places
from tools.prose.rule import (
    REGISTER,
    Fact,
    by_section,
    chapters_and_pages,
    facts_of,
    is_computed,
    is_recalled,
    registered,
    worth,
)

ORDER = ["runs", "recalls", "says"]
HEAD = """\
# The numbers of the book's texts: section by section, what they count or measure.
# `…` is where the number stands, if not before the noun: layer 10 is ten layers,
# layer… 10 the tenth.
#   runs     computed beside the text (of a summary, in the chapter; of a page, in any),
#            as `make numbers` has found
#   recalls  entered by hand, and computed elsewhere in the chapter
#   says     entered by hand: derived, cited or counted by the text itself
"""


def entry_of(said: list[Place]) -> tuple[dict[str, str], list[Fact]]:
    """Return the entry of a section, and the numbers that nobody answers for.

    What one text of the section computes, all its texts may say.
    """
    name, section = said[0].path.stem, said[0].section
    sources = {}
    for place in said:
        for noun, number in facts_of(place):
            source = source_of(place, noun, number)
            found, _ = sources.setdefault((noun, number.value), (source, number))
            if ORDER.index(source) < ORDER.index(found):
                sources[noun, number.value] = source, number
    by_hand = worth(registered(name, section, how="recalls says"))
    entry, nobody = {source: {} for source in ORDER}, []
    for (noun, value), (source, number) in sources.items():
        if source == "runs" or (noun, value) in by_hand:
            entry[source].setdefault(noun, {})[value] = number
        else:
            nobody.append((noun, number))
    lines = {source: line_of(found) for source, found in entry.items() if found}
    return lines, nobody


def source_of(place: Place, noun: str, number: Number) -> str:
    if is_computed(place, noun, number):
        return "runs"
    return "recalls" if is_recalled(place, noun, number) else "says"


def line_of(found: dict[str, dict]) -> str:
    return ", ".join(
        " ".join([noun, *(written(numbers[value]) for value in sorted(numbers))])
        for noun, numbers in sorted(found.items())
        if numbers
    )


def written(number: Number) -> str:
    """Write a number in digits: ten as 10, a third as 1/3, 90 % as 90%."""
    value = number.value
    if number.kind == "percent":
        return f"{float(value * 100):g}%"
    if number.kind in {"decimal", "scientific", "power"}:
        return number.text.replace("−", "-")
    return str(value)


def renewed(path: Path) -> tuple[dict[str, dict[str, str]], list[str]]:
    entries, problems = {}, []
    for section, said in by_section(places(path)):
        entry, nobody = entry_of(said)
        if entry:
            entries[section] = entry
        problems += [
            f"{path.stem}, {section or 'top'}: {noun} {number.text}"
            for noun, number in nobody
        ]
    return entries, problems


def text_of(entries: dict) -> str:
    return HEAD + yaml.dump(entries, sort_keys=False, allow_unicode=True, width=88)


def all_renewed() -> tuple[dict, list[str]]:
    entries, problems = {}, []
    for path in chapters_and_pages():
        found, wrong = renewed(path)
        problems += wrong
        if found:
            entries[path.stem] = found
    return entries, problems


def main() -> int:
    """Write the register, or only compare; say which numbers nothing computes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only say what is wrong")
    check = parser.parse_args().check
    entries, problems = all_renewed()
    if problems:
        print(
            "not computed beside the text, and not entered by hand:",
            *problems,
            sep="\n",
        )
    if check and text_of(entries) != REGISTER.read_text("utf-8"):
        problems.append("stale")
        print(f"{REGISTER.name} is not what the texts say: run `make numbers`")
    if not check:
        REGISTER.write_text(text_of(entries), encoding="utf-8")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
