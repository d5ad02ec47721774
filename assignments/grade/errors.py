"""What goes wrong with a student's code, and how it is told in one line."""

import re

LONGEST_MESSAGE = 500
KNOWN = {
    error.__name__: error
    for error in (
        *(ArithmeticError, AssertionError, AttributeError, FloatingPointError),
        *(IndexError, KeyError, LookupError, NameError, NotImplementedError),
        *(OverflowError, RecursionError, RuntimeError, TypeError, ValueError),
        ZeroDivisionError,
    )
}


class StudentError(Exception):
    """A student's function raised, hung, or gave no plain value."""


class Fault(BaseException):
    """The grader itself failed: no test, and no `except Exception` in it, hides that.

    The error is its cause.
    """


class BrokenError(Exception):
    """The worker gave no answer, and is not asked again; the message says why."""


class GoneError(BrokenError):
    """The worker ended its process."""


def raised(name: str, kinds: list[str], message: str) -> StudentError:
    """Return what a function raised, as an exception of the same kind."""
    known = [KNOWN[kind] for kind in kinds if kind in KNOWN]
    bases = (StudentError, *known[:1])
    kind = type("StudentError", bases, {"__str__": Exception.__str__})
    return kind(f"`{name}` raised {described((kinds, message))}")


def described(error: tuple[list[str], str]) -> str:
    """Return the kind and the message of an exception in one line."""
    kinds, message = error
    return tidy(": ".join(filter(None, [*kinds[:1], message])))


def tidy(text: str) -> str:
    """Return a text in one line, of printable characters, and not too long."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text[:10_000])
    line = re.sub(" +", " ", plain).strip()
    return line if len(line) <= LONGEST_MESSAGE else f"{line[:LONGEST_MESSAGE]} …"
