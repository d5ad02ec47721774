"""The book's own rules: its numbers, claims, figures, questions, and lines of prose."""

import ast
import html
import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from initlib.claims import MIME
from tools.notebooks import WIDGET_STATE
from tools.paths import ROOT

BOOK = ROOT / "book"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
CHAPTERS = sorted((BOOK / "chapters").glob("*.ipynb"))
PAGES = sorted([*BOOK.glob("*.md"), *(BOOK / "appendix").glob("*.md")])
HEADINGS = [
    "You will learn", "Predict first", "When it fails", "Try it live", "Exercises",
    "Check yourself", "Summary", "Further reading",
]  # fmt: skip

LARGE = shutil.ignore_patterns("node_modules")
PERCENT = r"(?:\s?\\?%|\spercent)"
CHECKED = re.compile(rf"(?<![\w.])(\d*\.\d+|\d+(?={PERCENT}))(?![\w.]*\d)")
TOKEN = re.compile(rf"\d*\.\d+|\d+(?={PERCENT})")
CITED = re.compile(r"\{cite")
PHONE = 356  # CSS pixels that a figure has on a phone of 375
SMALLEST = 11  # CSS pixels of the words in it
NOT_PROSE = [
    re.compile(r"(?ms)^(```+|~~~+|:::+)\{(math|code|code-block)\}.*?^\1\s*$"),
    re.compile(r"(?ms)^(```+)(?!\{).*?^\1\s*$"),  # code, which is no directive
    re.compile(r"(?m)^(```+|:::+).*$"),  # the fences of directives
    re.compile(r"(?m)^:[\w-]+:.*$"),  # their options
    re.compile(r"(?m)^\(.*\)=$"),  # labels
    re.compile(r"\]\([^)]*\)"),  # link targets
    re.compile(r"\{[\w:]+\}`[^`]*`"),  # roles
    re.compile(r"`[^`]*`"),  # code
    re.compile(r"<[^>]*>"),  # HTML
    re.compile(r"https?://\S+"),
    re.compile(r"Python 3\.\d+(, 3\.\d+)*( (or|to) 3\.\d+)?|CC BY 4\.0"),
]
ABBREVIATIONS = re.compile(
    r"\b(e\.g|i\.e|et al|vs|cf|Fig|Eq|resp|approx|[A-Z])\.(?=\s)"
)


@cache
def read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def cells(notebook: NotebookNode, kind: str) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == kind]


def prose(source: str) -> str:
    """Leave the sentences of a markdown text, line by line."""
    for pattern in NOT_PROSE:
        source = pattern.sub(lambda match: "" if "\n" in match[0] else " ", source)
    return source


def texts_of(output: NotebookNode) -> list[str]:
    if output.output_type == "stream":
        return [output.text]
    data = output.get("data", {})
    page = html.unescape(re.sub(r"<[^>]*>", " ", data.get("text/html", "")))
    return [data.get("text/plain", ""), page, data.get("text/markdown", "")]


def plain(number: str) -> str:
    """Write .50 and 0.50 alike; 0.5 has other digits and stays another number."""
    whole, _, decimals = number.partition(".")
    return f"{whole.lstrip('0') or '0'}.{decimals}" if decimals else whole


def known_numbers(notebook: NotebookNode) -> set[str]:
    """Return every number that the code sets or an output shows."""
    found = set()
    for cell in cells(notebook, "code"):
        found |= set(TOKEN.findall(cell.source))
        for output in cell.outputs:
            for text in texts_of(output):
                found |= set(TOKEN.findall(text))
    return {plain(number) for number in found}


def unfounded_numbers(source: str, known: set[str]) -> list[str]:
    """Return the decimals and percentages of a text that stand nowhere else."""
    return [
        number
        for line in source.splitlines()
        if not CITED.search(line)
        for number in CHECKED.findall(prose(line))
        if plain(number) not in known and as_fraction(number) not in known
    ]


def as_fraction(percent: str) -> str:
    """Write 97 as 0.97 and 90.5 as 0.905, for percentages."""
    whole, _, decimals = percent.partition(".")
    return f"0.{whole.zfill(2)}{decimals}"


def markdown(path: Path) -> str:
    if path.suffix == ".md":
        return path.read_text(encoding="utf-8")
    return "\n\n".join(cell.source for cell in cells(read(path), "markdown"))


def allowed(path: Path) -> set[str]:
    chapters = CHAPTERS if path.suffix == ".md" else [path]
    return set().union(*(known_numbers(read(chapter)) for chapter in chapters))


def names(path: Path) -> str:
    return path.stem


every_chapter = pytest.mark.parametrize("path", CHAPTERS, ids=names)
every_page = pytest.mark.parametrize("path", CHAPTERS + PAGES, ids=names)


@every_page
def test_numbers_in_prose_are_computed(path):
    without_code = NOT_PROSE[0].sub("", markdown(path))
    assert unfounded_numbers(without_code, allowed(path)) == []


