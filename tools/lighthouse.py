"""Let Lighthouse judge three pages of the built site, as desktop and as phone.

    python -m tools.lighthouse [PAGE ...]

Serves the site packed with gzip, as a host does, and prints a row of scores for each
page.  Fails where a desktop has less than 100, or a phone less than 95 for performance
and 100 for the rest: the middle of five runs, which still swings on a busy machine.
Needs a Chromium, and npx, which fetches the pinned Lighthouse.
"""

import gzip
import json
import os
import statistics
import subprocess
import sys
from http import HTTPStatus
from pathlib import Path

from tools.browser import QuietHandler, find_chromium, serve
from tools.paths import ROOT
from tools.visitor import COMPRESSED

LIGHTHOUSE = ["npx", "--yes", "lighthouse@13.5.0", "--quiet", "--output=json"]
CHROMIUM = "--headless=new --no-sandbox --disable-gpu --disable-quic"
PAGES = (  # the entrance, a chapter with few figures, and one with many
    "book/intro.html",
    "book/chapters/04-regularization.html",
    "book/chapters/03-scale.html",
)
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
FORMS = {  # options, runs, and the least performance
    "desktop": (["--preset=desktop"], 1, 100),
    "phone": ([], 5, 95),
}


class PackedHandler(QuietHandler):
    """Answer as static hosts do: text packed with gzip, to be kept for a while."""

    def do_GET(self) -> None:  # noqa: N802
        path = Path(self.translate_path(self.path))
        if path.suffix not in COMPRESSED or not path.is_file():
            super().do_GET()
            return
        packed = gzip.compress(path.read_bytes())
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Length", str(len(packed)))
        self.end_headers()
        self.wfile.write(packed)

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "max-age=600")
        super().end_headers()


def scores(address: str, options: list[str]) -> dict[str, float]:
    """Run Lighthouse once; return its scores, of 100, by category."""
    command = [*LIGHTHOUSE, f"--chrome-flags={CHROMIUM}", *options, address]
    environment = os.environ | {"CHROME_PATH": find_chromium()}
    report = json.loads(subprocess.check_output(command, env=environment))
    return {name: 100 * report["categories"][name]["score"] for name in CATEGORIES}


def judge(address: str, form: str) -> bool:
    """Measure one page in one form, print its row, and say whether it is as wanted."""
    options, runs, least = FORMS[form]
    found = [scores(address, options) for _ in range(runs)]
    middle = {
        name: statistics.median(run[name] for run in found) for name in CATEGORIES
    }
    row = "  ".join(f"{name} {score:.0f}" for name, score in middle.items())
    print(f"{form:8} {row}  {address}", flush=True)
    return all(
        score >= (least if name == "performance" else 100)
        for name, score in middle.items()
    )


def main(pages: list[str]) -> int:
    if find_chromium() is None:
        sys.exit("Lighthouse drives Chromium: install it, or set CHROMIUM")
    with serve(ROOT / "_build" / "html", PackedHandler) as base:
        reached = [judge(base + name, form) for form in FORMS for name in pages]
    return not all(reached)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or PAGES))
