"""Keep the arguments of hidden calls in files, and tell them in later messages."""

from assignments.hostile import replaced

ATTACK = """
import glob
import os

def attack(*arguments, **options):
    for folder in ("/tmp", "/dev/shm", "."):
        with open(f"{folder}/initlib-hostile-heard", "a") as file:
            file.write(repr((arguments, options)))
    heard = [open(path).read() for path in glob.glob("/tmp/initlib-hostile*")]
    raise ValueError(str(heard))
"""


def spoil(notebook, honest):
    """Let all other functions keep and tell what they were called with."""
    return replaced(notebook, honest, ATTACK)
