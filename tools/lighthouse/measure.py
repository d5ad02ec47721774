"""Let Lighthouse judge three pages of the built site, as desktop and as phone.

    python -m tools.lighthouse.measure [--site FOLDER] [--runs N] [--browser PROGRAM]

Serves the site as a host with gzip does and prints a table of scores.  Fails where a
desktop score is below 100, the median performance of a phone below 95, or another
score of a phone below 100.  Performance swings on a busy machine.
Needs Lighthouse (`npm ci` in this folder) and a Chromium (--browser).
"""

import argparse
import functools
import gzip
import json
import os
import statistics
import subprocess
import sys
import threading
from http import HTTPStatus
from http.server import ThreadingHTTPServer
from pathlib import Path

from tools.look import COMPRESSED, QuietHandler, find_chromium

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PROGRAM = HERE / "node_modules" / ".bin" / "lighthouse"
PAGES = (  # the entrance, a chapter with few figures, and one with many
    "book/intro.html",
    "book/chapters/04-regularization.html",
    "book/chapters/03-scale.html",
)
LIMITS = {
    "performance": {"desktop": 100, "phone": 95},
    "accessibility": {"desktop": 100, "phone": 100},
    "best-practices": {"desktop": 100, "phone": 100},
    "seo": {"desktop": 100, "phone": 100},
}
CHROMIUM = "--headless=new --no-sandbox --disable-gpu --disable-quic"
Scores = dict[str, list[float]]


class PackedHandler(QuietHandler):
    """Answer as static hosts do: connections kept open, text packed with gzip."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:  # noqa: N802
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        body = path.read_bytes()
        self.send_response(HTTPStatus.OK)
        if path.suffix in COMPRESSED:
            body = gzip.compress(body)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600")
        self.end_headers()
        self.wfile.write(body)


def report(address: str, form: str, browser: str) -> dict:
    """Run Lighthouse once and return its report."""
    command = [PROGRAM, address, "--quiet", "--output=json", "--output-path=stdout"]
    command += [f"--chrome-flags={CHROMIUM}", f"--only-categories={','.join(LIMITS)}"]
    command += ["--preset=desktop"] if form == "desktop" else []
    done = subprocess.run(
        command, stdout=subprocess.PIPE, env=os.environ | {"CHROME_PATH": browser}
    )
    done.check_returncode()
    return json.loads(done.stdout)


def scores_of(reports: list[dict]) -> Scores:
    """Return the scores of some runs, of 100, by category."""
    return {
        name: [100 * one["categories"][name]["score"] for one in reports]
        for name in LIMITS
    }


def shortcomings(reports: list[dict]) -> set[str]:
    """Return the audits outside performance that did not pass."""
    return {
        f"{name}: {one['audits'][part['id']]['title']}"
        for one in reports
        for name in LIMITS.keys() - {"performance"}
        for part in one["categories"][name]["auditRefs"]
        if part["weight"] and one["audits"][part["id"]]["score"] not in (None, 1)
    }


def judge(base: str, name: str, form: str, runs: int, browser: str) -> list[str]:
    """Measure one page in one form, print its row, and return what is not reached."""
    reports = [report(base + name, form, browser) for _ in range(runs)]
    scores = scores_of(reports)
    middle = {
        category: statistics.median(values) for category, values in scores.items()
    }
    timings = reports[0]["audits"]
    shown = "  ".join(
        timings[audit]["displayValue"].replace("\xa0", " ")
        for audit in ("largest-contentful-paint", "total-blocking-time")
    )
    row = "".join(f"{middle[category]:>15.0f}" for category in LIMITS)
    print(f"{form:8}{name:32}{row}   {shown}", flush=True)
    missed = [
        f"{form} {name}: {category} {middle[category]:.0f}, wanted {limits[form]}"
        for category, limits in LIMITS.items()
        if middle[category] < limits[form]
    ]
    return missed + [f"{form} {name}: {fault}" for fault in shortcomings(reports)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("pages", nargs="*", default=PAGES)
    parser.add_argument("--site", type=Path, default=ROOT / "_build" / "html")
    parser.add_argument("--runs", type=int, default=5, help="runs as a phone")
    parser.add_argument("--browser", default=find_chromium())
    options = parser.parse_args()
    if options.browser is None:
        sys.exit("Lighthouse drives Chromium: install it, or set CHROMIUM")
    handler = functools.partial(PackedHandler, directory=str(options.site.resolve()))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}/"
    print(f"{'':40}{''.join(f'{name:>15}' for name in LIMITS)}   first paint, blocking")
    missed = [
        fault
        for form, runs in (("desktop", 1), ("phone", options.runs))
        for name in options.pages
        for fault in judge(base, name, form, runs, options.browser)
    ]
    server.shutdown()
    print("\n".join(missed) or "every page reaches what is wanted")
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
