"""Ten students are marked in Chromium, by keyboard, with the network cut."""

import pytest
from markupsafe import Markup
from playwright.sync_api import expect

from assignments.marking import pages
from assignments.marks import csv_files, marker_sheets
from tests.assignments.marking import classes
from tests.assignments.marking.classes import EVIL
from tools.visitor import SCHEMES, WIDTHS, Visitor

pytestmark = pytest.mark.turns(3, 2)


@pytest.fixture
def own(tmp_path, master):
    return classes.ten(master, tmp_path)


def opened(browser, server, **options):
    """Return a marker's window at the overview."""
    visitor = Visitor(browser, f"http://{server.host}/", **options)
    visitor.page.goto(server.entrance)
    return visitor


def marks(master, own):
    """Return the points and comments in the sheets by student and question."""
    found = {}
    for question in master.manual:
        for row in csv_files.read(own / f"manual/{question.id}.csv").rows:
            found[row[2].split()[0], row[0]] = row[4], csv_files.unguarded(row[6])
    return found


PRESSED = ["1.5", "f", "0", "2,0", "1", "0.25", "f", "", "2", "1"]
GIVEN = ["1.5", "2", "0", "2", "1", "0.25", "2", "1", "2", "1"]
COMMENT = "not np: a < b, “σ²”\n= fine"


def arrive(page, text):
    """Wait for the answer of a student."""
    expect(page.locator("nav span")).to_contain_text(text)
    page.wait_for_load_state()


def mark_by_keyboard(page):
    """Mark ten students; the eighth is left out at first."""
    keyboard = page.keyboard
    keyboard.press("1")
    for number, (name, text) in enumerate(zip(classes.NAMES, PRESSED, strict=True)):
        arrive(page, f"Answer {number + 1} of 10: {name} Doe")
        keyboard.type(text)
        if name == "Eve":
            keyboard.type(f"c{COMMENT}")
            keyboard.press("Escape")
        keyboard.press("n" if name == "Fay" else "Enter")
    expect(page.locator("#state")).to_have_text("Saved. This is the last one.")
    expect(page.locator("#waiting")).to_have_text("1")
    keyboard.press("u")
    arrive(page, "Hal")
    keyboard.type("1p")
    arrive(page, "Gus")
    keyboard.press("a")


def test_ten_students_are_marked_by_keyboard(browser, master, own):
    with classes.shown(master, own) as server, opened(browser, server) as visitor:
        mark_by_keyboard(visitor.page)
        row = visitor.page.get_by_role("row").nth(1)
        expect(row).to_contain_text("10 ✓")
        assert visitor.problems == []
    expected = dict.fromkeys(((name, "plot") for name in classes.NAMES), ("", ""))
    for name, points in zip(classes.NAMES, GIVEN, strict=True):
        expected[name, "why"] = points, COMMENT if name == "Eve" else ""
    assert marks(master, own) == expected
    sheets = [own / f"manual/{question.id}.csv" for question in master.manual]
    assert len(marker_sheets.read_given(master, sheets)) == 10


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_page_is_in_good_order(browser, master, own, width, scheme):
    with (
        classes.shown(master, own) as server,
        opened(browser, server, width=width, color_scheme=scheme) as visitor,
    ):
        assert visitor.faults() == []
        visitor.page.keyboard.press("1")
        visitor.page.wait_for_selector(".katex")
        visitor.page.keyboard.type("mq")
        assert visitor.page.locator(".formula .katex").count() == 2
        assert visitor.page.locator("img").count() == 1
        assert visitor.page.evaluate("document.activeElement.id") == "points"
        assert visitor.faults() == []