@every_chapter
def test_a_changed_number_in_prose_is_noticed(path):
    """Change every number of the prose by a digit: none may slip through."""
    known, text = known_numbers(read(path)), NOT_PROSE[0].sub("", markdown(path))
    numbers = set(CHECKED.findall(prose(text)))
    for number in numbers:
        falsified = number + "7" if "." in number else f"{number}.7"
        assert unfounded_numbers(f"It is {falsified} % of it.", known) == [falsified]


def test_a_false_number_is_noticed_and_a_true_one_is_not():
    known = {"0.341", "90.5", "0.97", "42"}
    assert unfounded_numbers("The variance is .341, or 0.341.", known) == []
    assert unfounded_numbers("The variance is .342.", known) == [".342"]
    assert unfounded_numbers("Saturated: 90.5 %, correct: 97 %.", known) == []
    assert unfounded_numbers("Correct: 98 % of 42 and 41.", known) == ["98"]
    assert unfounded_numbers("It was .8 {cite:p}`he2015`.", known) == []
    assert unfounded_numbers("In maths $\\sigma = 0.77$ too.", known) == ["0.77"]
    assert unfounded_numbers("Not `0.77`, nor [this](v0.77.html).", known) == []


def long_lines(source: str) -> list[str]:
    """Return lines that hold two sentences, and those that break one."""
    text = ABBREVIATIONS.sub(r"\1", prose(source))
    lines = [line.rstrip() for line in text.splitlines()]
    crowded = [
        line
        for line in lines
        if not line.startswith("|") and re.search(r"\w\w[.!?]['\")*]*\s+[A-Z\"$]", line)
    ]
    broken = [
        line
        for line, following in pairwise(lines)
        if re.match(r"[*_]*[A-Za-z\"$]", line)
        and re.match(r"[*_]*[A-Za-z\"$(]", following)
        and not re.search(r"[.!?:;,]['\")*_$]*$", line)
        and not {line[:2], following[:2]} & {"$$"}
    ]
    return crowded + broken


@every_page
def test_one_sentence_a_line(path):
    text = re.sub(r"(?ms)^\$\$.*?\$\$.*?$", "", markdown(path))
    assert long_lines(text) == []


def test_crowded_and_broken_lines_are_noticed():
    assert long_lines("One sentence.\nAnother, e.g. Like this one.") == []
    assert long_lines("One sentence. Another one.") == ["One sentence. Another one."]
    assert long_lines("A sentence that is\nbroken.") == ["A sentence that is"]


@every_chapter
def test_template(path):
    text = markdown(path)
    found = re.findall(r"(?m)^## (.*?)\s*$", text)
    assert [heading for heading in found if heading in HEADINGS] == HEADINGS
    assert len(re.findall(r"(?m)^# ", text)) == 1
    install, first, *_ = cells(read(path), "code")
    assert install.metadata.tags == ["remove-cell"]
    assert "google.colab" in install.source
    assert "SEED = 0" in first.source
    goals = text.split("## You will learn")[1].split("## Predict first")[0]
    assert 3 <= len(re.findall(r"(?m)^- ", goals)) <= 5
    assert re.search(r"About \d+ minutes", goals)


@every_chapter
def test_exercises_have_solutions(path):
    text = markdown(path)
    exercises = re.findall(r"\{exercise(?:-start)?\}[^\n]*\n:label: (\S+)", text)
    solutions = re.findall(r"\{solution(?:-start)?\} (\S+)\n:class: dropdown", text)
    assert len(exercises) >= 4
    assert exercises == solutions


@every_chapter
def test_questions_answer_every_choice(path):
    section = markdown(path).split("## Check yourself")[1].split("## Summary")[0]
    questions = re.split(r"(?m)^\*\*\d\. ", section)[1:]
    assert 3 <= len(questions) <= 5
    assert "</details>\n<details>" not in section  # JupyterLab would open the second
    for question in questions:
        options = re.findall(
            r"<details>\s*<summary>[^<]+</summary>\n\n(.+?)\n\n</details>",
            question,
            re.DOTALL,
        )
        assert len(options) == question.count("<details>") >= 2
        assert sum(option.startswith("Right") for option in options) == 1


def shows(cell: NotebookNode, mime: str) -> bool:
    return any(mime in output.get("data", {}) for output in cell.get("outputs", []))


def claims_in(notebook: NotebookNode) -> list[dict]:
    return [
        output.data[MIME]
        for cell in cells(notebook, "code")
        for output in cell.outputs
        if MIME in output.get("data", {})
    ]


@every_chapter
def test_figures_have_words(path):
    figures = [c for c in cells(read(path), "code") if shows(c, "image/svg+xml")]
    assert len(figures) >= 3
    seen = Counter()
    for cell in figures:
        about = cell.metadata.get("mystnb", {})
        alt = about.get("image", {}).get("alt", "")
        figure = about.get("figure", {})
        assert len(alt) >= 40, f"no alt text: {cell.source}"
        assert figure.get("caption", "").endswith("."), f"no caption: {cell.source}"
        seen[figure["name"]] += 1
    assert set(seen.values()) == {1}


