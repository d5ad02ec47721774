"""How cells run in the page: states, outputs, errors, and the chapters as they are."""

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import pytest

from tools import compare
from tools.paths import CHAPTERS, ROOT

SETUP = "import numpy as np\nrng = np.random.default_rng(0)\nx = np.zeros(3)"


@pytest.fixture
def cells(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "book" / "assets" / "run")
    yield importlib.import_module("cells")
    plt.close("all")


class Reader:
    """Someone who runs cells and reads what comes back."""

    def __init__(self, cells):
        self.sent = []
        self.session = cells.Session(lambda text: self.sent.append(json.loads(text)))

    def run(self, *sources: str) -> list[dict]:
        self.sent.clear()
        self.session.run(sources)
        return self.sent

    def printed(self, *sources: str) -> str:
        return "".join(message.get("text", "") for message in self.run(*sources))


@pytest.fixture
def reader(cells) -> Reader:
    return Reader(cells)


def test_cells_above_run_once_and_silently(reader):
    sent = reader.run("print('above')\n1", "n = 2", "print(n)")
    assert [m["kind"] for m in sent] == ["above", "above", "stream"]
    assert sent[-1]["text"] == "2\n"
    sent = reader.run("print('above')\n1", "n = 2", "print(n)", "print(n + 1)")
    assert [m["kind"] for m in sent] == ["stream"]
    assert sent[-1]["text"] == "3\n"


def test_a_cell_starts_from_the_state_above_it_each_time(reader):
    change = "x += rng.normal(size=3)\nprint(x.round(3))"
    first = reader.printed(SETUP, change)
    assert reader.printed(SETUP, change) == first
    below = "print(x.sum().round(3), rng.integers(100))"
    after = reader.printed(SETUP, change, below)
    assert reader.printed(SETUP, change) == first
    assert reader.printed(SETUP, change, below) == after


def test_an_edited_cell_above_runs_again(reader):
    assert reader.printed("n = 1", "n += 1", "print(n)") == "2\n"
    assert reader.printed("n = 1", "n += 10", "print(n)") == "11\n"
    assert reader.printed("n = 5", "n += 10", "print(n)") == "15\n"


def test_names_that_refer_to_one_array_still_do(reader):
    reader.run(SETUP + "\ny = x\nparams = [(x, x[:1])]", "x += 1")
    assert (
        reader.printed(
            SETUP + "\ny = x\nparams = [(x, x[:1])]",
            "print(y is x, params[0][0] is x, x)",
        )
        == "True True [0. 0. 0.]\n"
    )


def test_functions_and_figures_are_shared_between_states(reader):
    define = (
        "import matplotlib.pyplot as plt\nfrom dataclasses import dataclass\n\n"
        "@dataclass\nclass Pair:\n    a: list\n\n\nfig, axes = plt.subplots(2)\n"
        "pair = Pair([1])\nadd = lambda v: pair.a.append(v)"
    )
    assert reader.printed(define, "add(2)\nprint(pair.a)") == "[1, 2]\n"
    assert reader.printed(define, "add(3)\nprint(pair.a)") == "[1, 3]\n"
    assert reader.printed(define, "print(axes[0].figure is fig)") == "True\n"


def test_what_is_shown_is_the_best_of_its_kinds(reader):
    rich = (
        "class Rich:\n    def _repr_mimebundle_(self, **kwargs):\n"
        "        return {'text/html': '<b>', 'text/plain': 'b'}, {}\n\n\n"
    )
    (message,) = reader.run(rich + "Rich()")
    assert (message["mime"], message["data"]) == ("text/html", "<b>")
    (message,) = reader.run("'plain'")
    assert (message["mime"], message["data"]) == ("text/plain", "'plain'")
    assert reader.run("None") == reader.run("1;") == []
    sent = reader.run("print('one')\ndisplay(2)\nprint('three')")
    assert [m.get("text") or m["data"] for m in sent] == ["one\n", "2", "three\n"]


def test_figures_appear_where_they_are_shown_and_at_the_end(reader, monkeypatch):
    monkeypatch.setattr(plt, "show", importlib.import_module("cells").show)
    draw = "plt.plot([1, 2])\nplt.show()\nprint('between')\nplt.plot([2, 1]);"
    sent = reader.run("import matplotlib.pyplot as plt", draw)
    kinds = [message.get("mime", message["kind"]) for message in sent]
    assert kinds == ["above", "image/svg+xml", "stream", "image/svg+xml"]
    assert sent[1]["data"].startswith("<?xml")
    assert plt.get_fignums() == []


def test_a_figure_that_cannot_be_drawn_is_an_error_of_the_cell(reader):
    sent = reader.run("import matplotlib.pyplot as plt\nplt.title('$\\\\frac{$')")
    assert sent[-1]["kind"] == "error"
    assert "ParseFatalException" in sent[-1]["text"] or "ValueError" in sent[-1]["text"]
    assert plt.get_fignums() == []


