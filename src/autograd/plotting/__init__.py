"""Pictures of training: what a history tells, and where a model draws the line.

Each function draws into axes that are given, or makes a figure of its own, and returns the axes.
Nothing is shown, and no state of matplotlib's is touched: there is no window to close, and it works
without a screen. Start reading in ``canvas.py`` (what both share).
"""

from autograd.plotting.boundary import plot_boundary
from autograd.plotting.curves import plot_history

__all__ = ["plot_boundary", "plot_history"]
