"""What the tests of the assignments share."""

import shutil
from pathlib import Path

import pytest

from assignments.masters import Master
from tests.assignments.toy import MODEL, demo, solved, submission


@pytest.fixture(scope="session")
def bubblewrap() -> None:
    """Skip what needs a sandbox where none can be made."""
    if not shutil.which("bwrap"):
        pytest.skip("no bubblewrap: apt-get install bubblewrap")


@pytest.fixture(scope="session")
def master(tmp_path_factory) -> Master:
    """Give the toy master, for tests that only read it."""
    return demo(tmp_path_factory.mktemp("masters"))


@pytest.fixture
def folder(tmp_path, master) -> Path:
    """Give the submissions of a class: all right, half right, untouched, broken."""
    half = submission(master, double="def double(x):\n    return x * x", why="Hm.")
    handed_in = {
        "ann_1_10_a.ipynb": solved(master, why=MODEL),
        "ben_2_20_a.ipynb": half,
        "cat_LATE_3_30_a.ipynb": submission(master),
        "dan_4_40_a.ipynb": "no notebook",
    }
    for name, text in handed_in.items():
        path = tmp_path / "class" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "class"
