"""Rewrite all later cells through IPython, and use its own syntax."""

from assignments.hostile import first, last

TRANSFORM = """
%load_ext autoreload
!touch /tmp/initlib-hostile
def without_asserts(lines):
    return [line for line in lines if "assert" not in line]
shell = get_ipython()
for name in ("input_transformers_cleanup", "input_transformers_post"):
    getattr(shell, name).append(without_asserts)
"""
PATCH = """
get_ipython().events.register("pre_run_cell", lambda *_: print("passed"))
get_ipython().ast_transformers = [None]
"""
MAGIC = """%%bash
kill -9 -1
"""


def spoil(notebook, honest):
    """Register transformers before everything, and magics behind it."""
    return last(first(notebook, TRANSFORM, PATCH), MAGIC, "%%time\nx = 1\n", "np.mean?")
