"""Number each chapter as its file's name does, also where one before it is missing.

Sphinx counts chapters; a chapter keeps its name for ever, and its text says its number.
"""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from tools.paths import CHAPTERS, ROOT
from tools.sphinxext.plain import chapter_of

AFTER_SPHINX = 900  # Sphinx itself counts at 500
Number = tuple[int, ...] | list[int] | None


def renumber(env: BuildEnvironment, page: str, chapter: int) -> None:
    """Give a page, its sections, figures, equations and exercises another chapter."""

    def moved(number: Number) -> Number:
        return number and type(number)([chapter, *number[1:]])

    sections, numbered = env.toc_secnumbers[page], env.toc_fignumbers.get(page, {})
    sections.update({place: moved(number) for place, number in sections.items()})
    for kind in numbered.values():
        kind.update({name: moved(number) for name, number in kind.items()})
    for link in [*env.tocs[page].findall(nodes.reference), env.titles[page]]:
        if "secnumber" in link:
            link["secnumber"] = moved(link["secnumber"])


def keep_numbers(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the pages that were given another number than Sphinx had counted."""
    changed = []
    for path in CHAPTERS:
        page, chapter = str(path.relative_to(ROOT).with_suffix("")), chapter_of(path)
        counted = env.toc_secnumbers.get(page, {}).get("")
        if counted and counted[0] != chapter:
            renumber(env, page, chapter)
            changed.append(page)
    return changed


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("env-get-updated", keep_numbers, priority=AFTER_SPHINX)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
