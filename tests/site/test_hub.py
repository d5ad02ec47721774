"""The entry that opens a chapter on a reader's JupyterHub, up to the opened notebook.

The hub is no more than a Jupyter server with nbgitpuller here: what follows
`/hub/user-redirect/` in the link is an address on the reader's own server.

Each day the dialog is looked over in one width, with EVERY_VIEW=1 in both.
"""

import re
import subprocess
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from bs4 import BeautifulSoup
from nbformat.v4 import new_notebook, writes
from playwright.sync_api import Page, expect
from sphinx.testing.util import SphinxTestApp

from tests.site.lab_server import serve_lab
from tests.site.test_page_faults import EVERY_VIEW
from tests.turns import EACH_DAY, of_today
from tools.paths import ROOT
from tools.visitor import SCHEMES, WIDTHS, Visitor

pytestmark = pytest.mark.turns(3, 0)

CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
ADDRESS, BRANCH = CONFIG["repository"]["url"], CONFIG["repository"]["branch"]
NAME = ADDRESS.rpartition("/")[2]
NOTEBOOK = "book/chapters/04-regularization.ipynb"
CHAPTER = NOTEBOOK.replace(".ipynb", ".html")
NAMES = ("04-regularization", "07-which-one")  # of this chapter and of another
HUB = "https://hub.example.edu"
REDIRECT = "/hub/user-redirect/"
PULL = (
    f"git-pull?repo={ADDRESS.replace(':', '%3A')}"
    f"&urlpath=lab/tree/{NAME}/{NOTEBOOK}&branch={BRANCH}"
)
KERNEL = {"name": "python3", "display_name": "Python 3"}
NOTHING = writes(new_notebook(metadata={"kernelspec": KERNEL}))
GOOD = {
    HUB: HUB,
    f" {HUB}// ": HUB,
    f"{HUB}/hub": HUB,
    f"{HUB}/hub/login?next=%2Fhub%2Fhome": HUB,
    f"{HUB}/user/ada/lab/tree/user/notes.ipynb": HUB,
    "HTTPS://Hub.Example.edu/hub/home#top": HUB,
    "http://127.0.0.1:8000/hub/home": "http://127.0.0.1:8000",
    "https://ada:secret@example.edu/jupyter/hub/": "https://example.edu/jupyter",
}
BAD = {
    "": "Type the address",
    "hub.example.edu": "Begin with https://",
    "ftp://hub.example.edu": "Begin with https://",
    "javascript:alert(1)": "Begin with https://",
    "https://": "not an address",
    "https://my hub": "not an address",
}


# The page that is built


@pytest.fixture
def build(tmp_path):
    """Return a function that builds two pages with some launch buttons."""

    def run(buttons: dict[str, str]) -> dict[str, BeautifulSoup]:
        options = {"repository_url": ADDRESS, "repository_branch": BRANCH}
        settings = {
            "extensions": ["myst_nb", "tools.sphinxext.hub"],
            "html_theme": "sphinx_book_theme",
            "html_theme_options": options | {"launch_buttons": buttons},
        }
        lines = [f"{name} = {value!r}" for name, value in settings.items()]
        (tmp_path / "conf.py").write_text("\n".join(lines))
        (tmp_path / "index.md").write_text("# Text\n\n```{toctree}\nnotebook\n```\n")
        (tmp_path / "notebook.ipynb").write_text(NOTHING)
        app = SphinxTestApp("html", srcdir=tmp_path, freshenv=True)
        app.build()
        pages = {
            name: BeautifulSoup(
                (app.outdir / f"{name}.html").read_text(), "html.parser"
            )
            for name in ("index", "notebook")
        }
        app.cleanup()
        return pages

    return run


def hub_links(page: BeautifulSoup) -> list[str]:
    found = page.select(".dropdown-launch-buttons a")
    return [link["href"] for link in found if "JupyterHub" in link.get_text()]


def test_entry_leads_to_help_until_a_hub_is_known(build):
    pages = build({"binderhub_url": "https://mybinder.org"})
    assert hub_links(pages["notebook"]) == ["book/teach.html#jupyterhub"]
    (script,) = pages["notebook"].select("script[src*='hub.js']")
    theirs = parse_qs(urlsplit(script["data-pull"]).query)["urlpath"]
    assert theirs == [f"tree/{NAME}/notebook.ipynb"]
    assert "hub.invalid" not in str(pages)
    assert not pages["index"].select("script[src*='hub.js']")


def test_entry_of_the_theme_stays_when_the_book_has_a_hub(build):
    page = build({"jupyterhub_url": HUB})["notebook"]
    (link,) = hub_links(page)
    assert link.startswith(f"{HUB}{REDIRECT}git-pull?repo=")
    assert not page.select("script[src*='hub.js']")


def test_book_without_launch_buttons_gets_none(build):
    page = build({})["notebook"]
    assert not page.select(".dropdown-launch-buttons, script[src*='hub.js']")


# The page in a browser


@pytest.fixture
def visitor(browser, served):
    with Visitor(browser, served) as visitor:
        yield visitor.open(CHAPTER)


@pytest.fixture
def page(visitor) -> Page:
    return visitor.page


def open_menu(page: Page) -> None:
    page.get_by_role("button", name="Launch interactive content").click()


def choose(page: Page, name: str) -> None:
    open_menu(page)
    page.get_by_text(name, exact=True).click()


def link_in(page: Page) -> str:
    return page.locator(".btn-jupyterhub").get_attribute("href")


