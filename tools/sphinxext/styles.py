"""Read style sheets as one, without what no page of the site uses."""

import os
import re
from pathlib import Path

import tinycss2

LOCAL_URL = re.compile(r"""url\(\s*["']?(?!data:|https?:|#)([^)"']+?)["']?\s*\)""")
IMPORT = re.compile(r"""@import\s+(?:url\()?["']?([^"')]+)["']?\)?\s*;""")
VALUE = r"""(?:url\([^)"']*\)|"[^"]*"|'[^']*'|[^;{}"'])*"""
PROPERTY = re.compile(rf"(?<=[{{;])\s*(--[\w-]+):{VALUE}(?:;|(?=\}}))")
GROUPS = {"media", "supports", "container", "layer"}


def read_sheet(path: Path, root: Path) -> str:
    """Return a style sheet with its imports inlined and its URLs relative to root."""
    path = Path(os.path.normpath(path))
    text = path.read_text(encoding="utf8").replace('@charset "UTF-8";', "")
    text = IMPORT.sub(lambda found: read_sheet(path.parent / found[1], root), text)

    def rebase(found: re.Match) -> str:
        target = found[1].partition("?")[0]
        if (root / target).exists():
            return f"url({target})"  # came from an import, rebased already
        return f"url({os.path.relpath(path.parent / target, root)})"

    return LOCAL_URL.sub(rebase, text)


def keep_used(css: str, words: set[str]) -> str:
    """Drop every rule whose classes and ids cannot occur in the site."""
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return "".join(keep_rule(rule, words) for rule in rules)


def keep_rule(rule, words: set[str]) -> str:
    if rule.type == "qualified-rule":
        selectors = [
            compact(selector)
            for selector in split_at_commas(rule.prelude)
            if named_in(selector) <= words
        ]
        return f"{','.join(selectors)}{{{compact(rule.content)}}}" if selectors else ""
    if rule.type != "at-rule":
        return ""
    prelude = compact(rule.prelude)
    head = f"@{rule.at_keyword} {prelude}" if prelude else f"@{rule.at_keyword}"
    if rule.content is None:
        return f"{head};"
    if rule.lower_at_keyword in GROUPS:
        body = keep_used(tinycss2.serialize(rule.content), words)
        return f"{head}{{{body}}}" if body else ""
    return f"{head}{{{compact(rule.content)}}}"


def split_at_commas(tokens: list) -> list[list]:
    parts = [[]]
    for token in tokens:
        if token == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def named_in(selector: list) -> set[str]:
    """Return the classes and ids that a selector asks for, outside :not() and :is()."""
    names = set()
    for before, token in zip([None, *selector], selector, strict=False):
        if token.type == "hash" or (token.type == "ident" and before == "."):
            names.add(token.value)
    return names


def compact(tokens: list) -> str:
    """Serialize tokens without comments and needless white space."""
    kept = []
    for token in tokens:
        if token.type == "comment":
            continue
        if token.type == "whitespace":
            token.value = " "
            if not kept or kept[-1].type == "whitespace" or kept[-1] == ";":
                continue
        kept.append(token)
    return tinycss2.serialize(kept).strip()


def drop_unused_properties(css: str) -> str:
    """Drop the custom properties that nothing reads, and those that only they read."""
    read = set(re.findall(r"var\(\s*(--[\w-]+)", css))
    kept = PROPERTY.sub(lambda found: found[0] if found[1] in read else "", css)
    return css if kept == css else drop_unused_properties(kept)
