"""Read the wrong solutions that a fair grader has to tell from right ones.

A file `wrong/a2/sqrt-n-for-n.py` begins with a docstring that says the mistake and a
line `# fails: test-id, test-id` that lists exactly the tests that must fail; then each
block `# %% grade-id` replaces one solution cell of the reference.
"""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from assignments.masters import Master

FOLDER = Path(__file__).parents[1] / "wrong"
FAILS = re.compile(r"^# fails: (.+)$", re.MULTILINE)
BLOCK = re.compile(r"^# %% (.+)\n", re.MULTILINE)


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
    sources = {
        name.strip(): text.strip()
        for name, text in zip(blocks[::2], blocks[1::2], strict=True)
    }
    failing = frozenset(name.strip() for name in fails[1].split(","))
    known = {*master.solutions, *(test.id for test in master.tests)}
    if unknown := {*sources, *failing} - known:
        names = ", ".join(sorted(unknown))
        raise MistakeError(
            f"{path.name} names what {master.name} does not have: {names}"
        )
    return Mistake(path.stem, what, failing, sources)
