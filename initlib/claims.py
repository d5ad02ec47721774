"""Claims: sentences that a machine checks."""

import hashlib
import html
import math
import re
from dataclasses import dataclass, replace

import numpy as np

from initlib._checks import check_real

MIME = "application/vnd.initlib.claim+json"
DIGITS, MOST_DIGITS = 3, 6  # of a number that is shown
EXACT = 1e-6  # a tolerance, as a part of the number, that shows most digits
ROUNDING = 1e-14  # by which equal replicates may differ, as a part of them
SAME_DIGITS = 12  # of a number that every processor computes alike
TOGETHER = {  # where no line should end, and what keeps it from ending there
    " = ": "\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}",
    " × ": "\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}",
    " %": "\N{NO-BREAK SPACE}%",
    " + ": "\N{NO-BREAK SPACE}+\N{NO-BREAK SPACE}",
    " ± ": "\N{NO-BREAK SPACE}±\N{NO-BREAK SPACE}",
    " replicates": "\N{NO-BREAK SPACE}replicates",
    "ln ": "ln\N{NO-BREAK SPACE}",
    "/√": "/\N{WORD JOINER}√",
    "/π": "/\N{WORD JOINER}π",
}
APOSTROPHE = re.compile(r"(?<=\w)'")
SUBSCRIPT = re.compile(r"(?<=[σξ])_(\w)")
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
TRUTHS = ("true", "false")
SIGMAS = 3  # standard errors by which a mean must clear each bound
CHECKED = '<span class="verdict" role="img" aria-label="checked">✓</span> '
BEHIND = (  # what one reads on opening the check mark
    '<details class="bound"><summary class="verdict" title="the bound" '
    'aria-label="checked; the bound">'
    "✓</summary>Claimed {}.</details>"
)


class ClaimError(AssertionError):
    """A claim that is false, or that its replicates are too few to decide."""


def told(measured: str) -> str:
    """Say what was measured, or that the sentence was true in all replicates."""
    return measured if measured.startswith("true in") else f"measured {measured}"


def would(words: str, given: str) -> str:
    """Say what a rival would give; a truth value, that the sentence would be false."""
    if given.startswith("false in"):
        return f"{words} would make it {given}"
    return f"{words} would " + ("make it false" if given in TRUTHS else f"give {given}")


def typeset(words: str) -> str:
    """Set an apostrophe as such, and keep on one line what is one: 10 %, ln 2, 1/√2."""
    for apart, together in TOGETHER.items():
        words = words.replace(apart, together)
    return APOSTROPHE.sub("\N{RIGHT SINGLE QUOTATION MARK}", words)


@dataclass(frozen=True)
class Rival:
    """What the opposite sentence would give: the bound has to exclude it.

    Parameters
    ----------
    words : str
        What gives it, as "a chain of single neurons".
    value : float or bool
        What it gives; the mean of the replicates if there are several.
    error : float or None
        Standard error of that mean.
    n : int
        Number of replicates; 1 for a single value.
    digits : int
        Significant digits of a single value.
    truths : bool
        Whether the replicates say true or false, and value is the part that says true.
    """

    words: str
    value: float | bool
    error: float | None
    n: int
    digits: int = DIGITS
    truths: bool = False

    @property
    def given(self) -> str:
        """What it gives, at the digits that mean something."""
        return _shown(self)

    def __str__(self):
        return would(self.words, self.given)

    def _json(self) -> dict:
        return {"words": self.words, "given": self.given, **_rounded(self)}


