"""Run the tests of initlib against one mutant after the other, in copies."""

import os
import resource
import shutil
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from queue import Queue
from tempfile import TemporaryDirectory

import pytest

from tools.campaign.code import Mutant
from tools.campaign.report import Trial
from tools.notebooks import prepare_environment
from tools.paths import ROOT

TESTS = "tests/initlib"
OWN = {
    "_checks": ("bad_input",),
    "_packing": ("widgets", "live_pictures", "stored_pictures"),
    "plotting": ("plotting", "stored_pictures"),
    "widgets": ("widgets", "live_training", "stored_pictures", "live_pictures"),
    "widgets/experiments": ("live_training", "experiments"),
    "widgets/racing": ("live_training", "experiments"),
    "widgets/training": ("live_training",),
}
OF_ALL = [f"{TESTS}/test_{name}.py" for name in ("bad_input", "house")]  # and doctests
UNUSED = {"claims", "plotting", "widgets"}  # by the other modules
SLOW = {
    f"{TESTS}/test_{name}.py"
    for name in ("initializers", "meanfield", "training_js", "experiments")
}
NOT_COPIED = (".*", "_build", "__pycache__", "*.egg-info", "node_modules")
PRELOADED = ["anywidget", "matplotlib.pyplot", "nbclient", "playwright.sync_api"]
PRELOADED += ["scipy.optimize", "scipy.stats", "sklearn.datasets"]
MOST_MEMORY = 4 * 2**30  # bytes
MOST_COMPUTING = 120  # seconds of a processor; who computes for ever is noticed
PATIENCE = 1200  # seconds; whom a busy machine keeps waiting has noticed nothing
LATE = 75  # exit code of a test that waited in vain


class Tests:
    """The tests of initlib in copies of the repository, one for each worker."""

    def __init__(self, folder: Path, workers: int) -> None:
        prepare_environment()  # before a child imports NumPy
        self.context = get_context("forkserver")
        self.context.set_forkserver_preload(PRELOADED)
        self.copies: Queue[Path] = Queue()
        self.workers = workers
        for i in range(workers):
            copy = folder / str(i)
            shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*NOT_COPIED))
            self.copies.put(copy)

    @contextmanager
    def copy(self) -> Iterator[Path]:
        copy = self.copies.get()
        try:
            yield copy
        finally:
            self.copies.put(copy)

    def run(self, copy: Path, files: list[str]) -> int:
        """Run some files of tests in a process of their own; return its exit code."""
        process = self.context.Process(target=_pytest, args=(copy, files))
        process.start()
        process.join(PATIENCE)
        late = process.is_alive()
        process.kill()
        process.join()
        return LATE if late else process.exitcode

    def try_out(self, mutant: Mutant, files: list[str]) -> Trial:
        """Run tests against a mutant until one notices."""
        with self.copy() as copy:
            mutant.apply(copy)
            code = self.run(copy, files)
            mutant.undo(copy)
        return trial_of(mutant, code)


def trial_of(mutant: Mutant, code: int) -> Trial:
    """Judge a mutant by the exit code of the tests that ran against it."""
    caught, late = code not in (0, LATE), code == LATE
    return Trial(f"{mutant.file}:{mutant.line}", mutant.change, caught, late)


def tests_of(file: str) -> list[str]:
    """Name the tests that may notice a change: those of its module, then the others."""
    path = Path(file).relative_to("initlib").with_suffix("")
    module = path.parts[0]
    named = tests_named(str(path) if str(path) in OWN else module)
    first = list(dict.fromkeys([*named, *OF_ALL]))
    if module in UNUSED:
        return first
    apart = {test for other in UNUSED for test in tests_named(other)}
    others = {f"{TESTS}/{path.name}" for path in (ROOT / TESTS).glob("test_*.py")}
    others -= {*first, *apart}
    return [*first, *sorted(others, key=lambda test: (test in SLOW, test))]


def tests_named(module: str) -> list[str]:
    return [f"{TESTS}/test_{name}.py" for name in OWN.get(module, (module,))]


def own_tests(file: str) -> list[str]:
    """Name the tests of a module itself."""
    return tests_of(file)[:1]


def try_all(
    mutants: list[Mutant],
    *,
    tests_for: Callable[[str], list[str]] = tests_of,
    workers: int = 2,
) -> list[Trial]:
    """Try mutants in parallel, after a run of their tests without any."""
    if not mutants:
        return []
    own = sorted({tests_for(mutant.file)[0] for mutant in mutants})
    with TemporaryDirectory() as folder, ThreadPoolExecutor(workers) as pool:
        tests = Tests(Path(folder), workers)
        with tests.copy() as copy:
            if tests.run(copy, own):
                raise RuntimeError(f"before anything is changed, one fails of {own}")
        files = [tests_for(mutant.file) for mutant in mutants]
        return list(pool.map(tests.try_out, mutants, files))


def _pytest(copy: Path, files: list[str]) -> None:
    """Run pytest in a copy of the repository, and exit with its code."""
    for name in [name for name in sys.modules if _is_ours(name)]:
        del sys.modules[name]
    os.chdir(copy)
    sys.path[:] = [str(copy), *(p for p in sys.path if Path(p) != ROOT)]
    os.environ["PYTHONPATH"] = str(copy)  # for the kernels that tests start
    os.environ["EVERY_TEST"] = os.environ["EVERY_ANSWER"] = "1"  # on any day
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_COMPUTING, MOST_COMPUTING))
    out = os.open(os.devnull, os.O_WRONLY)
    os.dup2(out, 1)
    os.dup2(out, 2)
    waits = Waits()
    code = pytest.main(["-x", "-q", "-p", "no:cacheprovider", *files], plugins=[waits])
    sys.exit(LATE if waits.in_vain else code)


class Waits:
    """Whether a test failed because something did not come in time."""

    in_vain = False

    def pytest_exception_interact(self, call: pytest.CallInfo) -> None:
        self.in_vain = "Timeout" in call.excinfo.typename


def _is_ours(name: str) -> bool:
    return name.partition(".")[0] in {"initlib", "tests", "tools", "conftest"}
