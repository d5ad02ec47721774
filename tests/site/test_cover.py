"""The cover: computed by the library, and shown with the logo."""

from playwright.sync_api import expect

from tools import compare, cover


def test_cover_is_the_drawing_that_the_library_computes():
    stored = cover.COVER.read_text(encoding="utf-8")
    assert list(compare.pictures(stored, cover.write_cover(), "cover")) == []


def test_figure_of_the_readme_is_that_of_the_chapter():
    stored = cover.README_FIGURE.read_text(encoding="utf-8")
    assert list(compare.pictures(stored, cover.readme_figure(), "README")) == []


def test_too_small_weights_make_a_needle_and_too_large_ones_a_cup():
    narrow, kept, cup = (cover.activations(sigma)[-1] for sigma in cover.SCALES)
    total, middle = narrow.sum(), len(narrow) // 2
    assert narrow[middle - 1 : middle + 2].sum() > 0.9 * total
    assert kept[middle - 1 : middle + 2].sum() < 0.2 * total
    assert kept[[0, -1]].sum() < 0.02 * total
    assert cup[[0, -1]].min() == sorted(cup)[-2]


def test_logo_and_cover_are_shown(browser, served):
    page = browser.new_page(java_script_enabled=False)  # else the cover is alive
    page.goto(f"{served}book/intro.html")
    for image in (".logo__image", "figure.cover img"):
        shown = page.locator(f"{image}:visible").first
        expect(shown).to_be_visible()
        assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)")
    page.close()
