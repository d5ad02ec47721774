"""Let nbval compare all that a notebook stores: pictures and live figures too.

A plugin of pytest.  nbval runs the cells and sees what they show; the messages by which
live figures tell their state go to nbclient, which keeps it as it does when a notebook
is stored.  `tools.compare` says what differs.
"""

from collections.abc import Iterator

import nbval.kernel
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_notebook
from nbval.plugin import IPyNbCell, IPyNbFile

from tools import compare
from tools.notebooks import Node, forget_frames, renumber_widgets, widget_models

MOST = 8  # differences told of one cell

# nbval lays each message out for its log, kept or not; this leaves it to the log.
nbval.kernel.pformat = lambda message: message


class Notebook(IPyNbFile):
    """A notebook whose live figures are kept, to be compared after its last cell."""

    def setup(self) -> None:
        super().setup()
        self.client = NotebookClient(new_notebook())

    def get_kernel_message(self, *args, **kwargs) -> dict:
        message = super().get_kernel_message(*args, **kwargs)
        if message["msg_type"] in ("comm_open", "comm_msg"):
            self.client.handle_comm_msg([], message, 0)
        return message

    def collect(self) -> Iterator[pytest.Item]:
        for cell in super().collect():
            known = {key: getattr(cell, key) for key in ("cell_num", "cell", "options")}
            yield Cell.from_parent(self, name=cell.name, **known)
        yield LiveFigures.from_parent(self, name="live figures")

    def as_stored(self, node: Node) -> Node:
        """Return a notebook, or outputs, with the ids that stored live figures have."""
        return renumber_widgets(node, list(self.client.widget_state))


class Cell(IPyNbCell):
    """A cell of which every output is compared."""

    def compare_outputs(self, test, ref, skip_compare=None) -> bool:
        forget_frames(test)
        fresh = self.parent.as_stored(test)
        self.comparison_traceback = told(compare.outputs(ref, fresh))
        return not self.comparison_traceback


class LiveFigures(pytest.Item):
    """What the live figures of a notebook hold once all its cells have run."""

    def runtest(self) -> None:
        self.parent.client.set_widgets_metadata()
        fresh = self.parent.as_stored(self.parent.client.nb)
        figures = map(widget_models, (self.parent.nb, fresh))
        if lines := told(compare.states(*figures, shown_in(self.parent.nb))):
            pytest.fail("\n".join(["Live figures differ", *lines]), pytrace=False)

    def reportinfo(self):
        return self.path, 0, f"{self.path.name}::{self.name}"


def shown_in(notebook: NotebookNode) -> dict[str, str]:
    """Return the cell that shows a live figure, by the id of its model."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return {
        output.data[compare.VIEW]["model_id"]: f"Cell {number}, "
        for number, cell in enumerate(code)
        for output in cell.outputs
        if compare.VIEW in output.get("data", {})
    }


def told(differences: Iterator[str]) -> list[str]:
    """Return the first differences, and how many more there are."""
    found = list(differences)
    rest = [f"... and {len(found) - MOST} more"] if len(found) > MOST else []
    return found[:MOST] + rest


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path, parent) -> Iterator[None]:
    """Take the place of nbval's own notebooks."""
    found = yield
    return [
        Notebook.from_parent(parent, path=file_path) if type(one) is IPyNbFile else one
        for one in found
    ]
