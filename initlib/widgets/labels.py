"""Words and numbers as a live figure writes them, in JavaScript, SVG and plain text."""

import re

import numpy as np

MINUS = "\N{MINUS SIGN}"
SCRIPT = re.compile(r"[_^](?:\{([^}]+)\}|([^\W_]|\*)(?![^\W_²]))")
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def plain(label: str) -> str:
    """Return a label without the marks of its sub- and superscripts."""

    def bare(found: re.Match[str]) -> str:
        text = found[1] or found[2]
        return text.translate(RAISED) if found[0][0] == "^" else text

    return SCRIPT.sub(bare, label)


def mathtext(label: str) -> str:
    """Return a label with its sub- and superscripts as matplotlib writes them."""
    return SCRIPT.sub(
        lambda found: rf"${found[0][0]}{{\mathrm{{{found[1] or found[2]}}}}}$", label
    )


def folded(name: str) -> str:
    """Return a name with a word a line, where there is little room across."""
    return name.replace(" ", "\n")


def spell(value: float) -> str:
    """Write a number with three significant digits, and an integer in full."""
    if np.isnan(value):
        return "none"
    whole = float(value).is_integer() and abs(value) < 1e6
    text = f"{value:.0f}" if whole else f"{float(f'{value:.3g}'):g}"
    power = {"e+0": "e", "e+": "e", "e-0": "e-"}
    for long, short in power.items():
        text = text.replace(long, short)
    return text.replace("-", MINUS)


def label_of(value: str | float) -> str:
    """Return a name as it is, and a number spelled."""
    return value if isinstance(value, str) else spell(float(value))


@np.vectorize
def two_digits(value: float) -> float:
    """Round to the two significant digits for which a cell has room.

    Twelve digits come first: what should lie half-way then does, whatever the
    rounding of the computation, and goes to the even digit.
    """
    return float(f"{float(f'{value:.12g}'):.2g}")
