"""Copy the public address from _config.yml to every place that repeats it.

    python -m tools.address

A fork changes `repository.url` (and `branch`) in _config.yml and runs this once.
In the files named here, every address on GitHub, Binder and Pages is the project's own;
in the notebooks, only those of pages of the book, and the one in the cell that installs
the library on Colab.
"""

import re
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import yaml

from tools.colab import set_address
from tools.notebooks import canonical

CONFIG = "_config.yml"
FILES = (
    CONFIG,
    "CHANGELOG.md",
    "CITATION.cff",
    "CONTRIBUTING.md",
    "README.md",
    "book/teach.md",
    "pyproject.toml",
)
NOTEBOOKS = (
    "assignments/masters/*.ipynb",
    "book/*.ipynb",
    "book/assignments/*.ipynb",
    "book/chapters/*.ipynb",
)
NAME = r"[\w.-]*\w"
PAGES = rf"{NAME}\.github\.io/{NAME}"


def owner_and_name(url: str) -> list[str]:
    return urlsplit(url).path.strip("/").split("/")


def pages_of(url: str) -> str:
    """Return where GitHub publishes the pages of a repository."""
    owner, repository = owner_and_name(url)
    return f"{owner.lower()}.github.io/{repository}"


def readdress(text: str, url: str, branch: str) -> str:
    """Return the text with every public address replaced by the one of `url`."""
    owner, repository = owner_and_name(url)
    addresses = {
        rf"github\.com/{NAME}/{NAME}": f"github.com/{owner}/{repository}",
        rf"/gh/{NAME}/{NAME}/{NAME}": f"/gh/{owner}/{repository}/{branch}",
        PAGES: pages_of(url),
        rf"urlpath=lab/tree/{NAME}/book/": f"urlpath=lab/tree/{repository}/book/",
        rf"&branch={NAME}": f"&branch={branch}",
        rf"/blob/{NAME}/": f"/blob/{branch}/",
    }
    for pattern, address in addresses.items():
        text = re.sub(pattern, address, text)
    return text


def readdress_notebook(text: str, url: str) -> str:
    """Return a stored notebook that links to the pages of `url`, and installs it."""
    notebook = nbformat.reads(text, as_version=4)
    set_address(notebook, url)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = re.sub(rf"{PAGES}(?=/book/)", pages_of(url), cell.source)
    return canonical(notebook)


def readdress_all(root: Path) -> list[str]:
    """Bring all files under `root` in step; return the names of the changed ones."""
    config = yaml.safe_load((root / CONFIG).read_text(encoding="utf-8"))["repository"]
    url, branch = config["url"], config["branch"]
    changed = []
    notebooks = [path for pattern in NOTEBOOKS for path in sorted(root.glob(pattern))]
    for path in [*(root / name for name in FILES), *notebooks]:
        old = path.read_text(encoding="utf-8")
        notebook = path.suffix == ".ipynb"
        new = readdress_notebook(old, url) if notebook else readdress(old, url, branch)
        if new != old:
            path.write_text(new, encoding="utf-8")
            changed.append(str(path.relative_to(root)))
    return changed


if __name__ == "__main__":
    print(*readdress_all(Path()) or ["nothing to change"], sep="\n")
