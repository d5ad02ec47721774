"""A live figure in JupyterLab with a kernel: trait and slider follow each other."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Page, expect

from tools.look import Visitor

CELLS = [
    "from initlib.widgets import LiveCurves\n"
    "figure = LiveCurves([0, 1], {'line': [[0, 1], [0, 2], [0, 3]]},\n"
    "    controls={'slope': [1, 2, 3]}, xlabel='x', ylabel='y', alt='One line.')\n"
    "figure",
    "print('Python reads', figure.value)",
    "figure.value = {'slope': 3}",
]
SETTINGS = {  # ask nothing of the network
    "@jupyterlab/apputils-extension/notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
    }
}


@pytest.fixture
def lab(browser, tmp_path) -> Iterator[str]:
    """Start JupyterLab beside a notebook, with no settings, and yield its address."""
    write_notebook(tmp_path / "live.ipynb")
    write_settings(tmp_path / "JUPYTERLAB_SETTINGS_DIR")
    folders = [
        *("HOME", "IPYTHONDIR", "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR"),
        *(f"JUPYTER_{kind}_DIR" for kind in ("CONFIG", "DATA", "RUNTIME")),
    ]
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += ["--ServerApp.port=0", "--IdentityProvider.token="]
    command += ["--LabApp.extension_manager=readonly"]
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(
            command,
            cwd=tmp_path,
            env=os.environ | {name: str(tmp_path / name) for name in folders},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            yield address_of(server, tmp_path)
        finally:
            server.terminate()
            server.wait()


def write_notebook(path: Path) -> None:
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    kernel = {"name": "python3", "display_name": "Python 3"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.write(notebook, path)


def write_settings(folder: Path) -> None:
    for name, values in SETTINGS.items():
        file = folder / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps(values), encoding="utf-8")


def address_of(server: subprocess.Popen, folder: Path) -> str:
    """Wait until the server has written down where it listens."""
    told = folder / "JUPYTER_RUNTIME_DIR" / f"jpserver-{server.pid}.json"
    while not (told.exists() and told.stat().st_size):
        assert server.poll() is None, (folder / "log").read_text(encoding="utf-8")
        time.sleep(0.05)
    return json.loads(told.read_text(encoding="utf-8"))["url"]


def run_cell(page: Page, number: int) -> None:
    """Run one cell as a reader does, and wait until it has its number."""
    cell = page.locator(".jp-CodeCell").nth(number)
    cell.locator(".cm-content").click()
    expect(cell).to_have_class(re.compile("jp-mod-active"))
    page.keyboard.press("Shift+Enter")
    expect(cell.locator(".jp-InputPrompt")).to_have_text(re.compile(r"\[\d+\]"))


def test_trait_and_slider_follow_each_other(lab, browser):
    with Visitor(browser, lab) as visitor:
        page = visitor.page
        page.goto(f"{lab}lab/tree/live.ipynb")
        expect(page.get_by_role("button", name="| Idle")).to_be_visible()
        run_cell(page, 0)
        slider = page.locator(".live input[type=range]")
        picture = page.locator(".live .live-picture")
        expect(slider).to_have_value("0")
        drawn = picture.inner_html()
        slider.press("ArrowRight")
        expect(slider).to_have_value("1")
        assert picture.inner_html() != drawn
        run_cell(page, 1)
        expect(page.get_by_text("Python reads {'slope': 2}")).to_be_visible()
        run_cell(page, 2)
        expect(slider).to_have_value("2")
        assert visitor.problems == []
