"""Slim and mend the pages that the theme writes, once the build has finished.

Every page is parsed, passed through the functions in MENDERS and written back;
then all style sheets become one, with small fonts beside it.
Each mender does one thing to one page, and nothing when it is run again.
"""

from collections.abc import Callable
from pathlib import Path

from bs4 import BeautifulSoup as Page
from sphinx.application import Sphinx

from tools.sphinxext import formulas, search_index
from tools.sphinxext.catalogue import catalogue
from tools.sphinxext.page_descriptions import describe, give_description
from tools.sphinxext.page_images import (
    one_logo,
    size_images,
    tell_pictures,
)
from tools.sphinxext.page_landmarks import (
    drop_print_copy,
    end_tables,
    let_addresses_lead_to_the_lab,
    let_reports_scroll,
    name_scrollers,
    name_things,
)
from tools.sphinxext.page_scripts import (
    boxes_that_open,
    choose_theme_first,
    code_that_folds,
    fetch_when_asked,
    mark_sections,
    menus_without_scripts,
    sidebars_without_scripts,
    slim_scripts,
)
from tools.sphinxext.page_text import (
    keep_together,
    plain_code,
    put_back,
    set_apostrophes,
    set_aside,
)
from tools.sphinxext.questions import mark_predictions, mark_questions
from tools.sphinxext.site_files import drop_unused_files, pages_of
from tools.sphinxext.style_bundle import bundle_styles, words_in

MENDERS: list[Callable[[Page, Path], None]] = [
    set_apostrophes,
    slim_scripts,
    choose_theme_first,
    drop_print_copy,
    let_addresses_lead_to_the_lab,
    menus_without_scripts,
    sidebars_without_scripts,
    fetch_when_asked,
    mark_sections,
    boxes_that_open,
    mark_questions,
    mark_predictions,
    code_that_folds,
    size_images,
    let_reports_scroll,
    end_tables,
    tell_pictures,
    name_things,
    name_scrollers,
    describe,
    catalogue,
    one_logo,
    search_index.search_here,
]


def mend_site(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.format != "html":
        return
    site = Path(app.outdir)
    drop_unused_files(site)
    texts, pages, aside = {}, {}, {}
    for path in pages_of(site):
        texts[path] = keep_together(plain_code(path.read_text(encoding="utf8")))
        short, aside[path] = set_aside(texts[path])
        pages[path] = Page(short, "html.parser")
        for mend in MENDERS:
            mend(pages[path], path)
    search_index.write_index(site, pages, aside, app.config.search_synonyms)
    parts = [part for page in aside.values() for part in page]
    shown = formulas.symbols_by_font([p for p in parts if p.startswith(formulas.OPEN)])
    bundle_styles(pages, site, words_in(texts.values(), site), shown)
    for path, page in pages.items():
        path.write_text(put_back(str(page), aside[path]), encoding="utf8")


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_config_value("comments_config", {}, "")  # Jupyter Book always sets it
    app.add_config_value("page_descriptions", {}, "html")
    app.connect("html-page-context", give_description)
    app.connect("build-finished", mend_site, priority=900)  # after the theme's own
    return {"parallel_read_safe": True, "parallel_write_safe": True}
