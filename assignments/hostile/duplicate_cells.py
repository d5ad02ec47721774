"""Have every cell three times, with the same grade_ids."""

import copy


def spoil(notebook, honest):
    """Triple each cell in its place."""
    notebook.cells = [copy.deepcopy(c) for c in notebook.cells for _ in range(3)]
    return notebook
