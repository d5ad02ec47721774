"""What the grader and the student's process say to each other: plain values, strictly.

A message is JSON, cut into datagrams; each begins with the token of its request and a
mark for the last one.  Arrays travel as base64 inside.  The student's process can send
whatever it likes, so `receive` and `decode` believe nothing: a datagram without the
token is dropped, everything has a largest size, and what comes out of `decode` is made
here, of exactly the plain types.  Nothing is ever unpickled.
"""

import builtins
import json
import math
import time
from array import array
from binascii import a2b_base64, b2a_base64
from socket import SCM_RIGHTS, SOL_SOCKET

import numpy as np
from numpy import asarray, bool_, can_cast, floating, frombuffer, integer, ndarray

from assignments.inside.function import Function

# A private copy, so that a student who replaces `len` does not confuse the worker.
__builtins__ = vars(builtins).copy()

TOKEN = 8
MORE, LAST = b"+", b"."
CHUNK = 1 << 16
DEEPEST = 32  # levels of lists in lists
MOST_ITEMS = 1_000_000
LONGEST_STRING = 100_000
LONGEST_NUMBER = 40  # digits
MOST_AXES = 8
DTYPES = {"bool": "|b1", "int64": "<i8", "float32": "<f4", "float64": "<f8"}
NOTHING_MORE = {}

dumps, loads = json.JSONEncoder().encode, json.loads


class UnreadableError(TypeError):
    """A value is of a type that is not sent."""


class MalformedError(ValueError):
    """What arrived is no message, or no plain value."""


class EndedError(Exception):
    """The other side closed its end."""


def send(channel, token, message, descriptors=()):
    """Send a message, and file descriptors with its first datagram."""
    data = dumps(message).encode()
    attached = [(SOL_SOCKET, SCM_RIGHTS, array("i", descriptors))]
    for start in range(0, len(data), CHUNK):
        mark = MORE if start + CHUNK < len(data) else LAST
        chunk = data[start : start + CHUNK]
        channel.sendmsg([token, mark, chunk], attached if descriptors else [])
        descriptors = ()


def receive(channel, token, deadline, largest):
    """Receive the answer to the request with this token.

    Parameters
    ----------
    channel : socket.socket
    token : bytes
        Datagrams that do not begin with it are dropped.
    deadline : float
        When to give up, by `time.monotonic()`.
    largest : int
        The number of bytes that are read at most, the dropped ones included.

    Raises
    ------
    TimeoutError, EndedError, MalformedError
    """
    chunks, total = [], 0
    while True:
        channel.settimeout(max(deadline - time.monotonic(), 1e-3))
        datagram = channel.recv(TOKEN + 1 + CHUNK)
        total += len(datagram)
        if not datagram:
            raise EndedError
        if total > largest or time.monotonic() > deadline:
            raise MalformedError(f"it is longer than {largest >> 20} MB, or never ends")
        if datagram[:TOKEN] == token:
            chunks.append(datagram[TOKEN + 1 :])
            if datagram[TOKEN : TOKEN + 1] == LAST:
                return parse(b"".join(chunks))


def parse(data):
    """Parse JSON of bounded size, depth and numbers."""
    if sum(map(data.count, (b",", b"[", b"{"))) > MOST_ITEMS:
        raise MalformedError(f"there are more than {MOST_ITEMS} items")
    try:
        return loads(data.decode(), parse_int=whole_number)
    except RecursionError:
        raise MalformedError("lists are nested too deeply") from None
    except ValueError as error:
        raise MalformedError(f"no JSON: {error}") from None


def whole_number(digits):
    """Read an integer that is not too long."""
    if len(digits) > LONGEST_NUMBER:
        raise MalformedError(f"a number has more than {LONGEST_NUMBER} digits")
    return int(digits)


