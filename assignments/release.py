"""Make the notebooks that students get: no solution, no hidden test, no output."""

import copy
import html
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from nbformat import NotebookNode

from assignments.master_cells import HIDDEN, MARKS, SOLUTION
from assignments.masters import Master
from tools.notebooks import canonical

STEPS = ("LockCells", "ClearSolutions", "ClearOutput", "ClearHiddenTests")  # in order
MARKUP = str.maketrans("", "", "\"'\\")
TELLING = 16  # a line with fewer characters than this says too little to leak


def student(master: Master) -> NotebookNode:
    """Return a master's student version, as nbgrader makes it."""
    from nbgrader import preprocessors  # slow, and those who grade need none of it

    notebook, resources = copy.deepcopy(master.notebook), {}
    for step in STEPS:
        make = getattr(preprocessors, step)()
        notebook, resources = make.preprocess(notebook, resources)
    for cell in notebook.cells:
        cell.source = cell.source.rstrip()
    return notebook


def fill_in(master: Master, sources: Mapping[str, str]) -> NotebookNode:
    """Return the student notebook of a master with some cells filled in.

    Parameters
    ----------
    sources
        New source of solution or manual cells by grade_id; the other cells stay as
        they were released.  `fill_in(master, master.solutions)` is the reference.

    Raises
    ------
    KeyError
        If a grade_id is not that of a solution or manual cell.
    """
    notebook = student(master)
    left = dict(sources)
    for cell in notebook.cells:
        meta = cell.metadata.get("nbgrader", {})
        if meta.get("solution") and meta["grade_id"] in left:
            cell.source = left.pop(meta["grade_id"])
    if left:
        raise KeyError(f"{master.name} has no solution cell {', '.join(left)}")
    return notebook


def release(master: Master, folder: Path) -> list[Path]:
    """Write a master's student version and its data files; return their paths.

    Raises
    ------
    ValueError
        If a line of a solution or of a hidden test would be given away.
    """
    text = canonical(student(master))
    if found := leaks(master, [text]):
        raise ValueError(f"{master.name} gives away: {found[0]}")
    folder.mkdir(parents=True, exist_ok=True)
    notebook = folder / master.path.name
    notebook.write_text(text, encoding="utf-8", newline="\n")
    copies = [Path(shutil.copyfile(path, folder / path.name)) for path in master.files]
    return [notebook, *copies]


def leaks(
    master: Master, published: Iterable[str], public: Iterable[str] = ()
) -> list[str]:
    """Return the secret lines of a master that stand in published texts.

    Parameters
    ----------
    published
        Texts of notebooks, pages or reports, as they are stored.
    public
        Texts that are public anyway; what stands there is no secret.
    """
    known = squeeze("\n".join(public))
    texts = [squeeze(text) for text in published]
    return [
        line
        for line in secrets(master)
        if squeeze(line) not in known and any(squeeze(line) in text for text in texts)
    ]


def secrets(master: Master) -> list[str]:
    """Return the telling lines of solutions and hidden tests of a master.

    A line that the master shows to students elsewhere is none.
    """
    shown, hidden = [], set()
    for cell in master.cells:
        for line, secret in marked_lines(cell.source, MARKS.get(cell.kind), cell.kind):
            if not secret:
                shown.append(line)
            elif len(line.strip()) >= TELLING:
                hidden.add(line.strip())
    seen = squeeze("\n".join(shown))
    return sorted(line for line in hidden if squeeze(line) not in seen)


def marked_lines(
    source: str, mark: str | None, kind: str
) -> Iterator[tuple[str, bool]]:
    """Yield the lines of a cell, each with whether it is secret."""
    whole = kind == "manual" and f"### BEGIN {SOLUTION}" not in source
    inside = False
    for line in source.splitlines():
        if mark in (SOLUTION, HIDDEN) and line.strip() == f"### BEGIN {mark}":
            inside = True
        elif mark and line.strip() == f"### END {mark}":
            inside = False
        else:
            yield line, inside or whole


def text_of_page(page: str) -> str:
    """Return what an HTML page says, without its tags."""
    return html.unescape(re.sub(r"<[^>]*>", "", page))


def squeeze(text: str) -> str:
    """Return a text without what notebooks, pages and JSON write in their own ways."""
    return "".join(text.translate(MARKUP).split())
