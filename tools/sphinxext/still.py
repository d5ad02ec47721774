"""Show the stored picture of a live figure to readers whose browser runs no scripts."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

LIVE = "application/vnd.jupyter.widget-view+json"
STILL = "image/svg+xml"


class KeepStill(SphinxPostTransform):
    """Put the picture beside the widget, before one of both is chosen."""

    default_priority = 3  # myst-nb chooses at 4
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        for bundle in self.document.findall(nodes.container):
            shown = {child.get("mime_type"): child for child in bundle.children}
            if bundle.get("nb_element") == "mime_bundle" and {LIVE, STILL} <= {*shown}:
                picture = [child.deepcopy() for child in shown[STILL].children]
                shown[LIVE] += [tag("<noscript>"), *picture, tag("</noscript>")]


def tag(text: str) -> nodes.raw:
    return nodes.raw("", text, format="html")


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_post_transform(KeepStill)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
