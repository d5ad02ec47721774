"""Pictures leave the sandbox as numbers, and figures as JupyterLab shows them."""

import base64
import io
import struct
import zlib

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from assignments.grade.pictures import read, read_all
from assignments.inside import pictures, protocol


@pytest.fixture(autouse=True)
def bound(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", Image.MAX_IMAGE_PIXELS)
    pictures.forget()
    with plt.rc_context():
        plt.rcdefaults()  # as in the sandbox, whatever was drawn before
        yield
    pictures.forget()


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


def framed(**options) -> Figure:
    """Return a figure with axes."""
    figure = Figure(**options)
    figure.subplots()
    return figure


def sent(value):
    """Return what arrives of a value."""
    return protocol.decode(protocol.encode(value))


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_a_stored_picture_arrives_as_its_colours(form):
    found = read(sent(pictures.stored(png((3, 5), form))))
    assert found.shape == (5, 3, 4)
    assert np.abs(found.astype(int) - [255, 0, 0, 255]).max() < 2


def test_a_wide_picture_arrives_smaller():
    assert read(sent(pictures.stored(png((2400, 100))))).shape == (50, 1200, 4)


@pytest.mark.parametrize(
    "encoded",
    [
        "%%%",
        base64.b64encode(b"GIF89a" + bytes(50)).decode(),
        png()[:60],
        claiming(5000, 5000),
        claiming(20_000, 20_000),
    ],
    ids=["no base64", "gif", "cut off", "large", "bomb"],
)
def test_a_picture_that_is_none_or_too_large_is_none(encoded):
    assert pictures.stored(encoded) is None


def test_figures_are_drawn_once_however_they_are_shown():
    figure, _ = plt.subplots()
    pictures.display(figure, 3)
    pictures.display(framed())
    drawn = read_all(sent(pictures.figures()))
    assert len(drawn) == 2
    assert all(400 < len(picture) < 500 for picture in drawn)
    for _ in range(9):
        plt.figure()
    assert len(pictures.figures()) == pictures.MOST
    pictures.forget()
    assert pictures.figures() == []


def test_a_figure_has_a_bound_and_what_lies_beside_it():
    wide = framed(figsize=(50, 10))
    assert max(pictures.drawn(wide)[:2]) <= pictures.WIDEST
    plain, labelled = framed(), framed()
    labelled.text(1.5, 0.5, "outside")
    assert pictures.drawn(labelled)[0] > pictures.drawn(plain)[0]


def test_a_figure_that_cannot_be_drawn_is_none():
    broken = Figure()
    broken.text(0.5, 0.5, "$\\no$")
    assert pictures.drawn(broken) is None
    assert pictures.drawn(framed(figsize=(500, 100))) is None  # its letters vanish


@pytest.mark.parametrize(
    "value",
    [
        None,
        3,
        (1, 2),
        (2, 2, np.zeros(3, np.int64)),
        (2, 2, np.zeros(2)),
        (0, 0, np.zeros(0, np.int64)),
        (-2, -2, np.zeros(2, np.int64)),
        (2, 2, np.zeros((1, 2), np.int64)),
        (10**5, 1, np.zeros(50_000, np.int64)),
        ("2", 2, np.zeros(2, np.int64)),
    ],
)
def test_what_is_no_picture_is_none(value):
    assert read(value) is None
    assert read_all([value]) == [None]
    assert read_all({"value": value}) == []
