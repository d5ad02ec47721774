r"""Read the plain markdown of a chapter as the MyST that the site is built from.

A chapter is written so that JupyterLab, Colab and GitHub show it well without any
extension.  What the site makes more of has a fixed plain form:

- `[He et al. (2015)](https://arxiv.org/abs/1502.01852)`, and in brackets
  `([He et al., 2015](https://arxiv.org/abs/1502.01852))`, is a citation, because that
  is the address of an entry in `references.bib`;
- a page of this book is linked by its public address, which Colab and a learning
  platform can follow too: the site makes it a link within, and the one to
  `…/book/appendix/glossary.html#term-gain` a term of the glossary;
- a section of the same chapter is linked by `#Its-Title`, as JupyterLab spells it;
- `\tag{6.4} % eq-he-half` ends an equation that has a number and a name, and `(6.4)`
  in a text, or `[(6.4)](…/06-he.html)` from another chapter, leads to it;
- `Figure 6.2` and `Exercise 6.2` lead to these;
- *On the website, move it* is *Move it* there;
- `### Exercise 6.2: Title` begins an exercise, and its solution stands in
  `<details><summary>Solution</summary>`; text after code is *Solution, continued*.
"""

import re
from functools import cache
from pathlib import Path

import nbformat
import yaml
from nbformat import NotebookNode
from pybtex.database import parse_file
from sphinx.application import Sphinx

from tools.paths import CHAPTERS, NOTEBOOKS, ROOT

CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
HOME = CONFIG["html"]["baseurl"]
GLOSSARY = f"{HOME}book/appendix/glossary.html"
ELSEWHERE = re.compile(r"(?i)(?P<here>; |)\bon the website, (?P<first>\w)")
SOLUTION = "<details><summary>Solution</summary>"
CONTINUED = "<details><summary>Solution, continued</summary>"
CODE_FIRST = "It begins with the code below."
END = ":::{solution-end}\n:::\n\n"

NUMBER = r"(?:\d+|A)\.\d+"  # of an equation: its chapter or appendix, and its own
TAGGED = re.compile(rf"\n\\tag\{{({NUMBER})\}} % ([\w-]+)\n\$\$")
EXERCISE = re.compile(r"### (Exercise (\d+)\.(\d+)): (.*)\n")
NO_SLUG = re.compile(r"[^\w-]")
PARTS = re.compile(r"(?m)^(?=##+ )")
CITED = r"\[[^\]]*\d{4}\)?\]\(([^)]+)\)"
PLAIN = re.compile(
    r"(?s)(?P<kept>\$\$.*?\$\$|```.*?```|`[^`\n]*`|\$[^$]*\$)"
    rf"|\((?P<group>{CITED}(?:, {CITED})*)\)"
    rf"|\[(?P<text>[^\]]*)\]\((?P<target>[^)\s]+)\)"
    rf"|(?<!\w)\((?P<equation>{NUMBER})\)"
    r"|(?<!# )(?P<numbered>Figure|Exercise) (?P<number>\d+\.\d+)"
)


def to_myst(notebook: NotebookNode) -> NotebookNode:
    """Rewrite the markdown cells of a chapter, in place, and return it."""
    solution = False
    for cell in notebook.cells:
        figure = cell.metadata.get("mystnb", {}).get("figure", {})
        if "caption" in figure:
            figure["caption"] = on_the_spot(figure["caption"])
        if cell.cell_type == "markdown":
            cell.source = on_the_spot(cell.source)
            text = PLAIN.sub(link, cell.source)
            text, solution = exercises_in(text, solution)
            cell.source = TAGGED.sub(r"\n$$ (\2)", text)
    return notebook


def on_the_spot(text: str) -> str:
    """Let the website not send its readers to the website."""

    def begin(found: re.Match) -> str:
        here, first = found.groups()
        return here + (first if here else first.upper())

    return ELSEWHERE.sub(begin, text)


def exercises_in(text: str, solution: bool) -> tuple[str, bool]:
    """Mark exercises and solutions; say whether a solution goes on below the text."""
    parts = PARTS.split(text)
    for i, part in enumerate(parts):
        ending = END if solution and part.startswith("##") else ""
        solution = solution and not ending
        if match := EXERCISE.match(part):
            part, solution = exercise(match, part[match.end() :]), True
        elif solution and part.startswith(CONTINUED):
            part = unfolded(part.removeprefix(CONTINUED))
        parts[i] = ending + part
    return "".join(parts), solution


