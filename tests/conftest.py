"""Random streams for the tests, the built site, and a browser."""

import os
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock
from playwright.sync_api import Browser, expect

from tools.browser import find_chromium, launch
from tools.paths import ROOT
from tools.visitor import PATIENCE

expect.set_options(timeout=PATIENCE)


@pytest.fixture
def rng(request) -> np.random.Generator:
    """Return a stream of the test's own; INITLIB_SEED moves them all."""
    seed = int(os.environ.get("INITLIB_SEED", "0"))
    return np.random.default_rng([seed, zlib.crc32(request.node.nodeid.encode())])


@pytest.fixture(scope="session")
def site(tmp_path_factory, worker_id) -> Path:
    """Build the book as `make book` does, once for all workers, in a new folder.

    BUILT_SITE names a site that was just built, to be looked at instead.
    """
    if built := os.environ.get("BUILT_SITE"):
        return Path(built)
    folder = tmp_path_factory.getbasetemp()
    folder = folder if worker_id == "master" else folder.parent
    built = folder / "site-built"
    with FileLock(folder / "site.lock"):
        if not built.exists():
            build_book(folder)
            built.touch()
    return folder / "_build" / "html"


def build_book(folder: Path) -> None:
    jupyter_book = Path(sys.executable).with_name("jupyter-book")
    command = [jupyter_book, "build", "-W", "-n", "--keep-going", ROOT]
    done = subprocess.run(
        [*command, "--path-output", folder],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium.  Of a module: Playwright's event loop must not outlive it."""
    program = find_chromium()
    if program is None:
        pytest.skip("no Chromium: `apt-get install chromium`, or set CHROMIUM")
    with launch(program) as chromium:
        yield chromium
