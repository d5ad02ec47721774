"""Where things lie: the root of the repository, and the notebooks of the book."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CHAPTERS = sorted(ROOT.glob("book/chapters/*.ipynb"))
OTHERS = [*ROOT.glob("book/*.ipynb"), *ROOT.glob("book/appendix/*.ipynb")]
NOTEBOOKS = [*CHAPTERS, *sorted(OTHERS)]
