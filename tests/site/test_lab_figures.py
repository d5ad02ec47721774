"""Live figures in JupyterLab with a kernel: trait and control follow each other."""

import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Page, expect

from tests.site.lab_server import serve_lab
from tools.visitor import Visitor

CELLS = [
    "from initlib.widgets import LiveCurves\n"
    "figure = LiveCurves([0, 1], {'line': [[0, 1], [0, 2], [0, 3]]},\n"
    "    controls={'slope': [1, 2, 3]}, xlabel='x', ylabel='y', alt='One line.')\n"
    "figure",
    "print('Python reads', figure.value)",
    "figure.value = {'slope': 3}",
    "from initlib.widgets import LiveTraining\n"
    "race = LiveTraining('all-zero-tanh', alt='A race.', lab=True)\nrace",
    "print('Python reads', race.settings['differ'])",
    "race.settings = {**race.settings, 'steps': 77}",
]


@pytest.fixture
def lab(browser, tmp_path) -> Iterator[str]:
    """Start JupyterLab beside a notebook, and yield its address."""
    write_notebook(tmp_path / "live.ipynb")
    with serve_lab(tmp_path) as address:
        yield address


def write_notebook(path: Path) -> None:
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    kernel = {"name": "python3", "display_name": "Python 3"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.write(notebook, path)


def open_notebook(visitor: Visitor, lab: str) -> Page:
    """Open the notebook of figures, and wait until its kernel is there."""
    visitor.page.goto(f"{lab}lab/tree/live.ipynb")
    idle = visitor.page.get_by_role("button", name="| Idle")
    expect(idle).to_be_visible()
    return visitor.page


def run_cell(page: Page, number: int) -> None:
    """Run one cell as a reader does, and wait until it has its number."""
    cell = page.locator(".jp-CodeCell").nth(number)
    cell.locator(".cm-content").click()
    expect(cell).to_have_class(re.compile("jp-mod-active"))
    page.keyboard.press("Shift+Enter")
    expect(cell.locator(".jp-InputPrompt")).to_have_text(re.compile(r"\[\d+\]"))


@pytest.mark.turns(2, 0)
def test_trait_and_slider_follow_each_other(lab, browser):
    with Visitor(browser, lab) as visitor:
        page = open_notebook(visitor, lab)
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


@pytest.mark.turns(2, 1)
def test_networks_race_beside_a_kernel(lab, browser):
    with Visitor(browser, lab) as visitor:
        page = open_notebook(visitor, lab)
        run_cell(page, 3)
        race = page.locator(".race")
        race.get_by_role("button", name="Step").click()
        expect(race).to_have_attribute("data-step", "1")
        if race.locator(".race-settings").get_attribute("open") is None:
            race.get_by_text("Settings", exact=True).click()
        differ = race.get_by_role("combobox", name="The two differ in")
        differ.select_option("lr")
        run_cell(page, 4)
        expect(page.get_by_text("Python reads lr")).to_be_visible()
        run_cell(page, 5)
        expect(race.locator(".race-counter")).to_have_text("step 0 of 77")
        assert visitor.problems == []
