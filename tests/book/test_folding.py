"""Code that teaches is open and short; code that draws, claims or is live is folded."""

import pytest
from nbformat.v4 import new_code_cell, new_output

from tests.book.stored import cells, every_chapter, shows
from tools.notebooks import source_problems

OPEN_LINES, OPEN_COLUMNS = 12, 72  # what fits beside the text at a width of 1280
TAG = "hide-input"
DRAWN = ("image/svg+xml", "image/png", "application/vnd.jupyter.widget-view+json")


def is_solution(cell) -> bool:
    return cell.metadata.get("jupyter", {}).get("source_hidden", False)


def must_fold(cell) -> bool:
    """Whether a cell shows what it is about, so that its code is none of the story."""
    return "claim(" in cell.source or any(shows(cell, kind) for kind in DRAWN)


def faults(cell) -> list[str]:
    """Say what keeps a code cell from reading well."""
    if is_solution(cell) or {"remove-cell", TAG} & {*cell.metadata.get("tags", [])}:
        return []
    if must_fold(cell):
        return [f"draws, claims or is live, but has no tag {TAG!r}"]
    return [*source_problems(cell.source, lines=OPEN_LINES, columns=OPEN_COLUMNS)]


@every_chapter
def test_code_teaches_or_is_folded(path):
    found = {cell.source: faults(cell) for cell in cells(path, "code")}
    wrong = {source: fault for source, fault in found.items() if fault}
    assert wrong == {}


def drawing(**metadata):
    picture = new_output("display_data", {"image/svg+xml": "<svg/>"})
    return new_code_cell("draw()", outputs=[picture], metadata=metadata)


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        (new_code_cell("x = 1\n" * 12), None),
        (new_code_cell("x = 1\n" * 13), "13 lines, at most 12 fit one idea"),
        (new_code_cell(f"x = '{'a' * 66}'"), None),
        (
            new_code_cell(f"x = '{'a' * 67}'"),
            "a line of 73 columns, at most 72 fit the page",
        ),
        (new_code_cell("claim('So.', 1, equals=1, within=1)"), "draws, claims"),
        (drawing(), "draws, claims"),
        (drawing(tags=[TAG]), None),
        (drawing(jupyter={"source_hidden": True}), None),
    ],
)
def test_open_code_that_is_no_story_is_noticed(cell, fault):
    found = faults(cell)
    assert len(found) == (fault is not None)
    assert all(text.startswith(fault) for text in found)
