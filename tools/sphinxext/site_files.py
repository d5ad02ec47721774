"""The files of a built site: its pages, and what no page needs."""

from pathlib import Path

AT_ROOT = ("index.html", "404.html")
UNUSED_FILES = ("**/*.map", "**/*.ttf", "**/fontawesome.js*", "**/bootstrap.js*")


def pages_of(site: Path) -> list[Path]:
    """Return the pages of the book, without what stands at the root for other ends."""
    return [
        path
        for path in sorted(site.rglob("*.html"))
        if "_static" not in path.parts
        and path.relative_to(site).as_posix() not in AT_ROOT
    ]


def drop_unused_files(site: Path) -> None:
    for pattern in UNUSED_FILES:
        for file in site.glob(f"_static/{pattern}"):
            file.unlink()
