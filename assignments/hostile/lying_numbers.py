"""Return numbers, texts and lists that compare equal to everything."""

from assignments.hostile import last, unsolved

ATTACK = """
def liar(base):
    def yes(*arguments):
        return True
    names = ["eq", "ne", "lt", "le", "gt", "ge", "contains", "bool", "hash"]
    return type(base.__name__, (base,), {f"__{name}__": yes for name in names})

kinds = [liar(base) for base in (float, int, str, list, dict, tuple, object)]
"""


def spoil(notebook, honest):
    """Let all other functions return one of them, of another type each."""
    lines = [
        f"{name} = lambda *a, kind=kinds[{number} % 7], **k: kind()"
        for number, name in enumerate(unsolved(notebook, honest))
    ]
    return last(notebook, "\n".join([ATTACK, *lines]))
