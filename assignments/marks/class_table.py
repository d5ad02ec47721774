"""Write the table of a class: all marks, part by part."""

from pathlib import Path

from assignments.marks.csv_files import Table, guarded, number
from assignments.marks.totals import Total
from assignments.masters import Master

LONGEST = 300  # characters of notes in a cell


def write_marks(master: Master, totals: list[Total], path: Path) -> None:
    """Write the table of all marks."""
    header = ["student", "name", "points", "maximum", *master.parts]
    header += ["to mark", "notes"]
    rows = []
    for total in totals:
        record = total.record
        earned = {key: number(mark.points) for key, mark in record.marks.items()}
        for key, judged in total.judged.items():
            earned[key] = "" if judged.points is None else number(judged.points)
        who = [guarded(record.id), guarded(record.name)]
        sums = [number(total.points), number(master.points())]
        waiting = str(len(total.open) or "")
        parts = [earned[part] for part in master.parts]
        rows.append([*who, *sums, *parts, waiting, shortened(record.notes)])
    Table(header, rows).save(path)


def shortened(notes: list[str]) -> str:
    """Return notes in one cell; the feedback page and the record have all of them."""
    text = guarded("; ".join(note.rstrip(".") for note in notes))
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 2].rstrip()} …"
