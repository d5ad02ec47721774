"""Execute the book's notebooks and store them in one canonical form.

    python -m tools.notebooks [NOTEBOOK ...]            execute and write
    python -m tools.notebooks --check [NOTEBOOK ...]    only say what is wrong
    python -m tools.notebooks --seed 7 [NOTEBOOK ...]   do the claims hold there too?

Without a notebook named, all chapters are meant.
"""

import argparse
import ast
import hashlib
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TypeVar

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from tools import jobs

Node = TypeVar("Node", NotebookNode, list[NotebookNode])
FOLDERS = [Path("book/chapters"), Path("book/appendix"), Path("book")]
KERNEL_ENVIRONMENT = {
    "MKL_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TQDM_DISABLE": "1",
}
METADATA = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"name": "python", "pygments_lexer": "ipython3"},
}
CELL_METADATA = {"deletable", "editable", "jupyter", "mystnb", "nbgrader", "tags"}
WIDGET_STATE = "application/vnd.jupyter.widget-state+json"
SEED = re.compile(r"^SEED = \d+$", re.MULTILINE)
MOST_LINES = 15
MOST_COLUMNS = 88
SECONDS_PER_CELL = 120


def prepare_environment() -> None:
    """Give kernels one thread and no progress bar, where the caller left it open."""
    for name, value in KERNEL_ENVIRONMENT.items():
        os.environ.setdefault(name, value)


def reference() -> dict[str, str]:
    """Return how a newer processor computes as the reference, x86-64 with AVX2.

    OpenBLAS and NumPy add up in another order on each generation of processors; with
    one of them chosen, storing anew changes no byte, whoever does it.  A processor
    without AVX2 stores what it finds, which `tools.compare` must find near enough.
    """
    import numpy as np  # not above: the environment is prepared before it

    found = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    if "X86_V3" not in found:
        return {}
    newer = " ".join(name for name in found if name != "X86_V3")
    disabled = {"NPY_DISABLE_CPU_FEATURES": newer} if newer else {}
    return {"OPENBLAS_CORETYPE": "Haswell"} | disabled


def execute(path: Path) -> list[str]:
    """Run a notebook, store it, and return what is wrong with it."""
    notebook = nbformat.read(path, as_version=4)
    if failures := run(notebook, path.parent):
        return failures
    path.write_text(canonical(notebook), encoding="utf-8", newline="\n")
    return check(path)


def reseed(path: Path, *, seed: int) -> list[str]:
    """Run a notebook with another seed, store nothing, and return all that fails."""
    notebook = nbformat.read(path, as_version=4)
    found = 0
    for cell in notebook.cells:
        cell.source, count = SEED.subn(f"SEED = {seed}", cell.source)
        found += count
    if not found:
        return ["has no line `SEED = 0`"]
    return run(notebook, path.parent, on=True)


def run(notebook: NotebookNode, folder: Path, *, on: bool = False) -> list[str]:
    """Run the cells in their folder, in place, up to an error or on to the end."""
    client = NotebookClient(
        notebook,
        allow_errors=on,
        coalesce_streams=True,
        extra_arguments=["--log-level=ERROR"],
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(folder)}},
        timeout=SECONDS_PER_CELL,
    )
    try:
        client.execute()
    except CellExecutionError as error:
        return [str(error)]
    return [wrong for cell in notebook.cells for wrong in errors_of(cell)]


def errors_of(cell: NotebookNode) -> Iterator[str]:
    """Name the errors that a cell shows unasked: one of a figure stops no cell."""
    if "raises-exception" not in cell.metadata.get("tags", []):
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                yield f"ends in {output.ename}: {output.evalue}"


def check(path: Path) -> list[str]:
    """Return what keeps a stored notebook out of the book."""
    stored = path.read_text(encoding="utf-8")
    notebook = nbformat.reads(stored, as_version=4)
    code_cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    found = [
        f"code cell {number}: {problem}"
        for number, cell in enumerate(code_cells, 1)
        for problem in cell_problems(cell, number)
    ]
    if canonical(notebook) != stored:
        found.append("not in canonical form: run `make notebooks`")
    return found


