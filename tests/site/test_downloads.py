"""The notebook that one downloads is the one in the repository."""

import json
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tools.paths import CHAPTERS, ROOT

NAMES = [path.stem for path in CHAPTERS]


@pytest.mark.parametrize("chapter", NAMES)
def test_notebook_that_one_downloads_is_the_one_in_the_repository(site, chapter):
    path = site / "book" / "chapters" / f"{chapter}.html"
    page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    (link,) = page.select('.dropdown-download-buttons a[href$=".ipynb"]')
    file = (path.parent / link["href"]).resolve()
    assert file.read_bytes() == (ROOT / f"book/chapters/{chapter}.ipynb").read_bytes()


def test_download_button_hands_over_the_notebook(browser, served):
    chapter = NAMES[0]
    page = browser.new_page()
    page.goto(f"{served}book/chapters/{chapter}.html")
    page.locator(".dropdown-download-buttons > button").click()
    with page.expect_download() as download:
        page.locator('.dropdown-download-buttons a[href$=".ipynb"]').click()
    saved = json.loads(Path(download.value.path()).read_bytes())
    assert saved == json.loads((ROOT / f"book/chapters/{chapter}.ipynb").read_bytes())
    page.close()
