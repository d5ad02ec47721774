"""Delete every cell that is not a solution: tests, setup, text."""


def spoil(notebook, honest):
    """Keep the solutions only."""
    notebook.cells = [
        cell
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    ]
    return notebook
