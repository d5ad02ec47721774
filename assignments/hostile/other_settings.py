"""Change what Python and NumPy do by default: warnings, errors, limits, hooks."""

from assignments.hostile import first, last

EXPECTED = "at most"  # its own functions work under these settings, too
SETTINGS = """
import gc
import locale
import sys
import threading
import warnings

import numpy as np

def hook(*arguments):
    if arguments[0] in ("open", "import", "compile", "exec"):
        raise PermissionError(arguments[0])

warnings.simplefilter("error")
np.seterr(all="raise")
np.set_printoptions(threshold=sys.maxsize, formatter={"all": lambda x: "passed"})
np.random.seed = np.random.default_rng = lambda *_: np.random.RandomState(0)
gc.freeze()
gc.set_threshold(1)
gc.callbacks.append(lambda *_: None)
sys.setswitchinterval(100)
sys.set_int_max_str_digits(640)
sys.displayhook = sys.excepthook = print
sys.settrace(lambda *_: None)
threading.setprofile(lambda *_: None)
"""
AFTER = """
sys.addaudithook(hook)
sys.path[:] = []
sys.modules.clear()
sys.setrecursionlimit(60)
"""


def spoil(notebook, honest):
    """Set some before everything, and the most drastic behind it."""
    return last(first(notebook, SETTINGS), AFTER)
