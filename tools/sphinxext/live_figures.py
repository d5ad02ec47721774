"""Put live figures into pages: once what they share, and a picture without scripts."""

import json
from html import escape

from docutils import nodes
from myst_nb.core.render import sanitize_script_content
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

LIVE = "application/vnd.jupyter.widget-view+json"
STILL = "image/svg+xml"
TOLD = "text/plain"
SHARED = {"_esm", "_css", "_worker"}  # what many figures of a page may have alike


def share(stored: str) -> str:
    """Keep a script or style sheet with the first figure of a page that has it.

    The others name this figure in its place; they are the larger part of a small one.
    """
    page, owners = json.loads(stored), {}
    for model, figure in page["state"].items():
        for key in SHARED & figure["state"].keys():
            text = figure["state"][key]
            owner = owners.setdefault(text, model)
            if owner != model and text not in page["state"]:
                figure["state"][key] = owner
    return json.dumps(page)


def share_on_page(app: Sphinx, name: str, *_: object) -> None:
    """Slim the state that myst-nb is about to write into a page."""
    if app.builder.format == "html":
        files = NbMetadataCollector.get_js_files(app.env, name)
        _, script = files.get("ipywidgets_state", (None, {}))
        if script:
            script["body"] = sanitize_script_content(share(script["body"]))


class KeepStill(SphinxPostTransform):
    """Put the picture beside the widget, before one of both is chosen."""

    default_priority = 3  # myst-nb chooses at 4
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        for bundle in self.document.findall(nodes.container):
            shown = {child.get("mime_type"): child for child in bundle.children}
            if bundle.get("nb_element") == "mime_bundle" and {LIVE, STILL} <= {*shown}:
                picture = [child.deepcopy() for child in shown[STILL].children]
                told = shown[TOLD].astext().partition(": ")[2]  # after the class
                text = tag(f'<p class="shown">Shown: {escape(told)}</p>')
                shown[LIVE] += [tag("<noscript>"), *picture, text, tag("</noscript>")]


def tag(text: str) -> nodes.raw:
    return nodes.raw("", text, format="html")


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_post_transform(KeepStill)
    app.connect("html-page-context", share_on_page, priority=400)  # myst-nb's is 500
    return {"parallel_read_safe": True, "parallel_write_safe": True}
