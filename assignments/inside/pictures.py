"""Pictures as plain numbers: figures that cells draw, and those that a notebook stores.

A stored picture is decoded here, in the sandbox, so that the grader never reads a file
that a student made; a figure is drawn as JupyterLab would show it below its cell.
"""

import io
import sys
from binascii import a2b_base64

import numpy as np

WIDEST = 1200  # pixels of either side that a marker needs
MOST_PIXELS = 16_000_000  # of a stored picture
MOST = 4  # figures of one cell

shown = []  # figures that a cell displayed by name


def forget():
    """Close the figures of the cells before, as JupyterLab does."""
    shown.clear()
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close("all")


def display(*things, **options):
    """Keep the figures among the things that a cell displays."""
    figure = sys.modules.get("matplotlib.figure")
    shown.extend(thing for thing in things if figure and is_figure(thing, figure))


def is_figure(thing, module):
    """Return whether this is a figure of Matplotlib."""
    return isinstance(thing, module.Figure)


def figures():
    """Return the figures of a cell, each once, drawn; None for one that cannot be."""
    found = list(shown)
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        found += map(pyplot.figure, pyplot.get_fignums())
    once = list({id(figure): figure for figure in found}.values())
    return [drawn(figure) for figure in once[:MOST]]


def drawn(figure):
    """Return a figure as numbers; None if it cannot be drawn."""
    for margins in ("tight", None):
        try:
            dpi = min(figure.dpi, WIDEST / max(figure.get_size_inches()))
            stream = io.BytesIO()
            fast = {"compress_level": 1}
            figure.savefig(
                stream, format="png", dpi=dpi, bbox_inches=margins, pil_kwargs=fast
            )
            return decoded(stream)
        except Exception:  # a student's own artists may raise any
            pass
    return None


def stored(encoded):
    """Return a stored picture as numbers; None if it is broken or too large."""
    try:
        return decoded(io.BytesIO(a2b_base64(encoded)))
    except (MemoryError, OSError, ValueError, SyntaxError):
        return None


def decoded(stream):
    """Return the width, the height and the colours of a picture: four bytes a pixel.

    Eight bytes are one number, as an array is sent.
    """
    from PIL import Image  # slow, and needed by few

    Image.MAX_IMAGE_PIXELS = None  # this looks itself, before anything is decoded
    with Image.open(stream, formats=("PNG", "JPEG")) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise MemoryError
        opened.thumbnail((WIDEST, WIDEST))
        colours = opened.convert("RGBA").tobytes()
        padded = colours + bytes(-len(colours) % 8)
        return opened.width, opened.height, np.frombuffer(padded, np.int64)
