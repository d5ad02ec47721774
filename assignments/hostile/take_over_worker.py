"""Replace the functions of the worker itself, so that it answers what it likes."""

from assignments.hostile import first

EXPECTED = "at most"  # the honest answers are replaced as well
ATTACK = """
import gc
import sys
import types

def yes(*arguments, **options):
    return {"value": True}

for thing in gc.get_objects():
    if isinstance(thing, types.FunctionType):
        if thing.__name__ in ("answered", "sent", "call", "read"):
            thing.__code__ = (lambda *arguments, **options: {"value": True}).__code__
for name, module in list(sys.modules.items()):
    if name.startswith("assignments"):
        module.answered = module.encode = module.limited = yes
"""


def spoil(notebook, honest):
    """Replace them before everything."""
    return first(notebook, ATTACK)
