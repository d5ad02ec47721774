"""What a marker is shown of an answer."""

import base64
import io
import json

import numpy as np
import pytest
from PIL import Image

from assignments.hand_in import answers, notebook
from assignments.hand_in.answers import DRAWING, UNDRAWN, UNSEEN, Item, Looks
from assignments.hand_in.uploads import Upload
from tests.assignments.hand_in.files import chosen, fill
from tests.assignments.toy import MODEL, submission

PLOT = 10  # the place of its cell
STORED = "c3RvcmVk"
RED = np.full((2, 3, 4), [255, 0, 0, 255], np.uint8)
UNTOUCHED = {"plot": "# YOUR CODE HERE", "why": "YOUR ANSWER HERE"}


def displayed(plain="", **pictures):
    data = {f"image/{kind}": content for kind, content in pictures.items()}
    data |= {"text/plain": plain} if plain else {}
    return {"output_type": "display_data", "data": data}


def parsed(master, outputs, source="plt.plot(x)"):
    """Return a notebook with these outputs of `plot`."""
    data = json.loads(submission(master, plot=source))
    data["cells"][PLOT]["outputs"] = outputs
    upload = Upload(None, ("x.ipynb",), content=json.dumps(data).encode())
    return notebook.parse(upload)


def items(master, outputs, looks=None):
    """Return what a marker sees of an answer to `plot` with these outputs."""
    found = parsed(master, outputs)
    return answers.gather(master, UNTOUCHED, found, looks or Looks())["plot"].items


def opened(item) -> Image.Image:
    """Return a picture that is shown."""
    head, content = item.content.split(",")
    assert (item.kind, head) == ("picture", "data:image/png;base64")
    return Image.open(io.BytesIO(base64.b64decode(content)))


def test_a_figure_is_the_one_that_the_run_drew(master):
    outputs = [displayed("x", png=STORED), displayed(jpeg=STORED)]
    outputs.append(displayed(**{"svg+xml": "<svg/>"}))
    looks = Looks({PLOT: [RED]}, {STORED: np.zeros_like(RED)})
    code, figure = items(master, outputs, looks)
    assert code == Item("code", "plt.plot(x)")
    assert figure.drawn
    assert np.array_equal(np.asarray(opened(figure)), RED)


@pytest.mark.parametrize("kind", ["png", "jpeg"])
def test_a_stored_picture_that_the_run_did_not_draw_is_said_to_be(master, kind):
    looks = Looks({PLOT: []}, {STORED: RED})
    _, said, picture = items(master, [displayed("x", **{kind: STORED})], looks)
    assert said == Item("output", UNDRAWN)
    assert not picture.drawn
    assert np.array_equal(np.asarray(opened(picture)), RED)


def test_a_picture_that_cannot_be_shown_is_said(master):
    for looks in (Looks(), Looks({}, {STORED: None})):
        shown = items(master, [displayed(png=STORED)], looks)
        assert shown[1:] == (Item("output", UNDRAWN), Item("output", UNSEEN))
    assert items(master, [], Looks({PLOT: [None]}))[1:] == (Item("output", UNSEEN),)


def test_a_drawing_is_never_shown(master):
    nested = '<svg xmlns="http://www.w3.org/2000/svg"><g id="a"><use href="#a"/></g>'
    _, said = items(master, [displayed("x", **{"svg+xml": f"{nested}</svg>"})])
    assert said == Item("output", DRAWING)


def test_noise_becomes_a_small_picture(master):
    noise = np.random.default_rng(0).integers(256, size=(900, 1200, 4), dtype=np.uint8)
    _, item = items(master, [], Looks({PLOT: [noise]}))
    assert len(item.content) < 1.4 * answers.LARGEST_PICTURE
    assert opened(item).size == (150, 113)


def test_the_pictures_of_an_answer_have_a_bound(master):
    noise = np.random.default_rng(0).integers(256, size=(300, 300, 4), dtype=np.uint8)
    shown = items(master, [], Looks({PLOT: [noise] * 100}))
    assert len(shown) == answers.MOST_ITEMS


def test_what_is_stored_is_found_where_a_marker_looks(master):
    long = "x" * (answers.LARGEST_STORED + 1)
    outputs = [displayed(png=STORED), displayed(png=long), displayed("x")]
    found = parsed(master, outputs)
    found.cells[9]["attachments"] = {"a": {"image/jpeg": ["YXQ", "="]}, "b": 3}
    found.cells[3]["outputs"] = [displayed(png=STORED)]
    assert answers.stored(master, found) == {9: ["YXQ="], PLOT: [STORED]}
    found.cells += [found.cells[PLOT]] * 100
    assert len(answers.stored(master, found)) <= answers.MOST_CELLS


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
    data["cells"][9]["attachments"] = {"a.png": {"image/png": STORED}, "b": 3}
    fill(tmp_path, {"jane.ipynb": json.dumps(data)})
    found, _, _ = chosen(master, tmp_path)
    untouched, looks = {"why": "", "plot": ""}, Looks({}, {STORED: RED})
    gathered = answers.gather(master, untouched, found, looks)["why"]
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
