"""One small style sheet: imports, rules and properties."""

import pytest

from tools.sphinxext import styles

USED = {"a", "b", "top"}
RULES = {
    ".a{x:1}": ".a{x:1}",
    ".gone{x:1}": "",
    ".a,.gone , p.b{x:1}": ".a,p.b{x:1}",
    "#top .a{x:1}#bottom .a{x:1}": "#top .a{x:1}",
    "p:not(.gone){x:1}": "p:not(.gone){x:1}",
    "@media print{.a{x:1}.gone{x:2}}": "@media print{.a{x:1}}",
    "@media print{.gone{x:1}}": "",
    "@keyframes k{from{x:1}}": "@keyframes k{from{x:1}}",
    "/* says */ .a { x: 1; /* more */ y: 2 }": ".a{x: 1;y: 2}",
}


@pytest.mark.parametrize(("css", "kept"), RULES.items())
def test_rules_that_no_page_uses_are_dropped(css, kept):
    assert styles.keep_used(css, USED) == kept


def test_properties_that_nothing_reads_are_dropped():
    css = """p{--a:1;--b:var(--a);--c:2;color:var(--c)}q{--d:url("x;y}'");--e:url(;)}"""
    assert styles.drop_unused_properties(css) == "p{--c:2;color:var(--c)}q{}"


def test_imports_are_inlined_and_addresses_follow(tmp_path):
    (tmp_path / "deep" / "fonts").mkdir(parents=True)
    (tmp_path / "deep" / "fonts" / "f.woff2").touch()
    (tmp_path / "deep" / "inner.css").write_text('p{src:url("fonts/f.woff2?v=1")}')
    (tmp_path / "outer.css").write_text(
        '@charset "UTF-8";@import "deep/inner.css";q{src:url(data:x)}'
    )
    css = styles.read_sheet(tmp_path / "outer.css", tmp_path)
    assert css == "p{src:url(deep/fonts/f.woff2)}q{src:url(data:x)}"
