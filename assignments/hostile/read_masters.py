"""Look for the masters, the hidden checks and other submissions, and use them."""

from assignments.hostile import first, last

FIND = """
import os

found = []
for folder, below, files in os.walk("/"):
    below[:] = [name for name in below if name not in ("proc", "lib", "lib64")]
    for file in files:
        if file.endswith((".ipynb", ".csv", ".html")) or "fair" in file:
            found.append(os.path.join(folder, file))
masters = [path for path in found if "BEGIN HIDDEN" in open(path).read()]
"""
USE = """
import json

for path in masters:
    for cell in json.load(open(path))["cells"]:
        if cell.get("metadata", {}).get("nbgrader", {}).get("solution"):
            exec("".join(cell["source"]))
assert not masters, f"found {masters}"
"""


def spoil(notebook, honest):
    """Run every solution that can be found in a file."""
    return last(first(notebook, FIND), USE)