def encode(value):
    """Return a plain value as what JSON can say; lists and arrays may be subclasses.

    Raises
    ------
    UnreadableError
        If it, or something in it, is of another type.
    """
    match value:
        case None | bool() | str():
            return value
        case bool_():
            return bool(value)
        case int() | integer():
            return int(value)
        case float() | floating():
            return float(value)
        case list():
            return [encode(item) for item in value]
        case tuple():
            return {"tuple": [encode(item) for item in value]}
        case dict() if all(isinstance(key, str) for key in value):
            return {"dict": {key: encode(item) for key, item in value.items()}}
        case ndarray():
            return {"array": encode_array(value)}
        case np.random.Generator():
            return {"generator": encode_generator(value)}
        case Function():
            return {"function": value.source}
        case np.ufunc() if getattr(np, value.__name__, None) is value:
            return {"function": f"np.{value.__name__}(x)"}
    raise UnreadableError(f"a {type(value).__name__}")


def encode_array(value):
    """Return the dtype, shape and bytes of an array."""
    plain = asarray(value)  # of the base class, whatever a subclass says of itself
    for name, code in DTYPES.items():
        if plain.dtype == code or (name != "float32" and can_cast(plain.dtype, code)):
            data = b2a_base64(plain.astype(code).tobytes(), newline=False)
            return [name, list(plain.shape), data.decode()]
    raise UnreadableError(f"an array of {plain.dtype}")


def encode_generator(value):
    """Return the state of a random number generator."""
    state = value.bit_generator.state
    if state["bit_generator"] != "PCG64":
        raise UnreadableError(f"a generator of {state['bit_generator']}")
    return [*state["state"].values(), state["has_uint32"], state["uinteger"]]


def decode(tree, more=NOTHING_MORE, depth=0):
    """Return the plain value that `encode` made into this tree.

    Parameters
    ----------
    tree
        What `parse` returned.
    more : dict of str to callable
        Further tags that are known, and how their content is read.

    Raises
    ------
    MalformedError
        If it is anything but such a tree.
    """
    if depth > DEEPEST:
        raise MalformedError("lists are nested too deeply")
    match tree:
        case None | bool() | int() | float():
            return tree
        case str():
            return clean(tree)
        case list():
            return [decode(item, more, depth + 1) for item in tree]
        case {"tuple": list(items), **others} if not others:
            return tuple(decode(item, more, depth + 1) for item in items)
        case {"dict": dict(items), **others} if not others:
            values = items.items()
            return {clean(key): decode(item, more, depth + 1) for key, item in values}
        case {"array": [str(dtype), list(shape), str(data)], **others} if not others:
            return decode_array(dtype, shape, data)
        case dict() if len(tree) == 1 and (tag := next(iter(tree))) in more:
            return more[tag](tree[tag])
    raise MalformedError("a value has no known form")


def clean(text):
    """Return a string that any file can hold; the largest length is checked."""
    if len(text) > LONGEST_STRING:
        raise MalformedError(f"a text has more than {LONGEST_STRING} characters")
    return text.encode("utf-8", "replace").decode("utf-8")


def decode_array(dtype, shape, data):
    """Return a new array; its size must be what its shape says."""
    if dtype not in DTYPES:
        raise MalformedError("an array has an unknown dtype")
    if len(shape) > MOST_AXES or not all(type(n) is int and n >= 0 for n in shape):
        raise MalformedError("an array has no valid shape")
    try:
        raw = a2b_base64(data, strict_mode=True)
    except ValueError:
        raise MalformedError("the data of an array are no base64") from None
    if len(raw) != math.prod(shape) * np.dtype(DTYPES[dtype]).itemsize:
        raise MalformedError("an array has another size than its shape says")
    truth = dtype == "bool"
    flat = frombuffer(raw, np.uint8) != 0 if truth else frombuffer(raw, DTYPES[dtype])
    try:
        return flat.reshape(shape).copy()
    except (ValueError, OverflowError):  # one axis of 0, another beyond all bounds
        raise MalformedError("an array has no valid shape") from None
