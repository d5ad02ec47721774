"""Random mutants that compute the same, and are therefore not tried.

For each file a piece of the changed line, the change (or "any" of that piece), and the
reason.
"""

from tools.campaign.code import Mutant

SAME = {
    "meanfield.py": [
        ("halvings, -1, -1", "any", "a panel more near 0"),
        ("halvings=40, panels=48, nodes=20", "any", "a finer rule"),
    ],
}


def is_equivalent(mutant: Mutant) -> bool:
    """Whether a mutant is listed here."""
    return any(
        piece in mutant.text and change in ("any", mutant.change)
        for piece, change, _ in SAME.get(mutant.file.removeprefix("initlib/"), [])
    )