@dataclass(frozen=True)
class Claim:
    """A sentence, what was measured, the bound that it keeps, and what would break it.

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
    truths : bool
        Whether the replicates say true or false, and value is the part that says true.
    low, high : float
        The bound in numbers.
    rival : Rival or None
        What the opposite sentence would give.
    """

    statement: str
    value: float | bool
    error: float | None
    n: int
    bound: str
    settles: str | None
    digits: int = DIGITS
    truths: bool = False
    low: float = -math.inf
    high: float = math.inf
    rival: Rival | None = None

    @property
    def id(self) -> str:
        """Anchor of the claim in the book, a digest of the sentence."""
        return "claim-" + hashlib.sha256(self.statement.encode()).hexdigest()[:10]

    @property
    def measured(self) -> str:
        """What was measured, at the digits that mean something."""
        return _shown(self)

    def __repr__(self):
        line = told(self.measured) + (f"; {self.rival}" if self.rival else "")
        return f"✓ {self.statement}\n  {line}\n  claimed {self.bound}"

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": repr(self), "text/html": self._html(), MIME: self._json()}

    def _html(self) -> str:
        statement = _markup(self.statement)
        plain = isinstance(self.value, bool)
        parts = [] if plain else [told(self.measured)]
        parts += [str(self.rival)] if self.rival else []
        line = _markup("; ".join(parts))
        line = line[:1].upper() + line[1:]
        measured = f' <span class="measured">{line}.</span>' if line else ""
        return (
            f'<div class="claim" id="{self.id}">'
            f'{CHECKED if plain else ""}<span class="statement">{statement}</span>'
            f"{measured}{'' if plain else BEHIND.format(_markup(self.bound))}</div>"
        )

    def _json(self) -> dict:
        sides = (float(f"{side:.{SAME_DIGITS}g}") for side in (self.low, self.high))
        low, high = (side if math.isfinite(side) else None for side in sides)
        return {
            "id": self.id,
            "statement": self.statement,
            "measured": self.measured,
            "bound": self.bound,
            "settles": self.settles,
            "rival": self.rival and self.rival._json(),
            "numbers": {**_rounded(self), "low": low, "high": high},
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
        With the keys id, statement, measured, bound, settles, rival (None, or a dict
        of words, given, value, error and n) and numbers (value, error, n, low, high);
        value and error are rounded as shown, low or high is None if there is no bound.
    """
    return [
        output["data"][MIME]
        for cell in notebook["cells"]
        for output in cell.get("outputs", ())
        if MIME in output.get("data", {})
    ]


def _markup(words: str) -> str:
    """Return words as HTML, with the subscripts of σ and ξ."""
    return SUBSCRIPT.sub(r"<sub>\1</sub>", html.escape(typeset(words)))


def _shown(measured: Claim | Rival) -> str:
    """Write what was measured: a number, a mean with its error, or what is true."""
    each = "both" if measured.n == 2 else f"all {measured.n}"
    if measured.truths:
        wrong = measured.n - round(measured.value * measured.n)
        parts = f"{wrong} of {measured.n}" if 0 < wrong < measured.n else each
        return f"{'false' if wrong else 'true'} in {parts} replicates"
    if measured.error is None:
        return _number(measured.value, measured.digits)
    if measured.error == 0:
        shown = _number(measured.value, measured.digits)
        return f"{shown} in {each} replicates"
    shown = _mean_with_error(measured.value, measured.error)
    return f"{shown} ({measured.n} replicates)"


def _rounded(measured: Claim | Rival) -> dict:
    """Return what was measured as numbers, at the digits that are shown."""
    value, error = measured.value, measured.error
    if error:
        value, error = round(value, _decimals(error)), float(f"{error:.2g}")
    elif not isinstance(value, bool):
        value = float(f"{value:.{measured.digits}g}")
    return {"value": value, "error": error, "n": measured.n}


def _number(value: float | bool, digits: int) -> str:
    """Write a number at `digits` significant digits: 0.5, 42, 3.1 × 10⁻⁷, true."""
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if value == int(value) and abs(value) < 1e6:
        return _signed(str(int(value)))
    shown, _, power = f"{value:.{digits}g}".partition("e")
    return _times_power(_signed(shown), int(power)) if power else _signed(shown)


def _times_power(shown: str, exponent: int) -> str:
    """Write a number times a power of ten: 3 × 10⁻⁷, and of 1 the power alone."""
    power = "10" + str(exponent).translate(RAISED)
    return power if shown == "1" else f"{shown} × {power}"


def _signed(text: str) -> str:
    """Write minus signs as such: after a hyphen, a line may end."""
    return text.replace("-", "−")


def _decimals(error: float) -> int:
    """Return the decimal place of the first digit of an error that says enough."""
    decimals = -math.floor(math.log10(error))
    return decimals + f"{error:.0e}".startswith("1e")  # of a 1 one digit is too little


def _mean_with_error(mean: float, error: float) -> str:
    """Write mean ± error, both to the first digit of the error: 0.503 ± 0.002."""
    decimals = _decimals(error)
    scale = max(abs(mean), error)
    if scale < 1e-3 or scale >= 1e5:
        power = math.floor(math.log10(scale))
        shown, factor = decimals + power, 10.0**-power
        both = f"({mean * factor:.{shown}f} ± {error * factor:.{shown}f})"
        return _times_power(_signed(both), power)
    shown = max(decimals, 0)
    return _signed(f"{mean:.{shown}f} ± {error:.{shown}f}")


def _check_measured(measured, name: str = "measured") -> np.ndarray:
    try:
        array = np.asarray(measured)
    except ValueError:  # rows of different lengths
        array = np.array(None)
    if array.ndim > 1 or array.size == 0 or array.dtype.kind not in "bfiu":
        raise TypeError(
            f"{name} must be a number, a truth value, or a list of replicates; "
            f"got {measured!r}"
        )
    return array


def _summarize(measured, name="measured") -> tuple[float | bool, float | None, int]:
    """Return value, standard error and number of replicates."""
    array = _check_measured(measured, name)
    if array.ndim == 0 and array.dtype.kind == "b":
        return bool(array), None, 1
    array = array.astype(np.float64)
    if not np.isfinite(array).all():
        raise ClaimError(f"{name} must be finite; got {measured!r}")
    if array.ndim == 0:
        return float(array), None, 1
    if array.size < 2:
        raise ClaimError("one replicate has no standard error; give at least two")
    alike = np.ptp(array) <= ROUNDING * abs(array).max()
    error = 0.0 if alike else array.std(ddof=1) / math.sqrt(array.size)
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

    def excludes(self, least: float, most: float) -> bool:
        """Tell whether all from `least` to `most` lies on one side of the bound."""
        if self.is_open:
            return most <= self.low or least >= self.high
        return most < self.low or least > self.high


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
    words = _number(equals, _digits_of(equals, within))
    words += f" within {_number(within, MOST_DIGITS)}" if within else ""
    return _Bound(equals - within, equals + within, False, words)


def _digits_of(number: float, tolerance: float) -> int:
    """Return how many digits of a number mean something beside its tolerance."""
    if not number or not tolerance:
        return MOST_DIGITS
    places = [math.floor(math.log10(abs(x))) for x in (number, tolerance)]
    return min(max(places[0] - places[1] + 2, DIGITS), MOST_DIGITS)


def _between(above, below) -> _Bound:
    """Bound of what is above one number, below another, or both."""
    low = -math.inf if above is None else check_real("above", above)
    high = math.inf if below is None else check_real("below", below)
    sides = {"above": low, "below": high}
    given = [
        f"{word} {_number(side, DIGITS + 1)}"
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
    rival: tuple | None = None,
    settles: str | None = None,
) -> Claim:
    """State a sentence, check it against what was measured, and show both.

    A single value must lie in the bound; of replicates, the mean must clear each bound
    by three standard errors: ``mean ± 3 * std / sqrt(n)`` must lie in it.
    The rival must lie outside, by three standard errors if it has replicates: a bound
    that admits the opposite sentence too says nothing.

    Parameters
    ----------
    statement : str
        The sentence, with a full stop.
    measured : float, bool, or sequence of these (n,)
        One value, or at least two independent replicates; of truth values, the mean is
        the part that says true.
    equals : float or bool, optional
        What it should be; of replicates, True asks that all of them say true.
    within : float, optional
        Allowed distance from `equals`, inclusive; 0 unless given.
    above, below : float, optional
        Strict bounds; either or both.
    rival : (str, float, bool or sequence of these (n,)), optional
        What gives the opposite, in plain words, and what it gives: a common
        misconception, or the same without what the sentence speaks of.
        Of a truth value, the opposite one, computed as well.
    settles : str, optional
        The common statement that this settles: "S" and a number.

    Returns
    -------
    Claim
        Which shows itself in a notebook.

    Raises
    ------
    ClaimError
        If the sentence is false, the replicates too few to tell, a value not finite,
        or the rival keeps the bound, or nearly.

    Examples
    --------
    >>> claim("Half of two is one.", 2 / 2, equals=1)
    ✓ Half of two is one.
      measured 1
      claimed 1
    >>> heads, six = [0.52, 0.47, 0.5, 0.51], ("a six of a die", 1 / 6)
    >>> claim("Coins fall fairly.", heads, equals=0.5, within=0.05, rival=six)
    ✓ Coins fall fairly.
      measured 0.500 ± 0.011 (4 replicates); a six of a die would give 0.167
      claimed 0.5 within 0.05
    """
    _check_words(statement, settles)
    bound = _bound(equals, within, above, below)
    found = _summarize(measured)
    truths = _check_truth(measured, equals)
    exact = equals is not None and (within or 0) <= EXACT * abs(equals)
    digits = MOST_DIGITS if exact else DIGITS
    result = Claim(
        statement, *found, bound.words, settles, digits, truths, bound.low, bound.high
    )
    _check_bound(result, bound)
    if rival is None:
        return result
    return replace(result, rival=_check_rival(result, bound, rival))


def _is_truth(measured) -> bool:
    return np.asarray(measured).dtype.kind == "b"


def _check_truth(measured, equals) -> bool:
    """Return whether the replicates have to say true, each of them."""
    if not isinstance(equals, (bool, np.bool_)):
        fits = np.ndim(measured) or not _is_truth(measured)
    else:
        fits = _is_truth(measured) and (equals or not np.ndim(measured))
    if not fits:
        raise TypeError(
            "a truth value needs equals=True or equals=False, and only that, and a "
            "list of them equals=True, or the bounds of the part that is true; "
            f"got measured={measured!r}, equals={equals!r}"
        )
    return isinstance(equals, (bool, np.bool_)) and np.ndim(measured) > 0


def _check_words(statement, settles) -> None:
    if not isinstance(statement, str) or not statement.rstrip().endswith((".", "?")):
        raise ValueError(
            f"statement must be a sentence with its stop; got {statement!r}"
        )
    if settles is not None and not re.fullmatch(r"S\d+", str(settles)):
        raise ValueError(f'settles must be "S" and a number; got {settles!r}')


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


def _check_rival(result: Claim, bound: _Bound, rival) -> Rival:
    """Return the rival, if the bound excludes it as clearly as it holds the claim."""
    words, given = _named(rival)
    value, error, n = _summarize(given, "rival")
    verdict = isinstance(result.value, bool) or result.truths
    if not (_is_truth(given) if verdict else not isinstance(value, bool)):
        raise TypeError(
            "the rival of a truth value is the opposite one, that of a number a number;"
            f" got measured={result.value!r}, rival={given!r}"
        )
    found = Rival(words, value, error, n, result.digits, verdict and n > 1)
    said = f"{result.statement!r}: claimed {result.bound}, and {found}"
    margin = SIGMAS * (error or 0.0)
    if not bound.excludes(value, value):
        raise ClaimError(f"toothless: {said}, which the bound admits; narrow it")
    if not bound.excludes(value - margin, value + margin):
        raise ClaimError(
            f"undecided: {said}, not outside the bound by {SIGMAS} standard errors, "
            "so take more replicates of the rival or a narrower bound"
        )
    return found


def _named(rival) -> tuple:
    """Return words and value of a rival; they must be plain words without a stop."""
    pair = isinstance(rival, (tuple, list)) and len(rival) == 2
    if not (pair and isinstance(rival[0], str)):
        raise TypeError(
            'rival must be (plain words, what it gives), as ("a fair coin", 0.5); '
            f"got {rival!r}"
        )
    words = rival[0].strip()
    if not words or words.endswith((".", ";", "?")):
        raise ValueError(
            'the words of a rival go on with "would give": no stop, and not empty; '
            f"got {rival[0]!r}"
        )
    return words, rival[1]
