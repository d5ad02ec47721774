"""Read the wrong solutions that a fair grader has to tell from right ones.

A file `wrong/a2/sqrt-n-for-n.py` begins with a docstring that says the mistake and a
line `# fails: test-id, test-id` that lists exactly the tests that must fail; then each
block `# %% grade-id` replaces one solution cell of the reference.  A block of lines
`# - old` and `# + new` is the reference with those lines changed.
"""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from assignments.masters import Master

FOLDER = Path(__file__).parents[1] / "wrong"
FAILS = re.compile(r"^# fails: (.+)$", re.MULTILINE)
BLOCK = re.compile(r"^# %% (.+)\n", re.MULTILINE)
CHANGE = re.compile(r"((?:^# - .*\n)+)((?:^# \+ .*\n)*)", re.MULTILINE)


class MistakeError(ValueError):
    """The file of a wrong solution is not well formed."""


@dataclass(frozen=True)
class Mistake:
    """One wrong solution."""

    name: str
    what: str  # the mistake in a sentence
    fails: frozenset[str]  # tests that must fail
    sources: dict[str, str]  # of the solution cells that it replaces


def paths(master: Master) -> list[Path]:
    """Return the files of the wrong solutions of an assignment."""
    return sorted((FOLDER / master.key).glob("*.py"))


def read(master: Master, path: Path) -> Mistake:
    """Read a wrong solution.

    Raises
    ------
    MistakeError
        If it says no mistake, or names a cell or test that the master does not have.
    """
    source = path.read_text(encoding="utf-8")
    what = ast.get_docstring(ast.parse(source))
    fails = FAILS.search(source)
    _, *blocks = BLOCK.split(source)
    if not (what and fails and blocks):
        told = "needs a docstring, a line `# fails: ...` and a block `# %% ...`"
        raise MistakeError(f"{path.name} {told}")
    texts = dict(zip(map(str.strip, blocks[::2]), blocks[1::2], strict=True))
    failing = frozenset(name.strip() for name in fails[1].split(","))
    known = {*master.solutions, *(test.id for test in master.tests)}
    if unknown := {*texts, *failing} - known:
        names = ", ".join(sorted(unknown))
        raise MistakeError(
            f"{path.name} names what {master.name} does not have: {names}"
        )
    sources = {
        name: changed(master.solutions[name], text, path.name).strip()
        for name, text in texts.items()
    }
    return Mistake(path.stem, what, failing, sources)


def changed(reference: str, text: str, file: str) -> str:
    """Return a block as it is, or the reference with the changes that it lists.

    Raises
    ------
    MistakeError
        If lines to be changed do not stand in the reference exactly once.
    """
    changes = CHANGE.findall(text)
    for old, new in ((bare(old), bare(new)) for old, new in changes):
        if reference.count(old) != 1:
            raise MistakeError(
                f"{file} changes lines that the reference has "
                f"{reference.count(old)} times, not once:\n{old}"
            )
        reference = reference.replace(old, new)
    return reference if changes else text


def bare(lines: str) -> str:
    """Return lines without the mark `# - ` or `# + ` before them."""
    return "".join(line[4:] for line in lines.splitlines(keepends=True))
