"""Mark what a page asks, so that `book/assets/answers.js` lets readers answer it.

A question is a paragraph in bold that begins with a number, above its options.
An option is a `<details>`: it tells what it is, and opens to why; the right one
begins with *Right*.  A prediction is an entry of the list under *Predict first*, with
options below it or without; the paragraph that comes back to it names it (*the second
prediction*) and has the right option in bold.  Without scripts all stays as it is.
"""

import re
from pathlib import Path
from random import Random
from zlib import crc32

from bs4 import BeautifulSoup as Page
from bs4 import Tag
from sphinx.application import Sphinx

NUMBERED = re.compile(r"\d+\. ")
RIGHT = re.compile(r"\s*Right\b")
ORDINALS = ("first", "second", "third", "fourth", "fifth")
NAMED = re.compile(
    rf"\b({'|'.join(ORDINALS)}) (?:prediction|question of Predict first)\b"
    r"|\bprediction (\d)\b",
    re.IGNORECASE,
)
ASKS = re.compile(r"<details><summary>|<blockquote>|class=\"settled|settled docutils")


def words(tag: Tag) -> str:
    return " ".join(tag.get_text().split())


def key_of(path: Path, text: str) -> str:
    """Return the name of an answer on the reader's device: another for another text."""
    return f"{path.stem}-{crc32(text.encode()):08x}"


def mark_questions(page: Page, path: Path) -> None:
    """Put each question into a box that says which option is right, and their order."""
    dealer = Dealer(path.stem)
    for question, options in questions(page):
        text = "".join(map(words, [question, *options]))
        right = [i for i, option in enumerate(options) if is_right(option)]
        if len(right) != 1:
            continue  # a test says so
        box = question.wrap(page.new_tag("div", attrs={"class": "question"}))
        box["data-key"], box["data-right"] = key_of(path, text), str(right[0])
        box["data-order"] = " ".join(map(str, dealer.order(len(options), right[0])))
        for option in options:
            box.append(option.extract())


def questions(page: Page) -> list[tuple[Tag, list[Tag]]]:
    """Return the questions that are not marked yet, each with its options."""
    found = []
    for bold in page.select("p > strong:only-child"):
        question = bold.parent
        if NUMBERED.match(words(question)) and "question" not in class_of(question):
            options = options_below(question)
            if options:
                found.append((question, options))
    return found


def class_of(tag: Tag) -> list[str]:
    return tag.parent.get("class", [])


def options_below(question: Tag) -> list[Tag]:
    options = []
    for tag in question.find_next_siblings():
        if tag.name != "details" or tag.get("class"):
            break
        options.append(tag)
    return options


def is_right(option: Tag) -> bool:
    summary = words(option.summary)
    return bool(RIGHT.match(words(option).removeprefix(summary)))


class Dealer:
    """Deals the places of right options: each place once before one comes again."""

    def __init__(self, name: str):
        self.random = Random(name)
        self.decks: dict[int, list[int]] = {}

    def order(self, n: int, right: int) -> list[int]:
        """Return n options in the order to show, the right one at the next place."""
        deck = self.decks.setdefault(n, [])
        if not deck:
            deck += self.random.sample(range(n), n)
        order = [i for i in range(n) if i != right]
        self.random.shuffle(order)
        order.insert(deck.pop(), right)
        return order


def mark_predictions(page: Page, path: Path) -> None:
    """Name each prediction, and the paragraph that comes back to it."""
    box = page.select_one("#predict-first blockquote ol")
    for number, entry in enumerate(box.select(":scope > li") if box else [], 1):
        options = [words(li).lower() for li in entry.select(":scope > ul > li")]
        found = answer_to(number, options, page)
        if not found:
            continue  # a test says so
        paragraph, right = found
        entry["class"] = "prediction"
        entry["data-key"] = key = key_of(path, words(entry))
        answered = paragraph.get("data-answers", "").split()
        paragraph["data-answers"] = " ".join(dict.fromkeys([*answered, key]))
        if right is not None:
            entry["data-right"] = str(right)


def answer_to(
    number: int, options: list[str], page: Page
) -> tuple[Tag, int | None] | None:
    """Return the paragraph that answers a prediction, and which option is right."""
    named = [p for p in page.select("article p") if number in predictions_in(p)]
    for paragraph in named:
        for bold in paragraph.find_all("strong"):
            if (told := words(bold).lower()) in options:
                return paragraph, options.index(told)
    return (named[0], None) if named else None


def predictions_in(paragraph: Tag) -> set[int]:
    """Return the numbers of the predictions that a paragraph names."""
    found = NAMED.findall(words(paragraph))
    return {
        int(number) if number else ORDINALS.index(ordinal.lower()) + 1
        for ordinal, number in found
    }


def load_script(app: Sphinx, page: str, template: str, context: dict, tree) -> None:
    if tree and ASKS.search(context.get("body", "")):
        app.add_js_file("answers.js", loading_method="defer")


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("html-page-context", load_script)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
