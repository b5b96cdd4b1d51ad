"""What pictures share: colours, axes to draw in, and saving."""

from __future__ import annotations

import os
from typing import Any

from autograd import extras

INK, PAPER = "#22303f", "#fbfaf7"
# Told apart by the colour-blind too; the first two are those of two classes.
COLOURS = ("#2f6fb0", "#e0762f", "#2a9d76", "#b0488f", "#c9a227", "#6b5fb5", "#7f8c95", "#a4472b")


def matplotlib(operation: str, name: str) -> Any:
    """Return a module of matplotlib."""
    return extras.load(f"matplotlib.{name}", extra="plot", purpose=f"plotting.{operation}")


def prepared(operation: str, axes: Any, path: Any, size: tuple[float, float]) -> Any:
    """Return the axes to draw in, after a look at the path."""
    module = matplotlib(operation, "figure")
    if axes is None:
        figure = module.Figure(figsize=size, layout="constrained", facecolor=PAPER)
        axes = figure.add_subplot()
        axes.set_facecolor(PAPER)
        dress(axes)
    elif not hasattr(axes, "plot"):
        message = f"[{operation}] axes is a {type(axes).__name__} - matplotlib's Axes are needed."
        raise TypeError(f"{message} Pass one of what figure.subplots() returns.")
    if path is not None:
        known = axes.figure.canvas.get_supported_filetypes()
        ending = os.path.splitext(os.fspath(path))[1].lstrip(".").lower()  # noqa: PTH122 - of text
        if ending not in known:
            message = f"[{operation}] the path {os.fspath(path)!r} was given - one of the endings"
            raise ValueError(f"{message} {', '.join(sorted(known))} is needed. Change the ending.")
    return axes


def dress(axes: Any) -> None:
    """Give axes our colours; those that were given keep their own."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[:].set_color(INK)
    axes.tick_params(colors=INK, which="both")
    for part in (axes.xaxis.label, axes.yaxis.label, axes.title):
        part.set_color(INK)


def save(axes: Any, path: str | os.PathLike[str] | None) -> None:
    """Save the figure, if there is a path."""
    if path is not None:
        axes.figure.savefig(path, dpi=160)