def test_an_answer_cannot_do_anything(browser, master, own):
    with (
        classes.shown(master, own) as server,
        opened(browser, server) as visitor,
    ):
        page = visitor.page
        [entry] = [
            one
            for one in server.desk.entries(master.manual[0])
            if one.name.startswith("Eve")
        ]
        page.goto(f"{server.address}why/{entry.token}")
        page.wait_for_selector(".katex")
        answer = page.locator(".answer .text")
        assert r"\htmlId{points}{x}" in answer.inner_text()
        banned = (
            "a, img, svg:not(.katex svg), iframe, style, script, form, button, meta"
        )
        assert answer.locator(banned).count() == 0
        assert answer.locator(".katex .fault, .katex #points").count() == 0
        assert page.locator(".katex [style*=position\\:\\ fixed]").count() == 0
        assert page.title() == "why: answer 5 of 10"
        assert page.locator("#points").is_visible()
        widest = (
            "() => document.querySelector('.answer').getBoundingClientRect().height"
        )
        assert page.evaluate(widest) < 3000
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert visitor.problems == []


def test_the_policy_holds_where_the_renderer_would_not(
    browser, master, tmp_path, monkeypatch
):
    """With the renderer taken away, nothing runs and nothing is asked for.

    No policy keeps a page from leading on to another one.
    """
    own = classes.write(master, tmp_path / "evil", {"Eve": EVIL.replace("<meta", "")})
    monkeypatch.setitem(pages.TEMPLATES.filters, "rendered", Markup)
    with (
        classes.shown(master, own) as server,
        opened(browser, server) as visitor,
    ):
        visitor.page.goto(f"{server.address}why/")
        visitor.page.wait_for_timeout(200)
        assert (
            visitor.page.locator(".answer img, .answer svg").count() > 0
        )  # it is HTML
        assert visitor.page.title() == "why: answer 1 of 1"
        assert visitor.page.url.startswith(server.address)
        assert [one for one in visitor.problems if "Content Security" not in one] == []
        assert len(visitor.problems) > 2


def test_two_markers_at_once_are_told_of_each_other(browser, master, own):
    with (
        classes.shown(master, own) as server,
        opened(browser, server) as one,
        opened(browser, server) as two,
    ):
        for visitor in (one, two):
            visitor.page.goto(f"{server.address}why/")
        one.page.keyboard.type("1")
        expect(one.page.locator("#state")).to_have_text("Saved.")
        two.page.keyboard.type("2")
        state = two.page.locator("#state")
        expect(state).to_have_text("Not saved: meanwhile this answer has been given 1.")
        two.page.keyboard.press("n")
        expect(two.page.locator("nav span")).to_contain_text("Ann")  # it stays
        two.page.get_by_role("button", name="Write mine").press("Enter")
        expect(state).to_have_text("Saved.")
        assert marks(master, own)["Ann", "why"] == ("2", "")
        assert [*(own / "manual/earlier").iterdir()]
        one.page.keyboard.press("Backspace")
        one.page.keyboard.type("0")
        one.page.get_by_role("button", name="Take what is there").press("Enter")
        expect(one.page.locator("#points")).to_have_value("2")
        assert marks(master, own)["Ann", "why"] == ("2", "")


def test_who_closes_the_browser_loses_nothing(browser, master, own):
    with classes.shown(master, own) as server:
        with opened(browser, server) as visitor:
            visitor.page.goto(f"{server.address}why/")
            visitor.page.keyboard.type("1.5")
            visitor.page.close()  # before the delay after the last key
        with opened(browser, server) as visitor:
            token = server.desk.entries(master.manual[0])[0].token
            visitor.page.goto(f"{server.address}why/{token}")
            expect(visitor.page.locator("#points")).to_have_value("1.5")
    assert marks(master, own)["Ann", "why"] == ("1.5", "")


def test_what_cannot_be_saved_is_said_and_stays(browser, master, own):
    with classes.shown(master, own) as server, opened(browser, server) as visitor:
        page = visitor.page
        page.goto(f"{server.address}why/")
        page.keyboard.type("2.5")
        page.keyboard.press("Enter")
        state = page.locator("#state")
        expect(state).to_have_text("Not saved: points: '2.5' is no number from 0 to 2.")
        expect(page.locator("#points")).to_have_value("2.5")
        expect(page.locator("nav span")).to_contain_text("Ann")
        server.shutdown()
        server.server_close()
        page.locator("#points").fill("2")
        expect(state).to_contain_text("Not saved: the marking page was ended.")
    assert marks(master, own)["Ann", "why"] == ("", "")
