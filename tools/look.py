"""Look at the built site in Chromium: pictures of every page, and their faults.

    python tools/look.py [--site FOLDER] [--out FOLDER] [--views VIEW ...] [PAGE ...]

Serves the site on this machine and opens each page at desktop and phone width,
light and dark.  Writes a picture of each, and fails on what `Visitor.faults` finds.
The tests find the same faults; here one sees the pages too.
Needs `playwright` and `axe-playwright-python`, and a Chromium (--browser).
"""

import argparse
import contextlib
import functools
import gzip
import os
import re
import shutil
import sys
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Response, Route, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
WIDTHS = {"wide": 1280, "phone": 390}
HEIGHT = 900
SCHEMES = ("light", "dark")
VIEWS = {f"{name}-{scheme}": (name, scheme) for name in WIDTHS for scheme in SCHEMES}
MAX_SHIFT = 0.02
PATIENCE = 60_000  # milliseconds, for busy machines
COMPRESSED = (".html", ".css", ".js", ".svg", ".json")
FLAGS = ["--disable-gpu", "--disable-quic"]
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
# Runs before the page: what moves from then on, and the room kept for live figures.
WATCH = """
window.layoutShift = 0;
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) window.layoutShift += entry.value;
}).observe({type: "layout-shift", buffered: true});
window.heights = () => [...document.querySelectorAll(".live-place")].map(
  place => place.getBoundingClientRect().height);
addEventListener("DOMContentLoaded", () => { window.room = heights(); });
"""
GROWTH = "Math.max(0, ...heights().map((height, i) => height - room[i]))"
# As a reader does, so that lazy images load and live figures start.
SCROLL = """async () => {
  for (let y = 0; y < document.body.scrollHeight; y += innerHeight / 2) {
    scrollTo(0, y);
    await new Promise(requestAnimationFrame);
  }
  scrollTo(0, 0);
}"""
ALL_ALIVE = """() => [...document.querySelectorAll(".live-place")].every(
  place => place.hasChildNodes())"""
ALL_AT_REST = """() => document.getAnimations().every(
  animation => animation.playState !== "running")"""
# Words of code and formulas are thousands a page.  Of each colour, background and size
# axe sees one; meanwhile other words are plain text, other formulas are not painted.
VIOLATIONS = """async () => {
  const backgrounds = (element) => {
    if (!element) return "";
    const {backgroundColor} = getComputedStyle(element);
    const clear = backgroundColor.startsWith("rgba");
    return backgroundColor + (clear ? backgrounds(element.parentElement) : "");
  };
  const look = (element) => {
    const {fontSize, fontWeight} = getComputedStyle(element);
    const colours = [element, ...element.querySelectorAll("*")].map(
      part => getComputedStyle(part).color);
    return [...new Set(colours), fontSize, fontWeight, backgrounds(element)].join();
  };
  const seen = new Set();
  const known = (element) => {
    const key = look(element);
    return seen.has(key) || !seen.add(key);
  };
  const formulas = [...document.querySelectorAll(".katex-html")].filter(known);
  const simplify = (listing) => {
    const plain = listing.cloneNode(true);
    const words = plain.querySelectorAll("span, em, strong");
    listing.querySelectorAll("span, em, strong").forEach((word, i) => {
      if (known(word)) words[i].replaceWith(words[i].textContent);
    });
    plain.normalize();
    return [listing, plain];
  };
  const code = document.querySelectorAll("pre, .sig, .field-list");
  const listings = [...code].map(simplify);
  for (const formula of formulas) formula.style.visibility = "hidden";
  for (const [listing, plain] of listings) listing.replaceWith(plain);
  const {violations} = await axe.run({resultTypes: ["violations"]});
  for (const [listing, plain] of listings) plain.replaceWith(listing);
  for (const formula of formulas) formula.style.visibility = "";
  return violations;
}"""


def find_chromium() -> str | None:
    """Return the path of a Chromium: $CHROMIUM, or what the system calls it."""
    found = map(shutil.which, [os.environ.get("CHROMIUM", ""), *PROGRAMS])
    return next(filter(None, found), None)


@contextlib.contextmanager
def launch(program: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *args) -> None:
        pass

    def copyfile(self, source, outputfile) -> None:
        with contextlib.suppress(ConnectionError):  # a page that was left early
            super().copyfile(source, outputfile)


