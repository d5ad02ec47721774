"""Where things lie: the root of the repository, and the notebooks of the book."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CHAPTERS = sorted(ROOT.glob("book/chapters/*.ipynb"))
OTHERS = [*ROOT.glob("book/*.ipynb"), *ROOT.glob("book/appendix/*.ipynb")]
NOTEBOOKS = [*CHAPTERS, *sorted(OTHERS)]

# Chapters that do not keep yet to what `tools.reading` asks for, a line each.
NOT_YET = set()
# Of the others, those that are higher still than it allows.
TALL = {"01-weights-and-biases"}
READS_WELL = [path for path in CHAPTERS if path.stem not in NOT_YET]
