"""Visit a page of the built site as a reader does, and say what is wrong with it.

Needs `playwright` and `axe-playwright-python`.
"""

import gzip
import re
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Response, Route

SCRIPT = Path(__file__).with_suffix(".js")
WIDTHS = {"wide": 1280, "phone": 390}
HEIGHT = 900
SCHEMES = ("light", "dark")
MAX_SHIFT = 0.02
PATIENCE = 60_000  # milliseconds, for busy machines
COMPRESSED = (".html", ".css", ".js", ".svg", ".json")


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
        self.context.add_init_script(path=SCRIPT)
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
        self.page.wait_for_function("() => visitor.isAlive()")
        return self

    def read(self) -> None:
        """Scroll through the page and wait for what it loads meanwhile."""
        self.page.evaluate("visitor.scroll()")
        self.page.wait_for_load_state("networkidle")

    def turn(self, scheme: str) -> None:
        """Change between day and night, as the system does in the evening."""
        self.page.emulate_media(color_scheme=scheme)
        turned = "scheme => document.documentElement.dataset.theme === scheme"
        self.page.wait_for_function(turned, arg=scheme)
        self.page.wait_for_function("() => visitor.isAtRest()")

    def sent_bytes(self) -> int:
        """Return what a host with gzip has sent for the page and all that it loaded.

        Counted are the page, styles, scripts, fonts, and every picture down to the
        end of the page, though pictures below the first view load when one scrolls.
        """
        return sum(map(sent_bytes, self.responses))

    def faults(self) -> list[str]:
        """Return everything that is wrong with the page as it looks now."""
        found = list(self.problems)
        if (shift := self.page.evaluate("visitor.shift")) >= MAX_SHIFT:
            found.append(f"layout shifts by {shift:.3f}")
        if (growth := self.page.evaluate("visitor.growth()")) >= MAX_SHIFT * HEIGHT:
            found.append(f"a live figure takes {growth:.0f} pixels more than were kept")
        if self.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append("scrolls sideways")
        self.page.evaluate(f"window.axe || {AXE_SCRIPT}")
        for fault in self.page.evaluate("visitor.violations()"):
            where = "; ".join(node["html"][:120] for node in fault["nodes"][:3])
            found.append(f"axe {fault['id']} x {len(fault['nodes'])}: {where}")
        return found


def sent_bytes(response: Response) -> int:
    if response.status != 200:
        return 0
    body = response.body()
    packed = response.url.partition("?")[0].endswith(COMPRESSED)
    return len(gzip.compress(body, mtime=0)) if packed else len(body)
