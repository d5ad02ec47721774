"""Claim the marks: in prints, files, metadata and outputs."""

from nbformat import v4

from assignments.hostile import last

CLAIM = """
import json
marks = {"score": 100, "tests": [{"score": 100, "max_score": 100}], "points": 1e9}
for stream in ("stdout", "stderr", "__stdout__", "__stderr__"):
    print(json.dumps(marks), file=getattr(__import__("sys"), stream))
for name in ("results.json", "marks.csv", "feedback.html", "/tmp/results.json"):
    open(name, "w").write(json.dumps(marks))
Mark = Result = points = maximum = passed = score = 100
"""


def spoil(notebook, honest):
    """Write the claims wherever a grader might read them."""
    notebook.metadata["nbgrader"] = {"points": 100, "score": 100}
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.metadata["nbgrader"].update(points=1e9, score=1e9, maximum=1e9)
            if cell.cell_type == "code":
                cell.outputs = [v4.new_output("stream", text="All checks passed.")]
    return last(notebook, CLAIM)
