"""Chapters read well where MyST is unknown; what the site adds has a plain form."""

import re

import nbformat
import pytest
from pybtex.database import parse_file

from tests.book.stored import every_chapter
from tools.paths import CHAPTERS, ROOT
from tools.sphinxext import plain

ONLY_MYST = re.compile(
    r"(?m)\{[\w:-]+\}`|^(?:`{3,}|:{3,}|~{3,})\{.*|^\([\w.:-]+\)=$|\$\$ *\([\w.:-]+\)"
    r"|^\+\+\+|^% |\{\{"
)
ASSIGNMENTS = sorted(ROOT.glob("book/assignments/*.ipynb"))
ENTRIES = parse_file(ROOT / "book" / "references.bib").entries


def texts(path):
    cells = nbformat.read(path, as_version=4).cells
    return [cell.source for cell in cells if cell.cell_type == "markdown"]


@every_chapter
def test_chapter_holds_no_myst(path):
    assert [found for text in texts(path) for found in ONLY_MYST.findall(text)] == []


@pytest.mark.parametrize(
    "text",
    ["{term}`gain`", "```{note}\nx\n```", ":::{note}", "(eq-a)=", "$$\nx\n$$ (eq-a)",
     "% a comment", "{{ a }}"],
)  # fmt: skip
def test_myst_is_noticed(text):
    assert ONLY_MYST.search(text)


def wrong_numbers(chapter, sources):
    """Return the tags and exercises that are not 1, 2, 3 in their chapter."""
    text = "\n".join(sources)
    found = {
        "equations": [tag for tag, _ in plain.TAGGED.findall(text)],
        "exercises": [f"{m[2]}.{m[3]}" for m in plain.EXERCISE.finditer(text)],
    }
    return [
        kind
        for kind, numbers in found.items()
        if numbers != [f"{chapter}.{i}" for i in range(1, len(numbers) + 1)]
    ]


def lost_tags(sources):
    """Return numbers of equations that have no name, or stand within the formula."""
    text = "\n".join(sources)
    return len(re.findall(r"\\tag\b", text)) - len(plain.TAGGED.findall(text))


@every_chapter
def test_equations_and_exercises_are_counted(path):
    assert wrong_numbers(plain.chapter_of(path), texts(path)) == []
    assert lost_tags(texts(path)) == 0


def test_wrong_numbers_are_noticed():
    tagged = "$$\nx\n\\tag{1.2} % eq-a\n$$"
    assert wrong_numbers(1, [tagged]) == ["equations"]
    assert wrong_numbers(10, [tagged.replace("1.2", "10.1")]) == []
    assert wrong_numbers(10, [tagged.replace("1.2", "0.1")]) == ["equations"]
    assert wrong_numbers(1, ["### Exercise 2.1: Title\n\nDo."]) == ["exercises"]
    assert wrong_numbers(11, [tagged.replace("1.2", "11.1")]) == []
    assert wrong_numbers(11, ["### Exercise 11.2: Title\n\nDo."]) == ["exercises"]
    assert lost_tags(["$$\nx \\tag{1.1}\n$$"]) == 1


def cited_as(key):
    """Return how a text names a paper: its authors, and its year."""
    people = ENTRIES[key].persons["author"]
    names = [
        "".join(map(str, p.rich_prelast_names + p.rich_last_names)) for p in people
    ]
    who = {1: names[0], 2: " and ".join(names[:2])}.get(
        len(names), f"{names[0]} et al."
    )
    return {
        f"{who} ({ENTRIES[key].fields['year']})",
        f"{who}, {ENTRIES[key].fields['year']}",
    }


def false_citations(sources):
    """Return what does not name the paper that it leads to."""
    links = re.findall(r"\[([^\]]*)\]\(([^)\s]+)\)", "\n".join(sources))
    return [
        text
        for text, target in links
        if target in plain.papers() and text not in cited_as(plain.papers()[target])
    ]


@every_chapter
def test_citations_name_their_paper(path):
    assert false_citations(texts(path)) == []


def test_false_citations_are_noticed():
    right = "[He et al. (2015)](https://arxiv.org/abs/1502.01852)"
    assert false_citations([right, right.replace("2015", "2016")]) == [
        "He et al. (2016)"
    ]


def false_targets(sources):
    """Return the links that lead nowhere in Colab, in JupyterLab, or in the book."""
    text = "\n".join(sources)
    headings = {title.replace(" ", "-") for title in re.findall(r"(?m)^#+ (.*)$", text)}
    return [
        target
        for target in re.findall(r"\]\(([^)\s]+)\)", text)
        if not leads_somewhere(*target.partition("#")[::2], headings)
    ]


