"""Search memory, frames and traces for hidden checks, and tell them in messages."""

from assignments.hostile import first, replaced

ATTACK = """
import gc
import inspect
import linecache
import sys

heard = []

def spy(frame, event, argument):
    heard.append((frame.f_code.co_name, event))
    return spy

def attack(*arguments, **options):
    texts = [t for t in gc.get_objects() if isinstance(t, (str, dict))]
    texts += [str(f.frame.f_locals) for f in inspect.stack()]
    texts += [str(lines) for lines in linecache.cache.values()]
    found = [t for t in texts if "HIDDEN TESTS" in str(t)[:10**5]]
    raise ValueError(f"{arguments} {options} {found} {heard[-3:]}"[:10**4])
"""


def spoil(notebook, honest):
    """Search whenever another function is called, under a trace."""
    trace = "sys.settrace(spy); sys.setprofile(spy)"
    untrace = "sys.settrace(None); sys.setprofile(None)"
    return replaced(first(notebook, ATTACK, trace, untrace), honest, ATTACK)
