"""Settle the environment of every test and kernel before NumPy is imported."""

import os

from tools.notebooks import prepare_environment

prepare_environment()


def pytest_report_header() -> str:
    """Name the seed, so that a failing run can be repeated."""
    return f"INITLIB_SEED={os.environ.get('INITLIB_SEED', '0')}"
