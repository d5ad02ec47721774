"""What is stored cannot be changed unnoticed: pictures, live figures, claims, texts."""

import base64
import copy
import io
import os
import re
import subprocess
import sys

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from PIL import Image

from initlib import claims
from initlib._packing import pack
from tools import compare
from tools.notebooks import execute, widget_models
from tools.paths import CHAPTERS, ROOT

SVG = "image/svg+xml"
NOTEBOOKS = {path.stem[:2]: nbformat.read(path, as_version=4) for path in CHAPTERS}
SHOWN = [
    (kind, data)
    for notebook in NOTEBOOKS.values()
    for cell in notebook.cells
    for output in cell.get("outputs", [])
    for kind, data in output.get("data", {}).items()
]
PICTURES = [data for kind, data in SHOWN if kind == SVG]
MODELS = [
    model
    for notebook in NOTEBOOKS.values()
    for model in widget_models(notebook).values()
    if "_esm" in model["state"]
]


def told(kind, stored, fresh):
    return list(compare.COMPARED[kind](stored, fresh, "here"))


def replaced(text, pattern, new):
    changed, count = re.subn(pattern, new, text, count=1)
    assert count == 1
    assert changed != text
    return changed


def test_every_kind_of_data_in_the_book_is_compared():
    assert {kind for kind, _ in SHOWN} == compare.COMPARED.keys()


@pytest.mark.parametrize("kind", compare.COMPARED)
def test_what_did_not_change_passes(kind):
    data = next(data for shown, data in SHOWN if shown == kind)
    assert told(kind, data, copy.deepcopy(data)) == []


def test_data_of_an_unknown_kind_are_refused():
    output = new_output("display_data", {"application/x-new": "1"})
    (complaint,) = compare.outputs([output], [output])
    assert "application/x-new: cannot be compared" in complaint


def coordinates(data):
    """Return where the numbers of paths and positions stand in a drawing."""
    return [
        (attribute.start() + number.start(), attribute.start() + number.end())
        for attribute in re.finditer(r' (?:d|x|y)="[^"]*"', data)
        for number in re.finditer(r"-?\d+\.?\d*", attribute[0])
    ]


@pytest.mark.parametrize("data", PICTURES, ids=lambda _: "")
def test_a_moved_coordinate_is_noticed(data, rng):
    for start, end in rng.choice(coordinates(data), 2):
        moved = float(data[start:end]) + rng.choice([-1.5, 1.5]) * compare.POINTS
        (complaint,) = told(SVG, data, f"{data[:start]}{moved:.6f}{data[end:]}")
        assert re.search(r", (d|x|y), number \[\d+\]: stored", complaint)


@pytest.mark.parametrize(
    ("pattern", "new"),
    [
        (r"<!-- [^>]*(\d)[^>]* -->", "<!-- 8 -->"),  # the words of a label
        (r'href="#DejaVuSans-3[0-9]"', 'href="#DejaVuSans-78"'),  # their glyphs
        (r'(id="DejaVuSans-\w+" d=")M', r"\g<1>L"),
        (r"stroke: #0072b2", "stroke: #d55e00"),
        (r"stroke: #0072b2", "stroke: #0072b3"),
        (r"stroke-width: 1.6", "stroke-width: 1.7"),
        (r"scale\(0.12 -0.12\)", "scale(0.13 -0.12)"),
        (r"\(0.12 -0.12\)", "(0.12 0.12)"),
        (r' clip-path="url\(#p', ' clip-path="url(#q'),
        (r' clip-path="url[^"]*"', ""),
        (r"<use [^>]*/>", ""),
        (r"<use [^>]*/>", r"\g<0>\g<0>"),
        (r'<g id="patch_3">', '<g id="legend_1">'),
        (r'<path d="M', '<path d="L'),
        (r'width="\d+', 'width="9'),
    ],
)
def test_a_picture_changed_in_another_way_is_noticed(pattern, new):
    data = next(data for data in PICTURES if re.search(pattern, data))
    assert told(SVG, data, replaced(data, pattern, new))


def test_a_changed_word_of_a_stored_still_is_noticed():
    data = next(data for data in PICTURES if "</tspan>" in data or "</text>" in data)
    changed = replaced(data, r">(\w[^<]*)</(text|tspan)>", r">\g<1>0</\2>")
    (complaint,) = told(SVG, data, changed)
    assert ", text: stored" in complaint


def test_a_picture_may_differ_as_rounding_makes_it():
    data = PICTURES[0]
    start, end = coordinates(data)[-1]
    moved = float(data[start:end]) + 0.9 * compare.POINTS
    assert told(SVG, data, f"{data[:start]}{moved:.6f}{data[end:]}") == []


def test_ids_that_digest_what_they_name_may_change_together():
    data = next(data for data in PICTURES if "url(#p" in data)
    digest = re.search(r"url\(#(p\w+)\)", data)[1]
    assert told(SVG, data, data.replace(digest, "p0123456789")) == []
    assert told(SVG, data, replaced(data, digest, "p0123456789"))


def test_a_changed_pixel_of_an_image_is_noticed():
    data = next(data for data in PICTURES if compare.PNG in data)
    png = re.search(f'{compare.PNG}([^"]+)', data)[1]
    pixels = np.array(Image.open(io.BytesIO(base64.b64decode(png))))
    pixels[-1, -1, 0] ^= 2
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "png")
    changed = base64.b64encode(file.getvalue()).decode()
    (complaint,) = told(SVG, data, data.replace(png, changed))
    assert "pixels, number" in complaint


