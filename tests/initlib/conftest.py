"""The style of the book, for tests that draw."""

from collections.abc import Iterator

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest

from initlib.plotting import use_book_style


@pytest.fixture
def book_style() -> Iterator[None]:
    """Draw as the chapters do, and close what was drawn."""
    with mpl.rc_context():
        mpl.use("agg")
        use_book_style()
        yield
        plt.close("all")
