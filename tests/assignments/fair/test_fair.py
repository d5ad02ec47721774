"""Fair checks: how often they fail a right answer, computed, and what they catch."""

import math

import numpy as np
import pytest
from scipy import integrate, optimize, stats

from assignments import fair
from initlib import TRUNCATED_STD, he_normal, uniform, variance_scaling, xavier_normal

SIZES = (500, 2_000, 20_000)
BOUNDED = ("uniform", "truncated_normal")
LAWS = {
    "normal": stats.norm(),
    "uniform": stats.uniform(-math.sqrt(3), 2 * math.sqrt(3)),
    "truncated_normal": stats.truncnorm(-2, 2, scale=1 / TRUNCATED_STD),
}
SHAPE, STD = (80, 130), math.sqrt(2 / 210)  # Xavier's


def draw(distribution, rng, shape=SHAPE, std=STD):
    if distribution == "normal":
        return rng.normal(0, std, shape)
    if distribution == "uniform":
        return uniform(shape, rng, limit=math.sqrt(3) * std)
    scale = std**2 * shape[0]
    return variance_scaling(shape, rng, scale=scale, distribution=distribution)


@pytest.mark.parametrize("distribution", fair.DISTRIBUTIONS)
def test_laws_are_those_of_scipy(distribution):
    law, expected = fair.DISTRIBUTIONS[distribution], LAWS[distribution]
    grid = np.linspace(-4, 4, 801)
    np.testing.assert_allclose(law.cdf(grid), expected.cdf(grid), atol=1e-14)
    assert law.reach(1) == pytest.approx(expected.support()[1], rel=1e-12)
    assert law.reach(0.7) == pytest.approx(expected.interval(0.7)[1], rel=1e-12)
    assert law.fourth == pytest.approx(expected.moment(4), rel=1e-9)
    assert expected.var() == pytest.approx(1, rel=1e-12)


def test_z():
    assert 2 * stats.norm.sf(fair.Z) == pytest.approx(fair.ALPHA, rel=1e-9)


@pytest.mark.parametrize("n", SIZES)
def test_bounds_of_a_normal_std_are_exact(n):
    low, high = fair.std_bounds(n)
    squares = stats.chi2(n)
    assert squares.cdf(n * low**2) == pytest.approx(fair.ALPHA / 2, rel=1e-6)
    assert squares.sf(n * high**2) == pytest.approx(fair.ALPHA / 2, rel=1e-6)
    assert high - 1 == pytest.approx(fair.Z / math.sqrt(2 * n), rel=0.1)


def chernoff(law, n, mean_square):
    """Bound the probability that the mean of w**2 lies beyond this value.

    The least of ``E[exp(t * (w**2 - value))]**n`` over t.
    """
    low, high = law.support()
    sign = 1 if mean_square > 1 else -1

    def log_mean(t):
        def tilted(w):
            return math.exp(sign * t * (w * w - mean_square)) * law.pdf(w)

        return math.log(integrate.quad(tilted, low, high)[0])

    best = optimize.minimize_scalar(log_mean, bounds=(0, 3), method="bounded")
    return math.exp(n * best.fun)


@pytest.mark.parametrize("distribution", BOUNDED)
@pytest.mark.parametrize("n", SIZES)
def test_bounds_of_a_bounded_std_err_at_most_as_often_as_promised(n, distribution):
    for bound in fair.std_bounds(n, distribution):
        probability = chernoff(LAWS[distribution], n, bound**2)
        assert probability <= fair.ALPHA / 2
        assert probability > fair.ALPHA / 200 or n < 20_000  # nor far too wide


@pytest.mark.parametrize("distribution", BOUNDED)
def test_the_distributions_are_strictly_sub_gaussian(distribution):
    law = LAWS[distribution]
    for t in np.linspace(0.05, 12, 60):
        assert math.log(law.expect(lambda w, t=t: math.exp(t * w))) <= t * t / 2


@pytest.mark.parametrize("n", SIZES)
def test_the_other_bounds_err_at_most_as_often_as_promised(n):
    assert 2 * stats.norm.sf(fair.mean_bound(n) * math.sqrt(n)) <= fair.ALPHA
    assert stats.kstwo.sf(fair.gap_bound(n), n) <= fair.ALPHA * (1 + 1e-6)


@pytest.mark.parametrize("distribution", fair.DISTRIBUTIONS)
@pytest.mark.parametrize("n", SIZES)
def test_bounds_of_the_largest_are_exact(n, distribution):
    low, high = fair.largest_bounds(n, distribution)
    beyond = 2 * LAWS[distribution].sf([low, high])
    assert (1 - beyond[0]) ** n == pytest.approx(fair.ALPHA / 2, rel=1e-6)
    assert n * beyond[1] == pytest.approx(fair.ALPHA / 2, rel=1e-3)


def beyond(values, bounds):
    return (values < bounds[0]) | (values > bounds[1])


@pytest.mark.parametrize("distribution", fair.DISTRIBUTIONS)
def test_bounds_in_2000_draws(distribution, rng):
    """At an alpha that can be counted: no bound fails more often than it says."""
    alpha, runs, n = 0.02, 2000, 500
    law = fair.DISTRIBUTIONS[distribution]
    weights = draw(distribution, rng, (runs, n), 1.0)
    rms = np.sqrt(np.square(weights).mean(axis=1))
    largest = np.abs(weights).max(axis=1)
    steps = np.arange(n + 1)[:, None] / n
    heights = law.cdf(np.sort(weights, axis=1)).T
    gaps = np.maximum(heights - steps[:-1], steps[1:] - heights).max(axis=0)
    outside = {
        "std": beyond(rms, fair.std_bounds(n, distribution, alpha)),
        "largest": beyond(largest, fair.largest_bounds(n, distribution, alpha)),
        "mean": np.abs(weights.mean(axis=1)) > fair.mean_bound(n, alpha),
        "gap": gaps > fair.gap_bound(n, alpha),
    }
    most = stats.binom.isf(1e-6, runs, alpha)
    for name, failed in outside.items():
        assert failed.sum() <= most, name


