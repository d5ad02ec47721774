"""The built site as a server sends it, and what renders its formulas."""

from collections.abc import Iterator

import pytest

from tools.browser import serve
from tools.sphinxext import formulas


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