def leads_somewhere(page, anchor, headings):
    if not page:
        return anchor in headings
    if page == plain.GLOSSARY:
        return anchor in plain.terms()
    if page.startswith(plain.HOME):
        return plain.source_of(page) is not None
    return page.startswith("https://")


@pytest.mark.parametrize("path", [*CHAPTERS, *ASSIGNMENTS], ids=lambda path: path.stem)
def test_links_lead_somewhere_wherever_the_notebook_is_opened(path):
    assert false_targets(texts(path)) == []


@pytest.mark.parametrize(
    "target",
    [
        f"{plain.GLOSSARY}#term-b",
        f"{plain.HOME}book/chapters/none.html",
        "../appendix/glossary.md#term-gain",
        "06-he.ipynb",
        "#what-it-is",
    ],
)
def test_false_targets_are_noticed(target):
    good = [f"[a]({plain.GLOSSARY}#term-gain)", "## What it is\n[b](#What-it-is)"]
    assert false_targets([*good, f"[c]({target})"]) == [target]


def hidden_ways(cells):
    """Return the code cells of solutions that JupyterLab would show open."""
    solution, found = False, []
    for cell in cells:
        if cell.cell_type == "markdown":
            _, solution = plain.exercises_in(cell.source, solution)
        elif (cell.metadata.get("jupyter", {}).get("source_hidden", False)) != solution:
            found.append(cell.source)
    return found


@every_chapter
def test_code_of_solutions_is_folded(path):
    assert hidden_ways(nbformat.read(path, as_version=4).cells) == []


def test_open_solutions_are_noticed():
    text = f"### Exercise 1.1: T\n\nDo.\n\n{plain.SOLUTION}\n\nDone.\n\n</details>"
    v4 = nbformat.v4
    cells = [v4.new_markdown_cell(text), v4.new_code_cell("1")]
    assert hidden_ways(cells) == ["1"]


def test_the_website_sends_nobody_to_the_website():
    texts = ["- On the website, move it.", "All; on the website, a slider moves it."]
    assert [*map(plain.on_the_spot, texts)] == [
        "- Move it.",
        "All; a slider moves it.",
    ]


def myst(*sources):
    cells = [nbformat.v4.new_markdown_cell(source) for source in sources]
    return [
        cell.source
        for cell in plain.to_myst(nbformat.v4.new_notebook(cells=cells)).cells
    ]


def test_plain_forms_become_roles():
    he = "https://arxiv.org/abs/1502.01852"
    forms = {
        f"[He et al. (2015)]({he})": "{cite:t}`he2015`",
        f"([A, 2015]({he}), [B, 2015]({he}))": "{cite:p}`he2015,he2015`",
        f"[gains]({plain.GLOSSARY}#term-gain)": "{term}`gains <gain>`",
        "by (6.1)": "by {eq}`eq-he-half`",
        f"[(6.2)]({plain.HOME}book/chapters/06-he.html)": "{eq}`eq-he-layer`",
        f"[N]({plain.HOME}book/notation.html#a)": "[N](/book/notation.md#a)",
        f"[H]({plain.HOME}book/chapters/06-he.html)": "[H](/book/chapters/06-he.ipynb)",
        "[b](#What,-in-He)": "[b](#what-in-he)",
        "$$\na = b\n\\tag{6.1} % eq-he-half\n$$": "$$\na = b\n$$ (eq-he-half)",
        "Exercise 6.2, Figure 6.1": "{ref}`exercise-6-2`, {numref}`fig-he-signal`",
    }
    assert myst(*forms) == list(forms.values())


def test_what_is_none_stays():
    texts = [
        "`(6.1)`",
        "$f (6.1)$",
        "f(6.1)",
        "(0.5)",
        "Figure 6.99",
        "[a](https://b.c)",
    ]
    assert myst(*texts) == texts


def test_solution_reaches_the_next_heading():
    start = f"### Exercise 6.1: T\n\nDo.\n\n{plain.SOLUTION}\n\nDone.\n\n</details>"
    first, second, third = myst(
        start, f"{plain.CONTINUED}\n\nMore.\n\n</details>", "## Next"
    )
    assert first.startswith(":::{exercise} T\n:label: exercise-6-1\n\nDo.\n:::\n\n")
    assert first.endswith(
        ":::{solution-start} exercise-6-1\n:class: dropdown\n:::\n\nDone.\n"
    )
    assert second == "More.\n"
    assert third == ":::{solution-end}\n:::\n\n## Next"


@pytest.mark.parametrize("answer", ["", f"{plain.SOLUTION}\n\nNo end."])
def test_exercise_without_a_whole_solution_is_refused(answer):
    with pytest.raises(ValueError, match="details>"):
        myst(f"### Exercise 6.1: T\n\nDo.\n\n{answer}")
