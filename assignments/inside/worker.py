"""Run a student's cells and answer calls to what they define.

This is the only module that ever shares a process with a student's code, inside of the
sandbox.  Nobody trusts it: it holds no check and no secret, and a student who takes it
over can do with it what the cells could do anyway, which is to send answers.

One loop serves two generations of processes.  The first runs the setup cells and the
student's, then forks a child for each part of a test; the child answers its calls.  So
what a call breaks, it breaks for that part only.
"""

import ast
import builtins
import os
import random
import signal
import sys
import types
from os import WNOHANG, _exit, close, fork, waitpid
from signal import ITIMER_REAL, SIG_DFL, SIGALRM, setitimer
from signal import signal as handle
from socket import recv_fds, socket

import numpy as np

from assignments.inside import pictures, protocol
from assignments.inside.function import Function

# What the worker uses is its own: students may replace `len` or `os.fork`.
__builtins__ = vars(builtins).copy()

REQUEST = protocol.TOKEN + 1 + protocol.CHUNK
SECOND_WARNING = (
    0.5  # seconds until a cell that survived being stopped is stopped again
)


class Stopped(BaseException):
    """The time of a cell or a call is over; `except Exception` does not catch it."""


def main():
    """Settle the process, then serve the grader on the descriptor that it names."""
    channel = socket(fileno=int(sys.argv[1]))
    for name in [name for name in sys.modules if name.partition(".")[0] == "json"]:
        del sys.modules[name]  # students import, and may replace, another
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002 - for students who draw from the global state
    sys.modules["__main__"] = module = types.ModuleType("__main__")
    module.display = pictures.display
    module.get_ipython = lambda: shell
    shell = Shell(vars(module))
    os.closerange(0, 3)  # nothing that is printed is read
    for _ in range(3):
        os.open(os.devnull, os.O_RDWR)
    serve(channel, vars(module))


def serve(channel, names):
    """Answer requests until the grader closes its end."""
    while True:
        token, request, descriptors = wait(channel)
        reap()
        if request["do"] == "fork":
            (descriptor,) = descriptors
            if fork() == 0:
                channel.close()
                channel = socket(fileno=descriptor)
                continue
            close(descriptor)
            answer = {"value": None}
        else:
            answer = limited(request.pop("seconds"), names, **request)
        protocol.send(channel, token, answer)


def wait(channel):
    """Return the token of the next request, what it asks, and the descriptors."""
    chunks, descriptors, mark = [], [], protocol.MORE
    channel.setblocking(True)  # cells may have changed that
    while mark == protocol.MORE:
        data, received, _, _ = recv_fds(channel, REQUEST, 1)
        if not data:
            _exit(0)
        token, mark = data[: protocol.TOKEN], data[protocol.TOKEN :][:1]
        chunks.append(data[protocol.TOKEN + 1 :])
        descriptors += received
    return token, protocol.loads(b"".join(chunks)), descriptors


def reap():
    """Forget copies that have ended."""
    try:
        while waitpid(-1, WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def limited(seconds, names, **request):
    """Answer a request; when the time is over, interrupt it."""

    def stop(*_):
        raise Stopped

    handle(SIGALRM, stop)
    try:
        setitimer(ITIMER_REAL, seconds, SECOND_WARNING)
        answer = answered(names, **request)
        setitimer(ITIMER_REAL, 0)
    except Stopped:
        setitimer(ITIMER_REAL, 0)
        answer = {"stopped": None}
    handle(SIGALRM, SIG_DFL)
    return answer


def answered(names, do, **request):
    """Answer a request; an exception is an answer too."""
    try:
        return ACTIONS[do](names, **request)
    except Stopped:
        raise
    except BaseException as error:
        kinds = [kind.__name__ for kind in type(error).__mro__]
        return {"error": [kinds, str(error)]}


def run(names, source):
    """Execute a cell in the student's names; display what its last line gives."""
    pictures.forget()
    tree = ast.parse(as_python(source), "<cell>")
    last = tree.body[-1] if tree.body else None
    if isinstance(last, ast.Expr):
        del tree.body[-1]
    exec(compile(tree, "<cell>", "exec"), names)
    if isinstance(last, ast.Expr):
        last = ast.Expression(last.value)
        pictures.display(eval(compile(last, "<cell>", "eval"), names))
    return {"value": None}


def draw(names):
    """Return the figures of the cell that ran last."""
    return sent(pictures.figures())


def decode(names, picture):
    """Return a picture that the notebook stores."""
    return sent(pictures.stored(picture))


def read(names, name):
    """Return a variable, or say what else has that name."""
    if name not in names:
        return {"missing": None}
    if callable(names[name]):
        return {"callable": None}
    return sent(names[name])


def call(names, name, arguments, options):
    """Call a function of the student's."""
    arguments = [protocol.decode(tree, ARGUMENTS) for tree in arguments]
    options = {key: protocol.decode(tree, ARGUMENTS) for key, tree in options.items()}
    return sent(names[name](*arguments, **options))


def sent(value):
    """Return the answer that holds a value."""
    try:
        return {"value": protocol.encode(value)}
    except protocol.UnreadableError as error:
        return {"unreadable": str(error)}


def generator(numbers):
    """Return a random number generator from its state."""
    state, increment, has_uint32, uinteger = numbers
    bits = np.random.PCG64()
    bits.state = {
        "bit_generator": "PCG64",
        "state": {"state": state, "inc": increment},
        "has_uint32": has_uint32,
        "uinteger": uinteger,
    }
    return np.random.Generator(bits)


ACTIONS = {"run": run, "draw": draw, "decode": decode, "read": read, "call": call}
ARGUMENTS = {"generator": generator, "function": Function}


def as_python(source):
    """Return a cell without IPython's own syntax, such as lines that begin with %."""
    try:
        compile(source, "<cell>", "exec", dont_inherit=True)
    except SyntaxError:
        from IPython.core.inputtransformer2 import TransformerManager  # slow

        return TransformerManager().transform_cell(source)
    return source


class Shell:
    """What `get_ipython()` gives: every method is there and does nothing."""

    def __init__(self, names):
        self.names = names

    def __getattr__(self, name):
        return lambda *arguments, **options: None

    def run_cell_magic(self, magic, line, source):
        """Run the body of the cell magics that would."""
        if magic in ("time", "capture"):
            run(self.names, source)


if __name__ == "__main__":
    main()
