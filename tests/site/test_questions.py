"""Questions, predictions and *True or false?* answer: by keyboard, and once for all.

Each day one page that was answered is looked over in one width, with EVERY_VIEW=1 all.
"""

import re
from collections import Counter
from itertools import product

import pytest
from playwright.sync_api import Error, Locator, Page, expect

from tests.site.mended import mended
from tests.site.test_page_faults import EVERY_VIEW
from tests.turns import EACH_DAY, of_today
from tools.sphinxext.questions import Dealer, mark_predictions, mark_questions
from tools.visitor import SCHEMES, WIDTHS, Visitor

pytestmark = pytest.mark.turns(3, 2)

CHAPTER = "book/chapters/04-regularization.html"
STATEMENTS = "book/appendix/true-or-false.html"
WORDS = {True: "✓ Right", False: "✗ Not so"}
BLOCKED = """Object.defineProperty(Storage.prototype, "%s", {
  value() { throw new Error("blocked"); },
});"""
ASKED = """<p><strong>1. How much?</strong></p>
<details><summary>One</summary><p>Too little.</p></details>
<details><summary>Two</summary><p>Right: it is.</p></details>
<details><summary>Three</summary><p>Too much.</p></details>
<p>Text.</p>"""
PREDICTED = """<article><section id="predict-first"><blockquote><div><ol>
<li><p>How much?</p><ul><li><p>little</p></li><li><p>a lot</p></li></ul></li>
<li><p>Why?</p></li>
</ol></div></blockquote></section>
<p>About the first prediction.</p>
<p>This answers the first question of <em>Predict first</em>: <strong>A lot</strong>.
</p><p>And so prediction 2 is answered.</p></article>"""


# What the build marks


def test_question_says_which_option_is_right():
    box = mended(mark_questions, ASKED).select_one(".question")
    assert box["data-right"] == "1"
    assert {*box["data-order"].split()} == {"0", "1", "2"}
    assert [child.name for child in box.find_all(recursive=False)] == [
        "p",
        *["details"] * 3,
    ]


@pytest.mark.parametrize(
    "broken",
    [
        ASKED.replace("Right: it is", "It is"),
        ASKED.replace("Too much", "Right, too"),
        ASKED.replace("1. ", ""),
        ASKED.replace("<details>", '<details class="hide">'),
    ],
    ids=["none right", "two right", "no question", "folded code"],
)
def test_anything_else_stays_as_it_is(broken):
    assert not mended(mark_questions, broken).select(".question")


def test_changed_question_is_a_new_one():
    keys = {
        mended(mark_questions, html).select_one(".question")["data-key"]
        for html in (ASKED, ASKED.replace("much?", "many?"), ASKED.replace("One", "1"))
    }
    assert len(keys) == 3


def test_right_option_comes_to_every_place():
    dealt = Dealer("page")
    orders = [dealt.order(3, right=1) for _ in range(30)]
    assert Counter(order.index(1) for order in orders) == {0: 10, 1: 10, 2: 10}
    assert Dealer("page").order(3, right=1) == orders[0]
    assert any(Dealer(name).order(3, right=1) != orders[0] for name in "abcdef")


def test_prediction_leads_to_its_answer():
    page = mended(mark_predictions, PREDICTED)
    first, second = page.select(".prediction")
    assert first["data-right"] == "1"
    assert not second.has_attr("data-right")
    answers = {p["data-answers"]: p.get_text() for p in page.select("[data-answers]")}
    assert answers[first["data-key"]].startswith("This answers")
    assert answers[second["data-key"]].startswith("And so")


def test_prediction_that_nothing_answers_is_not_marked():
    page = mended(mark_predictions, PREDICTED.replace("prediction 2", "the other"))
    assert len(page.select(".prediction")) == 1


def test_right_options_of_the_site_are_spread(site):
    places = Counter()
    for path in site.glob("book/chapters/*.html"):
        page = read(path)
        for box in page.select(".question"):
            places[box["data-order"].split().index(box["data-right"])] += 1
    total = places.total()
    assert total > 20
    assert max(places.values()) < total / 2, places


def read(path):
    return mended(lambda page, _: None, path.read_text(encoding="utf-8"))


# What a reader does


@pytest.fixture
def visitor(browser, served):
    with Visitor(browser, served, color_scheme="light") as visitor:
        yield visitor.open(CHAPTER)
        assert visitor.problems == []


@pytest.fixture
def page(visitor) -> Page:
    return visitor.page


def option(box: Locator, right: bool) -> Locator:
    """Return an option as one sees it: where it stands is not where it is written."""
    order, of = box.get_attribute("data-order").split(), box.get_attribute("data-right")
    place = next(i for i, source in enumerate(order) if (source == of) == right)
    return box.locator("button").nth(place)


@pytest.mark.parametrize("right", [True, False])
def test_question_is_answered_by_keyboard_and_kept(page, right):
    box = page.locator(".question").first
    button, status = option(box, right), box.get_by_role("status")
    expect(status).to_be_empty()
    button.press("Enter")
    expect(button).to_be_focused()
    for _ in range(2):
        expect(button).to_have_attribute("aria-pressed", "true")
        expect(button).to_contain_text(WORDS[right])
        expect(status).to_contain_text("Right" if right else WORDS[False])
        assert len(status.inner_text()) > 40
        expect(box.get_by_text(WORDS[not right])).to_have_count(0)
        page.reload()


def test_another_answer_replaces_the_first(page):
    box = page.locator(".question").first
    option(box, False).press("Space")
    option(box, True).press("Space")
    expect(box.locator("[aria-pressed=true]")).to_have_count(1)
    expect(box.get_by_text(WORDS[True])).to_be_visible()
    page.get_by_role("button", name="Forget all my answers").press("Enter")
    expect(page.locator("[aria-pressed=true]")).to_have_count(0)
    page.reload()
    expect(page.locator("[aria-pressed=true]")).to_have_count(0)


