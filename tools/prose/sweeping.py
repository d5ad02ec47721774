"""Words that need a proof or an exhaustive run beside them, page by page.

    python -m tools.prose.sweeping [07 faq ...]

prints each sentence of the book that says always, never, no, every, any, cannot, proves
or the like, for a person who reads whether it says more than was measured.
"""

import re
import sys
from collections.abc import Iterator

from tools.prose.places import Place, places
from tools.prose.rule import chapters_and_pages

WORDS = re.compile(
    r"\b(always|never|no|none|nobody|nothing|every\w*|any\w*|all|each time|cannot|can't"
    r"|impossible|only|prove[sdn]?|proof|must|exactly|guarantee\w*|inevitabl[ey])\b",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"(?<=[.?!:])\s+|\n")


def sweeping(place: Place) -> Iterator[tuple[str, list[str]]]:
    """Return the sentences of a text that sweep, each with its words that do."""
    for sentence in SENTENCE.split(place.text):
        if words := [match[0].lower() for match in WORDS.finditer(sentence)]:
            yield sentence.strip(), words


def listed(names: list[str]) -> Iterator[str]:
    """Return the lines for the pages whose name begins so; for all if none is given."""
    for path in chapters_and_pages():
        if names and not path.stem.startswith(tuple(names)):
            continue
        found = [
            f"  [{place.cell}] {', '.join(words)}: {sentence}"
            for place in places(path)
            for sentence, words in sweeping(place)
        ]
        yield f"{path.stem}: {len(found)} sentences"
        yield from found


def main() -> None:
    print(*listed(sys.argv[1:]), sep="\n")


if __name__ == "__main__":
    main()
