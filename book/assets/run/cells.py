"""Run the cells of a page as Jupyter would, in Pyodide, without IPython.

The worker creates one `Session` and asks it to run cells; what they print and show
goes back as small messages.  This module is also matplotlib's backend there, named by
MPLBACKEND.
"""

import ast
import base64
import contextlib
import dataclasses
import importlib.util
import io
import itertools
import json
import linecache
import operator
import pickle
import sys
import traceback
import types
from collections.abc import Callable, Sequence

SHOWN = ("image/svg+xml", "text/html", "image/png", "text/plain")  # the best first
IMPORTS = {  # what parts of initlib need beside the standard library
    "initlib": ["numpy", "scipy", "tqdm"],
    "initlib.plotting": ["matplotlib"],
    "initlib.widgets": ["matplotlib", "traitlets"],
}
MOST_TEXT = 100_000  # characters that one cell may print
MOST_KEPT = 200_000_000  # bytes of a state that are worth a copy: the page has 4 GB
PLAIN = (str, bytes, int, float, complex, type(None), slice, range)
FILLED = (list, tuple, dict, set, frozenset)


def needed(sources: Sequence[str]) -> list[str]:
    """Return the modules that cells import, with those that initlib needs for them."""
    found, called = set(), set()
    for source in sources:
        with contextlib.suppress(SyntaxError):
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.Import):
                    found.update(alias.name for alias in node.names)
                elif isinstance(node, ast.ImportFrom) and node.module:
                    found.add(node.module)
                    called.update(alias.name for alias in node.names)
                elif isinstance(node, ast.Attribute):
                    called.add(node.attr)
    if any(name.partition(".")[0] == "initlib" for name in found):
        found.add("initlib")
    for part, names in IMPORTS.items():
        found.update(names if part in found else [])
    if "initlib" in found and called & {"digits", "read_table"}:
        found.add("sklearn")
    return sorted({name.partition(".")[0] for name in found})


class Session:
    """Run cells in the state that the cells above them left.

    Parameters
    ----------
    send : callable
        Takes each message: a JSON text.
    """

    def __init__(self, send: Callable[[str], None]) -> None:
        self._send = send
        self._names = {"__name__": "__main__", "__builtins__": __builtins__}
        self._names["display"] = self._display
        self._done = []  # the sources that made the present state
        self._states = {0: Snapshot(self._names)}  # at first, and before the last cell
        self._quiet = False

    def run(self, sources: Sequence[str]) -> None:
        """Run the last cell, in the state that those above it leave."""
        *above, last = sources
        self.prepare(above)
        with contextlib.suppress(Exception):  # then it starts from an earlier one
            latest = {len(above): Snapshot(self._names)}
            self._states = {0: self._states[0]} | latest
        self._done = [*above, last]
        self._execute(last, len(sources))

    def prepare(self, above: Sequence[str]) -> None:
        """Bring about the state that these cells leave, without showing anything."""
        _fit_libraries()
        equal = map(operator.eq, self._done, above)
        same = sum(itertools.takewhile(bool, equal))
        if same < len(self._done):
            self._return_to(max(at for at in self._states if at <= same))
        self._quiet = True
        try:
            for number in range(len(self._done) + 1, len(above) + 1):
                self._tell("above", number=number, of=len(above))
                self._done.append(above[number - 1])
                self._execute(above[number - 1], number)
        finally:
            self._quiet = False

    def _return_to(self, start: int) -> None:
        self._names.clear()
        self._names.update(self._states[start].names())
        self._states = {at: s for at, s in self._states.items() if at <= start}
        del self._done[start:]

    def _execute(self, source: str, number: int) -> None:
        global _session
        _session = self
        out, err = (_Stream(self, name) for name in ("stdout", "stderr"))
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                _evaluate(source, f"<cell {number}>", self._names, self._display)
                show()
            except BaseException as error:  # also SystemExit: the page goes on
                out.flush()
                err.flush()
                text = _explain(error)
                kind = "failed-above" if self._quiet else "error"
                self._tell(kind, number=number, text=text)
            finally:
                _close_figures()
        out.flush()
        err.flush()

    def _display(self, *values: object) -> None:
        if self._quiet:
            return
        for value in values:
            sys.stdout.flush()
            data = _bundle(value)
            kind = next(kind for kind in SHOWN if data.get(kind))
            self._tell("output", mime=kind, data=data[kind])

    def _tell(self, kind: str, **content: object) -> None:
        self._send(json.dumps({"kind": kind, **content}))


_session: Session | None = None


class _Stream(io.TextIOBase):
    """Hand printed text on, line by line, up to a limit."""

    encoding = "utf-8"

    def __init__(self, session: Session, name: str) -> None:
        self._session, self._name = session, name
        self._waiting, self._room = "", MOST_TEXT

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self._waiting += text
        if self._waiting.endswith(("\n", "\r")):
            self.flush()
        return len(text)

    def flush(self) -> None:
        text, self._waiting = self._waiting[: self._room], ""
        if not text or self._session._quiet:
            return
        self._room -= len(text)
        if not self._room:
            text += "\n(more was printed than fits here)\n"
        self._session._tell("stream", name=self._name, text=text)


def _evaluate(
    source: str, name: str, names: dict[str, object], display: Callable[[object], None]
) -> None:
    """Execute a cell, and display a last expression that no semicolon silences."""
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    tree = ast.parse(source, name)
    last = None
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        last = ast.Expression(tree.body.pop().value)
    exec(compile(tree, name, "exec"), names)
    if last is not None:
        value = eval(compile(last, name, "eval"), names)
        if value is not None and not source.rstrip().endswith(";"):
            display(value)


