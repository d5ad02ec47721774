"""Live figures: Python hands over tables, JavaScript draws the chosen slice.

The same widget answers in JupyterLab and Binder, where a kernel runs, and in the
published page, where none does.
"""

from initlib.widgets.curves import LiveCurves
from initlib.widgets.heatmap import LiveHeatmap
from initlib.widgets.histograms import LiveHistograms

__all__ = ["LiveCurves", "LiveHeatmap", "LiveHistograms"]
