"""Write the pages that students and markers read.

Whatever comes from a submission is escaped; the pages load nothing and run no script.
"""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from assignments.marks.csv_files import number
from assignments.marks.totals import Total
from assignments.marks.whole_files import write
from assignments.masters import Check, Master, Question


def templates_beside(module: str) -> Environment:
    """Return the templates of a module, which escape whatever they are given."""
    found = Environment(
        autoescape=True,
        loader=FileSystemLoader(Path(module).with_name("templates")),
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    found.filters["number"] = number
    return found


TEMPLATES = templates_beside(__file__)
TEMPLATES.filters["moment"] = "{:%Y-%m-%d %H:%M}".format


def feedback(master: Master, total: Total) -> str:
    """Return the page that a student gets."""
    page = TEMPLATES.get_template("feedback.html")
    return page.render(master=master, total=total, parts=graded_parts(master))


def graded_parts(master: Master) -> list[Check | Question]:
    """Return tests and questions in the order of the notebook."""
    found = {part.id: part for part in (*master.tests, *master.manual)}
    return [found[id] for id in master.parts]


def answers(master: Master, question: Question, totals: list[Total]) -> str:
    """Return the page that lists all answers to a question."""
    page = TEMPLATES.get_template("question.html")
    answered = given(question, totals)
    return page.render(master=master, question=question, totals=answered)


def answer(master: Master, question: Question, total: Total) -> str:
    """Return the page from which a marker reads one student's answer."""
    page = TEMPLATES.get_template("answer.html")
    return page.render(master=master, question=question, total=total)


def given(question: Question, totals: list[Total]) -> list[Total]:
    """Return the students who answered a question."""
    return [total for total in totals if total.record.answers[question.id].items]


def write_feedback(master: Master, total: Total, folder: Path) -> None:
    """Write a student's page."""
    write(folder / f"{total.record.slug}.html", feedback(master, total))


def write_answers(
    master: Master, question: Question, totals: list[Total], folder: Path
) -> None:
    """Write a marker's pages: one for each student, and the list of them."""
    write(folder / f"{question.id}.html", answers(master, question, totals))
    for total in given(question, totals):
        path = folder / question.id / f"{total.record.slug}.html"
        write(path, answer(master, question, total))
