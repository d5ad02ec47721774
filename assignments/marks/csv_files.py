"""Read and write CSV files as spreadsheets and learning platforms have them."""

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

from assignments.marks.whole_files import write

# where a cell begins, for a spreadsheet that takes `;` or a new line for its end
BEGIN = r"(^|[;\t\r\n])"
FORMULA = r"(?=[ '\"]*[=+\-@])"
ENCODINGS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class TableError(ValueError):
    """A CSV file is not what it should be; the message says what is missing."""


@dataclass
class Table:
    """A CSV file with the way in which it is written."""

    header: list[str]
    rows: list[list[str]]
    encoding: str = "utf-8-sig"  # which Excel knows for what it is
    delimiter: str = ","
    newline: str = "\r\n"

    def column(self, *names: str) -> int | None:
        """Return where the first of these columns is, whatever its capitals."""
        lower = [name.strip().casefold() for name in self.header]
        found = [lower.index(name) for name in names if name in lower]
        return found[0] if found else None

    def get(self, line: int, column: int) -> str:
        """Return a cell; nothing where its row is too short."""
        row = self.rows[line]
        return row[column] if column < len(row) else ""

    def set(self, line: int, column: int, text: str) -> None:
        """Change a cell."""
        row = self.rows[line]
        row += [""] * (column + 1 - len(row))
        row[column] = text

    def content(self) -> bytes:
        """Return the bytes of the file."""
        return self.text().encode(self.encoding)

    def save(self, path: Path) -> None:
        """Write the table, all of it or nothing."""
        write(path, self.text(), self.encoding)

    def text(self) -> str:
        """Return the table as a file has it."""
        stream = io.StringIO()
        writer = csv.writer(
            stream, delimiter=self.delimiter, lineterminator=self.newline
        )
        writer.writerows([self.header, *self.rows])
        return stream.getvalue()


def read(path: Path) -> Table:
    """Read a CSV file.

    Raises
    ------
    TableError
        If it is none.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise TableError(f"{path}: cannot be read: {error.strerror}") from error
    text, encoding = decoded(content)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    newline = "\r\n" if first.endswith("\r") else "\n"
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise TableError(f"{path}: is no CSV file: {error}") from error
    if not rows or len(rows[0]) < 2:
        raise TableError(f"{path}: is no CSV file: it has no header with columns")
    return Table(rows[0], rows[1:], encoding, delimiter, newline)


def decoded(content: bytes) -> tuple[str, str]:
    """Return a file's text and its encoding, told by its mark or by trial."""
    for mark, encoding in ENCODINGS.items():
        if content.startswith(mark):
            return content.decode(encoding, errors="replace"), encoding
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), "cp1252"


def guarded(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return re.sub(BEGIN + FORMULA, r"\1'", text)


def unguarded(text: str) -> str:
    """Return a text as it was before `guarded`."""
    return re.sub(f"{BEGIN}'{FORMULA}", r"\1", text)


def number(value: float) -> str:
    """Return a number as short as it can be said, with a point."""
    return f"{value:.4f}".rstrip("0").rstrip(".")
