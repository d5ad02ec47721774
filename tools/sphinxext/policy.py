"""Write down the strictest Content-Security-Policy under which every page works.

The site holds it in the file `_headers`, which Netlify and Cloudflare Pages obey and
from which any other server's setting can be copied.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from sphinx.application import Sphinx

from tools.sphinxext import runhere
from tools.sphinxext.site_files import pages_of

INLINE = {
    tag: re.compile(rf"<{tag}(?![^>]*(?:\bsrc=|json))[^>]*>(.*?)</{tag}>", re.DOTALL)
    for tag in ("script", "style")
}
HANDLER = re.compile(r'<[^>]+\son[a-z]+="([^"]*)"')
# The theme names each page for its version switcher, which this book does not have.
UNUSED = re.compile(r"<script>DOCUMENTATION_OPTIONS\.pagename = '[^']*';</script>\n?")


def digests(texts: Iterable[str]) -> str:
    """Return the source expressions that allow these texts, and no others."""
    hashes = (hashlib.sha256(text.encode()).digest() for text in texts)
    return " ".join(sorted(f"'sha256-{base64.b64encode(h).decode()}'" for h in hashes))


def policy(pages: Iterable[str], run_here: bool = False) -> str:
    """Return the policy for these pages.

    Figures come to life from `blob:`, formulas need the attribute `style`, and the
    small fonts stand in the style sheet.  Cells that run in the page need Pyodide.
    """
    whole = "".join(pages)
    code = {*INLINE["script"].findall(whole)}
    handlers = {*HANDLER.findall(INLINE["script"].sub("", whole))}
    sources = {
        "default-src": "'none'",
        "script-src": f"'self' blob: 'unsafe-hashes' {digests(code | handlers)}",
        "style-src": f"'self' {digests({*INLINE['style'].findall(whole)})}",
        "style-src-attr": "'unsafe-inline'",
        "font-src": "'self' data:",
        "img-src": "'self'",
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'self'",
    }
    if run_here:
        sources["script-src"] += " 'wasm-unsafe-eval'"
        sources["connect-src"] += " {core} {packages}".format(**runhere.RELEASE)
        sources["img-src"] += " data:"
        sources["worker-src"] = "'self' blob:"
    return "; ".join(f"{name} {allowed}" for name, allowed in sources.items())


def write_policy(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.format != "html":
        return
    site, pages = Path(app.outdir), []
    for path in pages_of(site):
        pages.append(UNUSED.sub("", path.read_text(encoding="utf8")))
        path.write_text(pages[-1], encoding="utf8")
    rule = policy(pages, app.config.run_here)
    header = f"/*\n  Content-Security-Policy: {rule}\n"
    (site / "_headers").write_text(header, encoding="utf8")


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("build-finished", write_policy, priority=950)  # when pages are final
    return {"parallel_read_safe": True, "parallel_write_safe": True}
