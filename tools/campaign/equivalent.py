"""Random mutants that compute the same, and are therefore not tried.

For each file a piece of the changed line, the change (or "any" of that piece), and the
reason.
"""

from tools.campaign.code import Mutant

SAME = {
    "initializers.py": [
        ("np.abs(z[outside]) > 2",
         "np.abs(z[outside]) > 2 -> (np.abs(z[outside]) >= 2)", "no draw is exactly 2"),
        ("np.abs(z) > 2", "np.abs(z) > 2 -> (np.abs(z) >= 2)", "no draw is exactly 2"),
        ("min(rows, columns)", "min(rows, columns) -> (min(columns, rows))",
         "symmetric"),
        ("max(rows, columns)", "max(rows, columns) -> (max(columns, rows))",
         "symmetric"),
        ("overwrite_a=True", "True -> False", "a copy, and the same numbers"),
        ("_BLOCK = 64", "any", "room that LAPACK may use"),
    ],
    "meanfield.py": [
        ("halvings, -1, -1", "any", "a panel more near 0"),
        ("np.linspace(0, _LIMIT, panels + 1)", "any", "another number of panels"),
        ("halvings=40, panels=48, nodes=20", "any", "a finer rule"),
    ],
}  # fmt: skip


def is_equivalent(mutant: Mutant) -> bool:
    """Whether a mutant is listed here."""
    return any(
        piece in mutant.text and change in ("any", mutant.change)
        for piece, change, _ in SAME.get(mutant.file.removeprefix("initlib/"), [])
    )
