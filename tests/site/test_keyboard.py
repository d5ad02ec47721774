"""Whoever tabs through a page sees where they are, and hears what they stop at.

Of each kind of stop one is photographed with the focus and without it: what changes is
a ring, all around the stop.  Each day it is one of three pages, with EVERY_VIEW=1 all.
"""

import io

import numpy as np
import pytest
from PIL import Image

from tests.site.test_page_faults import CHAPTER, EVERY_VIEW
from tests.turns import of_today
from tools.visitor import Visitor

PAGES = [CHAPTER, "book/chapters/06-he.html", "search.html"]
MARGIN = 6  # pixels around a stop, in which its ring may be
LEAST = 60  # of 255 levels: a change that is seen
# The stop that has the focus: what it is, what it is called, and where it stands.
STOP = """margin => {
  const stop = document.activeElement;
  if (stop === document.body) return null;
  scrollBy(0, stop.getBoundingClientRect().top - innerHeight / 2);
  const { left, top, right, bottom } = stop.getBoundingClientRect();
  const parents = [];
  for (let part = stop; part && parents.length < 3; part = part.parentElement)
    parents.push(`${part.tagName}.${[...part.classList].sort().join(".")}`);
  const x = Math.max(0, left - margin), y = Math.max(0, top - margin);
  return {
    kind: parents.join(" < ").replace(/header-menu-\\d+|\\.(active|current)/g, ""),
    isWhole: stop.getClientRects().length === 1, // not a link over two lines
    scrolls: stop.scrollWidth > stop.clientWidth + 1 && !stop.matches("input, a"),
    name: stop.getAttribute("aria-label"),
    inner: { left: left - x, top: top - y, right: right - x, bottom: bottom - y },
    clip: {
      x, y,
      width: Math.min(innerWidth, right + margin) - x,
      height: Math.min(innerHeight, bottom + margin) - y,
    },
  };
}"""


def photograph(page, clip) -> np.ndarray:
    picture = Image.open(io.BytesIO(page.screenshot(clip=clip, animations="disabled")))
    return np.asarray(picture.convert("RGB"), dtype=int)


def ring(visitor, stop) -> np.ndarray:
    """Return which pixels the focus changes."""
    with_focus = photograph(visitor.page, stop["clip"])
    focused = visitor.page.evaluate_handle("document.activeElement")
    focused.evaluate("stop => stop.blur()")
    without = photograph(visitor.page, stop["clip"])
    focused.evaluate("stop => stop.focus({preventScroll: true, focusVisible: true})")
    return np.abs(with_focus - without).max(axis=2) >= LEAST


def is_around(changed: np.ndarray, inner: dict[str, float]) -> bool:
    """Return whether changed pixels enclose a stop: on all sides, over their length."""
    sides = {
        "left": changed[:, : int(inner["left"]) + MARGIN].any(axis=1),
        "top": changed[: int(inner["top"]) + MARGIN].any(axis=0),
        "right": changed[:, int(inner["right"]) - MARGIN :].any(axis=1),
        "bottom": changed[int(inner["bottom"]) - MARGIN :].any(axis=0),
    }
    return all(side.mean() > 0.5 for side in sides.values())


def walk(visitor, most: int = 400):
    """Press Tab through a page and yield each stop."""
    for _ in range(most):
        visitor.page.keyboard.press("Tab")
        stop = visitor.page.evaluate(STOP, MARGIN)
        if stop is None:
            return
        yield stop


def faults(visitor) -> list[str]:
    """Return which stops of a page one does not see, or does not hear the name of."""
    found, seen = [], set()
    for stop in walk(visitor):
        if stop["scrolls"] and not stop["name"]:
            found.append(f"{stop['kind']} has no name")
        if stop["kind"] in seen or not stop["isWhole"]:
            continue
        seen.add(stop["kind"])
        if not is_around(ring(visitor, stop), stop["inner"]):
            found.append(f"{stop['kind']} shows no ring")
    assert len(seen) > 5
    return found


@pytest.mark.parametrize("name", of_today(PAGES, 3, every=EVERY_VIEW))
def test_every_stop_is_seen_and_named(browser, served, name):
    with Visitor(
        browser, served, color_scheme="light", reduced_motion="reduce"
    ) as visitor:
        visitor.open(name)
        assert faults(visitor) == []


@pytest.mark.parametrize(
    ("selector", "rule"),
    [
        ("summary", "outline: none !important; box-shadow: none !important"),
        (".prev-next-area > a", "outline-offset: 12px !important"),
        (".btn", "outline-color: #e5e7e9 !important"),
    ],
    ids=["none", "cut", "pale"],
)
def test_a_ring_that_one_does_not_see_is_noticed(browser, served, selector, rule):
    with Visitor(browser, served, color_scheme="light") as visitor:
        page = visitor.open(PAGES[1]).page
        page.add_style_tag(content=f"article {selector}, {selector} {{ {rule} }}")
        page.add_style_tag(content=f":focus-visible:is({selector}) {{ {rule} }}")
        stop = f".bd-main {selector}:visible"
        page.locator(stop).first.evaluate("stop => stop.focus({focusVisible: true})")
        found = visitor.page.evaluate(STOP, MARGIN)
        assert not is_around(ring(visitor, found), found["inner"])
