"""Return the arguments, the generator among them, or what an earlier call was given."""

from assignments.hostile import replaced

ATTACK = """
earlier = []

def attack(*arguments, **options):
    earlier.append([*arguments, *options.values()])
    said = earlier[-1] or earlier[0]
    return said[len(earlier) % len(said)] if said else earlier
"""


def spoil(notebook, honest):
    """Let all other functions do so, each argument in its turn."""
    return replaced(notebook, honest, ATTACK)
