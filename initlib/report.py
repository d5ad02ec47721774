"""A health report of a network: what is unhealthy, and where it is explained.

Every measure stands beside what theory gives a healthy network of the same activation,
depth and inputs.  The report measures and points; what to do is up to the reader.
"""

import html
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from functools import lru_cache

import numpy as np
import scipy

from initlib._checks import check_rng
from initlib.activations import Activation, check_activation
from initlib.meanfield import (
    Forecast,
    chi,
    critical_weight_var,
    forecast,
    gain,
    gaussian_mean,
)
from initlib.mlp import (
    Params,
    Trace,
    backward,
    check_inputs,
    check_params,
    forward,
)
from initlib.propagation import (
    asymptotes,
    correlation,
    dead_fraction,
    rms,
    saturation,
)

WHERE = {
    "not finite": "chapter 3, Vanishing and exploding, by recipe",
    "vanishing signal": "chapter 3, One factor a layer",
    "exploding signal": "chapter 3, Vanishing and exploding, by recipe",
    "vanishing gradient": "chapter 3, The way back",
    "exploding gradient": "chapter 3, The factor of a gradient",
    "equal inputs": "chapter 9, How far a difference travels",
    "copied units": "chapter 2, Why copies stay copies",
    "dead units": "chapter 10, Born dead",
    "saturated units": "chapter 3, Saturated, and yet exploding",
}
INPUTS = 256  # random ones, where none are given
STEADY = 0.1  # the part of its second moment by which a gradient may grow in a layer
WARNING, CRITICAL = 5.0, 1000.0  # times too small or too large, beyond the luck of it
SIGMAS = 3  # of the luck of a finite width
FEW, MOST = 0.2, 0.9  # units that may stand still beyond expectation; and a disaster
ALIKE = 6  # decimals that two copies share
COLUMNS = ("severity", "finding", "layers", "measured", "expected", "explained in")


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with a network.

    Parameters
    ----------
    kind : str
        Such as "vanishing signal".
    severity : {"warning", "critical"}
        How bad it is at the worst layer.
    layers : tuple of int
        The layers where it shows, counted from 0.
    measured, expected : float
        What was measured at the worst layer, and what theory gives a healthy network.
    where : str
        The chapter and section that explain it.
    """

    kind: str
    severity: str
    layers: tuple[int, ...]
    measured: float
    expected: float
    where: str

    def cells(self) -> tuple[str, ...]:
        """Return a row of the table, as text."""
        numbers = (f"{value:.3g}" for value in (self.measured, self.expected))
        return self.severity, self.kind, _ranges(self.layers), *numbers, self.where


def _ranges(layers: tuple[int, ...]) -> str:
    """Write layers as 0, 3-7."""
    edges = np.flatnonzero(np.diff(layers) > 1) + 1
    runs = np.split(np.array(layers), edges)
    return ", ".join(str(r[0]) if len(r) == 1 else f"{r[0]}-{r[-1]}" for r in runs)


@dataclass(frozen=True)
class Report:
    """What is unhealthy in a network; `findings` is empty where nothing is.

    Parameters
    ----------
    findings : list of Finding
        In the order of the kinds in `WHERE`, one of a kind at most.
    network : str
        What was looked at, in words.
    """

    findings: list[Finding]
    network: str

    @property
    def heading(self) -> str:
        """One line: how many findings, and in what."""
        n = len(self.findings)
        many = f"{n} finding{'s' if n > 1 else ''}" if n else "nothing is wrong"
        return f"{self.network}: {many}"

    def __repr__(self):
        if not self.findings:
            return self.heading
        rows = [COLUMNS, *(finding.cells() for finding in self.findings)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
        return "\n".join([self.heading, *lines])

    def _repr_html_(self) -> str:
        heading = f"<p>{html.escape(self.heading)}.</p>"
        if not self.findings:
            return f'<div class="report">{heading}</div>'
        head = "".join(f'<th scope="col">{name}</th>' for name in COLUMNS)
        rows = "".join(
            "<tr>" + "".join(f"<td>{html.escape(c)}</td>" for c in f.cells()) + "</tr>"
            for f in self.findings
        )
        table = f"<table><tr>{head}</tr>{rows}</table>"
        return f'<div class="report">{heading}{table}</div>'

    def as_dict(self) -> dict:
        """Return the network in words, and each finding as a dictionary."""
        findings = [asdict(finding) for finding in self.findings]
        return {"network": self.network, "findings": findings}


def report(
    params: Params,
    act: Activation,
    x: np.ndarray | None = None,
    *,
    rng: np.random.Generator,
) -> Report:
    """Look a network over: signal, gradient, inputs and units, layer by layer.

    What each should be comes from `forecast` for inputs of second moment 1: with the
    weights of `gain` where those keep a gradient as well, otherwise with those of
    `critical_weight_var`.  A layer is healthy within a factor of 5 of it, and within
    three standard deviations of the luck that a finite width brings (a log-normal
    factor whose variance grows by 5 / width in each layer).

    Parameters
    ----------
    params : Params
        One network; see `load_params` for a stored one.
    act : Activation
        Activation of the hidden layers.
    x : numpy.ndarray, (batch, n0), optional
        At least two inputs; 256 of N(0, 1) unless given.
    rng : numpy.random.Generator
        Draws x, unless given, and the gradient that is sent back.

    Returns
    -------
    Report
        Whose `findings` have kinds as in this list.

        - *not finite*: the part of a layer's numbers that are NaN or infinite.
        - *vanishing signal*, *exploding signal*: the RMS of z.  An output layer of
          small or zero weights is healthy.
        - *vanishing gradient*, *exploding gradient*: the length of the gradient in z,
          for one of length 1 in z of the last hidden layer.
        - *equal inputs*: the cosine of two inputs in z.
        - *copied units*: the part of the hidden units that compute what another one of
          their layer does; critical if their outgoing weights are equal too.
        - *dead units*: those of zero slope for every input (ReLU).
        - *saturated units*: those within .01 of an asymptote (tanh, sigmoid).

    Raises
    ------
    ValueError
        If params are an ensemble, or x does not fit or has one row only.

    Notes
    -----
    The log-normal law is that of ReLU (Hanin & Nica 2020); smooth activations are more
    even.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> healthy = init_mlp([64, *[128] * 9, 10], he_normal, rng)
    >>> report(healthy, relu, rng=rng)
    10 layers of relu, 256 random inputs: nothing is wrong
    >>> small = init_mlp([64, *[128] * 9, 10], xavier_normal, rng)
    >>> [finding.kind for finding in report(small, relu, rng=rng).findings]
    ['vanishing signal', 'vanishing gradient']
    """
    check_rng(rng)
    check_activation(act)
    if check_params(params)[0][0].ndim > 2:
        raise ValueError(
            "params must be one network, not an ensemble; got weights of shape "
            f"{params[0][0].shape}"
        )
    kind, given = ("random " if x is None else ""), x
    x = _inputs(params, x, rng)
    healthy = _healthy(act, len(params), 0.0 if given is None else _cosine(x))
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        trace, trunk = _run(params, x, act, rng)
        found = [*_of_numbers(trace, trunk), *_of_sizes(trace, trunk, healthy)]
        found += [*_of_inputs(trace, healthy), *_of_units(trace, act, healthy)]
    found.sort(key=lambda finding: [*WHERE].index(finding.kind))
    return Report(found, f"{len(params)} layers of {act.name}, {len(x)} {kind}inputs")


def _inputs(params, x, rng) -> np.ndarray:
    if x is None:
        return rng.standard_normal((INPUTS, len(params[0][0])))
    x = check_inputs(params, x)
    if x.ndim != 2 or len(x) < 2:
        raise ValueError(f"x must hold one batch of at least 2; got shape {x.shape}")
    return x


def _cosine(x: np.ndarray) -> float:
    return float(np.clip(np.nan_to_num(correlation([x])[0]), -1, 1))


def _run(params, x, act, rng) -> tuple[Trace, Trace | None]:
    """Run forward, and back from the last hidden layer: a head may be small or zero."""
    trace = forward(params, x, act)
    if len(params) == 1:
        return trace, None
    trunk = Trace(params[:-1], trace.h[:-1], trace.z[:-1])
    return trace, backward(trunk, act, rng.standard_normal(trunk.z[-1].shape))


@lru_cache
def _healthy(act: Activation, depth: int, c: float) -> Forecast:
    weight_var = gain(act) ** 2
    if abs(chi(act, weight_var, 1.0) - 1) < STEADY:
        return forecast(act, weight_var, depth, c=c)
    try:
        return forecast(act, critical_weight_var(act, 0.0)[0], depth, c=c)
    except ValueError:  # softplus: no weights keep its gradient, as it should be
        wide = forecast(act, weight_var, depth, c=c)
        return replace(wide, chi=np.ones(depth))


def _finding(kind, measured, expected, sick, critical, badness) -> Iterator[Finding]:
    """Yield a finding if a layer is sick; its numbers are those of the worst one."""
    layers = np.flatnonzero(sick)
    if not layers.size:
        return
    worst = layers[np.argmax(badness[layers])]
    severity = "critical" if critical[layers].any() else "warning"
    numbers = float(measured[worst]), float(expected[worst])
    yield Finding(kind, severity, tuple(layers.tolist()), *numbers, WHERE[kind])


def _of_numbers(trace: Trace, trunk: Trace | None) -> Iterator[Finding]:
    part = np.array([1 - np.isfinite(z).mean() for z in trace.z])
    if trunk:
        back = [1 - np.isfinite(dz).mean() for dz in trunk.dz]
        part[:-1] = np.maximum(part[:-1], back)
    yield from _finding("not finite", part, 0 * part, part > 0, part > 0, part)


def _luck(widths: np.ndarray) -> np.ndarray:
    """Return SIGMAS standard deviations of ln RMS, gathered from layer to layer."""
    return SIGMAS * np.sqrt(np.cumsum(5 / widths)) / 2


def _graded(kind, measured, expected, off, luck) -> Iterator[Finding]:
    """Grade layers by how far the logarithm of a size is off on the sick side."""
    sick, critical = (off > np.log(k) + luck for k in (WARNING, CRITICAL))
    yield from _finding(kind, measured, expected, sick, critical, off)


def _of_sizes(trace: Trace, trunk: Trace | None, healthy: Forecast):
    signal, expected = rms(trace.z), np.sqrt(healthy.q)
    luck = _luck(_widths(trace))
    large = np.log(signal / np.maximum(expected, 1))
    yield from _graded("exploding signal", signal, expected, large, luck)
    small = np.log(np.minimum(expected, 1) / signal)[:-1]
    yield from _graded("vanishing signal", signal, expected, small, luck[:-1])
    if trunk and np.isfinite(trunk.z[-1]).all():
        yield from _of_gradients(trunk, healthy)


def _widths(trace: Trace) -> np.ndarray:
    return np.array([z.shape[-1] for z in trace.z])


def _of_gradients(trunk: Trace, healthy: Forecast) -> Iterator[Finding]:
    widths = _widths(trunk)
    length = rms(trunk.dz) * np.sqrt(widths)
    length, luck = length / length[-1], _luck(widths[::-1])[::-1]
    factors = np.sqrt(healthy.chi[: len(length)])
    factors[-1] = 1
    expected = np.cumprod(factors[::-1])[::-1]
    off = np.log(length / expected)
    yield from _graded("vanishing gradient", length, expected, -off, luck)
    yield from _graded("exploding gradient", length, expected, off, luck)


def _of_inputs(trace: Trace, healthy: Forecast) -> Iterator[Finding]:
    """Compare sqrt(1 - c), the part of a layer's RMS that differs between inputs."""
    hidden = slice(0, len(trace.z) - 1)
    measured = correlation(trace.z[hidden] or trace.z)[hidden]
    expected = healthy.c[hidden]
    rounding = np.finfo(float).eps
    off = np.log((1 - expected) / np.maximum(1 - measured, rounding)) / 2
    luck = _luck(_widths(trace))[hidden]
    yield from _graded("equal inputs", measured, expected, off, luck)


