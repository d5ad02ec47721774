"""Write formulas and code with fewer elements, which look and are read as before."""

import re

TAG = re.compile(r"(</?span[^>]*>)")
ONE_WORD = re.compile(r"<mrow>(<m[in](?: [^>]*)?>[^<]*</m[in]>)</mrow>")
# KaTeX says with these what a part is; no rule of its style sheet asks for them.
KIND = re.compile('<span class="(?:mord|mbin|mrel|mopen|mclose|mpunct)(?: mtight)?">')
# What is inside of these is a line of text, with spans or without.
LINE = re.compile(
    rf'{KIND.pattern}|<span class="(?:base|minner|sizing [\w -]*)">', re.ASCII
)
ALIKE = {  # the marks of code that have one colour, in the light and in the dark
    "s2": "o|s1|s2|sa|si",
    "mi": "mf|mi|nb",
    "k": "k|kc|kn|ow",
}


def lean_formula(html: str) -> str:
    """Leave out of a rendered formula the elements that nothing draws."""
    kept, ends = [], []
    for part in TAG.split(ONE_WORD.sub(r"\1", html)):
        if part == "</span>":
            end, _ = ends.pop()
            kept.append(end)
        elif part.startswith("<span"):
            in_line = bool(ends) and ends[-1][1]
            needless = in_line and KIND.fullmatch(part)
            ends.append(("" if needless else "</span>", bool(LINE.fullmatch(part))))
            kept.append("" if needless else part)
        else:
            kept.append(part)
    return "".join(kept)


def lean_code(html: str) -> str:
    """Put neighbours of one colour in code under one mark."""
    html = html.replace("<pre><span></span>", "<pre>")
    for name, alike in ALIKE.items():
        mark = rf'<span class="(?:{alike})">([^<]*)</span>'
        html = re.sub(
            rf"{mark}(?: *{mark})+",
            lambda found, name=name: (
                f'<span class="{name}">{re.sub("<[^>]*>", "", found[0])}</span>'
            ),
            html,
        )
    return html
