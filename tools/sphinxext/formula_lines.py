"""Write a rendered formula on one line, as one types it: for searches and previews."""

import re
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

MATH = re.compile(r"<math.*?</math>", re.DOTALL)
APPLIED = "\u2061"  # between a function's name and what it is applied to
UNSEEN = str.maketrans({APPLIED: " ", "\u200b": None})
RAISED = str.maketrans("0123456789+-−n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁿ")
SPACED = frozenset("=≠≈≡<>≤≥≪≫∼∝∈→←↦+×⟹⟺")  # noqa: RUF001
SMALL_SIGNS = frozenset("′*∗⊤")  # noqa: RUF001
ONE_PIECE = re.compile(r"\d*|[∂d]?[^\W\d_]+|√?\([^()]*\)|√\w")


def one_line(rendered: str) -> str:
    """Return the formula that KaTeX rendered as a line of text: √(2/n), σ_w², h_(l+1).

    Read from its MathML, which keeps what is over, under and beside what.
    """
    found = MATH.search(rendered)
    if not found:
        return ""
    text = line(ElementTree.fromstring(found[0]))
    text = re.sub(rf"{APPLIED}([²³])", rf"\1{APPLIED}", text)
    text = re.sub(rf"{APPLIED}\s*(?=[(\[^])", "", text).translate(UNSEEN)
    return re.sub(r"\s+([,.;)])", r"\1", " ".join(text.split()))


def line(node: Element) -> str:
    """Return the line of one element and of what it holds."""
    name = node.tag.rpartition("}")[2]
    parts = [line(child) for child in node]
    match name, parts:
        case ("semantics" | "mover", [first, *_]):
            return first
        case ("mfrac", [above, below]):
            return f"{in_one_piece(above)}/{in_one_piece(below)}"
        case ("msqrt", _):
            return f"√{in_one_piece(join(parts))}"
        case ("mroot", [inside, degree]):
            return f"{raised(degree)}√{in_one_piece(inside)}"
        case ("msup", [base, power]):
            return base + raised(power)
        case ("msub" | "munder", [base, index]):
            return f"{base}_{in_one_piece(index)}"
        case ("msubsup" | "munderover", [base, index, power]):
            return f"{base}_{in_one_piece(index)}{raised(power)}"
        case ("mtr", _):
            return " ".join(parts) + "; "
        case ("mspace", _):
            return " "
        case ("mo", _) if node.text in SPACED:
            return f" {node.text} "
        case ("mo", _) if node.get("separator") == "true":
            return f"{node.text} "
        case ("mi" | "mn" | "mo" | "mtext", _):
            return node.text or ""
    return join(parts)


def join(parts: list[str]) -> str:
    """Put a row together, with room around a minus that subtracts."""
    row = ""
    for part in parts:
        subtracts = part == "−" and re.search(r"[\w)\]²]$", row.translate(UNSEEN))
        is_name = len(part) > 1 and part.isalpha() and re.search(r"\w$", row)
        row += f" {part} " if subtracts else f" {part}" if is_name else part
    return row


def in_one_piece(text: str) -> str:
    """Put brackets around what would not be read as one thing without them."""
    text = text.strip()
    return text if ONE_PIECE.fullmatch(text.translate(UNSEEN)) else f"({text})"


def raised(power: str) -> str:
    """Return a power above the line where there are letters for it."""
    power = power.strip()
    if set(power) <= SMALL_SIGNS:
        return power
    small = power.translate(RAISED)
    return small if not set(small) & set(power) else f"^{in_one_piece(power)}"