@pytest.mark.parametrize("distribution", fair.DISTRIBUTIONS)
def test_right_weights_pass(distribution, rng):
    fair.check_weights(draw(distribution, rng), SHAPE, STD, distribution)


WRONG = {
    "LeCun's std": lambda rng: rng.normal(0, 80**-0.5, SHAPE),
    "He's std": lambda rng: he_normal(SHAPE, rng),
    "fan_out for both": lambda rng: rng.normal(0, 130**-0.5, SHAPE),
    "variance for std": lambda rng: rng.normal(0, STD**2, SHAPE),
    "missing .8796": lambda rng: TRUNCATED_STD * draw("truncated_normal", rng),
    "zeros": lambda rng: np.zeros(SHAPE),
    "constant": lambda rng: np.full(SHAPE, STD),
    "two values": lambda rng: rng.choice([-STD, STD], SHAPE),
    "a mean": lambda rng: rng.normal(STD / 10, STD, SHAPE),
    "only positive": lambda rng: np.abs(rng.normal(0, STD, SHAPE)),
    "float32": lambda rng: rng.normal(0, STD, SHAPE).astype(np.float32),
    "integers": lambda rng: rng.integers(-1, 2, SHAPE),
    "transposed": lambda rng: xavier_normal(SHAPE, rng).T,
    "a list": lambda rng: xavier_normal(SHAPE, rng).tolist(),
    "a nan": lambda rng: np.where(np.eye(*SHAPE, 40), np.nan, draw("normal", rng)),
    "a row repeated": lambda rng: np.tile(rng.normal(0, STD, 130), (80, 1)),
}


@pytest.mark.parametrize("distribution", fair.DISTRIBUTIONS)
@pytest.mark.parametrize("name", WRONG)
def test_wrong_weights_fail(name, distribution, rng):
    for _ in range(10):
        with pytest.raises(AssertionError):
            fair.check_weights(WRONG[name](rng), SHAPE, STD, distribution)


def test_messages_do_not_tell_the_answer(rng):
    with pytest.raises(AssertionError) as told:
        fair.check_std(WRONG["LeCun's std"](rng), STD)
    assert f"{STD:.3f}" not in str(told.value)


@pytest.mark.parametrize("drawn", fair.DISTRIBUTIONS)
@pytest.mark.parametrize("asked", fair.DISTRIBUTIONS)
def test_only_the_distribution_that_was_asked_for_passes(drawn, asked, rng):
    for _ in range(20):
        weights = draw(drawn, rng, (40, 50))
        if drawn == asked:
            fair.check_weights(weights, (40, 50), STD, asked)
        else:
            with pytest.raises(AssertionError):
                fair.check_weights(weights, (40, 50), STD, asked)


def test_largest(rng):
    fair.check_largest(draw("uniform", rng), STD, "uniform")
    for std in (STD * 1.01, STD * 0.99):
        with pytest.raises(AssertionError, match="largest"):
            fair.check_largest(draw("uniform", rng), std, "uniform")


class TestReproducible:
    def test_a_generator_that_is_used(self):
        fair.check_reproducible(lambda rng: rng.random(3))
        fair.check_initializer(xavier_normal, SHAPE, STD)

    @pytest.mark.parametrize(
        "own", [np.random.default_rng(0), np.random.RandomState(0)], ids=type
    )
    def test_numbers_from_elsewhere(self, own):
        with pytest.raises(AssertionError, match="drawn from rng"):
            fair.check_reproducible(lambda rng: own.normal(size=3))

    def test_a_seed_inside(self):
        def init(shape, rng):
            return xavier_normal(shape, np.random.default_rng(5))

        with pytest.raises(AssertionError, match="is rng used"):
            fair.check_initializer(init, SHAPE, STD)


def test_unrelated_layers(rng):
    first, second = draw("normal", rng), draw("uniform", rng)
    fair.check_unrelated(first, second, STD)
    for copied in (first, -3 * first, first + second / 4):
        with pytest.raises(AssertionError, match="anew"):
            fair.check_unrelated(first, copied, STD)
    with pytest.raises(AssertionError, match="zero"):
        fair.check_unrelated(first, 0 * first, STD)


def test_generators_follow_the_base():
    numbers = fair.rng(1).random(3)
    assert np.array_equal(fair.rng(1).random(3), numbers)
    assert not np.array_equal(fair.rng(2).random(3), numbers)
    with fair.seeded(7):
        assert not np.array_equal(fair.rng(1).random(3), numbers)
        with fair.seeded(0):
            assert np.array_equal(fair.rng(1).random(3), numbers)
    with pytest.raises(ZeroDivisionError), fair.seeded(7):
        1 / 0  # noqa: B018
    assert np.array_equal(fair.rng(1).random(3), numbers)


class TestFunction:
    def test_numbers_and_arrays(self):
        function = fair.Function("np.where(x > 0, x, 0.1 * x)")
        assert function(-2.0) == pytest.approx(-0.2)
        np.testing.assert_allclose(function(np.array([-1.0, 3.0])), [-0.1, 3.0])
        assert function == fair.Function(function.source)

    @pytest.mark.parametrize("source", ["open('x')", "y", "x.__class__", "np._core"])
    def test_nothing_but_x_and_np(self, source):
        with pytest.raises(ValueError, match=r"known here|begin with _"):
            fair.Function(source)

    def test_no_statement(self):
        with pytest.raises(SyntaxError):
            fair.Function("x = 1")
