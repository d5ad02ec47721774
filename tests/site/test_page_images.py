"""Images say how large they are, and which colours mean something."""

import pytest

from tests.site.mended import mended
from tools.sphinxext import page_images

SIZES = {
    '<svg xmlns="http://www.w3.org/2000/svg" width="72pt" height="36pt"/>': "96 48",
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 44 22"/>': "44 22",
    '<svg xmlns="http://www.w3.org/2000/svg" width="10px" height="2in"/>': "10 192",
}


@pytest.mark.parametrize(("svg", "size"), SIZES.items())
def test_image_says_its_size(tmp_path, svg, size):
    (tmp_path / "a.svg").write_text(svg)
    html = '<article><img src="a.svg"></article>'
    image = mended(page_images.size_images, html, tmp_path / "page.html").img
    assert f"{image['width']} {image['height']}" == size


def test_only_images_below_the_first_view_wait(tmp_path):
    html = '<img src="a.svg"><h2>Section</h2><img src="a.svg">'
    page = mended(page_images.size_images, html, tmp_path / "page.html")
    assert [image.get("loading") for image in page.select("img")] == [None, "lazy"]


def test_logo_is_shown_once():
    html = """<a class="navbar-brand"><img class="logo__image only-light" src="l.svg">
      <img class="logo__image only-dark pst-js-only" src="l.svg"></a>"""
    page = mended(page_images.one_logo, html)
    assert [image["class"] for image in page.select("img")] == ["logo__image"]


def test_only_drawings_are_inverted_at_night(tmp_path):
    (tmp_path / "drawing.svg").write_text("<svg><path/></svg>")
    (tmp_path / "map.svg").write_text("<svg><image/></svg>")
    html = "".join(
        f'<article><img src="{name}"></article>'
        for name in ("drawing.svg", "map.svg", "photo.png")
    )
    page = mended(page_images.tell_pictures, html, tmp_path / "page.html")
    classes = [image.get("class", []) for image in page.select("img")]
    assert classes == [[], ["picture"], ["picture"]]