def exercise(heading: re.Match, text: str) -> str:
    """Return an exercise and the start of its solution as directives."""
    _, chapter, number, title = heading.groups()
    label = f"exercise-{chapter}-{number}"
    question, found, answer = text.partition(SOLUTION)
    if not found:
        raise ValueError(f"no `{SOLUTION}` below {heading[0]!r}")
    return (
        f":::{{exercise}} {title}\n:label: {label}\n\n{question.strip()}\n:::\n\n"
        f":::{{solution-start}} {label}\n:class: dropdown\n:::\n\n{unfolded(answer)}"
    )


def unfolded(text: str) -> str:
    """Return what stands in the rest of a folded text."""
    text, found, after = text.rpartition("</details>")
    if not found or after.strip():
        raise ValueError(f"a solution ends with `</details>`, not with {after!r}")
    return text.replace(CODE_FIRST, "").strip() + "\n"


def link(match: re.Match) -> str:
    """Return the role for a plain link or number, or what is none as it is."""
    if match["kept"]:
        return match[0]
    if match["group"]:
        keys = [papers().get(url) for url in re.findall(CITED, match["group"])]
        return f"{{cite:p}}`{','.join(keys)}`" if all(keys) else match[0]
    if match["target"]:
        return linked(match["text"], match["target"]) or match[0]
    if match["equation"]:
        return numbered_equation(match["equation"]) or match[0]
    if match["numbered"] == "Exercise":
        return f"{{ref}}`exercise-{match['number'].replace('.', '-')}`"
    name = figure_names().get(match["number"])
    return f"{{numref}}`{name}`" if name else match[0]


def linked(text: str, target: str) -> str | None:
    """Return what stands for a link to a paper, or to a place in the book."""
    if target in papers():
        return f"{{cite:t}}`{papers()[target]}`"
    page, found, anchor = target.partition("#")
    if page == GLOSSARY:
        return f"{{term}}`{text} <{terms()[anchor]}>`"
    if number := re.fullmatch(rf"\(({NUMBER})\)", text):
        return numbered_equation(number[1])
    if not page:
        return f"[{text}](#{NO_SLUG.sub('', anchor.lower())})"
    return f"[{text}](/{source_of(page)}{found}{anchor})" if source_of(page) else None


def source_of(page: str) -> str | None:
    """Return the file behind a page of the book, from the root; None for others."""
    if not page.startswith(HOME):
        return None
    name = page.removeprefix(HOME).removesuffix(".html")
    kinds = (f"{name}.ipynb", f"{name}.md")
    return next((kind for kind in kinds if (ROOT / kind).exists()), None)


def numbered_equation(number: str) -> str | None:
    name = equation_names().get(number)
    return name and f"{{eq}}`{name}`"


@cache
def papers() -> dict[str, str]:
    """Return the key of each entry in the bibliography, by its address."""
    entries = parse_file(ROOT / "book" / "references.bib").entries
    return {address_of(key, entry.fields): key for key, entry in entries.items()}


def address_of(key: str, fields: dict[str, str]) -> str:
    """Return where a paper is found, at least in our own list."""
    if "url" in fields:
        return fields["url"]
    if "doi" in fields:
        return f"https://doi.org/{fields['doi']}"
    return f"{HOME}book/appendix/bibliography.html#{key}"


@cache
def terms() -> dict[str, str]:
    """Return the terms of the glossary by their anchors."""
    text = (ROOT / "book" / "appendix" / "glossary.md").read_text("utf-8")
    names = re.findall(r"(?m)^(\w.*)\n(?=  \S)", text)
    return {f"term-{name.replace(' ', '-')}": name for name in names}


@cache
def equation_names() -> dict[str, str]:
    """Return the names of the book's numbered equations, by number."""
    notebooks = [nbformat.read(path, as_version=4) for path in NOTEBOOKS]
    cells = [cell for notebook in notebooks for cell in notebook.cells]
    texts = [cell.source for cell in cells if cell.cell_type == "markdown"]
    return dict(pair for text in texts for pair in TAGGED.findall(text))


def chapter_of(path: Path) -> int:
    """Return the number of a chapter, which its file's name begins with."""
    return int(path.stem.partition("-")[0])


@cache
def figure_names() -> dict[str, str]:
    """Return the names of the book's figures, by number."""
    found = {}
    for path in CHAPTERS:
        chapter = chapter_of(path)
        cells = nbformat.read(path, as_version=4).cells
        about = [cell.metadata.get("mystnb", {}).get("figure") for cell in cells]
        for number, figure in enumerate(filter(None, about), 1):
            found[f"{chapter}.{number}"] = figure["name"]
    return found


def read_chapter(app: Sphinx, docname: str, source: list[str]) -> None:
    """Give Sphinx the MyST of a chapter."""
    if app.env.doc2path(docname) in map(str, NOTEBOOKS):
        notebook = to_myst(nbformat.reads(source[0], as_version=4))
        source[0] = nbformat.writes(notebook)


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("source-read", read_chapter)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
