"""The search: what students type leads to the section that answers, and shows it."""

import re

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import expect

from tests.site.strict_server import serve_strictly
from tools.sphinxext import search_index
from tools.sphinxext.formula_lines import one_line
from tools.visitor import Visitor

pytestmark = pytest.mark.turns(3, 0)

CHAPTERS, APPENDIX = "book/chapters/", "book/appendix/"
FIRST = {
    "kaiming": "glossary.html#term-Kaiming",
    "he initialization": "06-he.html#he-initialization-for-relu",
    "leaky relu": "what-do-i-type.html#leaky-relu",
    "dying relu": "06-he.html#born-dead",
    "dead neuron": "glossary.html#term-dead-unit",
    "weight decay": "04-regularization.html#weight-regularization",
    "orthogonal": "10-orthogonal-and-finite-width.html"
    "#orthogonal-weights-and-finite-width",
    "xavier vs he": "05-xavier.html#not-swapped-he-with-tanh-xavier-with-relu"
    " 07-which-one.html#twenty-layers-of-tanh-xavier-or-he",  # as good
    "glorot": "05-xavier.html#xavier-initialization",
    "vanishing gradients": "glossary.html#term-vanishing-gradient",
    "exploding gradient": "glossary.html#term-exploding-gradient",
    "bias initialization": "01-weights-and-biases.html#where-should-a-bias-start",
    "zero initialization": "faq.html#starting-at-zero",
    "break symmetry": "02-zero-constant-symmetry.html"
    "#what-breaks-the-symmetry-and-what-does-not",
    "constant weights": "02-zero-constant-symmetry.html#zero-constant-and-symmetry",
    "L2 regularisation": "04-regularization.html#weight-regularization",
    "fan in or fan out": "06-he.html#fan-in-or-fan-out",
    "gain": "glossary.html#term-gain",
    "learning rate": "07-which-one.html#one-learning-rate-for-all-is-unfair",
    "first loss": "01-weights-and-biases.html#the-first-loss-is-a-test",
    "forget gate": "glossary.html#term-forget-gate",
    "transformer initialization": "14-transformers.html#initializing-a-transformer",
    "resnet": "13-residual-networks.html#residual-networks-and-normalization",
    "batchnorm": "glossary.html#term-batch-normalization",
    "mup": "glossary.html#term-P",
    "diagnose": "16-clinic.html#the-clinic",
    "same seed": "02-zero-constant-symmetry.html#the-same-seed-twice",
    "pytorch default": "06-he.html#the-default-of-torch-nn-linear",
    "rnn": "glossary.html#term-recurrent-network",
    "he_normal": "api.html#initlib.initializers.he_normal glossary.html#term-Kaiming",
}
LEFT_OVER = re.compile(r"\\[a-z]+|\u200b|\u2061|[{}$]|undefined")


@pytest.fixture(scope="module")
def visitor(browser, site):
    with serve_strictly(site) as base, Visitor(browser, base) as visitor:
        yield visitor.open("search.html?q=variance")
        assert visitor.problems == []


def hits(page) -> list[str]:
    """Return the addresses of what was found, best first."""
    return page.eval_on_selector_all(
        "#search-results a", "links => links.map(link => link.getAttribute('href'))"
    )


def first_hit(page, query: str) -> str:
    """Return the file and the section that a query leads to first."""
    page.locator(".bd-search-container input").fill(query)
    return hits(page)[0].rpartition("/")[2]


def test_thirty_queries_lead_to_their_section(visitor):
    visitor.open("search.html")
    found = {query: first_hit(visitor.page, query) for query in FIRST}
    wrong = {q: hit for q, hit in found.items() if hit not in FIRST[q].split()}
    assert wrong == {}
    assert len(FIRST) == 30


@pytest.mark.parametrize("address", sorted({a.split()[0] for a in FIRST.values()}))
def test_a_hit_is_on_the_screen_once_followed(visitor, address):
    folder = CHAPTERS if address[0].isdigit() else APPENDIX
    visitor.page.goto(f"{visitor.base}{folder}{address}")
    place = visitor.page.locator(f'[id="{address.partition("#")[2]}"]')
    head = place.locator("h1, h2, h3").or_(place).first
    expect(head).to_be_in_viewport()


