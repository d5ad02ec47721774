"""A chapter has the number of its file's name, whichever chapters are there."""

from types import SimpleNamespace

import pytest
from docutils import nodes

from tools.sphinxext.numbered import keep_numbers

HE = "book/chapters/06-he"


def environment(number: int):
    """Return what Sphinx knows of a chapter that it counted as `number`."""
    link = nodes.reference(anchorname="#a", secnumber=[number, 2])
    return SimpleNamespace(
        toc_secnumbers={HE: {"": (number,), "#a": (number, 2)}},
        toc_fignumbers={HE: {"figure": {"f": (number, 1)}, "displaymath": {}}},
        tocs={HE: nodes.bullet_list("", nodes.list_item("", link))},
        titles={HE: nodes.title(secnumber=[number])},
    )


@pytest.mark.parametrize(("counted", "changed"), [(5, [HE]), (6, [])])
def test_a_chapter_keeps_its_number(counted, changed):
    env = environment(counted)
    assert keep_numbers(None, env) == changed
    assert env.toc_secnumbers == {HE: {"": (6,), "#a": (6, 2)}}
    assert env.toc_fignumbers == {HE: {"figure": {"f": (6, 1)}, "displaymath": {}}}
    (link,) = env.tocs[HE].findall(nodes.reference)
    assert (link["secnumber"], env.titles[HE]["secnumber"]) == ([6, 2], [6])


def test_a_page_without_a_number_stays_without():
    env = environment(5)
    env.toc_secnumbers[HE] = {"": ()}
    assert keep_numbers(None, env) == []
