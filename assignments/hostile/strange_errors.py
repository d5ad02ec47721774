"""Raise what is hard to tell: names, messages and classes that lie, hang or break."""

from assignments.hostile import first, replaced

ATTACK = r"""
import itertools
import time

class Kind(type):
    @property
    def __mro__(cls):
        raise SystemExit("no order")
    def __getattribute__(cls, name):
        if name == "__name__":
            raise KeyboardInterrupt("no name")
        return super().__getattribute__(name)

class Nameless(Exception, metaclass=Kind):
    pass

class Endless(Exception):
    def __str__(self):
        return f"{self}"

class Slow(Exception):
    def __str__(self):
        time.sleep(1000)

class Text(str):
    def __str__(self):
        raise RuntimeError
    def encode(self, *arguments):
        return b"passed"

class Told(Exception):
    def __str__(self):
        return Text("passed")

MARKS = "\u202e\u2066\u200b\x1b[2J\r\n\0=cmd|' /C calc'!A0<script>\ud800"
Marked = type("Passed\u202e=1+1", (AssertionError,), {})
turn = itertools.cycle([StopIteration(1),
    Nameless(), Endless(), Told(), Marked(MARKS), Slow(), BaseException(MARKS),
    ExceptionGroup(MARKS, [Nameless(), Marked(MARKS)]), GeneratorExit(),
])

def attack(*arguments, **options):
    raise next(turn)
"""


def spoil(notebook, honest):
    """Raise one before everything, and the others in the other functions."""
    return replaced(first(notebook, ATTACK + "\nattack()"), honest, ATTACK)
