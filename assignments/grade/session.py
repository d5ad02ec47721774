"""One submission, running: its cells in a sandbox, and calls to what they defined.

What a student's code breaks is thrown away.  A call that hangs or ends its process
costs that call; a cell that does so is left out when the notebook starts again in a
new sandbox, with the other cells.
"""

import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from assignments.grade import pictures
from assignments.grade.errors import BrokenError, GoneError, described, tidy
from assignments.grade.part import Part
from assignments.grade.sandbox import Sandbox
from assignments.grade.walls import Given, Limits
from assignments.inside import protocol
from assignments.inside.taken_away import TakenAwayError
from assignments.masters import Master

GRACE = 2.0  # seconds that the worker has to stop a cell by itself
LATE = "came after the time for the whole notebook"
ROOM = 64 << 20  # bytes of all pictures of a submission
PAUSES = [0.001 * 2**n for n in range(9)]  # seconds between tries to kill processes


@dataclass(frozen=True)
class Cell:
    """One code cell of a submission."""

    label: str
    source: str
    is_figure: bool = False  # which a person marks, and which may use what is not here
    place: int | None = None  # in the notebook, if a person is shown what it draws


class Session:
    """A submission whose cells have run.

    Parameters
    ----------
    master : Master
    cells : list of Cell
        The submission's own cells, in their order.
    limits : Limits

    Attributes
    ----------
    notes : list of str
        What happened to cells, for the student to read.
    cpu_seconds : float
        What all its sandboxes used, known once it is closed.
    drawn : dict
        The figures of cells that a person is shown, by their places in the notebook.
    """

    def __init__(self, master: Master, cells: list[Cell], limits: Limits):
        self.master, self.cells, self.limits = master, cells, limits
        self.cpu_seconds = 0.0
        self.drawn: dict[int, list[pictures.Picture | None]] = {}
        self._room = ROOM
        self._notes: dict[int, str] = {}
        self._left_out: set[int] = set()
        self._starts = 0
        self._end = time.monotonic() + limits.total_seconds
        self._box: Sandbox | None = None

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.throw_away()

    @property
    def notes(self) -> list[str]:
        """What happened to cells, in their order."""
        return [note for _, note in sorted(self._notes.items())]

    def worker(self) -> Sandbox:
        """Return a sandbox in which all cells have run, except those that broke one.

        Raises
        ------
        BrokenError
            If too many did, or if there is no time left.
        """
        while self._box is None:
            if self._starts > self.limits.restarts:
                raise BrokenError("came after too many broken sandboxes")
            self._starts += 1
            given = Given(self.master.files, self.master.taken)
            self._box = Sandbox(self.limits, given)
            if not self._run_setup():
                self.throw_away()
                continue
            for number in range(len(self.cells)):
                if number not in self._left_out and not self._run_cell(number):
                    self._left_out.add(number)
                    self.throw_away()
                    break
        return self._box

    def throw_away(self):
        """End the sandbox, and every process in it."""
        if self._box is not None:
            self._box.close()
            self.cpu_seconds += self._box.cpu_seconds
        self._box = None

    def _run_setup(self) -> bool:
        """Run the setup cells; return whether a worker that started before did again.

        It may be killed without a word while the machine is short of something.
        """
        for source in self.master.setup:
            try:
                kind, content = self._run(source, self.limits.total_seconds)
            except GoneError:
                content = self._box.complaint()
                if self._starts > 1 and not content:
                    return False
                raise RuntimeError(f"the worker does not start: {content}") from None
            if kind == "stopped" and self._starts > 1:
                raise BrokenError(LATE)
            if kind != "value":
                raise RuntimeError(f"a setup cell of {self.master.name}: {content}")
        return True

    def _run_cell(self, number: int) -> bool:
        """Run a cell; return whether the sandbox is still as it should be."""
        cell = self.cells[number]
        try:
            kind, content = self._run(cell.source, self.limits.cell_seconds)
            self._draw(cell)
        except BrokenError as error:
            self._notes[number] = f"{cell.label} {error}; it was left out."
            return False
        if kind == "stopped":
            seconds = f"{self.limits.cell_seconds:g} s"
            self._notes[number] = f"{cell.label} was stopped after {seconds}."
        elif kind == "error" and not (cell.is_figure and is_taken_away(content)):
            self._notes[number] = f"{cell.label} raised {described(content)}"
        if not self._settled():
            told = "left behind what disturbs other cells; it was left out."
            self._notes[number] = f"{cell.label} {told}"
            return False
        return True

    def _draw(self, cell: Cell):
        """Keep the figures that a cell has drawn."""
        if cell.place is not None and cell.place not in self.drawn:
            seconds = self.limits.cell_seconds
            _, content = self.ask(self._box.channel, seconds, do="draw")
            found = map(self.kept, pictures.read_all(content))
            self.drawn[cell.place] = list(found)

    def kept(self, picture: pictures.Picture | None) -> pictures.Picture | None:
        """Return a picture; None when there are too many."""
        self._room -= 0 if picture is None else picture.nbytes
        return picture if self._room >= 0 else None

    def _settled(self) -> bool:
        """Kill what was left; return whether the worker is alone and still answers."""
        try:
            for pause in PAUSES:
                self.ask(self._box.channel, GRACE, do="read", name="")
                if self._box.sweep():
                    return True
                time.sleep(pause)
        except BrokenError:
            pass
        return False

    def _run(self, source: str, seconds: float) -> tuple[str, object]:
        return self.ask(self._box.channel, seconds, do="run", source=source)

    def ask(
        self, channel: socket.socket, seconds: float, *descriptors: int, **request
    ) -> tuple[str, object]:
        """Send a request; return of what kind the answer is, and its content.

        Raises
        ------
        BrokenError
            If there is no answer, or none that can be read.
        """
        token = secrets.token_bytes(protocol.TOKEN)
        now = time.monotonic()
        if now > self._end:
            raise BrokenError(LATE)
        seconds = min(seconds, self._end - now)
        deadline = now + seconds + GRACE
        channel.settimeout(seconds + GRACE)
        try:
            protocol.send(channel, token, request | {"seconds": seconds}, descriptors)
            answer = protocol.receive(channel, token, deadline, self.limits.output)
            return understood(answer)
        except TimeoutError:
            raise BrokenError(f"could not be stopped after {seconds:.3g} s") from None
        except (protocol.EndedError, OSError):
            raise GoneError("ended its process") from None
        except protocol.MalformedError as error:
            raise BrokenError(f"gave an answer that cannot be read: {error}") from None

    @contextmanager
    def part(self) -> Iterator[Part]:
        """Give a copy of the worker for one part of a test."""
        part = Part(self)
        try:
            yield part
        finally:
            part.close()
            if self._box and not self._settled():
                self.throw_away()

    def fork(self) -> socket.socket:
        """Return the channel to a new copy of the worker."""
        while True:
            box = self.worker()
            channel, inside = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with inside:
                try:
                    self.ask(box.channel, GRACE, inside.fileno(), do="fork")
                    return channel
                except BrokenError:
                    channel.close()
                    self.throw_away()


def is_taken_away(error: tuple[list[str], str]) -> bool:
    """Return whether a cell ended where it used what its assignment takes away."""
    return error[0][:1] == [TakenAwayError.__name__]


def understood(answer: object) -> tuple[str, object]:
    """Return of what kind an answer is, and its content.

    Raises
    ------
    BrokenError, protocol.MalformedError
        If it has no known form.
    """
    match answer:
        case dict() if len(answer) != 1:
            pass
        case {"error": [[*kinds], str(message)]}:
            return "error", ([str(kind) for kind in kinds], message)
        case {"value": tree}:
            return "value", protocol.decode(tree)
        case {"unreadable": str(kind)}:
            return "unreadable", tidy(kind)
        case {"stopped": None} | {"missing": None} | {"callable": None}:
            return next(iter(answer)), None
    raise BrokenError("gave an answer of no known form")
