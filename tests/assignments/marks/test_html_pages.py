"""Pages for students and markers: complete, and safe to open."""

from dataclasses import replace

from bs4 import BeautifulSoup

from assignments.grade.tests import Mark
from assignments.hand_in.answers import Answer, Item
from assignments.marks import html_pages
from assignments.marks.totals import Judgement, add_up
from tests.assignments.marks.students import total

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def checked(page: str) -> BeautifulSoup:
    """Return a page that is self-contained, without script, and in good order."""
    soup = BeautifulSoup(page, "html.parser")
    policy = soup.select_one("meta[http-equiv=Content-Security-Policy]")
    assert policy["content"].startswith("default-src 'none'")
    assert soup.select("script, link, iframe, object, [onerror], [onclick]") == []
    sources = [tag["src"] for tag in soup.select("[src]")]
    assert [source for source in sources if not source.startswith("data:image/")] == []
    assert soup.html["lang"] == "en"
    assert len(soup.select("h1")) == 1
    assert soup.select("img:not([alt])") == []
    return soup


def test_feedback_says_what_was_earned_and_why(master):
    page = checked(html_pages.feedback(master, total(double=0, notes=["A note."])))
    text = page.get_text(" ", strip=True)
    assert "2.5 of 10 points" in text
    assert "double(2) should be 4" in text
    assert "A note." in text
    assert "good" in text
    rows = [row.get_text(" ", strip=True) for row in page.select("tbody tr")]
    assert [row.split()[0] for row in rows] == ["Twice", "Twice", "Why", "Why"]
    assert "before the answers" not in text
    assert "before the answers" in html_pages.feedback(master, total(None))


def test_feedback_has_no_hidden_check(master):
    for points in (0, 3):
        page = html_pages.feedback(master, total(double=points))
        assert "17.5" not in page
        assert master.manual[0].model not in page


def test_nothing_that_a_student_writes_becomes_markup(master):
    evil = total(name=EVIL, id=EVIL, why=EVIL, notes=[EVIL])
    evil.record.file = EVIL
    evil.record.marks["test-double"] = Mark(0, 3, EVIL)
    evil.record.answers["plot"] = Answer(
        (Item("output", EVIL), Item("picture", 'data:image/png;base64,"><script>'))
    )
    evil = add_up(evil.record, {evil.record.token("why"): Judgement(1, EVIL)})
    for page in (
        html_pages.feedback(master, evil),
        html_pages.answers(master, master.manual[0], [evil]),
        html_pages.answer(master, master.manual[0], evil),
        html_pages.answer(master, master.manual[1], evil),
    ):
        assert EVIL in checked(page).get_text()


def test_each_answer_has_a_page_and_all_are_listed(master, tmp_path):
    pair = [total(None), total(id="8", name="John"), total(None, id="9", why="")]
    question = master.manual[0]
    html_pages.write_answers(master, question, pair, tmp_path)
    listed = checked((tmp_path / "why.html").read_text("utf-8"))
    links = {link.get_text(): tmp_path / link["href"] for link in listed.select("a")}
    assert [*links] == ["Jane Doe", "John"]
    assert {*links.values()} == {*(tmp_path / "why").iterdir()}
    assert pair[0].record.token("why") in listed.get_text()
    assert [cell.get_text() for cell in listed.select("td.points")] == ["?", "1.5"]
    page = checked(links["John"].read_text("utf-8"))
    assert "Jane" not in page.get_text()
    assert question.model in page.select_one("details").get_text()
    assert page.select_one("a")["href"] == "../why.html"


def test_parts_come_in_the_order_of_the_notebook(master):
    page = html_pages.feedback(master, total())
    places = [page.index(f"({part})</span>") for part in master.parts]
    assert master.parts == ("test-double", "test-level", "why", "plot")
    assert places == sorted(places)
    cells = master.cells[::-1]
    turned = replace(master, cells=cells)
    page = html_pages.feedback(turned, total())
    places = [page.index(f"({part})</span>") for part in turned.parts]
    assert turned.parts == ("plot", "why", "test-level", "test-double")
    assert places == sorted(places)
