"""Live figures: Python hands over tables, JavaScript draws the chosen slice.

`LiveTraining` alone hands over settings, and the page trains the networks by itself.

The same widget answers in JupyterLab and Binder, where a kernel runs, and in the
published page, where none does.
"""

from initlib.widgets.bars import LiveBars
from initlib.widgets.curves import LiveCurves
from initlib.widgets.heatmap import LiveHeatmap
from initlib.widgets.histograms import LiveHistograms
from initlib.widgets.map import LiveMap
from initlib.widgets.training import LiveTraining

__all__ = [
    "LiveBars",
    "LiveCurves",
    "LiveHeatmap",
    "LiveHistograms",
    "LiveMap",
    "LiveTraining",
]