def _of_units(trace: Trace, act: Activation, healthy: Forecast) -> Iterator[Finding]:
    if len(trace.z) == 1:
        return
    yield from _of_copies(trace.params)
    z, q, c = trace.z[:-1], healthy.q[:-1], healthy.c[:-1]
    room = FEW + SIGMAS / 2 / np.sqrt(_widths(trace)[:-1])
    if act.df(np.array([-1.0]))[0] == 0:
        expected = np.array([_dead(c_l, z[0].shape[-2]) for c_l in c])
        yield from _still("dead units", dead_fraction(z), expected, room)
    if len(limits := asymptotes(act)) == 2:
        expected = np.array([_near(act, limits, q_l) for q_l in q])
        yield from _still("saturated units", saturation(z, act), expected, room)


def _still(kind, measured, expected, room) -> Iterator[Finding]:
    sick, critical = measured > expected + room, measured > MOST
    yield from _finding(kind, measured, expected, sick, critical, measured - expected)


def _dead(c: float, batch: int) -> float:
    """Chance that all of `batch` Gaussians, each two of correlation c, are below 0.

    Each is ``sqrt(c) g + sqrt(1 - c) e`` with g in common.
    """
    c = min(max(c, 0.0), 1 - 1e-12)
    slope = np.sqrt(c / (1 - c))
    return gaussian_mean(lambda g: scipy.special.ndtr(-slope * g) ** batch)


