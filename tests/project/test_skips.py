"""A run that has to be complete fails where another would skip."""

import os
import subprocess
import sys

import pytest

from tools.paths import ROOT

TESTS = """
import pytest

def test_skipped():
    pytest.skip("no such program")

@pytest.fixture
def program():
    pytest.skip("no such program")

def test_skipped_by_a_fixture(program):
    pass

@pytest.mark.skipif(True, reason="no such program")
def test_skipped_by_a_mark():
    pass

@pytest.mark.xfail
def test_fails_as_expected():
    assert False
"""


WHOLE_FILE = """
import pytest

pytest.importorskip("no_such_program")
"""
OPTIONS = [
    "-p",
    "conftest",
    "-p",
    "no:cacheprovider",
    "--continue-on-collection-errors",
]


@pytest.mark.parametrize(
    ("setting", "outcome"),
    [("", "4 skipped, 1 xfailed"), ("1", "1 failed, 1 xfailed, 3 errors")],
)
def test_skips_fail_when_nothing_may_be_skipped(tmp_path, setting, outcome):
    (tmp_path / "test_parts.py").write_text(TESTS, encoding="utf-8")
    (tmp_path / "test_whole.py").write_text(WHOLE_FILE, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *OPTIONS, tmp_path],
        cwd=ROOT,
        env=os.environ | {"NO_SKIPS": setting},
        capture_output=True,
        text=True,
    )
    assert f" {outcome} in " in done.stdout
    assert ("Nothing may be skipped" in done.stdout) == (setting == "1")
