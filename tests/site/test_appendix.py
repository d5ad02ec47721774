"""The pages that are written from stored claims."""

import json

import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbformat.v4 import writes as written
from sphinx.testing.util import SphinxTestApp

from initlib.claims import claim

STATEMENTS = """
- {id: S1, statement: First *saying*., verdict: 'True', truth: So it is.}
- {id: S2, statement: Second saying., verdict: Half true, truth: Not quite.}
- {id: S3, statement: Third saying., verdict: 'False', truth: No.}
"""
CONFUSIONS = """
C1: [A half is, Exercise 1.1]
C2: [A half is not, Exercise 1]
"""
HALF = claim("A half is a half.", 0.5, equals=0.5, settles="S2")
LONE = claim("Two is above one.", 2, above=1)
SAME = claim("One is one.", True, equals=True)
RIVAL = claim("Three is above one.", 3, above=1, rival=("its <third> part", 1))
TEXT = """# A chapter

Text.

## Exercises

### Exercise 1.1: One

### Exercise 1.2: Two
"""


def notebook(*claims):
    cells = [new_markdown_cell(TEXT)]
    for made in claims:
        data = json.loads(json.dumps(made._repr_mimebundle_()))
        output = new_output("execute_result", data, execution_count=1)
        cells.append(new_code_cell("1", execution_count=1, outputs=[output]))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    language = {"name": "python", "pygments_lexer": "ipython3"}
    metadata = {"kernelspec": kernel, "language_info": language}
    return written(new_notebook(cells=cells, metadata=metadata))


PAGES = {
    "claims": "{claims-index}",
    "truth": "{true-or-false} statements.yml",
    "faq": "{settled-by} C1",
}
CONTENTS = "format: jb-book\nroot: chapter\nchapters: [{file: claims}, {file: truth}"
CONTENTS += ", {file: faq}]"
SETTINGS = {
    "extensions": ["myst_nb", "sphinx_external_toc", "tools.sphinxext.appendix"],
    "nb_execution_mode": "off",
    "suppress_warnings": ["mystnb.unknown_mime_type"],
}


@pytest.fixture
def build(tmp_path):
    """Build a book of one chapter and three pages; return what they say."""
    for name, directive in PAGES.items():
        (tmp_path / f"{name}.md").write_text(f"# {name}\n\n```{directive}\n```\n")
    settings = [f"{name} = {value!r}" for name, value in SETTINGS.items()]
    (tmp_path / "conf.py").write_text("\n".join(settings))
    (tmp_path / "statements.yml").write_text(STATEMENTS)
    (tmp_path / "confusions.yml").write_text(CONFUSIONS)
    (tmp_path / "_toc.yml").write_text(CONTENTS)

    def run(*claims):
        (tmp_path / "chapter.ipynb").write_text(notebook(*claims))
        app = SphinxTestApp("html", srcdir=tmp_path, freshenv=True)
        app.build()
        told = [
            BeautifulSoup((app.outdir / f"{name}.html").read_text(), "html.parser")
            for name in PAGES
        ]
        warnings = app.warning.getvalue()
        app.cleanup()
        return *told, warnings

    return run


def test_every_claim_is_listed_with_its_measurement_and_link(build):
    claims, *_, warnings = build(HALF, LONE, SAME, RIVAL)
    assert warnings == ""
    rows = claims.select("ul.claims-index > li")
    assert [row.a["href"] for row in rows] == [
        f"chapter.html#{made.id}" for made in (HALF, LONE, SAME, RIVAL)
    ]
    assert [row.select_one(".evidence").get_text() for row in rows] == [
        "measured 0.5; claimed 0.5",
        "measured 2; claimed above 1",
        "checked",
        "measured 3; its <third> part would give 1; claimed above 1",
    ]
    assert claims.h2.get_text().startswith("A chapter")


def test_only_settled_statements_are_listed_with_their_evidence(build):
    _, truth, *_ = build(HALF, LONE)
    (box,) = truth.select(".settled")
    assert box["id"] == "s2"
    assert box.select_one(".verdict")["class"] == ["verdict", "between"]
    assert "Second saying." in box.get_text()
    assert "A chapter: measured 0.5; claimed 0.5" in box.get_text()
    assert box.a["href"] == f"chapter.html#{HALF.id}"


def test_claim_that_settles_an_unknown_statement_is_a_warning(build):
    stray = claim("Three is three.", 3, equals=3, settles="S99")
    assert "settles unknown statement S99" in build(stray)[-1]


def test_same_claim_twice_is_a_warning(build):
    assert "two claims make the same statement" in build(HALF, HALF)[-1]


def test_answer_lists_the_claims_and_exercises_that_settle_it(build):
    *_, faq, _ = build(HALF, LONE)
    rows = faq.select("ul#c1 > li")
    assert [row.a["href"] for row in rows] == [
        f"chapter.html#{HALF.id}",
        "chapter.html#exercise-1-1",
    ]
    assert [row.get_text().strip() for row in rows] == [
        "A half is a half.\nA chapter: measured 0.5; claimed 0.5",
        "Exercise 1.1: One",
    ]


def test_answer_that_nothing_settles_is_a_warning(build, tmp_path):
    page = tmp_path / "faq.md"
    page.write_text(page.read_text().replace("C1", "C2"))
    warnings = build(HALF)[-1]
    assert "C2: 0 claims or exercises begin 'A half is not'" in warnings
    assert "C2: 2 claims or exercises begin 'Exercise 1'" in warnings
    page.write_text(page.read_text().replace("C2", "C3"))
    assert "nothing settles C3" in build(HALF)[-1]
