"""Live figures of numbers in no order, and the tables behind them.

Each function takes the class that draws, so that a falsified one can draw the same.
"""

from types import SimpleNamespace

import numpy as np

NAN = float("nan")
SCALES = [0.5, 1.5, 4.0]
CONTROLS = {"activation": ["tanh", "ReLU"], "scale σ_w": SCALES}


def scattered(*shape: int, low: float, high: float, seed: int) -> np.ndarray:
    """Return different numbers at distances that are seen, in no order."""
    values = np.linspace(low, high, int(np.prod(shape)))
    return np.random.default_rng(seed).permutation(values).reshape(shape)


def bars(kind: type, *, log: bool) -> SimpleNamespace:
    """Return two series of bars, the last of the first missing."""
    groups = ["fan_in", "their average", "neither"]
    up, down = (scattered(2, 3, 3, low=-2, high=2.5, seed=seed) for seed in (4, 5))
    up, down = (10**up, 10**down) if log else (up, down)
    up[:, :, 2] = NAN
    series = {"forward": up, "backward": down}
    about = {"controls": CONTROLS, "ylabel": "change", "ylog": log, "alt": "Bars."}
    figure = kind(groups, series, **about)
    return SimpleNamespace(figure=figure, groups=groups, series=series)


def heatmap(kind: type, **options) -> SimpleNamespace:
    """Return a heat map with one cell missing."""
    rows, columns = ["a", "b", "c"], ["x", "second one", "z", "w"]
    table = scattered(2, 3, 3, 4, low=-3, high=9, seed=8)
    table[..., 1, 2] = NAN
    figure = kind(
        table,
        rows=rows,
        columns=columns,
        controls=CONTROLS,
        xlabel="step",
        ylabel="unit",
        label="weight w_0",
        alt="Colours.",
        **options,
    )
    return SimpleNamespace(figure=figure, rows=rows, columns=columns, table=table)


def chosen_map(kind: type) -> SimpleNamespace:
    """Return a map with one cell missing, and two curves and a guide behind each."""
    rows, columns = ["tanh", "ReLU"], ["He", "Xavier", "one"]
    table = scattered(2, 3, low=3, high=40, seed=10)
    table[0, 2] = NAN
    texts = np.array([["3 s", "5 s", "never"], ["7 s", "9 s", "1 s"]])
    x, chance = np.arange(5), np.full(5, 0.1)
    seeds = scattered(2, 3, 2, 5, low=0, high=1, seed=11)
    figure = kind(
        table,
        texts.tolist(),
        label="steps",
        rows={"activation": rows},
        columns={"start": columns},
        x=x,
        curves={"seeds": seeds, "chance": chance},
        guides=["chance"],
        xlabel="step",
        ylabel="accuracy",
        alt="Map.",
    )
    behind = {"x": x, "seeds": seeds, "chance": chance}
    about = {"rows": rows, "columns": columns, "table": table, "texts": texts}
    return SimpleNamespace(figure=figure, **about, **behind)


def histograms(kind: type) -> SimpleNamespace:
    """Return two panels of histograms, one with bins of several widths."""
    rows = ["first", "mid", "last"]
    edges = {"h": np.linspace(-1, 2, 7), "dz": np.array([0, 1, 2, 4, 8.0])}
    counts = {
        "h": scattered(2, 3, 3, 6, low=1, high=90, seed=12),
        "dz": scattered(2, 3, 3, 4, low=1, high=90, seed=13),
    }
    told = {
        "h": scattered(2, 3, 3, low=0.1, high=9, seed=14),
        "dz": scattered(2, 3, 3, low=0.1, high=9, seed=15),
    }
    figure = kind(
        {name: (edges[name], counts[name]) for name in edges},
        numbers=told,
        number="std",
        controls=CONTROLS,
        rows=rows,
        alt="Histograms.",
    )
    tables = {"edges": edges, "counts": counts, "told": told}
    return SimpleNamespace(figure=figure, rows=rows, **tables)
