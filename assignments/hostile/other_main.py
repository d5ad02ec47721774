"""Put other things in the place of `__main__`, its names and its builtins."""

from assignments.hostile import last

EXPECTED = "at most"  # the honest names are in the same place
ATTACK = """
import builtins
import sys
import types

class Liar(types.ModuleType):
    def __getattribute__(self, name):
        return (lambda *arguments, **options: True)

class Names(dict):
    def __getitem__(self, name):
        return True
    def __contains__(self, name):
        return True
    get = __getitem__

frame = sys._getframe()
while frame:
    for name, value in list(frame.f_locals.items()):
        if isinstance(value, types.ModuleType):
            try:
                value.__class__ = Liar
            except TypeError:
                pass
        if isinstance(value, dict) and "__name__" in value:
            value.setdefault("__builtins__", Names())
    frame = frame.f_back
sys.modules["__main__"] = Liar("__main__")
__builtins__ = Names(vars(builtins))
__name__ = "assignments.inside.worker"
for name in ("isinstance", "callable", "len", "type", "dict", "list", "sorted"):
    setattr(builtins, name, lambda *arguments, **options: True)
"""


def spoil(notebook, honest):
    """Do so when all is defined."""
    return last(notebook, ATTACK)
