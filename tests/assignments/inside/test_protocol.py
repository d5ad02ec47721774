"""What the grader believes of what a student's process sends."""

import socket
import threading
import time

import numpy as np
import pytest

from assignments.inside import protocol
from assignments.inside.function import Function
from assignments.inside.worker import ARGUMENTS

TOKEN = b"12345678"

VALUES = [
    None,
    True,
    -3,
    2**63,
    0.1,
    float("inf"),
    "text – ∑",
    [1, [2.5, "x"], []],
    (1, (2,)),
    {"a": {"array": 1}, "tuple": [1]},
    np.arange(6).reshape(2, 3),
    np.zeros((0, 4)),
    np.array(2.5),
    np.array([1.5], dtype=np.float32),
    np.array([[True, False]]),
]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_plain_value_arrives_as_it_was_sent(value):
    data = protocol.dumps(protocol.encode(value)).encode()
    back = protocol.decode(protocol.parse(data))
    assert type(back) is type(value)
    if isinstance(value, np.ndarray):
        assert back.dtype == value.dtype
        assert back.shape == value.shape
        assert back.flags.writeable
        assert np.array_equal(back, value)
    else:
        assert back == value


def test_numbers_of_numpy_arrive_as_plain_ones():
    for value, kind in [(np.float32(2), float), (np.int8(2), int), (np.True_, bool)]:
        assert type(protocol.decode(protocol.encode(value))) is kind
    for dtype in (np.int8, np.uint32, np.float16, ">f8"):
        back = protocol.decode(protocol.encode(np.arange(3).astype(dtype)))
        assert back.tolist() == [0, 1, 2]


def test_a_subclass_of_an_array_arrives_as_its_data():
    class Liar(np.ndarray):
        def astype(self, *arguments, **options):
            raise RuntimeError

        tobytes = __array__ = __eq__ = astype

    back = protocol.decode(protocol.encode(np.arange(3).view(Liar)))
    assert type(back) is np.ndarray
    assert back.tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    "value",
    [1j, {1: 2}, {3}, object, np.array([None]), np.array([1j]), b"x", print],
    ids=repr,
)
def test_other_values_are_not_sent(value):
    with pytest.raises(protocol.UnreadableError):
        protocol.encode([value])


MALFORMED = [
    {"tuple": 1},
    {"tuple": [], "dict": {}},
    {"generator": [1, 1, 0, 0]},
    {"function": "x"},
    {},
    {"array": ["float64", [1]]},
    {"array": ["object", [1], "AAAAAAAAAAA="]},
    {"array": [["float64"], [1], "AAAAAAAAAAA="]},
    {"array": ["float64", [-1], "AAAAAAAAAAA="]},
    {"array": ["float64", [-1, -1], "AAAAAAAAAAA="]},
    {"array": ["float64", [True], "AAAAAAAAAAA="]},
    {"array": ["float64", [2], "AAAAAAAAAAA="]},
    {"array": ["float64", [2**62, 8], "AAAAAAAAAAA="]},
    {"array": ["float64", [1] * 9, "AAAAAAAAAAA="]},
    {"array": ["float64", [0, 10**30], ""]},
    {"array": ["float64", [0, 2**62], ""]},
    {"array": ["bool", [0, 2**64], ""]},
    {"array": ["float32", [0, *[2**30] * 7], ""]},
    {"array": ["float64", [1], "not base64"]},
    {"array": ["float64", [1], "AAAAAAAAAAA"]},
    "x" * 100_001,
]


@pytest.mark.parametrize("tree", MALFORMED, ids=lambda tree: str(tree)[:60])
def test_what_is_no_plain_value_is_refused(tree):
    with pytest.raises(protocol.MalformedError):
        protocol.decode(tree)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"{",
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b"9" * 41,
        b"[" + b"0," * 1_000_001 + b"0]",
        b"\xff\xfe1\x00",
    ],
    ids=lambda data: repr(data[:10]),
)
def test_what_is_no_json_is_refused(data):
    with pytest.raises(protocol.MalformedError):
        protocol.parse(data)


def test_deep_values_are_refused_and_half_characters_replaced():
    deep = []
    for _ in range(40):
        deep = [deep]
    with pytest.raises(protocol.MalformedError):
        protocol.decode(deep)
    assert protocol.decode(protocol.parse(b'"a\\ud800"')) == "a?"
    assert protocol.decode({"dict": {"\ud800": 1}}) == {"?": 1}


def test_truth_values_are_zero_or_one_whatever_the_bytes_are():
    found = protocol.decode({"array": ["bool", [3], "AAL/"]})
    assert found.view(np.uint8).tolist() == [0, 1, 1]


def test_a_generator_and_a_function_go_to_the_worker_only():
    rng = np.random.default_rng(7)
    rng.integers(10, dtype=np.int32)  # leaves half of a word behind
    sent = protocol.parse(protocol.dumps(protocol.encode(rng)).encode())
    copy = protocol.decode(sent, ARGUMENTS)
    assert copy.bit_generator.state == rng.bit_generator.state
    assert copy.random() == rng.random()
    sent = protocol.encode([Function("x + 1")])
    assert protocol.decode(sent, ARGUMENTS)[0](2) == 3
    with pytest.raises(protocol.UnreadableError):
        protocol.encode(np.random.Generator(np.random.MT19937(1)))


@pytest.fixture
def ends():
    pair = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with pair[0], pair[1]:
        yield pair


def received(channel, largest=1 << 20, seconds=0.2):
    return protocol.receive(channel, TOKEN, time.monotonic() + seconds, largest)


def test_datagrams_without_the_token_are_dropped(ends):
    here, there = ends
    for forged in (b"x", b"87654321.true", TOKEN[:-1], b"\0" * 5000):
        there.send(forged)
    protocol.send(there, TOKEN, {"value": 1})
    assert received(here) == {"value": 1}


def test_a_long_message_arrives_whole(ends):
    here, there = ends
    message = {"value": "x" * 1_000_000}
    thread = threading.Thread(target=protocol.send, args=(there, TOKEN, message))
    thread.start()
    assert received(here, 2 << 20, 10) == message
    thread.join()


def test_silence_floods_and_an_end_are_told_apart(ends):
    here, there = ends
    with pytest.raises(TimeoutError):
        received(here)

    def flood():
        try:
            while True:
                there.send(TOKEN + b"+" + b"x" * 60_000)
        except OSError:
            pass

    thread = threading.Thread(target=flood)
    thread.start()
    with pytest.raises(protocol.MalformedError, match="1 MB"):
        received(here, seconds=10)
    here.close()
    thread.join()
    one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    other.close()
    with one, pytest.raises(protocol.EndedError):
        received(one)