@EACH_DAY
@pytest.mark.parametrize("width", of_today([*WIDTHS], 2, every=EVERY_VIEW))
def test_dialog_is_without_fault(browser, served, width):
    with Visitor(browser, served, width, color_scheme=SCHEMES[0]) as visitor:
        visitor.open(CHAPTER)
        choose(visitor.page, "JupyterHub")
        visitor.page.keyboard.press("Enter")
        expect(visitor.page.get_by_role("alert")).to_have_text(re.compile("Type"))
        for scheme in SCHEMES:
            visitor.turn(scheme)
            assert (scheme, visitor.faults()) == (scheme, [])


def test_first_click_asks_and_the_next_opens(visitor, page):
    choose(page, "JupyterHub")
    dialog = page.get_by_role("dialog", name="Open on JupyterHub")
    expect(dialog.get_by_label("Address of your hub")).to_be_focused()
    page.keyboard.type(f"{HUB}/hub/home")
    with visitor.context.expect_event("requestfailed") as asked:
        page.keyboard.press("Enter")
    assert asked.value.url == f"{HUB}{REDIRECT}{PULL}"
    expect(dialog).to_be_hidden()
    page.reload()
    open_menu(page)
    with visitor.context.expect_event("requestfailed") as asked:
        page.get_by_role("link", name="JupyterHub").click()
    assert asked.value.url == f"{HUB}{REDIRECT}{PULL}"
    expect(dialog).to_have_count(0)


@pytest.mark.parametrize("leave", ["key", "button"])
def test_leaving_the_dialog_brings_the_focus_back(visitor, page, leave):
    before = link_in(page)
    choose(page, "JupyterHub")
    dialog = page.get_by_role("dialog", name="Open on JupyterHub")
    dialog.get_by_role("textbox").fill(HUB)
    if leave == "key":
        page.keyboard.press("Escape")
    else:
        dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()
    expect(page.locator(".dropdown-launch-buttons > button")).to_be_focused()
    assert (link_in(page), visitor.problems) == (before, [])


def test_bad_address_is_told_where_it_stands(visitor, page):
    choose(page, "JupyterHub")
    typed, told = page.get_by_role("textbox"), page.get_by_role("alert")
    for text, message in BAD.items():
        typed.fill(text)
        typed.press("Enter")
        expect(told).to_contain_text(message)
        expect(typed).to_have_attribute("aria-invalid", "true")
        expect(typed).to_be_focused()
    assert visitor.problems == []
    page.keyboard.press("Escape")
    choose(page, "JupyterHub")
    expect(told).to_be_empty()
    expect(typed).to_have_attribute("aria-invalid", "false")


def test_address_of_any_page_of_a_hub_will_do(page):
    page.locator(".btn-jupyterhub").evaluate(
        "link => link.addEventListener('click', event => event.preventDefault())"
    )
    choose(page, "JupyterHub")
    for text, address in GOOD.items():
        page.get_by_role("textbox").fill(text)
        page.keyboard.press("Enter")
        assert link_in(page) == f"{address}{REDIRECT}{PULL}"
        choose(page, "Change hub")
        expect(page.get_by_role("textbox")).to_have_value(address)


def test_address_of_a_page_may_name_the_hub(visitor, page):
    visitor.open(f"{CHAPTER}?hub={HUB}/hub")
    assert link_in(page) == f"{HUB}{REDIRECT}{PULL}"
    open_menu(page)
    expect(page.get_by_text("hub.example.edu", exact=True)).to_be_visible()
    other = CHAPTER.replace(*NAMES)
    visitor.open(f"{other}?hub=none")
    assert link_in(page) == f"{HUB}{REDIRECT}{PULL.replace(*NAMES)}"
    assert visitor.problems == []


def test_entry_without_scripts_explains(browser, served):
    with Visitor(browser, served, java_script_enabled=False) as visitor:
        visitor.page.goto(served + CHAPTER)
        open_menu(visitor.page)
        with visitor.page.expect_popup() as opened:
            visitor.page.get_by_role("link", name="JupyterHub").click()
        told = opened.value.locator("#jupyterhub")
        expect(told).to_contain_text("nbgitpuller")
        expect(told).to_be_in_viewport()


# The server behind the link


@pytest.fixture
def server(browser, tmp_path):
    """Start a server for which the book's address is a repository on this machine."""
    repository = tmp_path / "repository"
    (repository / NOTEBOOK).parent.mkdir(parents=True)
    (repository / NOTEBOOK).write_text(NOTHING)
    author = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    for command in (["init", "-b", BRANCH], ["add", "."], ["commit", "-m", "Book"]):
        subprocess.run(["git", *author, *command], cwd=repository, check=True)
    instead = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{repository.as_uri()}.insteadOf",
        "GIT_CONFIG_VALUE_0": ADDRESS,
    }
    (tmp_path / "student").mkdir()
    with serve_lab(tmp_path / "student", instead) as address:
        yield address


def test_link_brings_the_notebook_and_opens_it(
    server, browser, page, visitor, tmp_path
):
    visitor.open(f"{CHAPTER}?hub={HUB}")
    pull = link_in(page).removeprefix(HUB + REDIRECT)
    with Visitor(browser, server) as student:
        student.page.goto(server + pull)
        student.page.wait_for_url(f"{server}lab/tree/{NAME}/{NOTEBOOK}")
        tab = student.page.get_by_role("tab", name=Path(NOTEBOOK).name)
        expect(tab).to_be_visible()
        idle = student.page.get_by_role("button", name="| Idle")
        expect(idle).to_be_visible()  # nothing starts any more while all is stopped
        assert student.problems == []
    assert (tmp_path / "student" / NAME / NOTEBOOK).read_text() == NOTHING
