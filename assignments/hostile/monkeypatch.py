"""Replace functions of NumPy, json, os, socket and Python that a test could use."""

from assignments.hostile import first, last

BEFORE = """
import base64
import binascii
import builtins
import json
import os
import signal
import socket
import time
import unittest

import numpy

def yes(*arguments, **options):
    return True

class Yes(AssertionError):
    def __new__(cls, *arguments):
        raise SystemExit

patches = {
    numpy: ["allclose", "isclose", "array_equal", "asarray", "ndarray", "frombuffer"],
    numpy.testing: ["assert_allclose", "assert_array_equal"],
    json: ["dumps", "loads", "JSONEncoder", "JSONDecoder"],
    json.encoder: ["encode_basestring_ascii", "encode_basestring"],
    os: ["fork", "waitpid", "_exit", "close", "open", "dup2", "listdir", "stat"],
    socket: ["socket", "recv_fds", "send_fds", "socketpair"],
    signal: ["signal", "setitimer"],
    time: ["monotonic", "time", "perf_counter"],
    base64: ["b64encode", "b64decode"],
    binascii: ["b2a_base64", "a2b_base64"],
}
"""
AFTER = """
for module, names in patches.items():
    for name in names:
        setattr(module, name, yes)
builtins.AssertionError = Yes
for name in ("callable", "issubclass", "all", "any", "hasattr", "compile", "exec"):
    setattr(builtins, name, yes)
"""


def spoil(notebook, honest):
    """Prepare before everything; patch when all is defined."""
    return last(first(notebook, BEFORE), AFTER)
