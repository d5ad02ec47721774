"""The first code cell of every notebook: it installs `initlib` on Colab, only there."""

import nbformat
from nbformat import NotebookNode

INSTALL = """\
import subprocess
import sys

if "google.colab" in sys.modules:  # elsewhere the course is installed already
    source = "initlib[live] @ git+{address}"
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", source], check=True)
    sys.modules["google.colab"].output.enable_custom_widget_manager()"""
TAG = "remove-cell"  # the page does not show it


def first_code_cell(notebook: NotebookNode) -> NotebookNode:
    """Return the first cell that runs."""
    return next(cell for cell in notebook.cells if cell.cell_type == "code")


def set_address(notebook: NotebookNode, address: str) -> None:
    """Let the first code cell, which installs the library, fetch it from `address`."""
    cell = first_code_cell(notebook)
    if "google.colab" not in cell.source:
        raise ValueError(f"the first code cell installs nothing:\n{cell.source}")
    cell.source = INSTALL.format(address=address)


def add_install_cell(notebook: NotebookNode, address: str) -> None:
    """Put the cell that installs the library before the first cell that runs."""
    cell = nbformat.v4.new_code_cell(INSTALL.format(address=address))
    cell.metadata["tags"] = [TAG]
    notebook.cells.insert(notebook.cells.index(first_code_cell(notebook)), cell)
