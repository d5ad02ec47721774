"""What holds for a whole run: the environment of tests and kernels, and its report."""

import os

import pytest

from tests.turns import TURN, put_off
from tools.notebooks import prepare_environment

prepare_environment()  # before NumPy is imported

SHARED = (  # in this order, two workers end within a second of each other
    "07-which-one",
    "03-scale",
    "04-regularization",
    "02-zero-constant-symmetry",
    "06-he",
    "05-xavier",
)
pytest_plugins = ["tools.nbval_everything"]


def pytest_report_header() -> str:
    """Name the seed and the turn, so that a failing run can be repeated."""
    return f"INITLIB_SEED={os.environ.get('INITLIB_SEED', '0')} TURN={TURN}"


def pytest_collection_modifyitems(config, items: list[pytest.Item]) -> None:
    """Leave out the tests that have their turn on another day."""
    folder = config.invocation_params.dir
    later = put_off(items, [folder / arg.partition("::")[0] for arg in config.args])
    config.hook.pytest_deselected(items=later)
    items[:] = notebooks_first([item for item in items if item not in later])


def notebooks_first(items: list[pytest.Item]) -> list[pytest.Item]:
    """Put notebooks in front, and of these the ones that train, in their order.

    What takes long begins early, so that no worker is left alone with it in the end.
    """

    def place(item: pytest.Item) -> int:
        chapter = item.path.stem if item.path.suffix == ".ipynb" else None
        return [*SHARED, chapter].index(chapter) if chapter else len(SHARED) + 1

    return sorted(items, key=place)


def fail_if_skipped(report: pytest.CollectReport | pytest.TestReport) -> object:
    """With NO_SKIPS=1, fail what would be skipped: there, everything is installed."""
    expected = hasattr(report, "wasxfail")
    if os.environ.get("NO_SKIPS") == "1" and report.skipped and not expected:
        *_, reason = report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{reason}\nNothing may be skipped: NO_SKIPS is 1."
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> object:
    """Let no file be skipped."""
    return fail_if_skipped((yield))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> object:
    """Let no test be skipped."""
    return fail_if_skipped((yield))


def pytest_terminal_summary(terminalreporter) -> None:
    """Print what tests measured, recorded with `record_property("measured", ...)`."""
    lines = [
        value
        for report in terminalreporter.getreports("passed")
        for name, value in report.user_properties
        if name == "measured"
    ]
    if lines:
        terminalreporter.section("measured")
        terminalreporter.write_line("\n".join(sorted(lines)))
