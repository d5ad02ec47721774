"""Write the title of a page on the card that social networks show for it."""

import io

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1200, 630
LEFT, ROOM = 80, 560  # pixels: the margin, and what the drawing leaves for words
BRIGHT, QUIET = "#f1f4f7", "#a0a9b4"
SIZES, LINES = (68, 60, 52, 44), 4


def break_lines(title: str, font: ImageFont.FreeTypeFont) -> list[str]:
    """Break a title where the next word would leave the room for words."""
    lines = [""]
    for word in title.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= ROOM:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def fit(title: str) -> tuple[ImageFont.FreeTypeFont, str]:
    """Return the largest font in which a title needs few lines, and those lines."""
    for size in SIZES:
        font = ImageFont.load_default(size)
        lines = break_lines(title, font)
        if len(lines) <= LINES:
            break
    return font, "\n".join(lines)


def draw_card(drawing: bytes, book: str, title: str) -> bytes:
    """Return the PNG of a page's card: the book's drawing with words beside it."""
    card = Image.open(io.BytesIO(drawing)).convert("RGB")
    pen = ImageDraw.Draw(card)
    font, lines = fit(title)
    pen.text((LEFT, 110), book, QUIET, ImageFont.load_default(32), "ls")
    middle = (LEFT, HEIGHT / 2)
    pen.text(middle, lines, BRIGHT, font, "lm", spacing=0.3 * font.size)
    file = io.BytesIO()
    card.quantize(64).save(file, format="png", optimize=True)
    return file.getvalue()
