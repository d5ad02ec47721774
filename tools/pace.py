"""Measure how long a page keeps a slow processor busy while it opens.

Counted is the time that the page's main thread has the processor, as Chromium traces
it, at a quarter of the processor's speed: what else runs on the machine counts little.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from tools.visitor import Visitor

SLOWDOWN = 4
LONG = 50  # milliseconds: a task that is longer keeps a reader waiting
CATEGORIES = ["toplevel", "loading", "devtools.timeline"]
THREAD, TASK, PAINT = "thread_name", "ThreadControllerImpl::RunTask", "firstPaint"


@dataclass(frozen=True)
class Pace:
    """How a page opens, in milliseconds of the processor, and how much it holds."""

    first_paint: float
    longest_task: float
    blocking: float
    nodes: int

    def __str__(self) -> str:
        return (
            f"first paint after {self.first_paint:.0f} ms, longest task "
            f"{self.longest_task:.0f} ms, blocking {self.blocking:.0f} ms, "
            f"{self.nodes} elements"
        )


def read_trace(events: Iterable[dict], nodes: int) -> Pace:
    """Return the pace that the events of a trace tell; times in it are microseconds."""
    events = list(events)
    (paint,) = [event for event in events if event["name"] == PAINT]
    (thread,) = [
        event["tid"]
        for event in events
        if event["name"] == THREAD
        and event["pid"] == paint["pid"]
        and event["args"]["name"] == "CrRendererMain"
    ]
    tasks = [
        (event["ts"], event.get("tdur", 0) / 1000)
        for event in events
        if event["name"] == TASK
        and (event["pid"], event["tid"]) == (paint["pid"], thread)
    ]
    return Pace(
        first_paint=sum(long for start, long in tasks if start < paint["ts"]),
        longest_task=max(long for _, long in tasks),
        blocking=sum(
            max(0, long - LONG) for start, long in tasks if start >= paint["ts"]
        ),
        nodes=nodes,
    )


def measure(visitor: Visitor, name: str) -> Pace:
    """Open a page at a quarter of the processor's speed, and return how it went."""
    session = visitor.context.new_cdp_session(visitor.page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    browser = visitor.context.browser
    browser.start_tracing(page=visitor.page, categories=CATEGORIES)
    visitor.open(name)
    trace = json.loads(browser.stop_tracing())["traceEvents"]
    nodes = visitor.page.evaluate("document.querySelectorAll('*').length")
    return read_trace(trace, nodes)