def canonical(notebook: NotebookNode) -> str:
    """Return the one text that stands for this notebook in git."""
    notebook = nbformat.from_dict(notebook)
    models = widget_models(notebook)
    widgets = notebook.metadata.get("widgets", {})
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    same_text = Counter()
    for cell in notebook.cells:
        cell["id"] = cell_id(cell, same_text)
        for key in cell.metadata.keys() - CELL_METADATA:
            del cell.metadata[key]
        forget_frames(cell.get("outputs", []))
    if models:
        notebook.metadata["widgets"] = {WIDGET_STATE: widgets[WIDGET_STATE]}
        notebook = renumber_widgets(notebook, list(models))
    nbformat.validate(notebook)
    return nbformat.writes(notebook) + "\n"


def widget_models(notebook: NotebookNode) -> dict[str, NotebookNode]:
    """Return the models of live figures and controls, in order of creation."""
    widgets = notebook.metadata.get("widgets", {}).get(WIDGET_STATE, {})
    return widgets.get("state", {})


def forget_frames(outputs: list[NotebookNode]) -> None:
    """Leave of each traceback its last line: the frames name files of one machine."""
    for output in outputs:
        if output.output_type == "error":
            output.traceback = [f"{output.ename}: {output.evalue}"]


def cell_id(cell: NotebookNode, same_text: Counter) -> str:
    """Name a cell by what it says, and a repeated cell by its turn as well."""
    text = f"{cell.cell_type}\n{cell.source}"
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    same_text[digest] += 1
    return digest if same_text[digest] == 1 else f"{digest}-{same_text[digest]}"


def renumber_widgets(node: Node, models: list[str]) -> Node:
    """Replace the random ids of widget models by their order of creation."""
    numbers = {model: f"{number:032x}" for number, model in enumerate(models, 1)}
    known = re.compile("|".join(map(re.escape, models)) or "(?!)")
    text = known.sub(lambda match: numbers[match[0]], json.dumps(node))
    return nbformat.from_dict(json.loads(text))


def cell_problems(cell: NotebookNode, number: int) -> Iterator[str]:
    """Say what is wrong with one code cell, the `number`-th of its notebook."""
    results = [out for out in cell.outputs if out.output_type == "execute_result"]
    counts = {cell.execution_count, *(result.execution_count for result in results)}
    if counts != {number}:
        yield "not executed, or not in order: run `make notebooks`"
    if "nbval-skip" in cell.metadata.get("tags", []) or "# NBVAL_" in cell.source:
        yield "hidden from nbval"
    yield from errors_of(cell)
    if any(output.get("name") == "stderr" for output in cell.outputs):
        yield "writes to stderr"
    yield from source_problems(cell.source)


def source_problems(
    source: str, *, lines: int = MOST_LINES, columns: int = MOST_COLUMNS
) -> Iterator[str]:
    """Say which of the book's limits the source of a code cell breaks."""
    widths = [len(line) for line in source.splitlines()]
    if len(widths) > lines:
        yield f"{len(widths)} lines, at most {lines} fit one idea"
    if (width := max(widths, default=0)) > columns:
        yield f"a line of {width} columns, at most {columns} fit the page"
    if source.endswith(";"):
        yield "ends in `;`, which nbval does not heed: end a figure with `plt.show()`"
    try:
        ast.parse(source)
    except SyntaxError:
        yield "not plain Python (no `!` or `%` commands)"


def report(path: Path, found: list[str]) -> bool:
    """Print what was found in a notebook; return whether there was anything."""
    print("\n  ".join([f"{path}: {'wrong' if found else 'good'}", *found]))
    return bool(found)


def main() -> int:
    """Execute or check the named notebooks, or all chapters."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--check", action="store_true", help="only say what is wrong")
    action.add_argument("--seed", type=int, help="run with this seed, store nothing")
    parser.add_argument("notebooks", nargs="*", type=Path, metavar="NOTEBOOK")
    arguments = parser.parse_args()
    paths = arguments.notebooks or [
        path for folder in FOLDERS for path in sorted(folder.glob("*.ipynb"))
    ]
    if not paths:
        parser.error(f"no notebook in {FOLDERS[0]}")
    work = check if arguments.check else execute
    if arguments.seed is not None:
        work = partial(reseed, seed=arguments.seed)
    prepare_environment()
    if work is execute:
        os.environ.update(reference())
    with jobs.processes(2) as crew:
        done = jobs.finished(work, paths, crew)
        wrong = [report(path, future.result()) for path, future in done]
    return any(wrong)


if __name__ == "__main__":
    sys.exit(main())