def test_without_synonyms_the_queries_lead_elsewhere(browser, served):
    with Visitor(browser, served) as visitor:
        script = re.compile(r"sections\.js")

        def forget(route) -> None:
            text = route.fetch().text()
            plain = re.sub(r'"synonyms":{.*?}', '"synonyms":{}', text, count=1)
            route.fulfill(body=plain, content_type="text/javascript")

        visitor.page.route(script, forget)
        visitor.open("search.html")
        for query in ("glorot", "dying relu", "weight decay"):
            assert first_hit(visitor.page, query) != FIRST[query]


def test_results_are_reached_by_keyboard_and_told_aloud(visitor):
    visitor.open("search.html?q=he initialization")
    page = visitor.page
    expect(page.locator("[role=status]")).to_have_text(re.compile(r"^\d+ places found"))
    page.locator(".bd-search-container input").press("Tab")
    expect(page.locator("#search-results a").first).to_be_focused()
    assert visitor.faults() == []
    page.keyboard.press("Enter")
    page.wait_for_url("**/06-he.html#he-initialization-for-relu")


def test_nothing_found_is_said(visitor):
    visitor.open("search.html?q=zyzzyva")
    expect(visitor.page.locator("[role=status]")).to_have_text("0 places found.")
    assert hits(visitor.page) == []


def test_formulas_in_results_read_well(visitor):
    visitor.open("search.html?q=variance")
    shown = visitor.page.locator("#search-results").inner_text()
    assert not LEFT_OVER.search(shown)
    visitor.open("search.html?q=removes half of the second moment")
    first = visitor.page.locator("#search-results p").first
    expect(first).to_contain_text("so weights of variance 2/fan_in, twice what")
    expect(first.locator("mark").first).to_have_text("removes")


LINES = {
    r"\sqrt{2/\mathrm{fan\_in}}": "√(2/fan_in)",
    r"\frac{a + b}{2n}": "(a + b)/(2n)",
    r"\sigma_w^2 = 1": "σ_w² = 1",
    r"h_{l+1}": "h_(l + 1)",
    r"e^{-\eta t}": "e^(−ηt)",
    r"-\ln p": "−ln p",
    r"\max(0, x)": "max(0, x)",
    r"10{,}000": "10,000",
    r"\tanh^2 z": "tanh² z",
    r"\sqrt[3]{x}": "³√x",
}


@pytest.mark.parametrize(("formula", "text"), LINES.items())
def test_formula_is_written_on_a_line(render, formula, text):
    assert one_line(render(formula)) == text


def test_every_place_is_found_once_with_its_own_words_alone():
    page = BeautifulSoup(
        """<article class="bd-article"><section id="top"><h1>Top<a class="headerlink">#
        </a></h1><p>Above <code-here>x = 1</code-here>.</p><section id="in"><h2>In</h2>
        <p>Below.</p><!-- note --><section id="no-heading"><p>More.</p></section>
        </section><dl class="glossary"><dt id="term-a">a term</dt><dd>Its text.</dd>
        </dl></section></article>""",
        "html.parser",
    )
    found = search_index.sections_of(page, ["<pre>x = 1</pre>"], "a.html")
    assert [(s["kind"], s["heading"], s["url"], s["text"]) for s in found] == [
        ("title", "Top", "a.html#top", "Above ."),
        ("head", "In", "a.html#in", "Below. More."),
        ("term", "a term", "a.html#term-a", "Its text."),
    ]
    assert {s["page"] for s in found} == {"Top"}


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        (
            """<div class="claim"><span class="statement">Half is kept.</span>
            <span class="measured">Measured .5.</span></div>""",
            "Half is kept.",
        ),
        ("<ul class='claims-index'><li>Half is kept.</li></ul>", ""),
        ("<ul><li>Half is kept.</li></ul>", "Half is kept."),
    ],
    ids=["where it is made", "in a list of claims", "in another list"],
)
def test_a_claim_is_found_by_its_sentence_where_it_is_made(inner, text):
    page = f"""<article class="bd-article"><section id="top"><h1>Top</h1>{inner}
        </section></article>"""
    [found] = search_index.sections_of(BeautifulSoup(page, "html.parser"), [], "a.html")
    assert found["text"] == text
