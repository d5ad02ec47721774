"""Claims: sentences that a machine checks."""

import hashlib
import html
import math
import re
from dataclasses import dataclass

import numpy as np

from initlib._checks import check_real

MIME = "application/vnd.initlib.claim+json"
DIGITS, MOST_DIGITS = 3, 6  # of a number that is shown
EXACT = 1e-6  # a tolerance, as a part of the number, that shows most digits
SIGMAS = 3  # standard errors by which a mean must clear each bound


class ClaimError(AssertionError):
    """A claim that is false, or that its replicates are too few to decide."""


@dataclass(frozen=True)
class Claim:
    """A sentence, what was measured, and the bound that it keeps.

    Parameters
    ----------
    statement : str
        The sentence.
    value : float or bool
        What was measured; the mean of the replicates if there are several.
    error : float or None
        Standard error of that mean.
    n : int
        Number of replicates; 1 for a single value.
    bound : str
        The bound in words.
    settles : str or None
        The common statement that it settles, such as "S13".
    digits : int
        Significant digits of a single value.
    """

    statement: str
    value: float | bool
    error: float | None
    n: int
    bound: str
    settles: str | None
    digits: int = DIGITS

    @property
    def id(self) -> str:
        """Anchor of the claim in the book, a digest of the sentence."""
        return "claim-" + hashlib.sha256(self.statement.encode()).hexdigest()[:10]

    @property
    def measured(self) -> str:
        """What was measured, at the digits that mean something."""
        if self.error is None:
            return _number(self.value, self.digits)
        if self.error == 0:
            return f"{_number(self.value, self.digits)} in all {self.n} replicates"
        return f"{_mean_with_error(self.value, self.error)} ({self.n} replicates)"

    def __repr__(self):
        return f"✓ {self.statement}\n  measured {self.measured}; claimed {self.bound}"

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": repr(self), "text/html": self._html(), MIME: self._json()}

    def _html(self) -> str:
        statement, measured, bound = map(
            html.escape, (self.statement, self.measured, self.bound)
        )
        statement = statement.replace(" %", "\N{NO-BREAK SPACE}%")
        told = (
            f' <span class="measured">Measured {measured};</span> '
            f'<span class="bound">claimed {bound}.</span>'
        )
        return (
            f'<div class="claim" id="{self.id}">'
            '<span class="verdict" role="img" aria-label="checked">✓</span> '
            f'<span class="statement">{statement}</span>'
            f"{'' if isinstance(self.value, bool) else told}</div>"
        )

    def _json(self) -> dict:
        return {
            "id": self.id,
            "statement": self.statement,
            "measured": self.measured,
            "bound": self.bound,
            "settles": self.settles,
        }


def read_claims(notebook: dict) -> list[dict]:
    """Return what the claims of an executed notebook have stored, in order.

    Parameters
    ----------
    notebook : dict
        A notebook of format 4.

    Returns
    -------
    list of dict
        With the keys id, statement, measured, bound and settles.
    """
    return [
        output["data"][MIME]
        for cell in notebook["cells"]
        for output in cell.get("outputs", ())
        if MIME in output.get("data", {})
    ]


def _number(value: float | bool, digits: int) -> str:
    """Write a number at `digits` significant digits: 0.5, 42, 3.1e-07, true."""
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    whole = value == int(value) and abs(value) < 1e6
    return _signed(str(int(value)) if whole else f"{value:.{digits}g}")


def _signed(text: str) -> str:
    """Write minus signs as such: after a hyphen, a line may end."""
    return text.replace("-", "−")


def _mean_with_error(mean: float, error: float) -> str:
    """Write mean ± error, both to the first digit of the error: 0.503 ± 0.002."""
    decimals = -math.floor(math.log10(error))
    if f"{error:.0e}".startswith("1e"):  # one digit of an error near 1 says too little
        decimals += 1
    scale = max(abs(mean), error)
    if scale < 1e-3 or scale >= 1e5:
        power = math.floor(math.log10(scale))
        shown = max(decimals + power, 0)
        factor = 10.0**-power
        return _signed(
            f"({mean * factor:.{shown}f} ± {error * factor:.{shown}f})e{power:+03d}"
        )
    shown = max(decimals, 0)
    return _signed(f"{mean:.{shown}f} ± {error:.{shown}f}")


def _check_measured(measured) -> np.ndarray:
    try:
        array = np.asarray(measured)
    except ValueError:  # rows of different lengths
        array = np.array(None)
    if array.ndim > 1 or array.size == 0 or array.dtype.kind not in "bfiu":
        raise TypeError(
            "measured must be a number, a truth value, or a list of replicates; "
            f"got {measured!r}"
        )
    return array


