"""Renew the register of the numbers in the book's texts, `book/numbers.yml`.

What a text says and the cells around it compute is entered under `runs`, and what no
text says any more is struck out.  A number that nothing computes is not entered: it is
printed, and whoever answers for it types it under `says`.
"""

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
    registered,
)

HEAD = """\
# The numbers of the book's texts: section by section, what they count or measure.
# `…` is where the number stands, if not before the noun: layer 10 is ten layers,
# layer… 10 the tenth.  runs: computed in this section or beside it (of a summary, in
# the chapter), as `make numbers` has found.  says: cited, derived or counted by the
# text itself, and entered by hand.
"""


def entry_of(said: list[Place]) -> tuple[dict[str, str], list[Fact]]:
    """Return the entry of a section, and the numbers that nobody answers for."""
    by_hand = registered(said[0].path.stem, said[0].section, how="says")
    answered = {(noun, number.value) for noun, number in by_hand}
    runs, says, nobody = {}, {}, []
    for place in said:
        for noun, number in facts_of(place):
            if is_computed(place, noun, number):
                runs.setdefault(noun, {})[number.value] = number
            elif (noun, number.value) in answered:
                says.setdefault(noun, {})[number.value] = number
            else:
                nobody.append((noun, number))
    says = {
        noun: {v: n for v, n in found.items() if v not in runs.get(noun, {})}
        for noun, found in says.items()
    }
    lines = {"runs": line_of(runs), "says": line_of(says)}
    return {key: line for key, line in lines.items() if line}, nobody


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


def main() -> int:
    """Write the register; say which numbers nothing computes."""
    entries, problems = {}, []
    for path in chapters_and_pages():
        found, wrong = renewed(path)
        problems += wrong
        if found:
            entries[path.stem] = found
    REGISTER.write_text(text_of(entries), encoding="utf-8")
    if problems:
        print("computed by nothing, and not among what the text `says`:")
        print(*problems, sep="\n")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
