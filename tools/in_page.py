"""Run the cells of a notebook as a page does, where neither IPython nor threads are.

    python -m tools.in_page NOTEBOOK

Prints what each cell sent, a line of JSON for each; fails if one ends in an error.
"""

import importlib
import json
import os
import sys
import threading
from importlib.machinery import PathFinder

import nbformat

from tools.paths import ROOT

ABSENT = {
    "IPython",
    "ipykernel",
    "matplotlib_inline",
    "ipywidgets",
    "anywidget",
    "comm",
}


class Pyodide(PathFinder):
    """Find what the pinned Pyodide has too."""

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        absent = name.partition(".")[0] in ABSENT
        return None if absent else super().find_spec(name, path, target)


def start_no_thread(self):
    raise RuntimeError("can't start new thread")


def pretend() -> None:
    """Take away what Pyodide lacks."""
    for name in [name for name in sys.modules if name.partition(".")[0] in ABSENT]:
        del sys.modules[name]
    sys.meta_path[sys.meta_path.index(PathFinder)] = Pyodide
    threading.Thread.start = start_no_thread
    os.environ["MPLBACKEND"] = "module://cells"
    sys.path.insert(0, str(ROOT / "book" / "assets" / "run"))


def main() -> int:
    """Run the cells that the page shows; return how many end in an error."""
    notebook = nbformat.read(sys.argv[1], as_version=4)
    sources = [
        cell.source
        for cell in notebook.cells
        if cell.cell_type == "code"
        and "remove-cell" not in cell.metadata.get("tags", [])
    ]
    pretend()
    sent, printer, wrong = [], sys.stdout, 0
    session = importlib.import_module("cells").Session(sent.append)
    for number in range(1, len(sources) + 1):
        session.run(sources[:number])
        messages = [json.loads(text) for text in sent]
        print(json.dumps(messages), file=printer)
        errors = [message["text"] for message in messages if "error" in message["kind"]]
        print(*errors, sep="", end="", file=sys.stderr)
        wrong += bool(errors)
        sent.clear()
    return wrong


if __name__ == "__main__":
    sys.exit(main())
