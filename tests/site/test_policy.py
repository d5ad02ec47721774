"""The built site under its Content-Security-Policy."""

from tests.site.strict_server import policy_of, serve_strictly
from tools.sphinxext import policy
from tools.visitor import Visitor

FORBIDDEN = """addEventListener("securitypolicyviolation", event =>
  console.error(`${event.violatedDirective} forbids ${event.blockedURI}`));"""


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


def test_every_page_works_under_the_policy(site, browser):
    names = [
        str(path.relative_to(site))
        for path in sorted(site.rglob("*.html"))
        if "_static" not in path.parts and path != site / "index.html"
    ]
    assert len(names) > 15
    figures = 0
    with serve_strictly(site) as base, Visitor(browser, base) as visitor:
        visitor.context.add_init_script(FORBIDDEN)
        for name in names:
            visitor.open(name)
            figures += visitor.page.locator(".live-picture").count()
        visitor.open("search.html?q=variance")
        visitor.page.wait_for_selector("#search-results li")
        assert visitor.problems == []
    assert figures >= 7
