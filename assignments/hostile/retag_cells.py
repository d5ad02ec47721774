"""Give the grade_ids of tests to other cells, and strange metadata to all."""

from nbformat import v4


def spoil(notebook, honest):
    """Make each test a solution of the same grade_id that claims to have passed."""
    for cell in list(notebook.cells):
        meta = cell.metadata.get("nbgrader", {})
        if meta.get("grade"):
            claim = v4.new_code_cell("points = 100", metadata=cell.metadata.copy())
            claim.metadata["nbgrader"] = {**meta, "grade": False, "solution": True}
            notebook.cells.append(claim)
            meta["grade_id"] = ["no", {"text": meta["grade_id"]}]
        cell.metadata["tags"] = ["setup", 7, None]
    return notebook
