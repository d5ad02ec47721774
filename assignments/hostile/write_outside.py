"""Write, link, mount and remount outside of the notebook's folder."""

from assignments.hostile import first, replaced

ATTACK = """
import ctypes
import os
import sys

import numpy

NAME = "initlib-hostile"
FOLDERS = [
    "/", "/etc", "/usr/lib", "/root", "/home", "/work", "/var/tmp", "/proc/1/root",
    "/proc/1/cwd", "/proc/sys/kernel", "/sys", "/dev", sys.prefix, sys.base_prefix,
    os.path.dirname(numpy.__file__), os.path.expanduser("~root"), "../../..",
    *[path for path in sys.path if path],
]
libc = ctypes.CDLL(None)

def attempt(action, *arguments):
    try:
        action(*arguments)
        return True
    except OSError:
        return False

def attack(*arguments, **options):
    written = []
    for number, folder in enumerate(FOLDERS):
        libc.mount(b"none", folder.encode(), b"tmpfs", 0, None)
        libc.mount(None, folder.encode(), None, 32 | 4096, None)
        attempt(os.symlink, folder, f"{NAME}-{number}")
        attempt(os.link, f"{folder}/numpy/__init__.py", f"{NAME}-hard")
        attempt(os.chmod, folder, 0o777)
        attempt(os.mknod, f"{NAME}-disk", 0o60666, 254 << 8)
        for path in (f"{folder}/{NAME}", f"{NAME}-{number}/{NAME}"):
            if attempt(os.mkdir, path):
                written.append(path)
    attempt(os.rename, numpy.__file__, "gone.py")
    attempt(os.remove, numpy.__file__)
    for escape in (os.chroot, getattr(os, "unshare", os.chroot)):
        attempt(escape, 0x10000000 if escape is not os.chroot else "/tmp")
"""


def spoil(notebook, honest):
    """Write before everything, and whenever another function is called."""
    return replaced(first(notebook, ATTACK + "\nattack()"), honest, ATTACK)
