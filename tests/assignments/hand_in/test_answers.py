"""What a marker is shown of an answer."""

import base64
import io
import json
import struct
import time
import zlib

import pytest
from matplotlib.figure import Figure
from PIL import Image

from assignments.hand_in import answers, notebook
from assignments.hand_in.answers import Item
from assignments.hand_in.drawings import is_harmless
from assignments.hand_in.uploads import Upload
from initlib.plotting import write_svg
from tests.assignments.hand_in.files import chosen, fill
from tests.assignments.toy import MODEL, submission


def png(size=(3, 2), form="PNG") -> str:
    stream = io.BytesIO()
    Image.new("RGB", size, "red").save(stream, form, comment=b"<script>")
    return base64.b64encode(stream.getvalue()).decode()


def claiming(width, height) -> str:
    """Return a small PNG whose head says that it is of this size."""
    content = bytearray(base64.b64decode(png()))
    content[16:24] = struct.pack(">II", width, height)
    content[29:33] = struct.pack(">I", zlib.crc32(content[12:29]))
    return base64.b64encode(content).decode()


def displayed(plain="", **pictures):
    data = {f"image/{kind}": content for kind, content in pictures.items()}
    data |= {"text/plain": plain} if plain else {}
    return {"output_type": "display_data", "data": data}


def items(master, outputs, source="plt.plot(x)"):
    """Return what a marker sees of an answer to `plot` with these outputs."""
    data = json.loads(submission(master, plot=source))
    data["cells"][10]["outputs"] = outputs
    untouched = {"plot": "# YOUR CODE HERE", "why": "YOUR ANSWER HERE"}
    upload = Upload(None, ("x.ipynb",), content=json.dumps(data).encode())
    parsed = notebook.parse(upload)
    return answers.gather(master, untouched, parsed)["plot"].items


def test_pictures_are_drawn_anew(master):
    for kind in ("png", "jpeg"):
        output = displayed("x", **{kind: png(form=kind)})
        code, picture = items(master, [output])
        assert code == Item("code", "plt.plot(x)")
        head, content = picture.content.split(",")
        assert (picture.kind, head) == ("picture", "data:image/png;base64")
        drawn = base64.b64decode(content)
        assert b"script" not in drawn
        assert Image.open(io.BytesIO(drawn)).size == (3, 2)


def test_a_wide_picture_is_shown_smaller(master):
    _, picture = items(master, [displayed(png=png((2800, 100)))])
    drawn = base64.b64decode(picture.content.split(",")[1])
    assert Image.open(io.BytesIO(drawn)).size == (1400, 50)


@pytest.mark.parametrize(
    ("encoded", "message"),
    [
        ("%%%", "[a picture that cannot be read]"),
        (base64.b64encode(b"GIF89a" + bytes(50)).decode(), "cannot be read"),
        (png()[:60], "cannot be read"),
        (claiming(5000, 5000), "[a picture that is too large to show]"),
        (claiming(20_000, 20_000), "too large to show"),
    ],
    ids=["no base64", "gif", "cut off", "large", "bomb"],
)
def test_a_picture_that_is_none_is_said(master, encoded, message):
    _, item = items(master, [displayed(png=encoded)])
    assert item.kind == "output"
    assert message in item.content


def test_a_drawing_is_shown_as_a_picture_only(master):
    drawing = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>'
    _, item = items(master, [displayed("x", **{"svg+xml": drawing})])
    assert item.kind == "picture"
    assert item.content.startswith("data:image/svg+xml;base64,")
    _, item = items(master, [displayed(**{"svg+xml": drawing + " " * 2_000_000})])
    assert item == Item("output", "[a drawing that is too large to show]")


