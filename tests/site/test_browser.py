"""Chromium starts with what Playwright wants of it, and without what nobody sees."""

import re
from pathlib import Path

import playwright
import pytest

from tools.browser import NOT_WANTED

BUNDLE = Path(playwright.__file__).parent / "driver/package/lib/coreBundle.js"
LIST = re.compile(r"disabledFeatures = \[(.*?)\]", re.DOTALL)


def test_nothing_that_playwright_turns_off_is_on():
    (theirs,) = LIST.findall(BUNDLE.read_text(encoding="utf-8"))
    names = re.findall(r'^ *"(\w+)",?$', theirs, re.MULTILINE)
    assert len(names) > 10
    assert {*names} <= {*NOT_WANTED}


def own_pages(browser, address: str) -> list[str]:
    """Return the pages of Chromium itself that are there once a window shows one."""
    with browser.new_context() as context:
        context.new_page().goto(address)
        targets = browser.new_browser_cdp_session().send("Target.getTargets")
        urls = [target["url"] for target in targets["targetInfos"]]
    return [url for url in urls if url.startswith("chrome://")]


@pytest.mark.parametrize(
    ("address", "found"),
    [("about:blank", []), ("chrome://version/", ["chrome://version/"])],
)
def test_a_window_loads_no_page_of_chromium_unasked(browser, address, found):
    assert own_pages(browser, address) == found