def smallest_words(picture: str) -> float:
    """Return the size of the smallest words of an SVG on a phone, in CSS pixels.

    Words drawn as paths are scaled to a hundredth of their size in points.
    Sub- and superscripts are smaller parts of such words, and do not count.
    """
    width = float(re.search(r'<svg [^>]*?\bwidth="([\d.]+)pt"', picture)[1])
    drawn = re.findall(r"scale\((0[\d.]+) -\1\)", picture)
    typed = re.findall(r'<text style="font-size: ([\d.]+)px', picture)
    sizes = [100 * float(size) for size in drawn] + [float(size) for size in typed]
    return min(sizes) * min(PHONE / width, 4 / 3)


@every_chapter
def test_words_in_figures_are_legible_on_a_phone(path):
    small = {}
    for cell in cells(read(path), "code"):
        for output in cell.outputs:
            picture = output.get("data", {}).get("image/svg+xml")
            if picture and (size := smallest_words(picture)) < SMALLEST:
                small[cell.metadata.mystnb.figure.name] = size
    assert small == {}


def test_words_of_the_cover_are_legible_on_a_phone():
    cover = (BOOK / "assets" / "cover.svg").read_text("utf-8")
    assert smallest_words(cover) >= SMALLEST


def test_small_words_are_noticed():
    words = '<g transform="translate(9 9) scale(0.12 -0.12)"><use/></g>'
    script = '<use transform="translate(9 9) scale(0.7)"/>'
    wide = f'<svg height="1pt" width="445pt">{words}{script}</svg>'
    assert smallest_words(wide) == pytest.approx(12 * 0.8)
    small = f'<svg width="89pt">{words}<text style="font-size: 6px">e</text></svg>'
    assert smallest_words(small) == pytest.approx(8)


@every_chapter
def test_live_figures_are_there_and_small(path):
    live = [c for c in cells(read(path), "code") if shows(c, WIDGET_VIEW)]
    assert any(shows(cell, "image/svg+xml") for cell in live)
    for cell in live:  # the page shows their picture, or text that nbval compares
        assert cell.outputs[-1].data["text/plain"]
        assert "nbval-ignore-output" not in cell.metadata.get("tags", [])
    stored = read(path).metadata.widgets[WIDGET_STATE].state
    assert len(json.dumps(stored)) <= 200_000
    assert not any(model.state.get("outputs") for model in stored.values())


@every_chapter
def test_claims_stand_alone_and_visible(path):
    stated = 0
    for cell in cells(read(path), "code"):
        tree = ast.parse(cell.source)
        calls = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "claim"
        ]
        if not calls:
            continue
        last = tree.body[-1]
        assert len(calls) == 1
        assert isinstance(last, ast.Expr)
        assert last.value is calls[0]
        assert shows(cell, MIME)
        assert not {"remove-cell", "remove-output", "hide-cell", "hide-output"} & set(
            cell.metadata.get("tags", [])
        )
        stated += 1
    assert stated == len(claims_in(read(path))) >= 4


def test_claims_of_the_book_differ():
    stated = Counter(c["statement"] for path in CHAPTERS for c in claims_in(read(path)))
    assert [statement for statement, n in stated.items() if n > 1] == []


@pytest.mark.parametrize("scale", ["2.0", "2.1"])
def test_another_he_fails_the_tests_of_initlib(scale, tmp_path):
    """He's 2, and 2.1 in its place, in a copy of initlib under its own tests."""
    shutil.copytree(ROOT / "initlib", tmp_path / "initlib")
    source = tmp_path / "initlib" / "initializers.py"
    text = source.read_text("utf-8")
    assert text.count("scale=2.0") == 2
    source.write_text(text.replace("scale=2.0", f"scale={scale}"), "utf-8")
    shutil.copy(ROOT / "tests" / "initlib" / "test_initializers.py", tmp_path)
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path)
    shutil.copytree(ROOT / "tools", tmp_path / "tools", ignore=LARGE)
    options = ["-q", "-p", "no:cacheprovider", "-k", "he_normal or he_uniform"]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "test_initializers.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == (scale != "2.0"), run.stdout


def first_cells(path: Path, wanted: int) -> NotebookNode:
    """Copy a chapter up to the first code cell that prints a decimal number."""
    notebook = nbformat.read(path, as_version=4)
    for i, cell in enumerate(notebook.cells):
        prints = [out for out in cell.get("outputs", []) if out.output_type == "stream"]
        if any(re.search(r"\d\.\d", out.text) for out in prints):
            wanted -= 1
        if not wanted:
            notebook.cells = notebook.cells[: i + 1]
            return notebook
    raise AssertionError(f"{path} prints no decimal number")


@pytest.mark.parametrize("falsify", [False, True])
def test_a_changed_digit_in_a_chapter_fails_nbval(falsify, tmp_path):
    notebook = first_cells(CHAPTERS[0], 1)
    if falsify:
        output = notebook.cells[-1].outputs[0]
        output.text = re.sub(
            r"\.(\d)", lambda m: f".{(int(m[1]) + 1) % 10}", output.text, count=1
        )
    nbformat.write(notebook, tmp_path / "chapter.ipynb")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "-q",
         "--nbval-sanitize-with", ROOT / "tests/book/nbval.cfg", "chapter.ipynb"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert run.returncode == falsify, run.stdout