def _summarize(measured) -> tuple[float | bool, float | None, int]:
    """Return value, standard error and number of replicates."""
    array = _check_measured(measured)
    if array.ndim == 0 and array.dtype.kind == "b":
        return bool(array), None, 1
    array = array.astype(np.float64)
    if not np.isfinite(array).all():
        raise ClaimError(f"measured must be finite; got {measured!r}")
    if array.ndim == 0:
        return float(array), None, 1
    if array.size < 2:
        raise ClaimError("one replicate has no standard error; give at least two")
    error = array.std(ddof=1) / math.sqrt(array.size)
    return float(array.mean()), float(error), array.size


@dataclass(frozen=True)
class _Bound:
    """The set in which a value must lie, and its words."""

    low: float
    high: float
    is_open: bool
    words: str

    def holds(self, value: float) -> bool:
        if self.is_open:
            return self.low < value < self.high
        return self.low <= value <= self.high


def _bound(equals, within, above, below) -> _Bound:
    if within is not None and equals is None:
        raise ValueError("within is the tolerance of equals; give equals too")
    if equals is None:
        return _between(above, below)
    if above is not None or below is not None:
        raise ValueError("give either equals (with within), or above and below")
    if not isinstance(equals, (bool, np.bool_)):
        return _around(equals, within)
    if within is not None:
        raise ValueError("a truth value has no tolerance; leave within out")
    return _Bound(equals, equals, False, _number(equals, DIGITS))


def _around(equals, within) -> _Bound:
    """Bound of what equals a number, within a tolerance."""
    equals = check_real("equals", equals)
    within = check_real("within", 0 if within is None else within, least=0)
    words = _number(equals, MOST_DIGITS)
    words += f" within {_number(within, MOST_DIGITS)}" if within else ""
    return _Bound(equals - within, equals + within, False, words)


def _between(above, below) -> _Bound:
    """Bound of what is above one number, below another, or both."""
    low = -math.inf if above is None else check_real("above", above)
    high = math.inf if below is None else check_real("below", below)
    sides = {"above": low, "below": high}
    given = [
        f"{word} {_number(side, MOST_DIGITS)}"
        for word, side in sides.items()
        if math.isfinite(side)
    ]
    if not given or low >= high:
        raise ValueError(
            f"give equals, or above < below; got above={above}, below={below}"
        )
    return _Bound(low, high, True, " and ".join(given))


def claim(
    statement: str,
    measured,
    *,
    equals: float | bool | None = None,
    within: float | None = None,
    above: float | None = None,
    below: float | None = None,
    settles: str | None = None,
) -> Claim:
    """State a sentence, check it against what was measured, and show both.

    A single value must lie in the bound; of replicates, the mean must clear each bound
    by three standard errors: ``mean ± 3 * std / sqrt(n)`` must lie in it.

    Parameters
    ----------
    statement : str
        The sentence, with a full stop.
    measured : float, bool, or sequence of float (n,)
        One value, or at least two independent replicates.
    equals : float or bool, optional
        What it should be.
    within : float, optional
        Allowed distance from `equals`, inclusive; 0 unless given.
    above, below : float, optional
        Strict bounds; either or both.
    settles : str, optional
        The common statement that this settles: "S" and a number.

    Returns
    -------
    Claim
        Which shows itself in a notebook.

    Raises
    ------
    ClaimError
        If the sentence is false, the replicates too few to tell, or a value not finite.

    Examples
    --------
    >>> claim("Half of two is one.", 2 / 2, equals=1)
    ✓ Half of two is one.
      measured 1; claimed 1
    >>> claim("Coins fall fairly.", [0.52, 0.47, 0.5, 0.51], equals=0.5, within=0.05)
    ✓ Coins fall fairly.
      measured 0.500 ± 0.011 (4 replicates); claimed 0.5 within 0.05
    """
    if not isinstance(statement, str) or not statement.rstrip().endswith((".", "?")):
        raise ValueError(
            f"statement must be a sentence with its stop; got {statement!r}"
        )
    if settles is not None and not re.fullmatch(r"S\d+", str(settles)):
        raise ValueError(f'settles must be "S" and a number; got {settles!r}')
    bound = _bound(equals, within, above, below)
    value, error, n = _summarize(measured)
    if isinstance(value, bool) != isinstance(equals, (bool, np.bool_)):
        raise TypeError(
            "a truth value needs equals=True or equals=False, and only that; "
            f"got measured={measured!r}, equals={equals!r}"
        )
    exact = equals is not None and (within or 0) <= EXACT * abs(equals)
    digits = MOST_DIGITS if exact else DIGITS
    result = Claim(statement, value, error, n, bound.words, settles, digits)
    _check_bound(result, bound)
    return result


def _check_bound(result: Claim, bound: _Bound) -> None:
    said = f"{result.statement!r}: claimed {result.bound}, measured {result.measured}"
    if not bound.holds(result.value):
        raise ClaimError(f"false: {said}")
    margin = SIGMAS * (result.error or 0.0)
    if not (bound.holds(result.value - margin) and bound.holds(result.value + margin)):
        raise ClaimError(
            f"undecided: {said}; the mean does not clear the bound by {SIGMAS} "
            "standard errors, so take more replicates or a wider bound"
        )
