"""Load few scripts, late, and let the browser itself do what needs none."""

from pathlib import Path

from bs4 import BeautifulSoup as Page

UNUSED_SCRIPTS = (
    "fontawesome.js",
    "bootstrap.js",
    "sphinx_highlight.js",
    *("searchtools.js", "language_data.js", "searchindex.js"),  # see search_index
)
COPY_SCRIPTS = ("clipboard.min.js", "copybutton.js", "copybutton_funcs.js")
CHOOSE_THEME = """
{
  let mode = "auto";
  try { mode = localStorage.getItem("mode") || mode; } catch {} // blocked
  const night = matchMedia("(prefers-color-scheme: dark)").matches;
  const dark = mode === "dark" || (mode === "auto" && night);
  const {dataset} = document.documentElement;
  dataset.mode = mode;
  dataset.theme = dark ? "dark" : "light";
  let before;
  addEventListener("beforeprint", () => {
    before = dataset.theme;
    dataset.theme = "light";
  });
  addEventListener("afterprint", () => { dataset.theme = before; });
}
"""


def slim_scripts(page: Page, path: Path) -> None:
    """Load each script only where it is used, and after the text."""
    for link in page.select('link[rel="preload"][as="script"]'):
        link.decompose()
    for script in page.select('script[src*="documentation_options.js"]'):
        script.string = (path.parent / script["src"].partition("?")[0]).read_text()
        del script["src"]
    copies = () if page.select("div.highlight") else COPY_SCRIPTS
    unused = UNUSED_SCRIPTS + copies
    for script in page.select("script[src]"):
        if Path(script["src"].partition("?")[0]).name in unused:
            script.decompose()
        elif script.get("type") != "module":
            script["defer"] = ""


def choose_theme_first(page: Page, path: Path) -> None:
    """Settle light or dark before the first paint, light without scripts."""
    page.html["data-theme"] = "light"
    for script in page.select("script[data-cfasync]"):
        script.string = CHOOSE_THEME


def menus_without_scripts(page: Page, path: Path) -> None:
    """Let the browser itself open the menus of the header."""
    for number, button in enumerate(page.select("[data-bs-toggle=dropdown]")):
        menu = button.find_next_sibling("ul")
        menu["id"] = f"header-menu-{number}"
        menu["popover"] = "auto"
        button["popovertarget"] = menu["id"]
        button["title"] = button["aria-label"]
        del button["data-bs-toggle"], button["aria-expanded"]


def boxes_that_open(page: Page, path: Path) -> None:
    """Turn boxes of the class `dropdown` into <details>, which need no script."""
    for box in page.select("div.admonition.dropdown, div.solution.dropdown"):
        title = box.find("p", class_="admonition-title")
        for link in title.find_all("a"):
            link.unwrap()  # a link inside of a button answers to neither
        title.name = "summary"
        box.name = "details"
        box["class"].remove("dropdown")


def code_that_folds(page: Page, path: Path) -> None:
    """Let the line that opens code be its name, in spans, as a summary may hold."""
    for summary in page.select("details.admonition.hide > summary"):
        del summary["aria-label"]
        for line in summary.find_all("p"):
            line.name = "span"
            line["class"].remove("admonition-title")
        summary.parent["class"].remove("admonition")
