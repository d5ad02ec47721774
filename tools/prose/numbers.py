"""Numbers as they stand in a text: digits, percentages, fractions, words.

`numbers_in("a third of 500 units")` finds two, each with its place, kind and value.
"""

import re
from dataclasses import dataclass
from fractions import Fraction

COUNTS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
    "twenty": 20, "twenty-two": 22, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
    "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100, "thousand": 1000,
    "million": 10**6,
}  # fmt: skip
TIMES = {
    "twice": 2, "double": 2, "doubles": 2, "doubled": 2, "doubling": 2, "thrice": 3,
}  # fmt: skip
PARTS = {
    word: Fraction(1, under)
    for word, under in {
        "half": 2, "halves": 2, "halved": 2, "halving": 2, "third": 3, "thirds": 3,
        "quarter": 4, "fifth": 5, "sixth": 6, "tenth": 10, "sixteenth": 16,
        "hundredth": 100, "thousandth": 1000, "ten-thousandth": 10**4,
        "hundred-thousandth": 10**5,
        "millionth": 10**6, "ten-millionth": 10**7, "billionth": 10**9,
    }.items()
}  # fmt: skip
WORDS = COUNTS | TIMES | PARTS
SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
PERCENT = r"[\s\u00a0]?\\?(?:%|percent\b)"
NUMBER = re.compile(
    rf"""(?<![\w.\\])(?:
      (?P<power>10\^\{{?[-−]?\d+\}}?|10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)
    | (?P<scientific>\d+(?:\.\d+)?\s?(?:\\cdot|·)\s?10\^\{{[-−]?\d+\}}
    | \d+(?:\.\d+)?\s×\s10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+
    | \d+(?:\.\d+)?e[-−+]?\d+)
    | (?P<thousands>(?:\d+|{"|".join(COUNTS)})\s(?:hundred|thousand|million)\b)
    | (?P<percent>(?:\d*\.\d+|\d+|{"|".join(COUNTS)}|one)(?={PERCENT}))
    | (?P<fraction>\d+\s?/\s?\d+(?![\d/])|[½⅓¼])
    | (?P<decimal>\d*\.\d+)
    | (?P<integer>\d{{1,3}}(?:,\d{{3}})+|\d+)
    | (?P<word>(?:{"|".join(sorted(WORDS, key=len, reverse=True))})\b)
    )
    | (?P<frac>\\[td]?frac\s?(?:\{{\d+\}}|\d)\s?(?:\{{\d+\}}|\d))
    """,
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True)
class Number:
    """A number in a text: what it says, where it begins, and what it is worth."""

    text: str
    start: int
    kind: str
    value: Fraction
    step: Fraction = Fraction(0)  # of the last digit shown; 0 if there is no rounding

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def numbers_in(text: str) -> list[Number]:
    """Return the numbers of a text, in order."""
    return [
        read(match[0], match.start(), match.lastgroup)
        for match in NUMBER.finditer(text)
        if not is_ordinal(text, match)
    ]


def is_ordinal(text: str, match: re.Match) -> bool:
    """Tell the third layer from a third of it."""
    if match[0].lower() not in {"third", "fifth", "sixth", "tenth"}:
        return False
    before, after = text[: match.start()].lower(), text[match.end() :]
    part = before.endswith((" a ", "\na ", "one ")) or after.startswith((" of", " as"))
    return not part or after.startswith((" question", " prediction", " layer"))


def read(text: str, start: int, kind: str) -> Number:
    """Give a number its value, and the step of its last digit."""
    plain = text.replace(",", "").replace("−", "-").lower()
    step = Fraction(0)
    if kind == "thousands":
        count, unit = plain.split()
        kind, step = "decimal", Fraction(WORDS[unit])
        value = Fraction(WORDS.get(count) or count) * step
    elif plain in WORDS or plain == "one":
        value = Fraction(WORDS.get(plain, 1))
    elif kind == "power":
        value = Fraction(10) ** int(plain[2:].translate(SUPERSCRIPT).strip("^{}"))
    elif kind in {"fraction", "frac"}:
        over, under = terms(plain)
        kind, value = "fraction", Fraction(over, under or 1)
    else:
        plain = re.sub(r"\s?(?:\\cdot|·)\s?10\^\{(.*)\}", r"e\1", plain)
        plain = re.sub(r"\s×\s10(?=[⁻⁰¹²³⁴⁵⁶⁷⁸⁹])", "e", plain).translate(SUPERSCRIPT)
        value, step = Fraction(plain), last_digit(plain)
    if kind == "percent":
        value, step = value / 100, step / 100
    return Number(text, start, kind, value, step if kind != "integer" else Fraction(0))


def terms(fraction: str) -> tuple[int, int]:
    r"""Return numerator and denominator of 1/2, ½, or \frac12."""
    if fraction in "½⅓¼":
        return 1, {"½": 2, "⅓": 3, "¼": 4}[fraction]
    digits = r"\d+" if "/" in fraction or "{" in fraction else r"\d"
    over, under = re.findall(digits, fraction)
    return int(over), int(under)


def last_digit(plain: str) -> Fraction:
    mantissa, _, exponent = plain.partition("e")
    return Fraction(10) ** (int(exponent or 0) - len(mantissa.partition(".")[2]))


def agrees(said: Number, known: Number) -> bool:
    """Tell whether `known`, at the digits of `said`, is what was said."""
    if said.value == known.value:
        return True
    apart = 2 * abs(said.value - known.value)
    if said.kind in {"decimal", "percent", "scientific"}:
        return 0 < known.step < said.step and apart <= said.step
    if said.value < 1:  # a third: printed as .33 or .333
        return 0 < known.step <= Fraction(1, 100) and apart <= known.step
    return False
