"""A browser to see the built site with, and what renders its formulas."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tools.browser import find_chromium, launch, serve
from tools.sphinxext import formulas
from tools.visitor import PATIENCE

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium.  Of a module: Playwright's event loop must not outlive it."""
    program = find_chromium()
    if program is None:
        pytest.skip("no Chromium: `apt-get install chromium`, or set CHROMIUM")
    with launch(program) as chromium:
        yield chromium


@pytest.fixture(scope="module")
def served(browser, site) -> Iterator[str]:
    """Yield the address of the built site, after a browser to see it with."""
    with serve(site) as address:
        yield address


@pytest.fixture(scope="module")
def render():
    renderer = formulas.Renderer()
    yield renderer
    renderer.close()
    assert renderer.node.returncode == 0
