"""*Design your own* takes any right rule and any right branches."""

import numpy as np
import pytest

from assignments.inside.function import Function
from tests.assignments.reference import answers, failures

PAIRS = "    return [({}) for _ in range(blocks)]"
NORMAL = "rng.normal(0, {}, (width, width))"
FIRST = NORMAL.format("(2 / width) ** 0.5")
OTHER_BRANCHES = {
    "second zero": PAIRS.format(f"{FIRST}, np.zeros((width, width))"),
    "half the variance": PAIRS.format(
        FIRST + ", " + NORMAL.format("(0.5 / blocks / width) ** 0.5")
    ),
    "He in both": PAIRS.format(
        FIRST + ", " + NORMAL.format("(2 / blocks / width) ** 0.5")
    ),
    "each a fourth root": PAIRS.format(
        ", ".join(
            NORMAL.format(f"({v} / width) ** 0.5 * blocks**-0.25") for v in (2, 1)
        )
    ),
    "orthogonal first": PAIRS.format(
        "initlib.orthogonal((width, width), rng), np.zeros((width, width))"
    ),
    "uniform": PAIRS.format(
        "rng.uniform(-1, 1, (width, width)) * (6 / width) ** 0.5, "
        "rng.uniform(-1, 1, (width, width)) * (3 / blocks / width) ** 0.5"
    ),
}
BRANCHES = {"test-branches-size", "test-branches-learn", "test-branches-random"}
OTHER_GAINS = {
    "adaptive": (
        "def gain_of(phi):\n"
        "    from scipy.integrate import quad\n"
        "    f = lambda z: phi(z) ** 2 * np.exp(-(z**2) / 2) / (2 * np.pi) ** 0.5\n"
        "    return quad(f, -10, 10, limit=500)[0] ** -0.5\n"
    ),
    "adaptive over the whole line": (
        "def gain_of(phi):\n"
        "    from scipy import integrate, stats\n"
        "    f = lambda z: phi(z) ** 2 * stats.norm.pdf(z)\n"
        "    return integrate.quad(f, -np.inf, np.inf)[0] ** -0.5\n"
    ),
    "coarser": (
        "def gain_of(phi):\n"
        "    z = np.linspace(-8, 8, 2001)\n"
        "    return np.trapezoid(phi(z) ** 2 * np.exp(-(z**2) / 2), z) ** -0.5 * "
        "(2 * np.pi) ** 0.25\n"
    ),
}


def with_change(branches, i, change):
    """Return the branches with one matrix of the second one moved."""
    first, second, third = branches
    moved = tuple(W + change * (k == i) for k, W in enumerate(second))
    return [first, moved, third]


class TestDesign:
    @pytest.mark.parametrize("name", OTHER_GAINS)
    @pytest.mark.filterwarnings("ignore:overflow")
    def test_other_right_rules_pass(self, name):
        tests = {"test-gain-smooth", "test-gain-kinks", "test-gain-mean"}
        assert failures("a4", {"gain": OTHER_GAINS[name]}, tests) == {}

    @pytest.mark.parametrize("name", OTHER_BRANCHES)
    def test_other_right_branches_pass(self, name):
        source = f"def init_branches(width, blocks, rng):\n{OTHER_BRANCHES[name]}"
        assert failures("a4", {"branches": source}, BRANCHES) == {}

    @pytest.mark.parametrize("name", ["He in both", "uniform"])
    def test_limits_are_far_from_right_branches(self, name):
        source = f"def init_branches(width, blocks, rng):\n{OTHER_BRANCHES[name]}"
        names = answers("a4", (("branches", source),))

        def logs(blocks, stream):
            branches = names["init_branches"](16, blocks, stream)
            return np.log(names["ends"](branches, stream))

        for blocks in (3, 8, 64):
            draws = [
                logs(blocks, np.random.default_rng([blocks, i])) for i in range(99)
            ]
            mean, std = np.mean(draws, axis=0), np.std(draws, axis=0)
            assert (np.log(100) - mean > 5.2 * std).all()
            assert (mean - np.log(1 / 2) > 0).all()

    def test_gradients_of_the_passes_are_those_of_finite_differences(self):
        names, rng = answers("a4"), np.random.default_rng(0)
        branches = names["init_branches"](5, 3, rng)
        x, dout = rng.standard_normal((2, 4, 5))
        _, back, gradients = names["passes"](branches, x, dout)

        def value(x, branches):
            return np.sum(names["passes"](branches, x, dout)[0][-1] * dout)

        step = np.zeros((4, 5))
        step[2, 3] = 1e-6
        slope = (value(x + step, branches) - value(x - step, branches)) / 2e-6
        np.testing.assert_allclose(back[0][2, 3], slope, rtol=1e-6)
        for i in (0, 1):
            change = np.zeros((5, 5))
            change[1, 4] = 1e-6
            moved = [
                value(x, with_change(branches, i, sign * change)) for sign in (1, -1)
            ]
            slope = (moved[0] - moved[1]) / 2e-6
            np.testing.assert_allclose(gradients[1][i][1, 4], slope, rtol=1e-6)

    @pytest.mark.parametrize(
        ("source", "gain", "drift"),
        [
            ("np.tanh(5 * x)", 1.089171, 0.09023),
            ("np.maximum(x - 0.7, 0)", 2.654210, 1.70459),
            ("np.clip(x, -0.5, 1)", 1.688877, 0.32746),
            ("x**3 / 4", 4 / 15**0.5, 3),
            ("np.cos(x)", (2 / (1 + np.exp(-2))) ** 0.5, -2 / (1 + np.exp(2))),
        ],
    )
    def test_reference_agrees_with_closed_forms_and_adaptive_quadrature(
        self, source, gain, drift
    ):
        names = answers("a4")
        assert names["gain_of"](Function(source)) == pytest.approx(gain, rel=2e-6)
        assert names["drift_of"](Function(source)) == pytest.approx(drift, abs=2e-4)
