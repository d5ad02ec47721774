"""Every question tells which option is right and why; every prediction is answered."""

import re

import pytest

from tests.book.stored import every_chapter, markdown

OPTION = re.compile(
    r"<details>\s*<summary>[^<]+</summary>\n\n(.+?)\n\n</details>", re.DOTALL
)
ORDINALS = ("first", "second", "third", "fourth", "fifth")
ASKED = """**1. How much?**

<details><summary>One</summary>

Too little for both.

</details>

<details><summary>Two</summary>

Right: one for each of them.

</details>
"""
PREDICTED = """
> 1. How much?
>    - little
>    - a lot
> 2. Why?
"""
ANSWERED = "The first prediction: **a lot**.\n\nSo prediction 2 is answered."


def faults_of_question(question: str) -> list[str]:
    options = OPTION.findall(question)
    found = []
    if not len(options) == question.count("<details>") >= 2:
        found.append("options")
    if sum(option.startswith("Right") for option in options) != 1:
        found.append("right")
    if any(len(option.split()) < 4 for option in options):
        found.append("why")
    if "</details>\n<details>" in question:
        found.append("JupyterLab would open the second")
    return found


def faults_of_prediction(number: int, entry: str, text: str) -> list[str]:
    """Return what keeps a prediction from being shown, or marked, where it belongs."""
    options = [o.lower() for o in re.findall(r"(?m)^>    - (.+)$", entry)]
    name = (
        rf"(?i)\b{ORDINALS[number - 1]} (prediction|question of \*Predict first\*)"
        rf"|prediction {number}\b"
    )
    answers = [part for part in text.split("\n\n") if re.search(name, part)]
    bold = [b.lower() for a in answers for b in re.findall(r"\*\*(.+?)\*\*", a)]
    if not answers:
        return ["no answer"]
    if options and sum(b in options for b in bold) != 1:
        return ["right"]
    return []


def predictions(section: str) -> list[str]:
    return re.split(r"(?m)^> \d\. ", section)[1:]


@every_chapter
def test_questions_answer_every_choice(path):
    section = markdown(path).split("## Check yourself")[1].split("## Summary")[0]
    questions = re.split(r"(?m)^(?=\*\*\d\. )", section)[1:]
    assert 3 <= len(questions) <= 5
    for question in questions:
        assert (question, faults_of_question(question)) == (question, [])


@every_chapter
def test_text_comes_back_to_every_prediction(path):
    section, text = markdown(path).split("## Predict first")[1].split("\n\n## ", 1)
    asked = predictions(section)
    assert 2 <= len(asked) <= 5
    for number, entry in enumerate(asked, 1):
        assert (entry, faults_of_prediction(number, entry, text)) == (entry, [])


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        (ASKED, None),
        (ASKED.replace("Right: one", "One"), "right"),
        (ASKED.replace("Too little for both", "Right, too, for both"), "right"),
        (ASKED.replace("Too little for both", "No"), "why"),
        (ASKED.replace("Too little for both.", ""), "options"),
        (ASKED.replace(">\n\n<d", ">\n<d"), "JupyterLab would open the second"),
    ],
)
def test_incomplete_question_is_noticed(broken, fault):
    assert fault in (faults_of_question(broken) or [None])


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        (ANSWERED, [[], []]),
        (ANSWERED.replace("a lot", "much"), [["right"], []]),
        (ANSWERED.replace("**a lot**", "a lot"), [["right"], []]),
        (ANSWERED.replace("a lot**", "a lot**, not **little**"), [["right"], []]),
        (ANSWERED.replace("first", "other"), [["no answer"], []]),
        (ANSWERED.replace("prediction 2", "that one"), [[], ["no answer"]]),
    ],
)
def test_forgotten_prediction_is_noticed(text, faults):
    found = [
        faults_of_prediction(number, entry, text)
        for number, entry in enumerate(predictions(PREDICTED), 1)
    ]
    assert found == faults
