"""The Content-Security-Policy of the built site; the crawl tries it on every page."""

import pytest

from tests.site.strict_server import NAME, policy_of, serve_strictly
from tools.sphinxext import policy
from tools.visitor import Visitor

pytestmark = pytest.mark.turns(3, 2)


def test_policy_allows_the_code_of_the_pages_and_no_other():
    page = (
        '<script type="application/json">{"a": 1}</script><script src="a.js"></script>'
        '<script>one()</script><a onclick="two()">b</a><style>p {}</style>'
    )
    rule = policy.policy([page, "<script>one()</script>"])
    sources = dict(part.split(" ", 1) for part in rule.split("; "))
    scripts, styles = sources["script-src"].split(), sources["style-src"].split()
    assert scripts[:3] == ["'self'", "blob:", "'unsafe-hashes'"]
    assert {*scripts[3:]} == {*policy.digests(["one()", "two()"]).split()}
    assert styles == ["'self'", policy.digests(["p {}"])]
    # The example of the specification:
    hello = "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"
    assert policy.digests(["alert('Hello, world.');"]) == hello


def test_policy_lets_nothing_in_from_elsewhere(site):
    rule = policy_of(site)
    assert rule.startswith("default-src 'none'; script-src 'self' ")
    rest = rule.replace("font-src 'self' data:;", "")
    for loose in ("unsafe-eval", "script-src 'unsafe-inline'", "http", "*", "data:"):
        assert loose not in rest
    assert rule.count("'sha256-") <= 12  # not one for each page


def test_search_works_under_the_policy(site, browser):
    with serve_strictly(site) as base, Visitor(browser, base) as visitor:
        visitor.open("search.html?q=variance")
        visitor.page.wait_for_selector("#search-results li")
        assert visitor.problems == []


@pytest.mark.parametrize(
    "code",
    [
        "<script>document.title = 'changed'</script>",
        "<script src='https://example.org/a.js'></script>",
        "<style>p { color: red }</style>",
        "<p onclick='x()'>",
    ],
)
def test_what_the_policy_forbids_is_noticed(tmp_path, browser, code):
    rule = policy.policy(["<script>one()</script>"])
    (tmp_path / "_headers").write_text(f"/*\n  {NAME}: {rule}\n")
    (tmp_path / "a.html").write_text(f"<link rel=icon href=a.html>{code}")
    with serve_strictly(tmp_path) as base, Visitor(browser, base) as visitor:
        visitor.open("a.html")
        (problem,) = visitor.problems
    assert "Content Security Policy" in problem
