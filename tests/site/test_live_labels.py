"""No two labels of a live figure lie on each other, wherever its controls stand."""

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
      return labels.flatMap(([text, box], i) => labels.slice(i + 1)
        .filter(([, other]) => overlap(box, other))
        .map(([other]) => `${position}: ${text} on ${other}`));
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


def test_labels_that_do_not_are_noticed(browser, served):
    with Visitor(browser, served) as visitor:
        large = ".live-picture text { font-size: 40px !important; }"
        visitor.context.add_init_script(
            f"""addEventListener("load", () => {{
              const sheet = new CSSStyleSheet();
              sheet.replaceSync(`{large}`);
              document.adoptedStyleSheets = [sheet];
            }});"""
        )
        assert collisions(visitor, "04-regularization")
