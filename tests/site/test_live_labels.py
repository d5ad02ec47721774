"""No label of a live figure lies on another or on a bar, nor is it cut.

Wherever its controls stand.
"""

import pytest

from tests.site.test_page_faults import EVERY_VIEW
from tests.turns import of_today
from tools.paths import CHAPTERS
from tools.visitor import WIDTHS, Visitor

# The chapters whose live figures have a few hundred positions or less.
NAMES = [path.stem for path in CHAPTERS if path.stem < "08"]
VIEWS = [(name, width) for width in WIDTHS for name in NAMES]
ON_EACH_OTHER = """() => {
  const positions = (lengths) => lengths.reduce((all, length) => all.flatMap(
    (one) => Array.from({length}, (_, i) => [...one, i])), [[]]);
  const overlap = (a, b) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1.5
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4;
  const beyond = (box, whole) =>
    box.left < whole.left - 1 || box.right > whole.right + 1
    || box.top < whole.top - 1 || box.bottom > whole.bottom + 1;
  const shown = (bar, whole) => { // what its frame leaves of it
    const {left, right, top, bottom} = bar.getBoundingClientRect();
    const {y, height} = bar.ownerSVGElement;
    const above = whole.top + y.baseVal.value;
    return {
      left, right, top: Math.max(top, above),
      bottom: Math.min(bottom, above + height.baseVal.value)};
  };
  return [...document.querySelectorAll(".live")].flatMap((figure) => {
    const controls = [...figure.querySelectorAll(".live-control :is(input, select)")];
    const lengths = controls.map(
      ({options, max}) => options?.length ?? Number(max) + 1);
    return positions(lengths).flatMap((position) => {
      controls.forEach((control, axis) => {
        control.value = position[axis];
        for (const name of ["input", "change"]) control.dispatchEvent(new Event(name));
      });
      const labels = [...figure.querySelectorAll(".live-picture text")].map(
        (label) => [label.textContent, label.getBoundingClientRect()]);
      const whole = figure.querySelector(".live-picture").getBoundingClientRect();
      const bars = [...figure.querySelectorAll(".live-bar")].map(
        (bar) => ["a bar", shown(bar, whole)]);
      const cut = labels.filter(([, box]) => beyond(box, whole));
      const pairs = labels.flatMap(([text, box], i) => [...labels.slice(i + 1), ...bars]
        .filter(([, other]) => overlap(box, other))
        .map(([other]) => `${text} on ${other}`));
      return [...pairs, ...cut.map(([text]) => `${text} is cut`)].map(
        (told) => `${position}: ${told}`);
    });
  });
}"""


def collisions(visitor, name: str) -> list[str]:
    visitor.open(f"book/chapters/{name}.html").read()
    return visitor.page.evaluate(ON_EACH_OTHER)


@pytest.mark.parametrize(("name", "width"), of_today(VIEWS, 14, every=EVERY_VIEW))
def test_labels_keep_apart(browser, served, name, width):
    with Visitor(browser, served, width) as visitor:
        assert collisions(visitor, name) == []


@pytest.mark.parametrize(
    ("style", "told"),
    [
        ("text { font-size: 40px !important; }", " on 1/fan_out"),
        ("text { transform: translateX(40px); }", " is cut"),
        (".live-bar { transform: translateY(-20px); }", " on a bar"),
    ],
)
def test_labels_that_do_not_are_noticed(browser, served, style, told):
    with Visitor(browser, served) as visitor:
        large = f".live-picture {style}"
        visitor.context.add_init_script(
            f"""addEventListener("load", () => {{
              const sheet = new CSSStyleSheet();
              sheet.replaceSync(`{large}`);
              document.adoptedStyleSheets = [sheet];
            }});"""
        )
        found = collisions(visitor, "05-xavier")
        assert any(told in one for one in found)
