"""A page before and after one of the functions that mend pages."""

from pathlib import Path

from bs4 import BeautifulSoup


def mended(mend, html, path="/site/page.html"):
    page = BeautifulSoup(html, "html.parser")
    mend(page, Path(path))
    once = str(page)
    mend(page, Path(path))
    assert str(page) == once  # a second run changes nothing
    return page
