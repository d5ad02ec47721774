"""Copy the README's picture out of the chapter that computes it.

python tools/picture.py
"""

from pathlib import Path

import nbformat

CHAPTER = Path("book/chapters/03-scale.ipynb")
FIGURE = "fig-scale-forward"
PICTURE = Path("book/assets/picture.svg")


def picture() -> str:
    """Return the stored SVG of the figure."""
    for cell in nbformat.read(CHAPTER, as_version=4).cells:
        if cell.metadata.get("mystnb", {}).get("figure", {}).get("name") == FIGURE:
            shown = [output.get("data", {}) for output in cell.outputs]
            return next(d["image/svg+xml"] for d in shown if "image/svg+xml" in d)
    raise LookupError(f"{CHAPTER} has no figure {FIGURE}")


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8", newline="\n")
