"""The stored measurements of libraries agree with theory, and a false one is seen."""

import re
from datetime import date

import numpy as np
import pytest

from initlib import TRUNCATED_STD
from initlib.data import AUDITED
from tools.audit.libraries import LIBRARIES
from tools.audit.statistics import MOMENTS, measure, recognize
from tools.audit.table import (
    MEASURED_ON,
    differences,
    faults,
    key,
    read,
    written,
)
from tools.audit.theory import rows
from tools.paths import ROOT

LOCK = ROOT / "tools" / "audit" / "requirements.lock"
RNG = np.random.default_rng


def test_every_weight_is_what_theory_says():
    assert faults(read()) == []


def test_the_table_is_of_the_locked_versions():
    pins = dict(re.findall(r"(?m)^([\w-]+)==([\w.]+)", LOCK.read_text()))
    assert {(line["library"], line["version"]) for line in read()} == {
        (library, pins[name]) for library, (_, name) in LIBRARIES.items()
    }


def test_the_table_says_when_it_was_made_and_has_each_weight_once():
    text = AUDITED.read_text(encoding="utf-8")
    day = date.fromisoformat(text.split("\n")[0].removeprefix(MEASURED_ON))
    lines = text.split("\n")[2:-1]
    assert day >= date(2026, 11, 1)
    assert len(lines) == len(rows()) == len(set(map(key, read())))


@pytest.mark.parametrize("column", ["mean", "std", "largest", "fan_in", "fan_out"])
@pytest.mark.parametrize("factor", [0.95, 1.05])
def test_each_number_that_is_changed_is_noticed(column, factor):
    table = read()
    for line in table:
        if line[column]:
            others = [other for other in table if other is not line]
            false = line | {column: line[column] * factor}
            assert faults([*others, false]), (key(line), column)


@pytest.mark.parametrize(
    "change", [{"distribution": "normal?"}, {"repeats": False}, {"tensor": "other"}]
)
def test_each_word_that_is_changed_is_noticed(change):
    table = read()
    for line in table:
        others = [other for other in table if other is not line]
        assert faults([*others, line | change]), key(line)


def test_a_weight_that_moves_is_noticed_and_chance_is_not():
    table = read()
    line = next(line for line in table if line["std"])
    others = [other for other in table if other is not line]
    assert differences(table, [*others, line | {"std": line["std"] * 1.001}]) == []
    assert differences(table, [*others, line | {"std": line["std"] * 1.1}])
    assert differences(table, [*others, line | {"distribution": "constant"}])
    assert differences(others, table)


def test_the_table_reads_back_as_it_was_written():
    table = read()
    assert read(written(table, date(2026, 11, 1))) == table


def test_four_standard_deviations_tell_a_truncated_normal():
    z = RNG(0).standard_normal(400_000)
    z = z[abs(z) < 2]
    error = np.sqrt((z**8).mean() / len(z))
    assert abs((z**4).mean() - MOMENTS["truncated"] * TRUNCATED_STD**4) < 4 * error


@pytest.mark.parametrize(
    ("kind", "weights"),
    [
        ("constant", np.full((2, 3, 4), 0.5)),
        ("zeros and ones", np.stack([np.eye(4)] * 2)),
        ("orthogonal", np.stack([np.linalg.qr(RNG(0).normal(size=(6, 4)))[0]] * 2)),
        ("sparse", RNG(0).normal(size=(2, 200, 100)) * (RNG(1).random((100,)) < 0.9)),
        ("uniform", RNG(0).uniform(-1, 1, (2, 300, 200))),
        ("normal", RNG(0).normal(size=(2, 300, 200))),
        ("unknown", RNG(0).exponential(size=(2, 300, 200))),
    ],
)
def test_a_distribution_is_recognized(kind, weights):
    assert recognize(weights) == kind


def test_what_is_measured_is_what_was_drawn():
    found = measure(0.5 + RNG(0).uniform(-0.1, 0.1, (5, 300, 200)))
    assert found["n"] == 300_000
    assert found["mean"] == 0.5
    assert abs(found["std"] * np.sqrt(3) - 0.1) < 5e-4
    assert 0.0999 < found["largest"] < 0.1002
