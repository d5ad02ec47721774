"""The command line says what it did, or what a person can mend."""

import re
import sys

import pytest

from assignments import run
from assignments.__main__ import main, parser
from tests.assignments.marking.classes import ten


def test_help_names_the_commands(capsys):
    with pytest.raises(SystemExit):
        parser().parse_args(["--help"])
    told = capsys.readouterr().out
    for command in ("release", "check", "grade", "mark"):
        assert f"\n    {command} " in told


@pytest.mark.parametrize("text", ["3", "0/4", "5/4", "a/b"])
def test_a_shard_is_like_3_of_16(text, capsys):
    arguments = ["grade", "x", "--assignment", "a1", "--out", "y", "--shard"]
    assert parser().parse_args([*arguments, "3/16"]).shard == (3, 16)
    with pytest.raises(SystemExit):
        parser().parse_args([*arguments, text])
    assert f"'{text}' is not like 3/16" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "told"),
    [
        (["--late", "10%/week"], "'10%/week' is not like 10%/day, 0.5/hour or none"),
        (["--due", "27.11."], "'27.11.' is no time like 2026-11-27, 2026-11-27 22:15"),
        (["--grace", "1 day"], "'1 day' is not like 15min, 2h or 1d"),
    ],
)
def test_times_and_rates_are_checked(option, told, capsys):
    with pytest.raises(SystemExit):
        parser().parse_args(["grade", "x", "--assignment", "a1", "--out", "y", *option])
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("text", ["0", "-1", "x", "1.5"])
def test_workers_are_at_least_one(text, capsys):
    with pytest.raises(SystemExit):
        parser().parse_args(["check", "--workers", text])
    assert f"'{text}' is no number from 1 on" in capsys.readouterr().err


def command(monkeypatch, *arguments) -> int:
    monkeypatch.setattr(sys, "argv", ["assignments", *map(str, arguments)])
    return main()


@pytest.mark.usefixtures("bubblewrap")
def test_grade_says_what_it_did(tmp_path, master, folder, monkeypatch, capsys):
    more = ["--assignment", master.path, "--out", tmp_path / "out", "--workers", 1]
    assert command(monkeypatch, "grade", folder, *more) == 0
    assert "4 graded now, 0 before, 0 not;" in capsys.readouterr().out
    assert command(monkeypatch, "grade", folder, *more) == 0
    assert "0 graded now, 4 before, 0 not;" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"--assignment": "a99"}, "no assignment 'a99'; there are: a1-"),
        ({"folder": "nowhere"}, "nowhere: there is no such folder or zip file"),
        ({"--roster": "no.csv"}, "no.csv: cannot be read: No such file"),
        ({"--gradebook": "no.csv"}, "no.csv: cannot be read: No such file"),
        ({"--out": __file__}, f"{__file__}/d1-doubling: no such folder can be made"),
        ({"--late": "10%/day"}, "--late needs --due: when was it to be handed in?"),
        ({"--due": "2026-11-27"}, "--due and --grace say nothing without --late"),
        ({"--grace": "2h"}, "--due and --grace say nothing without --late"),
        ({"--manual": "no.csv"}, "no.csv: cannot be read: No such file or directory"),
    ],
)
def test_what_a_person_can_mend_is_a_sentence(
    tmp_path, master, folder, monkeypatch, capsys, changed, message
):
    monkeypatch.setattr(run, "grade_all", lambda *_: pytest.fail("it was graded"))
    given = {"folder": folder, "--assignment": master.path, "--out": tmp_path / "out"}
    given |= changed
    first = given.pop("folder")
    rest = [part for pair in given.items() for part in pair]
    assert command(monkeypatch, "grade", first, *rest) == 2
    told = capsys.readouterr().err
    assert told.startswith(f"python -m assignments: {message}")
    assert "Traceback" not in told


def test_release_writes_the_notebooks(tmp_path, master, monkeypatch, capsys):
    out = tmp_path / "out"
    assert command(monkeypatch, "release", master.path, "--out", out) == 0
    assert capsys.readouterr().out == f"{out / 'd1-doubling.ipynb'}\n"
    assert (out / "d1-doubling.ipynb").exists()


def interrupt(*_) -> None:
    raise KeyboardInterrupt


def test_mark_shows_the_page_until_it_is_stopped(tmp_path, master, monkeypatch, capsys):
    ten(master, tmp_path)
    opened = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setattr("assignments.__main__.Server.serve_forever", interrupt)
    more = ["--assignment", master.path]
    assert command(monkeypatch, "mark", tmp_path, *more, "--no-browser") == 0
    told = capsys.readouterr().out
    assert re.match(r"Marking page: http://127\.0\.0\.1:\d+/[\w-]{43}/\n", told)
    assert "All marks are saved." in told
    assert opened == []
    assert command(monkeypatch, "mark", tmp_path / "no", *more) == 2
    told = capsys.readouterr().err
    assert "no is not what the grader wrote for one assignment" in told
