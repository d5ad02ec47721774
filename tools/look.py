"""Look at the built site in Chromium: pictures of every page, and checks.

    python tools/look.py [--site FOLDER] [--out FOLDER] [PAGE ...]

Serves the site on this machine and opens each page at desktop and phone width,
light and dark.  Writes a picture of each, and fails on: a request to elsewhere,
a console error, an axe violation, a layout shift, a page that scrolls sideways,
a menu, search or launch button that does not work.
Needs `playwright` and `axe-playwright-python`, and a Chromium (--browser).
"""

import argparse
import contextlib
import functools
import gzip
import shutil
import sys
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Response, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
VIEWS = {
    "wide-light": {"width": 1280, "scheme": "light"},
    "wide-dark": {"width": 1280, "scheme": "dark"},
    "phone-light": {"width": 390, "scheme": "light"},
    "phone-dark": {"width": 390, "scheme": "dark"},
}
SHIFTS = """
window.layoutShift = 0;
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) window.layoutShift += entry.value;
}).observe({type: "layout-shift", buffered: true});
"""
SCROLL = """async () => {  // as a reader does, so that lazy images load
  for (let y = 0; y < document.body.scrollHeight; y += 600) {
    scrollTo(0, y);
    await new Promise(done => setTimeout(done, 30));
  }
  scrollTo(0, 0);
}"""
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic"]
COMPRESSED = (".html", ".css", ".js", ".svg", ".json")
MAX_SHIFT = 0.01


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *args) -> None:
        pass

    def copyfile(self, source, outputfile) -> None:
        with contextlib.suppress(ConnectionError):  # a page that was left early
            super().copyfile(source, outputfile)


def serve(site: Path) -> ThreadingHTTPServer:
    handler = functools.partial(QuietHandler, directory=str(site))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def sent_bytes(response: Response) -> int:
    """Return what a host with gzip sends for a response."""
    if response.status != 200:
        return 0
    body = response.body()
    packed = response.url.partition("?")[0].endswith(COMPRESSED)
    return len(gzip.compress(body)) if packed else len(body)


def open_page(browser: Browser, address: str, width: int, scheme: str):
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme
    )
    page = context.new_page()
    page.problems, page.responses = [], []
    page.on("console", lambda m: m.type == "error" and page.problems.append(m.text))
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on("response", lambda response: page.responses.append(response))
    page.add_init_script(SHIFTS)
    page.goto(address)
    return page


def look_at(browser: Browser, base: str, name: str, view: str, out: Path) -> list[str]:
    """Take a picture of one page in one view and return what is wrong with it."""
    page = open_page(browser, base + name, **VIEWS[view])
    page.evaluate(SCROLL)
    page.wait_for_load_state("networkidle")
    problems = list(page.problems)
    outside = {
        r.url for r in page.responses if not r.url.startswith((base, "data:", "blob:"))
    }
    problems += [f"asks {url}" for url in outside]
    if (shift := page.evaluate("layoutShift")) > MAX_SHIFT:
        problems.append(f"layout shifts by {shift:.3f}")
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        problems.append("scrolls sideways")
    for fault in Axe().run(page).response["violations"]:
        where = "; ".join(node["html"][:120] for node in fault["nodes"][:3])
        problems.append(f"axe {fault['id']} x {len(fault['nodes'])}: {where}")
    picture = out / f"{name.removesuffix('.html').replace('/', '-')}-{view}.png"
    page.screenshot(path=picture, full_page=True)
    size = sum(sent_bytes(response) for response in page.responses)
    print(f"{view:12} {size / 1000:6.1f} KB {len(page.responses):3d} requests  {name}")
    page.context.close()
    return [f"{view} {name}: {problem}" for problem in problems]


def click_menu(browser: Browser, address: str) -> None:
    link = (
        "#pst-primary-sidebar .toctree-l1 a, #pst-primary-sidebar-modal .toctree-l1 a"
    )
    for width, visible in ((1280, False), (390, True)):
        page = open_page(browser, address, width, "light")
        page.locator(".primary-toggle").first.click()
        expect(page.locator(link).first).to_be_visible(visible=visible)
        page.context.close()


def click_search(browser: Browser, address: str, word: str) -> None:
    page = open_page(browser, address, 1280, "light")
    page.locator(".search-button__button").first.click()
    page.locator("#pst-search-dialog input").fill(word)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=*")
    expect(page.locator("#search-results li").first).to_be_visible()
    page.context.close()


def click_header_menus(browser: Browser, address: str) -> None:
    page = open_page(browser, address, 390, "light")
    for menu in ("launch", "source", "download"):
        first = page.locator(f".dropdown-{menu}-buttons a").first
        expect(first).to_be_hidden()
        page.locator(f".dropdown-{menu}-buttons > button").click()
        expect(first).to_be_visible()
        page.keyboard.press("Escape")
        expect(first).to_be_hidden()
    page.context.close()


def click_theme(browser: Browser, address: str) -> None:
    page = open_page(browser, address, 1280, "light")
    theme = "document.documentElement.dataset.theme"
    seen = set()
    for _ in range(3):
        page.locator(".theme-switch-button").first.click()
        seen.add(page.evaluate(theme))
    assert seen == {"light", "dark"}, seen
    page.context.close()


def click_all(browser: Browser, base: str, chapter: str, word: str) -> list[str]:
    clicks = {
        "menu": lambda: click_menu(browser, base + chapter),
        "search": lambda: click_search(browser, base + chapter, word),
        "header menus": lambda: click_header_menus(browser, base + chapter),
        "colour mode": lambda: click_theme(browser, base + chapter),
    }
    problems = []
    for name, click in clicks.items():
        try:
            click()
            print(f"clicked {name}")
        except Exception as error:  # report every button before failing
            problems.append(f"{name}: {error}")
    return problems


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("pages", nargs="*", help="pages to look at, all when none")
    parser.add_argument("--site", type=Path, default=ROOT / "_build" / "html")
    parser.add_argument("--out", type=Path, default=ROOT / "_build" / "look")
    parser.add_argument("--browser", default=shutil.which("chromium"))
    parser.add_argument("--views", nargs="*", default=list(VIEWS), choices=VIEWS)
    parser.add_argument("--word", default="variance", help="a word to search for")
    options = parser.parse_args()
    found = sorted(
        str(path.relative_to(options.site))
        for path in options.site.rglob("*.html")
        if "_static" not in path.parts and path.name != "index.html"
    )
    wanted = options.pages or [""]
    pages = [name for name in found if any(part in name for part in wanted)]
    options.out.mkdir(parents=True, exist_ok=True)
    server = serve(options.site.resolve())
    base = f"http://127.0.0.1:{server.server_port}/"
    with sync_playwright() as playwright:
        chromium = playwright.chromium
        browser = chromium.launch(executable_path=options.browser, args=FLAGS)
        problems = [
            problem
            for name in pages
            for view in options.views
            for problem in look_at(browser, base, name, view, options.out)
        ]
        chapter = next(name for name in found if "/chapters/" in name)
        problems += click_all(browser, base, chapter, options.word)
        browser.close()
    server.shutdown()
    print("\n".join(problems) or f"no fault found; pictures in {options.out}")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
