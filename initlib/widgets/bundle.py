"""Modules of JavaScript joined into one, since a page carries each script as a text."""

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
IMPORT = re.compile(r'import \{([^}]*)\} from "\./(\w+\.js)";\n')
NAMES = r"(?:function\*?|class) (\w+)|(?:const|let) (?:(\w+)|\[([^\]]*)\])"
EXPORTED = re.compile(r"(?m)^export (?:function\*?|class|const) (\w+)")
BEGINNING = re.compile(rf"(?m)^(?:export )?(?:{NAMES})")
WORD = re.compile(r"[A-Za-z_$][\w$]*")


def bare(text: str) -> str:
    """Return a script without its comments, but for those at the end of a line."""
    return re.sub(r"(?m)^ *(?://.*|/\*\*(?:.|\n)*?\*/)\n", "", text)


def flush(text: str) -> str:
    """Return a script without indentation and empty lines, but those of its texts."""
    lines, inside = [], False
    for line in text.splitlines():
        kept = line if inside else line.strip()
        lines += [kept] if kept or inside else []
        inside ^= line.count("`") % 2 == 1
    return "\n".join(lines)


@cache
def declarations(name: str) -> tuple[tuple[frozenset[str], str], ...]:
    """Split a module into its declarations: the names that each gives, and its text.

    A declaration begins in the first column and lasts until the next; comments before
    it are left out.
    """
    text = bare(IMPORT.sub("", (FOLDER / name).read_text(encoding="utf-8")))
    text = re.sub(r"(?m)^(export default|if) (?:.|\n)*", "", text)
    starts = list(BEGINNING.finditer(text))
    ends = [start.start() for start in starts[1:]] + [len(text)]
    return tuple(
        (
            frozenset(WORD.findall(" ".join(filter(None, start.groups())))),
            text[start.start() : end].removeprefix("export ").strip(),
        )
        for start, end in zip(starts, ends, strict=True)
    )


def needed(name: str, wanted: set[str]) -> str:
    """Return those declarations of a module that some exports need, in its order."""
    parts, chosen = declarations(name), set()
    exports = EXPORTED.findall((FOLDER / name).read_text(encoding="utf-8"))
    if missing := wanted - set(exports):
        raise ValueError(f"{name} exports no {', '.join(sorted(missing))}")
    while more := {i for i, (names, _) in enumerate(parts) if names & wanted} - chosen:
        chosen |= more
        wanted = wanted.union(*(WORD.findall(parts[i][1]) for i in more))
    return "\n".join(parts[i][1] for i in sorted(chosen))


def join(name: str) -> str:
    """Return a module with what it imports from others, and no more, in front of it."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    return flush("\n".join([*_imported(text, {}).values(), bare(IMPORT.sub("", text))]))


def _imported(text: str, wanted: dict[str, set[str]]) -> dict[str, str]:
    """Return, by name and deepest first, the needed parts of imported modules."""
    found: dict[str, str] = {}
    for names, module in IMPORT.findall(text):
        wanted.setdefault(module, set()).update(WORD.findall(names))
        deeper = IMPORT.findall((FOLDER / module).read_text(encoding="utf-8"))
        part = needed(module, wanted[module])
        for more, below in deeper:
            asked = set(WORD.findall(more)) & set(WORD.findall(part))
            wanted.setdefault(below, set()).update(asked)
            found[below] = needed(below, wanted[below])
        found[module] = part
    return found
