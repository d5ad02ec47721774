"""Have cells whose source is no Python, or none at all, and thousands of them."""

from assignments.hostile import first, last

DEEP = "x = " + "(" * 300 + ")" * 300
BROKEN = ["def f(:", "\x00", "((((" * 1000, DEEP, "'''", "\ud800"]


def spoil(notebook, honest):
    """Put broken cells before, and many empty ones behind."""
    return last(first(notebook, *BROKEN), *(500 * [""]), "return 1", "await x", "yield")
