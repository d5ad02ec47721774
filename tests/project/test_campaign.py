"""The campaign notices what survives, its mutants fit, and a few of them are tried."""

import os
import subprocess
from random import Random

import nbformat
import pytest

from tools.campaign import by_hand, code, equivalent, kinds, runner, stored
from tools.campaign.__main__ import main
from tools.campaign.report import Kind, Result, Trial, run, table
from tools.paths import CHAPTERS

QUICK = {"activations", "data", "mlp"}  # modules, by tests
SEED = int(os.environ.get("INITLIB_SEED", "0"))
CHAPTER = nbformat.read(CHAPTERS[5], as_version=4)  # which stores all there is
SOURCE = """
def f(x: int = 3, *, log: bool = True):
    if x < 0:
        raise ValueError("x must be at least 0")
    return g(x + 1, -x, base=2) if log else f"{x + 1}"
"""


def of_rule(notices):
    """Make a kind of which a rule notices what it does."""
    return kinds.of_notebooks("printed", stored.change_printed_number, notices)


def test_a_rule_that_notices_nothing_fails(capsys):
    assert main(["--most", "9"], [of_rule(lambda stored, changed: False)]) == 1
    said = capsys.readouterr().out
    assert "printed |       9 |      0 |    0% | 100%  below its aim" in said
    assert said.count("not noticed (printed): ") == 9


def test_a_rule_that_notices_everything_passes(capsys):
    assert (
        main(["--most", "9"], [of_rule(lambda stored, changed: stored != changed)]) == 0
    )
    assert "not noticed" not in capsys.readouterr().out


def test_a_kind_without_a_trial_proves_nothing():
    nothing = Kind("nothing", aim=0.0, most=1, trials=lambda rng, most: [])
    assert main([], [nothing]) == 1
    assert main(["no such kind"], [nothing]) == 1


def test_a_share_may_reach_its_aim_with_survivors():
    kind = Kind("most", aim=0.5, most=2, trials=lambda rng, most: [])
    half = Result(
        kind, [Trial("here", "1 -> 2", True), Trial("there", "2 -> 3", False)]
    )
    assert half.reached
    assert "not noticed (most): there: 2 -> 3" in table([half])


@pytest.mark.parametrize(
    ("code", "caught", "late"),
    [
        (0, False, False),
        (1, True, False),
        (-9, True, False),
        (runner.LATE, False, True),
    ],
)
def test_a_late_test_has_noticed_nothing(code, caught, late):
    same = by_hand.mutants()[0]
    trial = runner.trial_of(same, code)
    assert (trial.caught, trial.late) == (caught, late)
    kind = Kind("few", aim=0.5, most=1, trials=lambda rng, most: [])
    told = table([Result(kind, [trial])])
    assert (f"late (few): {trial.where}" in told) == late
    assert (f"not noticed (few): {trial.where}" in told) == (not caught and not late)


@pytest.mark.parametrize(
    ("error", "in_vain"),
    [(TimeoutError(), True), (subprocess.TimeoutExpired("node", 9), True),
     (AssertionError("Timeout"), False)],
)  # fmt: skip
def test_waiting_in_vain_is_told_from_failing(error, in_vain):
    def fail():
        raise error

    waits = runner.Waits()
    waits.pytest_exception_interact(pytest.CallInfo.from_call(fail, "call"))
    assert waits.in_vain == in_vain


def test_python_is_changed_in_one_place(tmp_path, monkeypatch):
    monkeypatch.setattr(code, "ROOT", tmp_path)
    (tmp_path / "f.py").write_text(SOURCE)
    (tmp_path / "out").mkdir()
    found = [mutant for site in code.mutants_by_site("f.py") for mutant in site]
    assert {mutant.change for mutant in found} >= {
        "3 -> 4", "True -> False", "x < 0 -> (x <= 0)", "x < 0 -> (x > 0)",
        "x + 1 -> (x - 1)", "-x -> (x)", "g(x + 1, -x, base=2) -> (g(x + 1, -x))",
        "g(x + 1, -x, base=2) -> (g(-x, x + 1, base=2))",
    }  # fmt: skip
    for mutant in found:
        mutant.apply(tmp_path / "out")
        changed = (tmp_path / "out" / "f.py").read_text()
        assert changed != SOURCE
        compile(changed, "f.py", "exec")
        assert "at least 0" in changed or mutant.new == "pass"  # words are left alone


def test_random_mutants_follow_their_seed_and_visit_every_module():
    once, again, other = (
        [
            (m.file, m.start, m.new)
            for m in code.choose(kinds.INITLIB, Random(seed), 137)
        ]
        for seed in (1, 1, 2)
    )
    assert once == again != other
    assert len(once) == 137
    assert len({file for file, _, _ in once}) > 12


def test_mutants_made_by_hand_fit_the_code():
    assert len(by_hand.mutants()) >= 57


def test_listed_equivalents_fit_the_code():
    for file, listed in equivalent.SAME.items():
        source = (kinds.ROOT / "initlib" / file).read_text()
        assert [piece for piece, _, _ in listed if piece not in source] == []


def test_some_mutants_of_initlib_are_caught_and_a_change_of_nothing_is_not():
    quick = [m for m in by_hand.mutants() if m.file[8:].removesuffix(".py") in QUICK]
    chosen = Random(SEED).sample(quick, 3)
    same = code.replace_once("initlib/data.py", "2 * np.pi", "2.0 * np.pi", "the same")
    trials = runner.try_all([same, *chosen], tests_for=runner.own_tests)
    survivors = [trial.change for trial in trials if not trial.caught]
    assert survivors == ["2 * np.pi -> 2.0 * np.pi (the same)"]


def test_each_kind_can_be_tried():
    quick = [kind for kind in kinds.KINDS if "initlib" not in kind.name]
    quick = [
        kind for kind in quick if kind.trials is not kinds.drawn_falsely
    ]  # tests too
    results = run(quick, SEED, most=3)
    assert [result.kind.name for result in results if len(result.trials) != 3] == []
    strict = [result for result in results if result.kind.aim == 1]
    assert [result.survivors for result in strict if not result.reached] == []


@pytest.mark.parametrize("name", stored.MUTATORS)
def test_stored_output_is_changed_in_one_place(name):
    before = nbformat.writes(CHAPTER)
    for seed in range(5):
        changed = stored.MUTATORS[name](CHAPTER, Random(seed)).notebook
        assert nbformat.writes(CHAPTER) == before, "the notebook itself was changed"
        lines = zip(
            before.splitlines(), nbformat.writes(changed).splitlines(), strict=True
        )
        apart = sum(old != new for old, new in lines)
        assert 1 <= apart <= 3  # data, low and high of a table


@pytest.mark.parametrize("name", stored.MUTATORS)
def test_a_notebook_without_outputs_has_nothing_to_change(name):
    assert stored.MUTATORS[name](nbformat.v4.new_notebook(), Random(0)) is None
