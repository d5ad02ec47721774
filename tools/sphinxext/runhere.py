"""Let readers edit and run the code cells in the page, if the build asks for it.

Off unless the environment variable RUN_HERE is 1 when the site is built.  Each code
cell then has a button; the first click on one loads Pyodide, from the release that
`book/assets/run/release.json` pins, and the library, from the site itself.
"""

import json
import os
import zipfile
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.transforms.post_transforms import SphinxPostTransform

from tools.paths import ROOT

LIBRARY = ROOT / "initlib"
RELEASE = json.loads((ROOT / "book/assets/run/release.json").read_text("utf8"))
PACKED = (".py", ".js", ".css", ".csv")
BUTTON = (
    '<button class="run-open" type="button" aria-label="Edit and run cell {}">'
    "Edit and run</button>"
)


class AddButtons(SphinxPostTransform):
    """Put a button below the code of each cell."""

    default_priority = 800
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        if not self.config.run_here:
            return
        inputs = [
            node
            for node in self.document.findall(nodes.container)
            if node.get("nb_element") == "cell_code_source"
        ]
        for number, node in enumerate(inputs, 1):
            button = nodes.raw("", BUTTON.format(number), format="html")
            node.parent.insert(node.parent.index(node) + 1, button)


def leave_out(app: Sphinx, config: Config) -> None:
    """Keep the scripts out of a site whose cells do not run."""
    if not config.run_here:
        config.exclude_patterns.append("**/run")


def load_script(app: Sphinx, page: str, template: str, context: dict, tree) -> None:
    if app.config.run_here and tree and BUTTON.split("{")[0] in context.get("body", ""):
        app.add_css_file("run/run.css")
        app.add_js_file("run/start.js", loading_method="defer")


def pack(path: Path) -> None:
    """Write the library as a zip archive, the same bytes for the same sources."""
    files = sorted(f for f in LIBRARY.rglob("*") if f.suffix in PACKED)
    with zipfile.ZipFile(path, "w") as archive:
        for file in files:
            name = file.relative_to(LIBRARY.parent).as_posix()
            entry = zipfile.ZipInfo(name)  # of 1980, with no one's permissions
            archive.writestr(entry, file.read_bytes(), zipfile.ZIP_DEFLATED, 9)


def add_library(app: Sphinx, exception: Exception | None) -> None:
    if not exception and app.builder.format == "html" and app.config.run_here:
        pack(Path(app.outdir, "_static/run/initlib.zip"))


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_config_value("run_here", os.environ.get("RUN_HERE") == "1", "env", bool)
    app.add_post_transform(AddButtons)
    app.connect("config-inited", leave_out)
    app.connect("html-page-context", load_script)
    app.connect("build-finished", add_library)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
