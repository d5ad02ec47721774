"""Say of each image how large it is, when to load it, and what its colours mean."""

import re
from pathlib import Path
from xml.etree import ElementTree

from bs4 import BeautifulSoup as Page
from PIL import Image

PIXELS = {"": 1, "px": 1, "pt": 4 / 3, "in": 96}


def size_images(page: Page, path: Path) -> None:
    """Reserve the room of every image, and load those far down when they are near."""
    for image in page.select("img[src]"):
        file = path.parent / image["src"].partition("?")[0]
        if not image.get("height") and file.is_file():
            image["width"], image["height"] = image_size(file)
        if image.find_previous("h2"):
            image["decoding"] = "async"
            image["loading"] = "lazy"


def image_size(file: Path) -> tuple[str, str]:
    if file.suffix != ".svg":
        with Image.open(file) as picture:
            return str(picture.width), str(picture.height)
    root = ElementTree.parse(file).getroot()
    box = root.get("viewBox", "0 0 0 0").split()[2:]
    sides = (root.get("width", box[0]), root.get("height", box[1]))
    return tuple(str(round(pixels(side))) for side in sides)


def pixels(length: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)([a-z]*)", length).groups()
    return float(number) * PIXELS[unit]


def tell_pictures(page: Page, path: Path) -> None:
    """Mark the images whose colours mean something: they are not inverted at night."""
    for image in page.select("article img[src]"):
        file = path.parent / image["src"].partition("?")[0]
        drawn = file.suffix == ".svg" and "<image" not in file.read_text("utf8")
        if not drawn and "picture" not in image.get("class", []):
            image["class"] = [*image.get("class", []), "picture"]


def one_logo(page: Page, path: Path) -> None:
    """Show the same logo by day and by night."""
    for logo in page.select("img.logo__image"):
        if "only-dark" in logo["class"]:
            logo.decompose()
        else:
            logo["class"] = "logo__image"