def _near(act: Activation, limits: list[float], q: float) -> float:
    return gaussian_mean(lambda z: _close(act(z), limits), q)


def _close(h: np.ndarray, limits: list[float]) -> np.ndarray:
    return np.any([np.abs(h - limit) < 0.01 for limit in limits], axis=0)


def _of_copies(params: Params) -> Iterator[Finding]:
    """Look for hidden units alike in what comes in, and in what goes out as well."""
    into = [np.vstack([_parts(W), _parts(b)]) for W, b in params[:-1]]
    out = [_parts(W.T) for W, _ in params[1:]]
    alike = np.array([_copied(ways) for ways in into])
    twins = np.array([_copied(np.vstack(ways)) for ways in zip(into, out, strict=True)])
    yield from _finding("copied units", alike, 0 * alike, alike > 0, twins > 0, alike)


def _parts(array: np.ndarray) -> np.ndarray:
    """Return numbers as parts of the largest, at the digits that copies share."""
    finite = array[np.isfinite(array)]
    size = np.abs(finite).max(initial=np.finfo(float).tiny)
    return np.round(array / size, ALIKE) + 0.0  # which makes 0 of -0


def _copied(columns: np.ndarray) -> float:
    """Return the part of the columns that are finite and occur more than once."""
    finite = [column for column in columns.T if np.isfinite(column).all()]
    counts = Counter(column.tobytes() for column in finite)
    return sum(n for n in counts.values() if n > 1) / columns.shape[1]
