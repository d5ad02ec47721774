"""Write the pages of the marker: an overview, and one for each answer."""

from assignments.marking import desk
from assignments.marking.desk import Desk, Entry
from assignments.marking.rendering import rendered
from assignments.marks.html_pages import templates_beside
from assignments.marks.one_mark import LONGEST, NOTHING
from assignments.masters import Question

TEMPLATES = templates_beside(__file__)
TEMPLATES.filters["rendered"] = rendered


def overview(table: Desk) -> str:
    """Return the page that says what is to be marked."""
    rows = []
    for question in table.master.manual:
        entries = table.entries(question)
        marks, faults = table.marks(question)
        waiting = len(desk.waiting(entries, marks))
        rows.append((question, len(entries), len(entries) - waiting, faults))
    return page("overview.html", table, rows=rows)


def answer(table: Desk, question: Question, entry: Entry, entries: list[Entry]) -> str:
    """Return the page on which one answer is marked."""
    record = desk.read(entry)
    marks, faults = table.marks(question)
    place = entries.index(entry)
    return page(
        "answer.html",
        table,
        question=question,
        asked=desk.asked(table.master, question),
        rubric=desk.rubric(table.master, question),
        answer=record.answers[question.id],
        beside=desk.beside(table.master, record, question),
        name="" if table.anonymous else record.name,
        mark=marks.get(entry.token, NOTHING),
        faults=faults,
        place=place + 1,
        count=len(entries),
        waiting=len(desk.waiting(entries, marks)),
        longest=LONGEST,
        **steps(entries, place, desk.waiting(entries, marks)),
    )


def steps(entries: list[Entry], place: int, waiting: list[Entry]) -> dict[str, str]:
    """Return the names of the answers to which one can go; nothing at an end."""
    after = [one for one in entries[place + 1 :] + entries[:place] if one in waiting]
    return {
        "before": entries[place - 1].token if place else "",
        "after": entries[place + 1].token if place + 1 < len(entries) else "",
        "open": after[0].token if after else "",
    }


def message(table: Desk, heading: str, text: str) -> str:
    """Return a page that says something."""
    return page("message.html", table, heading=heading, text=text)


def page(template: str, table: Desk, **values: object) -> str:
    """Return a page."""
    return TEMPLATES.get_template(template).render(master=table.master, **values)
