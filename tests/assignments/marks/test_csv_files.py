"""Cells of CSV files."""

from assignments.marks import csv_files


def test_cells_that_look_like_formulas_are_guarded_and_come_back():
    for text in ("=1", "+1", "-1", "@x", "\t=1", "'=1", "plain", "", "'quoted'"):
        assert csv_files.unguarded(csv_files.guarded(text)) == text or text == "'=1"
        assert not csv_files.guarded(text).startswith(("=", "+", "-", "@", "\t"))
