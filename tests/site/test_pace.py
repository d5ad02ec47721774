"""How long the three heaviest pages keep a processor of a quarter's speed busy.

Each day it is one of them, with EVERY_VIEW=1 all.
"""

from dataclasses import replace

import pytest

from tests.site.test_page_faults import EVERY_VIEW
from tests.turns import of_today
from tools.pace import Pace, measure, read_trace
from tools.visitor import Visitor

PAGES = ["01-weights-and-biases", "06-he", "02-zero-constant-symmetry"]
# About twice to three times what was measured: even time of the processor swings.
MOST = Pace(first_paint=1000, longest_task=1600, blocking=2500, nodes=12_000)


def excess(pace: Pace) -> list[str]:
    """Return in what a page is slower or heavier than it may be."""
    return [name for name, most in vars(MOST).items() if vars(pace)[name] > most]


@pytest.mark.parametrize("name", of_today(PAGES, 3, every=EVERY_VIEW))
def test_heavy_page_opens_on_a_slow_phone(browser, served, name, capsys):
    with Visitor(browser, served, "phone") as visitor:
        pace = measure(visitor, f"book/chapters/{name}.html")
    with capsys.disabled():
        print(f"\n{name}: {pace}")
    assert pace.first_paint > 0
    assert excess(pace) == []


def test_script_that_keeps_a_reader_waiting_is_noticed(browser, served):
    with Visitor(browser, served, "phone") as visitor:
        wait = "for (const end = performance.now() + 2500; performance.now() < end;) {}"
        visitor.context.add_init_script(f"addEventListener('load', () => {{ {wait} }})")
        pace = measure(visitor, "book/chapters/04-regularization.html")
    assert "longest_task" in excess(pace)


def test_what_is_slower_or_heavier_is_named():
    assert excess(MOST) == []
    for name, most in vars(MOST).items():
        assert excess(replace(MOST, **{name: most + 1})) == [name]


def test_trace_is_read_task_by_task():
    def event(name: str, **more) -> dict:
        return {"name": name, "pid": 1, "tid": 2, "ts": 0, **more}

    task = "ThreadControllerImpl::RunTask"
    events = [
        event("thread_name", args={"name": "CrRendererMain"}),
        event(task, ts=1, tdur=90_000),
        event("firstPaint", ts=100_000),
        event(task, ts=100_001, tdur=40_000),
        event(task, ts=200_000, tdur=70_000),
        event(task, ts=200_000, tdur=900_000, tid=3),
    ]
    assert read_trace(events, 7) == Pace(90, 90, 20, 7)
