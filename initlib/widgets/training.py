"""Two networks that race in the page, after theory has said who will learn."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import traitlets
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from initlib._checks import check_choice
from initlib.data import read_table
from initlib.plotting import COLOURS, MARKERS
from initlib.widgets import bundle
from initlib.widgets.experiments import EXPERIMENTS
from initlib.widgets.figure import FOLDER, Still
from initlib.widgets.racing import (
    SHARED,
    SIDE,
    Settings,
    check_settings,
    first_pass,
    in_words,
    set_up,
)

LAB = ["experiments", "guess", "settings", "samples", "forecast"]
RACE = ["buttons", "verdict", "curves", "sides", "links"]
VIEWS = ["decisions", "units", "histograms"]
IMAGES = 800  # packed digits, 500 of them to train on
HEIGHTS = {True: [[560, 1700], [0, 2420]], False: [[560, 290], [0, 640]]}


class LiveTraining(Still):
    """Train two networks in the page, after theory has said what it expects.

    Parameters
    ----------
    experiment : str
        The race that is set up first, such as "thirty-relu-layers".
    lab : bool
        Whether readers choose experiments and settings, guess, and see the forecast;
        else they see the race alone, and a door to the lab.
    views : sequence of str
        What is shown of each network: "decisions", "units", "histograms".
    alt : str
        What one sees, for readers who do not see it.
    height : int
        Height of the picture that stays, in pixels.
    **changes
        Other settings than the experiment's: ``data``, ``seed``, ``steps``, ``batch``,
        and for both sides, or as a pair for left and right, ``start``, ``activation``,
        ``depth``, ``width``, ``lr``, ``optimizer``.

    Raises
    ------
    ValueError
        If there is no such experiment, view or setting.
    """

    _esm = bundle.join("race.js")
    _css = (FOLDER / "race.css").read_text(encoding="utf-8")
    _worker = traitlets.Unicode(bundle.join("worker.js")).tag(sync=True)
    _experiments = traitlets.Dict().tag(sync=True)
    _parts = traitlets.List().tag(sync=True)
    _views = traitlets.List().tag(sync=True)
    _keys = traitlets.List([*SIDE, *SHARED]).tag(sync=True)
    _heights = traitlets.List().tag(sync=True)
    _digits = traitlets.Bytes().tag(sync=True)
    settings = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        experiment: str = "thirty-relu-layers",
        *,
        alt: str,
        lab: bool = False,
        views: Sequence[str] = VIEWS,
        height: int = 220,
        **changes: Any,
    ) -> None:
        for view in views:
            check_choice("each of views", view, VIEWS)
        shown = EXPERIMENTS if lab else {experiment: EXPERIMENTS.get(experiment)}
        super().__init__(
            alt=alt,
            height=height,
            settings=set_up(experiment, changes),
            _experiments=dict(shown),
            _parts=[*(LAB if lab else []), *RACE],
            _views=list(views),
            _heights=HEIGHTS[lab],
            _digits=pack_digits() if lab else b"",
        )

    @traitlets.validate("settings")
    def _check_settings(self, proposal: dict[str, Any]) -> Settings:
        try:
            return check_settings(proposal["value"])
        except (TypeError, ValueError) as error:
            raise traitlets.TraitError(str(error)) from error

    def summary(self) -> str:
        """Return the sentence that tells what races against what."""
        return in_words(self.settings)

    def _draw(self, figure: Figure) -> None:
        """Draw signal and gradient of both networks before the first step."""
        axes = figure.subplots(1, 2)
        for side in range(len(self.settings["sides"])):
            how = self.settings["sides"][side]
            look = {"color": COLOURS[side], "marker": MARKERS[side], "markevery": 0.2}
            name = f"{['left', 'right'][side]}: {how['start']}, {how['activation']}"
            passes = first_pass(self.settings, side)
            for ax, values in zip(axes, passes, strict=True):
                ax.plot(np.arange(1, how["depth"] + 1), values, label=name, **look)
        for ax, name in zip(axes, ["signal", "gradient"], strict=True):
            ax.set(xlabel="layer", ylabel=f"{name} (RMS)", yscale="log")
            ax.minorticks_off()
            _name_two_powers(ax)
            ax.xaxis.get_major_locator().set_params(integer=True)
        handles, labels = axes[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", frameon=False)


def _name_two_powers(ax: Axes) -> None:
    """Widen a logarithmic axis that holds fewer than two powers of ten."""
    low, high = np.log10(ax.get_ylim())
    if np.floor(high) - np.ceil(low) < 1:
        ax.set_ylim(10 ** np.floor(low), 10 ** np.ceil(high))


def pack_digits() -> bytes:
    """Return handwritten digits as bytes: first all pixels, then all labels.

    A byte holds two numbers from 0 to 15, the first of them in its high half; of the
    17 levels of grey the two brightest become one.  The order is random, with seed 0.
    """
    pixels, labels = read_table("digits")
    chosen = np.random.default_rng(0).permutation(len(labels))[:IMAGES]
    numbers = np.concatenate([np.minimum(pixels[chosen], 15).ravel(), labels[chosen]])
    high, low = numbers.astype(np.uint8).reshape(-1, 2).T
    return (16 * high + low).tobytes()
