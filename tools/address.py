"""Copy the public address from _config.yml to every place that repeats it.

    python tools/address.py

A fork changes `repository.url` (and `branch`) in _config.yml and runs this once.
In the files named here, every address on GitHub, Binder and Pages is the project's own.
"""

import re
from pathlib import Path
from urllib.parse import urlsplit

import yaml

CONFIG = "_config.yml"
FILES = (
    CONFIG,
    "CHANGELOG.md",
    "CITATION.cff",
    "CONTRIBUTING.md",
    "README.md",
    "pyproject.toml",
)
NAME = r"[\w.-]*\w"


def readdress(text: str, url: str, branch: str) -> str:
    """Return the text with every public address replaced by the one of `url`."""
    owner, repository = urlsplit(url).path.strip("/").split("/")
    addresses = {
        rf"github\.com/{NAME}/{NAME}": f"github.com/{owner}/{repository}",
        rf"/gh/{NAME}/{NAME}/{NAME}": f"/gh/{owner}/{repository}/{branch}",
        rf"{NAME}\.github\.io/{NAME}": f"{owner.lower()}.github.io/{repository}",
    }
    for pattern, address in addresses.items():
        text = re.sub(pattern, address, text)
    return text


def readdress_all(root: Path) -> list[str]:
    """Bring all files under `root` in step; return the names of the changed ones."""
    config = yaml.safe_load((root / CONFIG).read_text(encoding="utf-8"))["repository"]
    changed = []
    for name in FILES:
        old = (root / name).read_text(encoding="utf-8")
        new = readdress(old, config["url"], config["branch"])
        if new != old:
            (root / name).write_text(new, encoding="utf-8")
            changed.append(name)
    return changed


if __name__ == "__main__":
    print(*readdress_all(Path()) or ["nothing to change"], sep="\n")