def test_prediction_is_shown_where_the_text_answers_it(page):
    entry = page.locator(".prediction[data-right]").first
    right = int(entry.get_attribute("data-right"))
    buttons, recall = entry.get_by_role("button"), page.locator(".recall").first
    expect(recall).to_be_hidden()
    for place in range(buttons.count()):
        buttons.nth(place).press("Enter")
        expect(entry.get_by_text(WORDS[True])).to_have_count(0)
        expect(recall).to_contain_text(buttons.nth(place).inner_text())
        expect(recall).to_contain_text(WORDS[place == right])
    page.reload()
    expect(recall).to_contain_text(buttons.last.inner_text())


def test_prediction_without_options_is_written(site, visitor, page):
    html = (site / CHAPTER).read_text(encoding="utf-8")
    bare = re.sub(r'(class="prediction"[^>]*) data-right="\d"', r"\1", html)
    bare = re.sub(r'(?s)(class="prediction".*?)<ul.*?</ul>', r"\1", bare)
    page.route(f"**/{CHAPTER}", lambda route: route.fulfill(body=bare))
    visitor.open(CHAPTER)
    field = page.locator(".prediction").first.get_by_role("textbox")
    field.fill("Longer, I think.")
    field.press("Tab")
    for _ in range(2):
        expect(field).to_have_value("Longer, I think.")
        expect(page.locator(".recall").first).to_have_text(
            "You predicted: Longer, I think."
        )
        page.reload()


def test_true_or_false_asks_first(visitor, page):
    visitor.open(STATEMENTS)
    box = page.locator(".settled").first
    verdict, proofs = box.locator(".verdict"), box.locator(".claims-index")
    expect(verdict).to_be_hidden()
    expect(proofs).to_be_hidden()
    box.get_by_role("button", name="True").press("Enter")
    expect(verdict).to_be_visible()
    expect(proofs).to_be_visible()
    expect(box.get_by_role("status")).to_contain_text(verdict.inner_text())
    expect(page.locator(".settled .verdict:visible")).to_have_count(1)
    page.get_by_role("button", name="Show every verdict").press("Enter")
    count = page.locator(".settled").count()
    expect(page.locator(".settled .verdict:visible")).to_have_count(count)


@pytest.mark.parametrize("address", [CHAPTER, STATEMENTS])
def test_printed_page_shows_every_answer_and_no_button(visitor, page, address):
    visitor.open(address)
    for box in page.locator(".question, .settled").all()[:2]:
        box.get_by_role("button").first.press("Enter")
    page.emulate_media(media="print")
    answers = page.locator(".question details > p, .settled > .verdict").all()
    assert len(answers) > 10
    for answer in answers:
        assert answer.evaluate("answer => answer.getBoundingClientRect().height") > 0
    expect(page.locator("article button:visible, .recall:visible")).to_have_count(0)
    page.emulate_media(media="screen")
    hidden = page.locator(".question details > p, .settled > .verdict").last
    expect(hidden).to_be_hidden()


@pytest.mark.parametrize("address", [CHAPTER, STATEMENTS])
def test_nothing_changes_without_scripts(browser, served, address):
    with Visitor(browser, served, java_script_enabled=False) as visitor:
        visitor.page.goto(served + address)
        page = visitor.page
        expect(page.locator("article :is(button, fieldset, textarea)")).to_have_count(0)
        for shown in page.locator(".question summary, .settled > .verdict").all():
            expect(shown).to_be_visible()
        for why in page.locator(".question details").all()[:2]:
            why.locator("summary").click()
            expect(why.locator("p").first).to_be_visible()


@pytest.mark.parametrize("method", ["getItem", "setItem"])
def test_answers_need_no_storage(browser, served, method):
    errors = []
    with Visitor(browser, served) as visitor:
        page = visitor.page
        visitor.context.add_init_script(BLOCKED % method)
        page.on("pageerror", lambda error: errors.append(error.stack))
        visitor.open(CHAPTER)
        box = page.locator(".question").first
        option(box, True).press("Enter")
        expect(box.get_by_text(WORDS[True])).to_be_visible()
        with pytest.raises(Error, match="blocked"):
            page.evaluate(f"localStorage.{method}('answers', '')")
    assert [stack for stack in errors if "answers.js" in stack] == []


@pytest.mark.parametrize("kept", ["null", "{", "[]", '{"s1": 7, "other": {}}'])
def test_what_others_have_stored_does_no_harm(visitor, page, kept):
    page.evaluate("kept => localStorage.setItem('answers', kept)", kept)
    visitor.open(STATEMENTS)
    box = page.locator(".settled").nth(1)
    box.get_by_role("button", name="False").press("Enter")
    expect(box.locator(".verdict")).to_be_visible()


@EACH_DAY
@pytest.mark.parametrize(
    ("address", "width"),
    of_today([*product([CHAPTER, STATEMENTS], WIDTHS)], 4, every=EVERY_VIEW),
)
def test_answered_page_is_without_fault(browser, served, address, width):
    with Visitor(browser, served, width, color_scheme=SCHEMES[0]) as visitor:
        visitor.open(address)
        page = visitor.page
        for place, box in enumerate(page.locator(".ask").all()[:9]):
            button = box.get_by_role("button").nth(place % 2)
            size = button.bounding_box()
            assert min(size["width"], size["height"]) >= 24
            button.press("Enter")
        for scheme in SCHEMES:
            visitor.turn(scheme)
            page.evaluate("visitor.shift = 0")  # what opened was asked for
            assert (scheme, visitor.faults()) == (scheme, [])