def test_errors_name_the_line_and_leave_the_machinery_out(reader):
    fault = "def inverse(x):\n    return 1 / x\n\n\ninverse(0)"
    (error,) = reader.run(fault)
    assert error["text"].startswith("Traceback (most recent call last):\n")
    assert '"<cell 1>", line 5, in <module>\n    inverse(0)' in error["text"]
    assert error["text"].endswith("ZeroDivisionError: division by zero\n")
    assert "cells.py" not in error["text"]
    sent = reader.run(fault, "raise SystemExit", "print('goes on')")
    assert [m["kind"] for m in sent] == ["above", "failed-above", "stream"]
    (error,) = reader.run("x = (")
    assert "SyntaxError" in error["text"]
    assert "cells.py" not in error["text"]


def test_text_comes_in_order_and_not_without_end(cells, reader):
    sent = reader.run("import sys\nprint('a', file=sys.stderr)\nprint('b', end='')")
    assert [(m["name"], m["text"]) for m in sent] == [
        ("stderr", "a\n"),
        ("stdout", "b"),
    ]
    text = reader.printed("for i in range(100_000):\n    print('many words')")
    assert len(text) < cells.MOST_TEXT + 100
    assert text.endswith("(more was printed than fits here)\n")


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import numpy as np\nimport os.path", ["numpy", "os"]),
        ("from scipy.optimize import brentq", ["scipy"]),
        ("from initlib import relu", ["initlib", "numpy", "scipy", "tqdm"]),
        ("def f():\n    import pandas", ["pandas"]),
        ("not python", []),
    ],
)
def test_modules_are_found_in_the_code(cells, source, names):
    assert cells.needed([source]) == names


def test_initlib_brings_what_its_parts_need(cells):
    assert "sklearn" in cells.needed(["from initlib import digits"])
    assert "sklearn" in cells.needed(["import initlib", "initlib.digits(rng)"])
    assert "sklearn" in cells.needed(["from initlib import read_table"])
    assert "sklearn" not in cells.needed(["import initlib"])
    assert "matplotlib" in cells.needed(["from initlib.plotting import plot_layers"])
    assert "traitlets" in cells.needed(["from initlib.widgets import LiveCurves"])


def test_a_slider_becomes_a_call_that_one_can_change(cells, reader, monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)  # as it was, afterwards
    monkeypatch.setattr(cells, "_lacks", lambda name: name == "ipywidgets")
    define = "from ipywidgets import interact\n\n\ndef f(a, n, x):\n    print(a, n, x)"
    slide = "_ = interact(f, a=['b', 'c'], n=(10, 500, 10), x=(0.5, 2))"
    said = reader.printed(define, slide)
    assert said.endswith("f(a='b', n=255, x=1.25)\nb 255 1.25\n")
    assert "b 255" not in reader.printed(define, slide, "'next'")


def stored_outputs(path: Path) -> list[list[tuple[str, str]]]:
    """Return what each cell of a notebook that the page shows has stored."""
    return [
        [kind_and_text(output) for output in cell.outputs]
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "code"
        and "remove-cell" not in cell.metadata.get("tags", [])
    ]


def kind_and_text(output) -> tuple[str, str]:
    if output.output_type == "stream":
        return output.name, output.text
    kinds = ("image/svg+xml", "text/html", "text/plain")
    return next((kind, output.data[kind]) for kind in kinds if kind in output.data)


def joined(messages: list[dict]) -> list[tuple[str, str]]:
    """Return messages as a notebook would store them."""
    found = []
    for message in messages:
        kind = message.get("name") or message.get("mime") or message["kind"]
        text = message.get("text") or message["data"]
        if found and found[-1][0] == kind == "stdout":
            text = found.pop()[1] + text
        found.append((kind, text))
    return found


def differences(mine: list[tuple[str, str]], theirs: list[tuple[str, str]]) -> list:
    """Return where what the page shows differs from what is stored."""
    assert [kind for kind, _ in mine] == [kind for kind, _ in theirs]
    found = []
    for (kind, shown), (_, stored) in zip(mine, theirs, strict=True):
        found += compare.COMPARED.get(kind, compare.same)(stored, shown, kind)
    return found


@pytest.mark.parametrize(
    "path",
    CHAPTERS if os.environ.get("EVERY_CHAPTER") == "1" else CHAPTERS[:1],
    ids=lambda path: path.stem,
)
def test_a_chapter_says_in_the_page_what_it_says_in_jupyter(path):
    environment = {**os.environ, "TQDM_DISABLE": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "tools.in_page", path],
        env=environment,
        cwd=path.parent,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    seen = [joined(json.loads(line)) for line in done.stdout.splitlines()]
    stored = stored_outputs(path)
    assert len(seen) == len(stored) > 20
    for number, (mine, theirs) in enumerate(zip(seen, stored, strict=True), 1):
        if any(text.startswith("interactive(") for _, text in theirs):
            assert mine[0][1].startswith("Sliders need a kernel."), f"cell {number}"
            assert "error" not in dict(mine), f"cell {number}"
        else:
            assert differences(mine, theirs) == [], f"cell {number}"
    assert sum(kind == "image/svg+xml" for cell in seen for kind, _ in cell) >= 3


def test_every_chapter_imports_what_the_release_has(cells):
    known = {"functools", "initlib", "matplotlib", "numpy", "scipy", "sklearn", "tqdm"}
    known |= {"traitlets", "ipywidgets"} | sys.stdlib_module_names
    for path in CHAPTERS:
        code = [
            cell.source
            for cell in nbformat.read(path, as_version=4).cells
            if cell.cell_type == "code"
        ]
        assert {*cells.needed(code)} <= known, path.name
