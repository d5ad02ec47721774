"""Every chapter has the same parts, and exercises that are solved."""

import re

from tests.book.stored import cells, every_chapter, markdown

HEADINGS = [
    "You will learn to", "Predict first", "When it fails", "Exercises",
    "Check yourself", "Summary", "Further reading",
]  # fmt: skip


@every_chapter
def test_template(path):
    text = markdown(path)
    found = re.findall(r"(?m)^## (.*?)\s*$", text)
    assert [heading for heading in found if heading in HEADINGS] == HEADINGS
    assert len(re.findall(r"(?m)^# ", text)) == 1
    install, first, *_ = cells(path, "code")
    assert install.metadata.tags == ["remove-cell"]
    assert "google.colab" in install.source
    assert "SEED = 0" in first.source
    goals = text.split("## You will learn to")[1].split("## Predict first")[0]
    assert 3 <= len(re.findall(r"(?m)^- ", goals)) <= 5
    assert re.search(r"About \d+ minutes", goals)


@every_chapter
def test_exercises_have_solutions(path):
    text = markdown(path)
    exercises = re.findall(r"\{exercise(?:-start)?\}[^\n]*\n:label: (\S+)", text)
    solutions = re.findall(r"\{solution(?:-start)?\} (\S+)\n:class: dropdown", text)
    assert len(exercises) >= 4
    assert exercises == solutions
