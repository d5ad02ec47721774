"""One sentence stands on a line, so that a review shows which one changed."""

import re
from itertools import pairwise

from tests.book.stored import every_page, markdown
from tools.prose.places import sentences

ABBREVIATIONS = re.compile(
    r"\b(e\.g|i\.e|et al|vs|cf|Fig|Eq|resp|approx|[A-Z])\.(?=\s)"
)


def long_lines(source: str) -> list[str]:
    """Return lines that hold two sentences, and those that break one."""
    text = ABBREVIATIONS.sub(r"\1", sentences(source))
    lines = [line.rstrip() for line in text.splitlines()]
    crowded = [
        line
        for line in lines
        if re.search(r"\w\w[.!?]['\")*]*\s+[A-Z\"$]", line)
        and not line.startswith(("|", ":alt:"))
    ]
    broken = [
        line
        for line, following in pairwise(lines)
        if re.match(r"[*_]*[A-Za-z\"$]", line)
        and re.match(r"[*_]*[A-Za-z\"$(]", following)
        and not re.search(r"[.!?:;,]['\")*_$]*$", line)
        and not {line[:2], following[:2]} & {"$$"}
    ]
    return crowded + broken


@every_page
def test_one_sentence_a_line(path):
    text = re.sub(r"(?ms)^\$\$.*?\$\$.*?$", "", markdown(path))
    assert long_lines(text) == []


def test_crowded_and_broken_lines_are_noticed():
    assert long_lines("One sentence.\nAnother, e.g. Like this one.") == []
    assert long_lines("One sentence. Another one.") == ["One sentence. Another one."]
    assert long_lines("A sentence that is\nbroken.") == ["A sentence that is"]
