"""The pages that are written from what the notebooks store.

`{objectives}` lists what each chapter teaches, how long it takes and what it needs.
`{claims-index}` lists every claim of every notebook of the book, by chapter.
`{true-or-false}` lists the common statements that claims settle; the statements
themselves stand in the file that the directive names.
`{settled-by}` lists the claims and exercises behind the answer to a question, which
stand in the file `confusions.yml` beside the page.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import cycle
from pathlib import Path

import nbformat
import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from initlib.claims import SUBSCRIPT, TRUTHS, read_claims, told, typeset, would
from tools.sphinxext import plain

LOGGER = logging.getLogger(__name__)
GOALS = re.compile(r"## You will learn to\s(.*?)\n## ", re.DOTALL)
EXERCISE = re.compile(r"^### Exercise (\d+)\.(\d+): (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Claim:
    """One claim as a notebook stores it."""

    docname: str
    chapter: str
    id: str
    statement: str
    measured: str
    bound: str
    settles: str | None
    rival: dict | None = None
    numbers: dict | None = None


@dataclass(frozen=True)
class Exercise:
    """One exercise of a chapter, with the anchor that the website gives it."""

    docname: str
    chapter: str
    id: str
    statement: str


@dataclass(frozen=True)
class Chapter:
    docname: str
    title: str
    claims: tuple[Claim, ...]
    exercises: tuple[Exercise, ...] = ()


def read_chapter(docname: str, path: Path) -> Chapter:
    return read_version(docname, path, path.stat().st_mtime_ns)


@cache
def read_version(docname: str, path: Path, changed: int) -> Chapter:
    """Read a notebook once, unless it has been changed since."""
    notebook = nbformat.read(path, as_version=4)
    title = title_of(notebook)
    claims = tuple(
        Claim(docname=docname, chapter=title, **stored)
        for stored in read_claims(notebook)
    )
    exercises = tuple(
        Exercise(docname, title, f"exercise-{i}-{j}", f"Exercise {i}.{j}: {name}")
        for i, j, name in EXERCISE.findall(prose_of(notebook))
    )
    return Chapter(docname, title, claims, exercises)


def beginning(words: str, chapters: Iterable[Chapter]) -> list[Claim | Exercise]:
    """Return the claims and exercises that begin with these words."""
    found = [one for chapter in chapters for one in chapter.claims + chapter.exercises]
    return [
        one for one in found if re.match(rf"{re.escape(words)}(?!\w)", one.statement)
    ]


def scripted(words: str) -> list[nodes.Node]:
    """Return the words of a claim as nodes, with their subscripts."""
    parts = SUBSCRIPT.split(typeset(words))  # every second is a subscript
    kinds = cycle([nodes.Text, lambda text: nodes.subscript("", text)])
    return [kind(part) for kind, part in zip(kinds, parts, strict=False)]


def title_of(notebook: nbformat.NotebookNode) -> str:
    lines = prose_of(notebook).splitlines()
    return next(line[2:] for line in lines if line.startswith("# "))


def prose_of(notebook: nbformat.NotebookNode) -> str:
    return "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")


def chapters(env: BuildEnvironment) -> list[Chapter]:
    """Read the notebooks of the book in the order of the table of contents."""
    return [
        read_chapter(name, Path(env.doc2path(name)))
        for name in toc_order(env)
        if env.doc2path(name).endswith(".ipynb")
    ]


def toc_order(env: BuildEnvironment) -> list[str]:
    return [name for name in env.app.config.external_site_map if name in env.found_docs]


class AppendixDirective(SphinxDirective):
    """What the directives share: the chapters, and nodes for a claim."""

    def read_chapters(self) -> list[Chapter]:
        found = chapters(self.env)
        for chapter in found:
            self.env.note_dependency(self.env.doc2path(chapter.docname))
        return found

    def link_to(self, claim: Claim | Exercise) -> nodes.reference:
        here = self.env.app.builder.get_relative_uri(self.env.docname, claim.docname)
        sentence = scripted(claim.statement)
        address = f"{here}#{claim.id}"
        link = nodes.reference("", "", *sentence, refuri=address, internal=True)
        link["support_smartquotes"] = False  # the sentence stands as it was claimed
        return link

    def claim_list(self, claims: Iterable[Claim | Exercise]) -> nodes.bullet_list:
        rows = nodes.bullet_list(classes=["claims-index"])
        for claim in claims:
            sentence = nodes.paragraph("", "", self.link_to(claim))
            rows += nodes.list_item("", sentence, *self.evidence(claim))
        return rows

    def proofs(self, claims: list[Claim | Exercise]) -> nodes.bullet_list:
        """List claims and exercises, and of each claim the chapter."""
        rows = self.claim_list(claims)
        for row, claim in zip(rows, claims, strict=True):
            for line in row[1:]:
                line.insert(0, [nodes.emphasis("", claim.chapter), nodes.Text(": ")])
        return rows

    def evidence(self, claim: Claim | Exercise) -> list[nodes.paragraph]:
        if isinstance(claim, Exercise):
            return []
        plain = claim.measured in TRUTHS
        parts = {"measured": "checked" if plain else told(claim.measured)}
        if claim.rival:
            parts["rival"] = would(claim.rival["words"], claim.rival["given"])
        if not plain:
            parts["bound"] = f"claimed {claim.bound}"
        line = nodes.paragraph(classes=["evidence"])
        for name, words in parts.items():
            line += [nodes.Text("; ")] if len(line) else []
            line += nodes.inline("", "", *scripted(words), classes=[name])
        return [line]

    def inline(self, markdown: str) -> list[nodes.Node]:
        return self.state.inline_text(markdown, self.lineno)[0]

    def warn(self, message: str) -> None:
        LOGGER.warning(message, location=self.get_location(), type="appendix")


class Objectives(SphinxDirective):
    """Repeat what each chapter says about itself under *You will learn to*."""

    def run(self) -> list[nodes.Node]:
        here = Path(self.env.docname).parent
        names = [n for n in toc_order(self.env) if n.startswith(f"{here}/chapters/")]
        return [node for name in names for node in self.chapter(name)]

    def chapter(self, name: str) -> list[nodes.Node]:
        path = self.env.doc2path(name)
        self.env.note_dependency(path)
        notebook = plain.to_myst(nbformat.read(path, as_version=4))
        goals = GOALS.search(prose_of(notebook))[1]
        link = f"[{title_of(notebook)}](/{name}{Path(path).suffix})"
        return self.parse_text_to_nodes(
            f"### {link}\n\n{goals}", allow_section_headings=True
        )


class ClaimsIndex(AppendixDirective):
    """List every claim of the book, one section a chapter."""

    def run(self) -> list[nodes.Node]:
        found = [chapter for chapter in self.read_chapters() if chapter.claims]
        self.warn_of_twins([claim for chapter in found for claim in chapter.claims])
        return [self.chapter_section(chapter) for chapter in found]

    def chapter_section(self, chapter: Chapter) -> nodes.section:
        section = nodes.section(ids=[nodes.make_id(chapter.title)])
        section += [nodes.title("", chapter.title), self.claim_list(chapter.claims)]
        return section

    def warn_of_twins(self, claims: list[Claim]) -> None:
        seen = set()
        for claim in claims:
            if claim.id in seen:
                self.warn(f"two claims make the same statement: {claim.statement!r}")
            seen.add(claim.id)


class TrueOrFalse(AppendixDirective):
    """List the statements of a file that some claim settles, with the evidence."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        name, path = self.env.relfn2path(self.arguments[0])
        self.env.note_dependency(name)
        statements = yaml.safe_load(Path(path).read_text(encoding="utf8"))
        claims = [claim for chapter in self.read_chapters() for claim in chapter.claims]
        known = {statement["id"] for statement in statements}
        for claim in claims:
            if claim.settles and claim.settles not in known:
                self.warn(f"{claim.docname} settles unknown statement {claim.settles}")
        return list(self.rows(statements, claims))

    def rows(self, statements: list[dict], claims: list[Claim]) -> Iterator[nodes.Node]:
        for statement in statements:
            settling = [claim for claim in claims if claim.settles == statement["id"]]
            if settling:
                yield self.row(statement, settling)

    def row(self, statement: dict, claims: list[Claim]) -> nodes.container:
        box = nodes.container(classes=["settled"], ids=[statement["id"].lower()])
        saying = nodes.paragraph(classes=["saying"])
        saying += nodes.inline("", statement["id"], classes=["number"])
        saying += [nodes.Text(" "), *self.inline(statement["statement"])]
        verdict = statement["verdict"]
        box += [
            saying,
            nodes.paragraph("", verdict, classes=["verdict", tone(verdict)]),
        ]
        box += nodes.paragraph("", "", *self.inline(statement["truth"]))
        box += self.proofs(claims)
        return box


class SettledBy(AppendixDirective):
    """List what `confusions.yml` names behind the answer to a question."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        name, path = self.env.relfn2path("confusions.yml")
        self.env.note_dependency(name)
        confusions = yaml.safe_load(Path(path).read_text(encoding="utf8"))
        number, found = self.arguments[0], []
        for words in confusions.get(number, []):
            ones = beginning(words, self.read_chapters())
            if len(ones) != 1:
                self.warn(f"{number}: {len(ones)} claims or exercises begin {words!r}")
            found += ones
        if not found:
            self.warn(f"nothing settles {number}")
        rows = self.proofs(found)
        rows["ids"].append(number.lower())
        return [rows]


def tone(verdict: str) -> str:
    """Return the class of a verdict: plainly true, plainly false, or in between."""
    return {"True": "true", "False": "false"}.get(verdict, "between")


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("objectives", Objectives)
    app.add_directive("claims-index", ClaimsIndex)
    app.add_directive("true-or-false", TrueOrFalse)
    app.add_directive("settled-by", SettledBy)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
