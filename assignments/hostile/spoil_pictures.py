"""Draw without end, and paste pictures that are bombs, noise, or no pictures at all."""

import base64
import io
import struct
import zlib

from nbformat import v4
from PIL import Image

from assignments.hostile import first

DRAW = """
import sys
import matplotlib
import matplotlib.pyplot as plt
from matplotlib.artist import Artist

matplotlib.rcParams["figure.max_open_warning"] = 0

class Endless(Artist):
    def draw(self, renderer):
        while True:
            pass

for _ in range(30):
    plt.figure(figsize=(1e5, 1e5), dpi=1e5)
plt.text(1e9, 1e9, "far away" * 10**5)
plt.figure().add_artist(Endless())
"""
FORGE = """
import sys
import numpy as np
forged = [(10**9, 10**9, np.zeros(1, int)), (1200, 1200, np.zeros(1, int)), 3, "x",
          (-1, -1, np.zeros(1, int)), (2, 2, np.zeros(2, int))] * 100
for name, module in list(sys.modules.items()):
    if name.endswith("inside.pictures"):
        decoded = module.stored
        module.stored = lambda picture: (
            forged[len(picture) % 6] if len(picture) % 5 else decoded(picture)
        )
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink">'
USES = "".join(f'<g id="g{n}">' + f'<use x:href="#g{n - 1}"/>' * 9 for n in range(30))


def bomb(width: int, height: int) -> str:
    """Return a PNG of nothing that needs much memory."""
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    rows = zlib.compress(bytes((4 * width + 1) * min(height, 400)), 9)
    content = b"\x89PNG\r\n\x1a\n"
    for kind, data in ((b"IHDR", head), (b"IDAT", rows), (b"IEND", b"")):
        sum_ = zlib.crc32(kind + data)
        content += struct.pack(">I", len(data)) + kind + data + struct.pack(">I", sum_)
    return base64.b64encode(content).decode()


def noise() -> str:
    """Return a picture of noise."""
    stream = io.BytesIO()
    Image.effect_noise((1500, 1000), 100).save(stream, "PNG")
    return base64.b64encode(stream.getvalue()).decode()


def spoil(notebook, honest):
    """Draw before everything; store such pictures in each cell that a person marks."""
    stored = [noise(), bomb(3900, 4000), bomb(10**5, 10**5), "%%%", "A" * 10**6]
    data = [{"image/png": picture} for picture in stored]
    data.append({"image/svg+xml": SVG + USES + "</g>" * 30 + "</svg>"})
    outputs = [v4.new_output("display_data", data=bundle) for bundle in data]
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            if cell.cell_type == "code" and cell.metadata.nbgrader.grade:
                cell.source, cell.outputs = DRAW, outputs
            elif cell.cell_type == "markdown":
                cell.attachments = dict(zip("abcdef", data, strict=True))
    return first(notebook, FORGE)