def _explain(error: BaseException) -> str:
    """Return the traceback from the cell on, without the frames of this module."""
    frames = error.__traceback__
    while frames and frames.tb_frame.f_code.co_filename == __file__:
        frames = frames.tb_next
    return "".join(traceback.format_exception(type(error), error, frames))


def _bundle(value: object) -> dict[str, str]:
    """Return what a value shows of itself, by its kind."""
    data = {}
    if type(value).__name__ == "Figure" and hasattr(value, "savefig"):
        data["image/svg+xml"] = _draw(value)
    elif hasattr(value, "_repr_mimebundle_") and not isinstance(value, type):
        made = value._repr_mimebundle_()
        data = dict(made[0] if isinstance(made, tuple) else made or {})
    elif hasattr(value, "_repr_html_") and not isinstance(value, type):
        data["text/html"] = value._repr_html_()
    if isinstance(data.get("image/png"), bytes):
        data["image/png"] = base64.b64encode(data["image/png"]).decode()
    return {"text/plain": repr(value)} | data


class Snapshot(pickle.Pickler):
    """Keep the values of a namespace as they are now.

    Arrays, generators, containers and dataclasses are copied; functions, modules,
    figures and all else are shared.

    Raises
    ------
    MemoryError
        If the copies would take more than `MOST_KEPT`.
    """

    def __init__(self, names: dict[str, object]) -> None:
        self._shared, self._stream = [], _Room()
        super().__init__(self._stream, protocol=4)  # 5 would share the arrays
        self.dump({k: v for k, v in names.items() if k != "__builtins__"})

    def persistent_id(self, value: object) -> int | None:
        """Return the place of a shared value, None for one that is copied."""
        if _is_copied(value):
            return None
        self._shared.append(value)
        return len(self._shared) - 1

    def names(self) -> dict[str, object]:
        """Return fresh copies of the values."""
        reader = _Reader(io.BytesIO(self._stream.getvalue()), self._shared)
        return reader.load() | {"__builtins__": __builtins__}


class _Reader(pickle.Unpickler):
    """Copy values, and fetch the shared ones from their places."""

    def __init__(self, stream: io.BytesIO, shared: list) -> None:
        super().__init__(stream)
        self._shared = shared

    def persistent_load(self, place: int) -> object:
        """Return the shared value at a place."""
        return self._shared[place]


class _Room(io.BytesIO):
    """Take at most `MOST_KEPT` bytes."""

    def write(self, data: bytes) -> int:
        if self.tell() + memoryview(data).nbytes > MOST_KEPT:
            raise MemoryError(f"the state is larger than {MOST_KEPT} bytes")
        return super().write(data)


def _is_copied(value: object) -> bool:
    if isinstance(value, PLAIN + FILLED):
        return True
    if dataclasses.is_dataclass(value):
        return not isinstance(value, type)
    numpy = sys.modules.get("numpy")
    random = numpy and numpy.random
    return numpy is not None and isinstance(
        value,
        (
            *(numpy.ndarray, numpy.generic, numpy.dtype),
            *(random.Generator, random.BitGenerator, random.SeedSequence),
        ),
    )


def show(*args: object, **kwargs: object) -> None:
    """Show all open figures and close them; `plt.show` calls this."""
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        for number in pyplot.get_fignums():
            _session._display(pyplot.figure(number))
    _close_figures()


def _close_figures() -> None:
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close("all")


def _draw(figure: object) -> str:
    if plotting := sys.modules.get("initlib.plotting"):  # as in the book
        return plotting.write_svg(figure)
    stream = io.BytesIO()
    figure.savefig(stream, format="svg", bbox_inches="tight", metadata={"Date": None})
    return stream.getvalue().decode()


def __getattr__(name: str) -> object:
    if name == "FigureCanvas":  # matplotlib asks for it, once it is there
        backend = importlib.import_module("matplotlib.backends.backend_agg")
        return globals().setdefault(name, backend.FigureCanvasAgg)
    raise AttributeError(name)


def _fit_libraries() -> None:
    """Let tqdm do without threads, and figures and sliders without a kernel."""
    if importlib.util.find_spec("tqdm"):
        importlib.import_module("tqdm").tqdm.monitor_interval = 0
    if _lacks("ipywidgets"):
        _stand_in("ipywidgets", interact=_call_once, interact_manual=_call_once)
    if _lacks("anywidget") and importlib.util.find_spec("traitlets"):

        class AnyWidget(importlib.import_module("traitlets").HasTraits):
            def _repr_mimebundle_(self, **kwargs: object) -> tuple[dict, dict]:
                return {"text/plain": repr(self)}, {}

        _stand_in("anywidget", AnyWidget=AnyWidget)


def _lacks(module: str) -> bool:
    return module not in sys.modules and not importlib.util.find_spec(module)


def _stand_in(module: str, **members: object) -> None:
    sys.modules[module] = types.ModuleType(module)
    vars(sys.modules[module]).update(members)


def _call_once(function: Callable, **choices: object) -> Callable:
    """Call a function with what sliders would start with, and say how."""
    if not _session._quiet:
        values = {name: _start_of(choice) for name, choice in choices.items()}
        call = ", ".join(f"{name}={value!r}" for name, value in values.items())
        print("Sliders need a kernel. Here, change the numbers of this call:")
        print(f"{function.__name__}({call})")
        function(**values)
    return function


def _start_of(choice: object) -> object:
    """Return the first of a list, the middle of (low, high) or (low, high, step)."""
    if isinstance(choice, list):
        return choice[0]
    if isinstance(choice, tuple):
        low, high = choice[:2]
        whole = isinstance(low, int) and isinstance(high, int)
        return low + ((high - low) // 2 if whole else (high - low) / 2)
    return choice
