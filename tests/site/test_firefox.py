"""The site in Firefox, under its policy: no word of its console, live figures drawn.

Every eighth page and one race of the lab each day, the longest left out; with
EVERY_VIEW=1 all pages and all races.
"""

import re

import pytest

from initlib.widgets.experiments import EXPERIMENTS
from tests.site.strict_server import serve_strictly
from tests.site.test_page_faults import CHAPTER, EVERY_VIEW, PAGES
from tests.turns import of_today
from tools.firefox import find_firefox, launch

SHORT = [name for name in EXPERIMENTS if name != "thirty-relu-layers"]
RACES = [*EXPERIMENTS] if EVERY_VIEW else of_today(SHORT, len(SHORT), every=False)
LOOKS = 15  # at a race, of 20 seconds each
ALIVE = """new Promise((done) => {
  const places = [...document.querySelectorAll(".live-place")];
  const alive = ".live-picture > *, .race-picture > *, .live-note";
  const look = () => places.every((place) => place.querySelector(alive))
    ? done(places.length) : setTimeout(look, 50);
  look();
})"""
MOVED = """[...document.querySelectorAll(".live")].map((figure) => {
  const picture = figure.querySelector(".live-picture");
  const control = figure.querySelector("input, select");
  const before = picture.innerHTML;
  control.value = control.value === "0" ? 1 : 0;
  for (const name of ["input", "change"]) control.dispatchEvent(new Event(name));
  return picture.innerHTML !== before;
})"""
REST = "new Promise((done) => setTimeout(done, 300))"
# Formulas of which a part is missing: Firefox says so only while they arrive.
BROKEN = """[["msup, msub, mfrac, mover, munder, mroot", 2], ["msubsup, munderover", 3]]
  .flatMap(([names, count]) => [...document.querySelectorAll(names)]
    .filter(({children}) => children.length !== count).map(({tagName}) => tagName))"""
SIDEWAYS = "document.documentElement.scrollWidth - innerWidth"


@pytest.fixture(scope="module")
def firefox():
    program = find_firefox()
    if program is None:
        pytest.skip("no Firefox: `apt-get install firefox-esr`, or set FIREFOX")
    with launch(program) as firefox:
        yield firefox


@pytest.fixture(scope="module")
def strict(site):
    with serve_strictly(site) as address:
        yield address


@pytest.fixture(autouse=True)
def quiet(firefox):
    """Start each test with an empty console.

    The page before is left first: what it still loads then fails, and it says so.
    """
    firefox.open("about:blank")
    firefox.problems.clear()


@pytest.mark.parametrize("name", of_today(PAGES, 8, every=EVERY_VIEW))
def test_page_is_whole_in_firefox(firefox, strict, name):
    firefox.resize(390, 900)
    firefox.open(strict + name)
    assert firefox.evaluate(ALIVE) == firefox.evaluate(
        "document.querySelectorAll('.live-place').length"
    )
    assert all(firefox.evaluate(MOVED))
    assert firefox.evaluate(SIDEWAYS) <= 0
    assert firefox.evaluate(BROKEN) == []
    firefox.evaluate(REST)
    assert firefox.problems == []


def test_formula_without_a_part_is_noticed_in_firefox(firefox, strict):
    firefox.open(strict + CHAPTER)
    firefox.evaluate("document.querySelector('msup').lastChild.remove()")
    assert firefox.evaluate(BROKEN) == ["msup"]


STEPPED = """new Promise((done) => {
  const race = document.querySelector(".race");
  race.querySelector(".race-train").click();
  const look = () => race.dataset.state === "done"
    ? done(race.querySelector(".race-verdict").textContent) : setTimeout(look, 50);
  look();
})"""


def test_networks_race_in_firefox(firefox, strict):
    race = "steps=60&start=zeros,he_normal&depth=3&width=8"
    firefox.open(f"{strict}book/lab.html#{race}")
    firefox.evaluate(ALIVE)
    assert "Left gets" in firefox.evaluate(STEPPED)
    firefox.evaluate(REST)
    assert firefox.problems == []


FAST = """(() => {
  const race = document.querySelector(".race");
  const speed = [...race.querySelectorAll("select")].find(
    ({options}) => [...options].some(({value}) => value === "Infinity"));
  speed.value = "Infinity";
  speed.dispatchEvent(new Event("change"));
  race.querySelector(".race-train").click();
})()"""
TOLD = """new Promise((done) => {
  const told = document.querySelector(".race-verdict");
  const late = performance.now() + 20_000;
  const look = () => told.textContent || performance.now() > late
    ? done(told.textContent) : setTimeout(look, 50);
  look();
})"""


def verdict(firefox):
    """Train as fast as it goes; return the verdict, or nothing after all looks."""
    firefox.evaluate(FAST)
    looks = (firefox.evaluate(TOLD) for _ in range(LOOKS))
    return next(filter(None, looks), "")


@pytest.mark.parametrize("name", RACES)
def test_experiment_trains_to_its_end_in_firefox(firefox, strict, name):
    firefox.open(f"{strict}book/lab.html#{name}")
    firefox.evaluate(ALIVE)
    found = re.findall(r"gets (\d+) % right", verdict(firefox))
    for part, (low, high) in zip(found, EXPERIMENTS[name]["ends"], strict=True):
        assert low - 0.005 <= int(part) / 100 <= high
    firefox.evaluate(REST)
    assert firefox.problems == []


LEARNED = """new Promise((done) => {
  const train = document.querySelector(".ridges-train");
  const told = document.querySelector(".ridges-told");
  const begin = () => document.querySelector(".cover.alive")
    ? train.click() : setTimeout(begin, 50);
  const look = () => told.textContent ? done(told.textContent) : setTimeout(look, 50);
  begin();
  look();
})"""


def test_cover_learns_in_firefox(firefox, strict):
    firefox.open(f"{strict}book/intro.html")
    assert "it has learned" in firefox.evaluate(LEARNED)
    firefox.evaluate(REST)
    assert firefox.problems == []


def test_what_the_policy_refuses_is_noticed(firefox, strict):
    firefox.open(strict + PAGES[0])
    firefox.evaluate("fetch('https://example.org').catch(String)")
    firefox.evaluate(REST)
    assert "Content-Security-Policy" in " ".join(firefox.problems)
