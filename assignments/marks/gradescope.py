"""Write marks in the format of Gradescope."""

import json
from collections.abc import Iterator
from pathlib import Path

from assignments.marks.totals import Total
from assignments.marks.whole_files import write
from assignments.masters import Master

TEXT = {"output_format": "text", "visibility": "visible"}


def write_gradescope(master: Master, total: Total, folder: Path) -> None:
    """Write a student's `results.json` in Gradescope's format."""
    results = {
        "score": total.points,
        "output": "\n".join(total.record.notes),
        **TEXT,
        "stdout_visibility": "hidden",
        "tests": [*tests(master, total), *questions(master, total)],
    }
    content = json.dumps(results, ensure_ascii=False, indent=1)
    write(folder / total.record.slug / "results.json", content + "\n")


def tests(master: Master, total: Total) -> Iterator[dict]:
    """Yield what each test earned."""
    for test in master.tests:
        mark = total.record.marks[test.id]
        yield {
            "name": f"{test.heading} ({test.id})",
            "score": mark.points,
            "max_score": mark.maximum,
            "status": "passed" if mark.points == mark.maximum else "failed",
            "output": mark.message,
            **TEXT,
        }


def questions(master: Master, total: Total) -> Iterator[dict]:
    """Yield what a person gave for each answer."""
    for question in master.manual:
        judged = total.judged[question.id]
        waiting = "Not marked yet." if judged.points is None else ""
        yield {
            "name": f"{question.heading} ({question.id})",
            "score": judged.points or 0,
            "max_score": question.points,
            "output": judged.comment or waiting,
            **TEXT,
        }
