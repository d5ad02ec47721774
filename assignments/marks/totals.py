"""Bring the marks of tests and of markers together."""

from dataclasses import dataclass
from datetime import datetime

from assignments.marks.csv_files import number
from assignments.marks.student_records import Record


@dataclass(frozen=True)
class Judgement:
    """What a marker gave one answer; no points if there is only a comment yet."""

    points: float | None
    comment: str = ""


@dataclass(frozen=True)
class Lateness:
    """When a student handed in, and what that costs."""

    due: datetime
    handed_in: datetime | None  # not known, but in time
    penalty: float


@dataclass
class Total:
    """All marks of one student."""

    record: Record
    judged: dict[str, Judgement]  # by question
    late: Lateness | None = None  # only where lateness costs points

    @property
    def open(self) -> list[str]:
        """The questions that are not marked yet."""
        return [key for key, judged in self.judged.items() if judged.points is None]

    @property
    def points(self) -> float:
        """What is earned so far, less what lateness costs; never less than nothing."""
        penalty = self.late.penalty if self.late else 0
        return max(0, self.raw - penalty)

    @property
    def raw(self) -> float:
        """What is earned so far, however late."""
        tests = sum(mark.points for mark in self.record.marks.values())
        return tests + sum(judged.points or 0 for judged in self.judged.values())


def add_up(record: Record, given: dict[str, Judgement]) -> Total:
    """Return a student's marks with those that markers gave.

    Parameters
    ----------
    given
        What markers gave, by the name of the answer.
    """
    judged = {
        question: given.get(record.token(question), Judgement(None))
        if answer.items
        else Judgement(0, answer.note)
        for question, answer in record.answers.items()
    }
    return Total(record, judged)


def forgotten(totals: list[Total], given: dict[str, Judgement]) -> list[str]:
    """Say which marks are for answers that are not there any more."""
    there = {
        total.record.token(question) for total in totals for question in total.judged
    }
    return [
        f"The mark of answer {token} ({number(judged.points)} points) is not used: "
        "the answer has changed since, or its student is not in the folder."
        for token, judged in given.items()
        if token not in there and judged.points is not None
    ]
