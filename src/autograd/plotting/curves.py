"""The curves of a training."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.plotting.canvas import COLOURS, INK, dress, prepared, save

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

LINES = (INK, *COLOURS[3:])
# What is no result of the training, but belongs to it.
BESIDE = ("lr", "seconds")


def plot_history(
    history: Mapping[str, Sequence[float]],
    *,
    axes: Any = None,
    path: str | os.PathLike[str] | None = None,
) -> Any:
    """Draw the curves of a training: losses to the left, metrics to the right, over the epochs.

    What begins with ``val_`` is dashed. The losses get a logarithmic axis if all of them are
    positive and the largest is ten times the smallest.

    Parameters
    ----------
    history : mapping of str to sequence of float
        A `training.History`, or lists of equal length by name. ``lr`` and ``seconds`` are left out.
    axes : matplotlib.axes.Axes, optional
        Where to draw. None makes a figure.
    path : str or path, optional
        Where to save the figure; the ending says how, such as ``.png`` or ``.svg``.

    Returns
    -------
    matplotlib.axes.Axes
        Those of the losses; ``axes.figure`` is the figure.

    Raises
    ------
    ImportError
        If the package matplotlib is missing.
    TypeError, ValueError
        If there is nothing to draw, or something else than numbers.

    Examples
    --------
    >>> axes = plot_history({"loss": [1.0, 0.25, 0.125], "accuracy": [0.5, 0.75, 1.0]})
    >>> axes.get_xlabel(), len(axes.lines)
    ('epoch', 1)
    """
    curves = _checked_curves(history)
    losses = {name: curve for name, curve in curves.items() if _kind(name) == "loss"}
    others = {name: curve for name, curve in curves.items() if name not in losses}
    left = prepared("plot_history", axes, path, (6.4, 4.2))
    main, beside = (losses, others) if losses else (others, {})
    handles = _draw_curves(left, main, LINES if losses else COLOURS)
    left.set_xlabel("epoch")
    left.xaxis.get_major_locator().set_params(integer=True)
    left.grid(axis="y", color=INK, alpha=0.12)
    numbers = np.concatenate(list(main.values()))
    finite = numbers[np.isfinite(numbers)]
    if finite.size and finite.min() > 0 and finite.max() >= 10 * finite.min():
        left.set_yscale("log")
    if beside:
        right = left.twinx()
        handles += _draw_curves(right, beside, COLOURS[1:])
        dress(right)
        right.spines["right"].set_visible(True)
    if len(handles) > 1:
        # Above the curves, which may be anywhere.
        place = {"loc": "lower left", "bbox_to_anchor": (0.0, 1.0), "ncols": min(len(handles), 4)}
        left.legend(handles=handles, frameon=False, labelcolor=INK, **place)
    save(left, path)
    return left


def _checked_curves(history: Any) -> dict[str, Numbers]:
    """Return the curves that are to be drawn, as arrays."""
    if not isinstance(history, Mapping):
        message = (
            f"[plot_history] a {type(history).__name__} was given - a History, or a dictionary"
        )
        raise TypeError(f"{message} of lists of numbers, is needed. Pass what fit returned.")
    curves = {}
    for name, curve in history.items():
        if name in BESIDE:
            continue
        try:
            curves[str(name)] = np.array(curve, dtype=np.float64).reshape(len(curve))
        except (TypeError, ValueError):
            message = f"[plot_history] {name!r} is {curve!r} - a list of numbers is needed."
            raise TypeError(f"{message} Pass one number for each epoch.") from None
    if not any(curve.size for curve in curves.values()):
        message = "[plot_history] a history without epochs was given - at least one is needed."
        raise ValueError(f"{message} Train first.")
    return curves


def _draw_curves(axes: Any, curves: Mapping[str, Numbers], colours: Sequence[str]) -> list[Any]:
    """Draw curves, those of the validation dashed in the colour of their counterparts."""
    kinds = list(dict.fromkeys(name.removeprefix("val_") for name in curves))
    handles = []
    for name, curve in curves.items():
        colour = colours[kinds.index(name.removeprefix("val_")) % len(colours)]
        alone = _alone(curve)
        style = "--" if name.startswith("val_") else "-"
        handles += axes.plot(
            range(1, len(curve) + 1),
            curve,
            color=colour,
            linestyle=style,
            marker="o" if alone else None,
            markevery=alone or None,
            linewidth=1.8,
            label=name.replace("_", " "),
        )
    if len(kinds) == 1:
        axes.set_ylabel(kinds[0].replace("_", " "))
    return handles


def _alone(curve: Numbers) -> list[int]:
    """Return the places of points without neighbours: a line would not show them."""
    finite = np.concatenate([[False], np.isfinite(curve), [False]])
    return np.flatnonzero(finite[1:-1] & ~finite[:-2] & ~finite[2:]).tolist()


def _kind(name: str) -> str:
    return name.rpartition("_")[2]