def test_of_another_version_of_matplotlib_the_words_are_compared(monkeypatch):
    data = next(data for data in PICTURES if "stroke: #0072b2" in data)
    recoloured = data.replace("#0072b2", "#0072b3")
    relabelled = replaced(data, r"<!-- .* -->", "<!-- 8 -->")
    assert told(SVG, data, recoloured)
    monkeypatch.setattr(compare, "version", lambda name: "99.0")
    assert told(SVG, data, recoloured) == []
    assert told(SVG, data, relabelled)


def changed_model(model, change):
    fresh = copy.deepcopy(model)
    change(fresh["state"])
    return list(compare.states({"2": model}, {"2": fresh}, {"2": "Cell 3, "}))


@pytest.mark.parametrize("model", MODELS, ids=lambda _: "")
def test_a_changed_trait_of_a_live_figure_is_noticed(model):
    """Change each trait: script, style, words, numbers, controls, tables' ends."""
    for name, value in model["state"].items():
        for number, changed in enumerate(variants(value)):
            complaints = changed_model(
                model, lambda s, n=name, v=changed: s.update({n: v})
            )
            assert complaints, (name, number)
            assert complaints[0].startswith("Cell 3, ")


def variants(value):
    """Yield a value of a state with one thing in it changed, for each such thing."""
    match value:
        case dict():
            for key in value:
                yield from ({**value, key: one} for one in variants(value[key]))
        case list():
            yield [*value, 0]
            for i, held in enumerate(value):
                rest = value[:i], value[i + 1 :]
                yield from ([*rest[0], one, *rest[1]] for one in variants(held))
        case bool():
            yield not value
        case int() | float():
            yield value + 1e-5 * max(abs(value), 1)
        case str():
            yield value[:-1] if value.endswith("0") else value + "0"
            if found := re.search(r"\d", value):
                digit = str((int(found[0]) + 1) % 10)
                yield value[: found.start()] + digit + value[found.end() :]
        case None:
            yield 0


def draws_one_value(model: dict, buffer: dict) -> bool:
    """Return whether all bytes of a buffer mean the same, or it has none."""
    table = model["state"]
    for key in buffer["path"][:-1]:
        table = table[key]
    flat = "low" in table and table["low"] == table["high"]
    return flat or not buffer["data"]


@pytest.mark.parametrize("model", MODELS, ids=lambda _: "")
def test_a_changed_byte_of_a_table_is_noticed(model, rng):
    for number, buffer in enumerate(model["buffers"]):
        if draws_one_value(model, buffer):
            continue
        data = bytearray(base64.b64decode(buffer["data"]))
        data[rng.integers(len(data))] ^= 1 << rng.integers(8)
        fresh = copy.deepcopy(model)
        fresh["buffers"][number]["data"] = base64.b64encode(data).decode()
        complaint, *_ = compare.states({"2": model}, {"2": fresh}, {})
        assert re.search(r"number \[[\d, ]+\]: stored ", complaint)


def test_a_dropped_live_figure_is_noticed():
    model = MODELS[0]
    (complaint,) = compare.states({"2": model}, {}, {})
    assert complaint == "live figures and controls: stored ['2'], fresh []"


def test_a_table_may_differ_as_rounding_makes_it():
    values = np.linspace(0.1, 7.3, 60)
    rounded = values * (1 + 1e-12 * np.sin(values))
    assert list(compare.tables(pack(values), pack(rounded), "table")) == []
    rounded[4] += 2e-3
    (complaint,) = compare.tables(pack(values), pack(rounded), "table")
    assert complaint.startswith("table, number [4]: stored 0.588")


def test_a_claim_keeps_each_word():
    data = next(data for kind, data in SHOWN if kind == claims.MIME)
    for key in data:
        assert told(claims.MIME, data, {**data, key: "other"}), key


def test_a_claim_keeps_its_numbers_and_its_rival():
    made = claims.claim("A sentence.", [1.0, 1.1], above=0.5, rival=("chance", 0.5))
    data = made._repr_mimebundle_()[claims.MIME]
    for part in ("numbers", "rival"):
        for key, value in data[part].items():
            other = value * 1.01 if isinstance(value, float) else "other"
            assert told(claims.MIME, data, {**data, part: {**data[part], key: other}})


FIGURE = """\
import matplotlib.pyplot as plt
from initlib.plotting import use_book_style
use_book_style()
plt.plot([0, 1.5])
plt.show()"""
LIVE = """\
from initlib.widgets import LiveCurves
live = LiveCurves(
    [0, 1], {"y": [[0, 1], [1, 3]]}, controls={"a": ["b", "c"]},
    xlabel="x", ylabel="y", alt="Two lines.",
)
live"""
CHANGES = {  # where: what is changed to what, and what is then told
    "Cell 0": (r'"0\.125', '"0.126', "output 1, text: stored '0.126"),
    "Cell 1": (r"(L 3\d\d\.)\d", r"\g<1>99", r"svg > figure_1.*, d, number"),
    "live figures": ('"high": 3.0', '"high": 3.1', r"Cell 2, .*, y, high: stored 3.1"),
}


def test_nbval_compares_everything(tmp_path):
    true, false = tmp_path / "true.ipynb", tmp_path / "false.ipynb"
    cells = [new_code_cell(source) for source in ("print(1 / 8)", FIGURE, LIVE)]
    nbformat.write(new_notebook(cells=cells), true)
    assert execute(true) == []
    text = true.read_text("utf-8")
    for pattern, new, _ in CHANGES.values():
        text = replaced(text, pattern, new)
    false.write_text(text, "utf-8")
    options = ["--nbval", "--nbval-current-env", "-q", "-p", "tools.nbval_everything"]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "-p", "no:xdist"],
        capture_output=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
    )
    assert "3 failed, 5 passed" in run.stdout
    for place, (_, _, complaint) in CHANGES.items():
        assert f"FAILED false.ipynb::{place}" in run.stdout
        assert re.search(complaint, run.stdout), place
