"""Knock at every door of the kernel, by number: most are of no use to an assignment."""

from assignments.hostile import first, replaced

ATTACK = """
import ctypes
import os

LIBC = ctypes.CDLL(None, use_errno=True)
MOVE = {57, 58, 60, 61, 15, 231, 34, 130, 93, 94, 95, 128, 133, 134, 137, 220}

def tried(number):
    buffer = ctypes.create_string_buffer(4096)
    for arguments in ((0, 0, 0), (1, 0, 0), (buffer, 0, 0), (-1, buffer, 4096)):
        LIBC.syscall(number, *arguments, 0, 0, 0)

def attack(*arguments, **options):
    for number in {*range(480)} - MOVE:
        try:
            if child := os.fork():
                os.waitpid(child, os.WNOHANG)
                continue
        except OSError:
            continue
        try:
            os.setsid()
            tried(number)
            tried(number | 0x40000000)
        finally:
            os._exit(0)
"""


def spoil(notebook, honest):
    """Knock before everything, and whenever another function is called."""
    return replaced(first(notebook, ATTACK + "\nattack()"), honest, ATTACK)