NESTED = "".join(
    f'<g id="g{n}">' + f'<use href="#g{n - 1}"/>' * 10 + "</g>" for n in range(1, 9)
)
HARMFUL = {
    "copies of copies": f'<path id="g0" d="M0 0"/>{NESTED}',
    "a copy of much": '<g id="g0">' + "<g/>" * 101 + '</g><use href="#g0"/>',
    "a script": "<script>alert(1)</script>",
    "a page": "<foreignObject/>",
    "a drawing in it": '<image href="data:image/svg+xml;base64,AAAA"/>',
    "a filter": "<filter/>",
    "too many parts": "<g/>" * 100_001,
    "no end": "<g>",
}


@pytest.mark.parametrize("content", HARMFUL.values(), ids=HARMFUL)
def test_a_drawing_that_could_freeze_a_page_is_not_shown(master, content):
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg">{content}</svg>'
    _, item = items(master, [displayed(**{"svg+xml": drawing})])
    assert item == Item("output", "[a drawing with parts that are not shown]")


def test_a_drawing_of_many_depths_is_read_at_once():
    many = 40_000
    opened = "".join(f'<g id="a{n}">' for n in range(many))
    uses = "".join(f'<use href="#a{n}"/>' for n in range(many))
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg">{opened}{"</g>" * many}{uses}'
    begin = time.process_time()
    assert not is_harmless(drawing + "</svg>")
    assert time.process_time() - begin < 3


def test_a_plot_is_harmless():
    figure = Figure()
    axes = figure.subplots(1, 2)
    axes[0].plot([1, 2, 3], "o-", label="$x_1$")
    axes[0].legend()
    axes[1].imshow([[1, 2], [3, 4]])
    assert is_harmless(write_svg(figure))


def test_a_picture_of_noise_becomes_small(master):
    noise = Image.effect_noise((3000, 2000), 100)
    stream = io.BytesIO()
    noise.save(stream, "PNG")
    encoded = base64.b64encode(stream.getvalue()).decode()
    _, item = items(master, [displayed(png=encoded)])
    assert item.kind == "picture"
    assert len(item.content) < 1.4 * answers.LARGEST_PICTURE


def test_text_is_passed_on_as_text_and_html_never(master):
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": ["<b>", "1\n"]},
        {"output_type": "error", "ename": "E", "evalue": "<i>", "traceback": ["<u>"]},
        {
            "output_type": "execute_result",
            "data": {"text/html": "<script>", "text/plain": "<p>"},
        },
        {"output_type": "display_data", "data": 3},
        {"output_type": "stream", "text": {"a": 1}},
    ]
    _, *shown = items(master, outputs)
    assert [item.content for item in shown] == ["<b>1\n", "E: <i>", "<p>", ""]
    assert {item.kind for item in shown} == {"output"}


def test_a_very_long_answer_is_cut(master):
    text = {"output_type": "stream", "text": "x" * 30_000}
    shown = items(master, [text] * 40)
    assert len(shown) == answers.MOST_ITEMS
    assert shown[1].content.endswith("x\n[10000 more characters]")


def test_pictures_in_written_answers_are_shown(tmp_path, master):
    data = json.loads(submission(master, why="See ![](attachment:a.png)"))
    data["cells"][9]["attachments"] = {"a.png": {"image/png": png()}, "b": 3}
    fill(tmp_path, {"jane.ipynb": json.dumps(data)})
    found, _, _ = chosen(master, tmp_path)
    gathered = answers.gather(master, {"why": "", "plot": ""}, found)["why"]
    assert [item.kind for item in gathered.items] == ["text", "output", "picture"]
    assert gathered.items[1].content == answers.PASTED


def test_untouched_and_missing_answers_are_told_apart(tmp_path, master):
    data = json.loads(submission(master, why=MODEL))
    del data["cells"][10]
    fill(tmp_path, {"jane.ipynb": json.dumps(data)})
    found, _, _ = chosen(master, tmp_path)
    untouched = {"why": MODEL, "plot": ""}
    gathered = answers.gather(master, untouched, found)
    assert gathered["why"] == answers.Answer(note="Not answered.")
    assert gathered["plot"].note == "The cell of this answer is not there."
