"""Bring the cover on the first page to life: its controls, and the script behind them.

The controls stand in the page from its first paint, so that nothing moves; without
scripts and on paper there is the drawing alone.
"""

import json
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from initlib.widgets import bundle

SCRIPT = "ridges.js"
NETWORK = {
    "activation": "tanh",
    "depth": 15,
    "width": 32,
    "lr": 0.1,
    "optimizer": "sgd",
}
RACE = {
    **{"data": "spirals", "seed": 0, "steps": 500, "batch": 32, "differ": "all"},
    "sides": [NETWORK],  # the slider gives it a start
}
CONTROLS = """<div class="ridges">
<div class="ridges-pictures">
<svg aria-label="Activations" class="ridges-layers" role="img" viewBox="0 0 240 300">
</svg>
<canvas class="ridges-map" height="320" role="img" width="320" aria-label="Answers">
</canvas>
</div>
<div class="ridges-controls">
<label><span>size of the weights, σ<sub>w</sub></span>
<input class="ridges-size" max="4" min="0.4" step="0.1" type="range" value="1.4">
</label>
<output class="ridges-value">1.4</output>
<button class="ridges-train" type="button">Train</button>
<output aria-live="off" class="ridges-step"></output>
</div>
<p class="ridges-about">What the tanh units of a deep network send out, layer by layer,
and which of three spirals it takes each place for.</p>
<p class="ridges-told" role="status"></p>
</div>"""
START = """"use strict";
{{
{body}
const COMPUTE = {worker};
const cover = document.querySelector("figure.cover");
try {{
  new Ridges(cover, COMPUTE, {race});
}} catch {{
  cover.classList.add("still");
}}
}}
"""


def script() -> str:
    """Return the script of the first page, with all that it needs."""
    body = bundle.join("ridges.js").replace("\nexport ", "\n")
    worker = json.dumps(bundle.join("worker.js"), ensure_ascii=False)
    return START.format(body=body, worker=worker, race=json.dumps(RACE))


def liven_cover(
    app: Sphinx, name: str, template: str, context: dict[str, Any], doctree: object
) -> None:
    """Put controls below the drawing on the first page, and load their script."""
    if name == app.config.root_doc and app.builder.format == "html":
        caption = "<figcaption>"
        assert context["body"].count(caption) == 1, "the first page has one figure"
        context["body"] = context["body"].replace(caption, CONTROLS + caption)
        app.add_js_file(SCRIPT, loading_method="defer")


def write_script(app: Sphinx) -> None:
    """Write the script before any page, whose link to it holds a digest of it."""
    if app.builder.format == "html":
        path = Path(app.outdir, "_static", SCRIPT)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(script(), encoding="utf8")


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("html-page-context", liven_cover)
    app.connect("builder-inited", write_script)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
