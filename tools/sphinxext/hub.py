"""Offer each notebook on the reader's own JupyterHub, whose address the page asks for.

The theme makes the link, which nbgitpuller answers; `book/assets/hub.js` puts the hub
before it.  Without scripts the entry leads to what teachers read about hubs.
With a `jupyterhub_url` among the `launch_buttons` the theme's own entry stays.
"""

from sphinx.application import Sphinx
from sphinx.config import Config

ANY_HUB = "https://hub.invalid"
HELP = ("book/teach", "#jupyterhub")


def ask_theme(app: Sphinx, config: Config) -> None:
    """Let the theme make a link to a hub, if it would make none."""
    buttons = config.html_theme_options.get("launch_buttons")
    if buttons and not buttons.get("jupyterhub_url"):
        buttons["jupyterhub_url"] = ANY_HUB


def offer_hub(app: Sphinx, page: str, template: str, context: dict, tree) -> None:
    """Give the part of the link behind the hub to the script that asks for the hub."""
    name, anchor = HELP
    for group in context.get("header_buttons", []):
        for button in group.get("buttons", []):
            hub, _, pull = button.get("url", "").partition(f"{ANY_HUB}/")
            if pull and not hub:
                button["url"] = context["pathto"](name) + anchor
                button["label"] = "jupyterhub"
                app.add_js_file("hub.js", loading_method="defer", **{"data-pull": pull})


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("config-inited", ask_theme)
    app.connect("html-page-context", offer_hub, priority=502)  # after the theme's own
    return {"parallel_read_safe": True, "parallel_write_safe": True}
