"""One part of a test: calls to a copy of the worker, which ends with them."""

import contextlib
import socket
import time

from assignments.grade import pictures
from assignments.grade.errors import BrokenError, Fault, GoneError, StudentError, raised
from assignments.inside import protocol


class Part:
    """A copy of the worker, made when it is first needed."""

    def __init__(self, session):
        self._session = session
        self._left = session.limits.part_seconds  # for calls; cells have their own time
        self._channel: socket.socket | None = None

    def close(self):
        """End the copy; what its calls changed is gone."""
        if self._channel is not None:
            self._channel.close()
        self._channel = None

    def _ask(self, name: str, /, **request) -> tuple[str, object]:
        if self._left < 0:
            raise StudentError("Calls took too long in all.")
        seconds = self._session.limits.call_seconds
        try:
            if self._channel is None:
                self._channel = self._session.fork()
            answer = self._timed(self._channel, seconds, **request)
        except BrokenError as error:
            self.close()
            if not isinstance(error, GoneError):
                self._session.throw_away()
            raise StudentError(f"`{name}` {error}.") from None
        except Exception as error:
            raise Fault from error
        if answer[0] == "stopped":
            raise StudentError(f"`{name}` was stopped after {seconds:g} s.")
        if answer[0] == "unreadable":
            advice = "numbers, text, lists, tuples, dicts and NumPy arrays can be read"
            raise StudentError(f"`{name}` gives {answer[1]}; only {advice}.")
        if answer[0] == "error":
            raise raised(name, *answer[1])
        return answer

    def _timed(self, *arguments, **request) -> tuple[str, object]:
        begin = time.monotonic()
        try:
            return self._session.ask(*arguments, **request)
        finally:
            self._left -= time.monotonic() - begin

    def decode(self, encoded: str) -> pictures.Picture | None:
        """Return a picture that the notebook stores; None if it cannot be shown."""
        with contextlib.suppress(StudentError):
            return pictures.read(self._ask("picture", do="decode", picture=encoded)[1])
        return None

    def read(self, name: str) -> tuple[str, object]:
        """Return `value` and the value of a variable, or `callable`, or `missing`."""
        return self._ask(name, do="read", name=name)

    def call(self, name: str, arguments: tuple, options: dict) -> object:
        """Call a function of the student's and return what it returns."""
        _, value = self._ask(
            name,
            do="call",
            name=name,
            arguments=[protocol.encode(value) for value in arguments],
            options={key: protocol.encode(value) for key, value in options.items()},
        )
        return value
