"""Photograph every page of the built site in Chromium, and say what is wrong with it.

    python -m tools.screenshots [--out FOLDER] [--views VIEW ...] [PAGE ...]

Opens each page at desktop and phone width, light and dark, writes pictures of reading
size from its top to its end, and fails on what `Visitor.faults` finds.  The tests find
the same faults; here one sees the pages too.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page

from tools.browser import find_chromium, launch, serve
from tools.paths import ROOT
from tools.sphinxext.site_files import pages_of
from tools.visitor import SCHEMES, WIDTHS, Visitor

VIEWS = {f"{name}-{scheme}": (name, scheme) for name in WIDTHS for scheme in SCHEMES}
PIECE, BAR = 1400, 60  # CSS pixels of a picture, and of the bar that hides its top
SCROLL = """async top => {
  scrollTo({ top, behavior: "instant" });
  for (let frame = 0; frame < 2; frame += 1) // formulas are painted when they are near
    await new Promise(requestAnimationFrame);
}"""


def pieces(page: Page) -> Iterator[bytes]:
    """Yield pictures from top to end; one of over 16,384 pixels Chromium spoils."""
    page.set_viewport_size({"width": page.viewport_size["width"], "height": PIECE})
    height = page.evaluate("document.documentElement.scrollHeight")
    for top in range(0, max(height - BAR, 1), PIECE - BAR):
        page.evaluate(SCROLL, top)
        yield page.screenshot()


def photograph(
    browser: Browser, base: str, name: str, view: str, out: Path
) -> list[str]:
    """Take pictures of one page in one view and return what is wrong with it."""
    width, scheme = VIEWS[view]
    with Visitor(browser, base, width, color_scheme=scheme) as visitor:
        visitor.open(name).read()
        faults = visitor.faults()
        size, requests = visitor.sent_bytes() / 1000, len(visitor.responses)
        start = f"{name.removesuffix('.html').replace('/', '-')}-{view}"
        for i, picture in enumerate(pieces(visitor.page)):
            (out / f"{start}-{i:02}.png").write_bytes(picture)
        print(f"{view:12} {size:6.1f} KB {requests:3d} requests  {name}", flush=True)
        return [f"{view} {name}: {fault}" for fault in faults]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("pages", nargs="*", help="parts of their names; all, when none")
    parser.add_argument("--site", type=Path, default=ROOT / "_build" / "html")
    parser.add_argument("--out", type=Path, default=ROOT / "_build" / "screenshots")
    parser.add_argument("--browser", default=find_chromium())
    parser.add_argument("--views", nargs="*", default=list(VIEWS), choices=VIEWS)
    options = parser.parse_args()
    found = [str(page.relative_to(options.site)) for page in pages_of(options.site)]
    wanted = options.pages or [""]
    pages = [name for name in found if any(part in name for part in wanted)]
    options.out.mkdir(parents=True, exist_ok=True)
    with serve(options.site) as base, launch(options.browser) as browser:
        problems = [
            problem
            for name in pages
            for view in options.views
            for problem in photograph(browser, base, name, view, options.out)
        ]
    print("\n".join(problems) or f"no fault found; pictures in {options.out}")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
