"""Pictures of a page show all of it, however high it is."""

import io

from PIL import Image

from tools.screenshots import BAR, PIECE, pieces

TALL = """<body style="margin: 0; background: red">
  <div style="height: 20000px"></div>
  <div style="height: 5px; background: blue"></div>"""


def colours(picture: bytes) -> set[tuple[int, int, int]]:
    with Image.open(io.BytesIO(picture)) as image:
        return {colour for _, colour in image.convert("RGB").getcolors()}


def test_pictures_reach_the_end_of_a_tall_page(browser):
    page = browser.new_page(viewport={"width": 390, "height": 900})
    page.set_content(TALL)
    pictures = [colours(picture) for picture in pieces(page)]
    assert len(pictures) == -(-(20_005 - BAR) // (PIECE - BAR))
    assert pictures[:-1] == [{(255, 0, 0)}] * (len(pictures) - 1)
    assert pictures[-1] == {(255, 0, 0), (0, 0, 255)}
    page.close()


def test_a_low_page_is_one_picture(browser):
    page = browser.new_page(viewport={"width": 390, "height": 900})
    page.set_content("<p>Short.</p>")
    assert len(list(pieces(page))) == 1
    page.close()