@contextlib.contextmanager
def serve(site: Path, handler: type[QuietHandler] = QuietHandler) -> Iterator[str]:
    """Serve a folder on this machine and yield its address."""
    handler = functools.partial(handler, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()


class Visitor:
    """A window of Chromium that reaches one address alone and notes what goes wrong.

    Every request to elsewhere is refused and noted, as are errors of scripts.
    """

    def __init__(self, browser: Browser, base: str, width: str = "wide", **options):
        self.base = base
        self.problems: list[str] = []
        self.responses: list[Response] = []
        size = {"width": WIDTHS[width], "height": HEIGHT}
        self.context = browser.new_context(viewport=size, **options)
        self.context.set_default_timeout(PATIENCE)
        elsewhere = re.compile(f"^(?!{re.escape(base)}|data:|blob:)")
        self.context.route(elsewhere, self._refuse)
        self.context.add_init_script(WATCH)
        self.page = page = self.context.new_page()
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("response", self._receive)

    def __enter__(self) -> "Visitor":
        return self

    def __exit__(self, *error: object) -> None:
        self.context.close()

    def _refuse(self, route: Route) -> None:
        self.problems.append(f"asks {route.request.url}")
        route.abort()

    def _listen(self, message) -> None:
        if message.type == "error":
            self.problems.append(message.text)

    def _receive(self, response: Response) -> None:
        if response.url.startswith(self.base):
            self.responses.append(response)

    def open(self, name: str) -> "Visitor":
        """Open one page of the site and wait until its live figures are there."""
        self.page.goto(self.base + name)
        self.page.wait_for_function(ALL_ALIVE)
        return self

    def read(self) -> None:
        """Scroll through the page and wait for what it loads meanwhile."""
        self.page.evaluate(SCROLL)
        self.page.wait_for_load_state("networkidle")

    def turn(self, scheme: str) -> None:
        """Change between day and night, as the system does in the evening."""
        self.page.emulate_media(color_scheme=scheme)
        turned = "scheme => document.documentElement.dataset.theme === scheme"
        self.page.wait_for_function(turned, arg=scheme)
        self.page.wait_for_function(ALL_AT_REST)

    def sent_bytes(self) -> int:
        """Return what a host with gzip has sent for the page and all that it loaded.

        Counted are the page, styles, scripts, fonts, and every picture down to the
        end of the page, though pictures below the first view load when one scrolls.
        """
        return sum(map(sent_bytes, self.responses))

    def faults(self) -> list[str]:
        """Return everything that is wrong with the page as it looks now."""
        found = list(self.problems)
        if (shift := self.page.evaluate("layoutShift")) >= MAX_SHIFT:
            found.append(f"layout shifts by {shift:.3f}")
        if (growth := self.page.evaluate(GROWTH)) >= MAX_SHIFT * HEIGHT:
            found.append(f"a live figure takes {growth:.0f} pixels more than were kept")
        if self.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append("scrolls sideways")
        self.page.evaluate(f"window.axe || {AXE_SCRIPT}")
        for fault in self.page.evaluate(VIOLATIONS):
            where = "; ".join(node["html"][:120] for node in fault["nodes"][:3])
            found.append(f"axe {fault['id']} x {len(fault['nodes'])}: {where}")
        return found


def sent_bytes(response: Response) -> int:
    if response.status != 200:
        return 0
    body = response.body()
    packed = response.url.partition("?")[0].endswith(COMPRESSED)
    return len(gzip.compress(body, mtime=0)) if packed else len(body)


def look_at(browser: Browser, base: str, name: str, view: str, out: Path) -> list[str]:
    """Take a picture of one page in one view and return what is wrong with it."""
    width, scheme = VIEWS[view]
    with Visitor(browser, base, width, color_scheme=scheme) as visitor:
        visitor.open(name).read()
        faults = visitor.faults()
        picture = out / f"{name.removesuffix('.html').replace('/', '-')}-{view}.png"
        visitor.page.screenshot(path=picture, full_page=True)
        size, requests = visitor.sent_bytes() / 1000, len(visitor.responses)
        print(f"{view:12} {size:6.1f} KB {requests:3d} requests  {name}", flush=True)
        return [f"{view} {name}: {fault}" for fault in faults]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("pages", nargs="*", help="pages to look at, all when none")
    parser.add_argument("--site", type=Path, default=ROOT / "_build" / "html")
    parser.add_argument("--out", type=Path, default=ROOT / "_build" / "look")
    parser.add_argument("--browser", default=find_chromium())
    parser.add_argument("--views", nargs="*", default=list(VIEWS), choices=VIEWS)
    options = parser.parse_args()
    found = sorted(
        str(path.relative_to(options.site))
        for path in options.site.rglob("*.html")
        if "_static" not in path.parts and path.name != "index.html"
    )
    wanted = options.pages or [""]
    pages = [name for name in found if any(part in name for part in wanted)]
    options.out.mkdir(parents=True, exist_ok=True)
    with serve(options.site) as base, launch(options.browser) as browser:
        problems = [
            problem
            for name in pages
            for view in options.views
            for problem in look_at(browser, base, name, view, options.out)
        ]
    print("\n".join(problems) or f"no fault found; pictures in {options.out}")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
