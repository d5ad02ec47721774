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
try {
  localStorage;
} catch { // a browser that keeps nothing: choices last as long as the page
  const storage = () => {
    const kept = new Map();
    return {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => { kept.set(key, String(value)); },
      removeItem: (key) => { kept.delete(key); },
    };
  };
  for (const name of ["localStorage", "sessionStorage"])
    Object.defineProperty(window, name, {value: storage()});
}
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

SIDEBARS = {  # what their buttons are called, and up to which width there are buttons
    "primary": ("Contents", 959.98),
    "secondary": ("On this page", 1199.98),
}
SIDEBAR_BELOW = """
@media (max-width: {width}px) {{
  .bd-container__inner, .bd-content {{ flex-wrap: wrap; }}
  .bd-container__inner #pst-{kind}-sidebar {{
    flex: 1 1 100%;
    height: auto;
    margin: 0;
    max-height: none;
    max-width: none;
    order: 3;
    position: static;
    visibility: visible;
  }}
}}
@media not (max-width: {width}px) {{
  [href="#pst-{kind}-sidebar"] {{ display: none; }}
}}
"""
WITHOUT_SCRIPTS = ".pst-js-only { display: none !important; }" + "".join(
    SIDEBAR_BELOW.format(kind=kind, width=width)
    for kind, (_, width) in SIDEBARS.items()
)


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


def mark_sections(page: Page, path: Path) -> None:
    """Let `contents.js` mark where one reads, in place of the theme."""
    for contents in page.select("#pst-page-toc-nav"):
        contents["id"] = "page-contents"  # the theme's script looks for its own


def fetch_when_asked(page: Page, path: Path) -> None:
    """Leave out the hint at which Firefox fetches the next page unasked."""
    for link in page.head.select('link[rel="next"]'):
        link.decompose()


def sidebars_without_scripts(page: Page, path: Path) -> None:
    """Show what a narrow screen's buttons open below the page, without scripts."""
    for kind, (name, _) in SIDEBARS.items():
        sidebar = page.select_one(f"#pst-{kind}-sidebar")
        button = page.select_one(f".sidebar-toggle.{kind}-toggle")
        if not sidebar or not button or "pst-js-only" in button["class"]:
            continue
        button["class"].append("pst-js-only")
        link = page.new_tag("a", href=f"#{sidebar['id']}")
        link["class"] = "btn btn-sm"
        link.string = name
        still = page.new_tag("noscript")
        still.append(link)
        button.insert_after(still)
    for style in page.select("head noscript style"):
        style.string = WITHOUT_SCRIPTS


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
