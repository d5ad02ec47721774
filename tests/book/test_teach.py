"""The page for teachers: its plans add up and name parts that exist."""

import re

import nbformat
import pytest

from tools.paths import ROOT

TEXT = (ROOT / "book/teach.md").read_text(encoding="utf-8")
PLANS = re.findall(
    r"(?ms)^### ([^\n]*): (\d+) minutes\n\n(?:[^|#]+\n\n)?(\|.*?)\n\n", TEXT
)
ROW = re.compile(r"(?m)^\| (?P<minutes>\d+) \| (?P<part>.*?) \| (?P<content>.*) \|$")
LISTED = re.findall(r"(?m)^\| \{download\}`(.*?) <(assignments/[\w-]+\.ipynb)>`", TEXT)
NOTEBOOK = re.compile(r"\((chapters/[\w-]+\.ipynb)\)")


def test_all_plans_are_there():
    assert [name for name, *_ in PLANS] == [
        "One session", "Three lectures", "Six weeks", "The whole core",
        "A seminar beyond the core", "A seminar on real networks",
    ]  # fmt: skip


@pytest.mark.parametrize(("name", "minutes", "table"), PLANS)
def test_minutes_of_a_plan_add_up(name, minutes, table):
    assert sum(int(row["minutes"]) for row in ROW.finditer(table)) == int(minutes)


@pytest.mark.parametrize(("name", "minutes", "table"), PLANS)
def test_a_plan_names_sections_that_exist(name, minutes, table):
    assignments = [title for title, _ in LISTED]
    for row in ROW.finditer(table):
        sections = re.findall(r"\*(.+?)\*", row["content"])
        chapters = NOTEBOOK.findall(row["part"]) or NOTEBOOK.findall(row["content"])
        prose = "\n".join(map(headings, chapters))
        for section in set(sections) - set(assignments):
            assert re.search(rf"(?m)^## {re.escape(section)}", prose), section


def headings(chapter):
    """Return the headings of a chapter, all of them marked as of the second level."""
    notebook = nbformat.read(ROOT / "book" / chapter, as_version=4)
    prose = "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    return "\n".join(f"## {title}" for title in re.findall(r"(?m)^##+ (.*)", prose))


def test_every_assignment_is_listed_with_its_title():
    released = {f"assignments/{p.name}" for p in ROOT.glob("book/assignments/*.ipynb")}
    assert {path for _, path in LISTED} == released
    for title, path in LISTED:
        assert title in nbformat.read(ROOT / "book" / path, 4).cells[0].source


@pytest.mark.parametrize(("name", "minutes", "table"), PLANS)
def test_only_a_whole_chapter_takes_longer_than_its_reading(name, minutes, table):
    """The rest of such a lesson is for exercises and assignments."""
    for row in ROW.finditer(table):
        for chapter in NOTEBOOK.findall(row["part"]):
            text = (ROOT / "book" / chapter).read_text(encoding="utf-8")
            reading = int(re.search(r"About (\d+) minutes", text)[1])
            whole = row["content"].startswith("The chapter")
            assert (int(row["minutes"]) >= reading) == whole, chapter
