"""Cells of CSV files."""

import re

import pytest

from assignments.marks import csv_files

TEXTS = ("=1", "+1", "-1", "@x", "\t=1", "'=1", "plain", "", "'quoted'", "a-1; b")
INNER = ("a;=1", "a; -1", 'a;"=1', "one\n=1", ";';=1", "=1;=1;'@x", "a;'=1")


@pytest.mark.parametrize("text", TEXTS + INNER)
def test_cells_that_look_like_formulas_are_guarded_and_come_back(text):
    guarded = csv_files.guarded(text)
    assert csv_files.unguarded(guarded) == text
    for cell in re.split(r"[;\t\r\n]", guarded):  # as a spreadsheet may part it
        assert not cell.lstrip(' "').startswith(("=", "+", "-", "@"))


def test_nothing_else_is_guarded():
    for text in ("plain", "a-1", "x = 1; y", "a, -1", "'quoted'"):
        assert csv_files.guarded(text) == text
