"""Where a model draws the line between classes of points in the plane."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arguments import checked_count, checked_number
from autograd.engine import Value, no_grad
from autograd.plotting.canvas import COLOURS, INK, PAPER, matplotlib, prepared, save
from autograd.training.evaluate import checked_model
from autograd.training.mode import mode

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Numbers = NDArray[np.float64]

THIN = {"colors": INK, "linewidths": 0.8, "linestyles": "--", "alpha": 0.6}


def plot_boundary(
    model: Callable[[Any], Any],
    points: ArrayLike,
    classes: ArrayLike,
    *,
    threshold: float | None = None,
    dashed: Sequence[float] = (),
    resolution: int = 160,
    axes: Any = None,
    path: str | os.PathLike[str] | None = None,
) -> Any:
    """Draw points in the plane by their class, and how a model divides the plane.

    The model gets a grid that covers the points, as one array; nothing is recorded, and a module
    evaluates meanwhile. The colour is that of the class it decides for, the stronger the clearer
    the decision.

    Parameters
    ----------
    model : callable
        Takes an array of shape `(m, 2)`. It returns one score a point, `(m,)` or `(m, 1)`, high for
        the second of two classes; or `(m, k)`, of which the largest decides. Values or ndarrays.
    points : array_like, shape `(n, 2)`
        The coordinates.
    classes : array_like of int, shape `(n,)`
        0 to k - 1; of two classes also -1 and 1.
    threshold : float, optional
        Where one score divides the classes. None is 0.5 if all scores of the grid are in [0, 1], as
        probabilities are, else 0.
    dashed : sequence of float
        Further levels of one score to draw, such as the margins of a hinge loss, ``(-1, 1)``.
    resolution : int
        The number of points of the grid along the longer side, at least 2.
    axes : matplotlib.axes.Axes, optional
        Where to draw. None makes a figure.
    path : str or path, optional
        Where to save the figure; the ending says how, such as ``.png`` or ``.svg``.

    Returns
    -------
    matplotlib.axes.Axes
        ``axes.figure`` is the figure.

    Raises
    ------
    ImportError
        If the package matplotlib is missing.
    TypeError, ValueError
        If an argument will not do, or scores have another shape.

    Examples
    --------
    >>> from autograd.data import moons
    >>> axes = plot_boundary(lambda x: x[:, 1] - 0.25, *moons(50, seed=0), resolution=20)
    >>> len(axes.images)
    1
    """
    operation = "plot_boundary"
    checked_model(operation, model)
    places = _checked_points(points)
    count = checked_count(
        operation,
        "resolution",
        resolution,
        advice="Pass the number of points along a side.",
        at_least=2,
    )
    low, high = places.min(axis=0), places.max(axis=0)
    margin = 0.12 * max(float((high - low).max()), 1e-9)
    low, high = low - margin, high + margin
    steps = np.maximum(np.ceil(count * (high - low) / (high - low).max()), 2).astype(int)
    columns, rows = (np.linspace(low[i], high[i], steps[i]) for i in range(2))
    grid = np.stack(np.meshgrid(columns, rows), axis=-1).reshape(-1, 2)
    scores = _scores(model, grid)
    labels = _checked_classes(classes, len(places), max(scores.shape[1], 2))
    if scores.shape[1] == 1:
        divide = _threshold(threshold, scores)
    elif threshold is not None or len(dashed):
        message = f"[{operation}] threshold or dashed was given with {scores.shape[1]} scores a"
        raise ValueError(f"{message} point - one score is needed for that. Leave them out.")
    drawn = prepared(operation, axes, path, (6.4, 4.8))
    scores = scores.reshape(len(rows), len(columns), -1)
    if scores.shape[2] == 1:
        one = scores[..., 0] - divide
        scores = np.stack([-one, one], axis=-1)
        if len(dashed):
            levels = sorted(float(level) - divide for level in dashed)
            drawn.contour(columns, rows, one, levels, **THIN)
    extent = (columns[0], columns[-1], rows[0], rows[-1])
    drawn.imshow(_shades(scores), extent=extent, origin="lower", interpolation="bicubic", zorder=0)
    for class_ in range(scores.shape[2] if scores.shape[2] > 2 else 1):
        ahead = scores[..., class_] - np.delete(scores, class_, axis=-1).max(axis=-1)
        if ahead.min() < 0 < ahead.max():  # else there is no boundary, which would be a warning
            drawn.contour(columns, rows, ahead, [0.0], colors=INK, linewidths=1.8)
    for class_ in np.unique(labels):
        chosen = places[labels == class_].T
        colour = COLOURS[class_ % len(COLOURS)]
        drawn.scatter(*chosen, s=34, color=colour, edgecolor="white", linewidth=0.9, zorder=3)
    long, short = (high - low).max(), (high - low).min()
    drawn.set_aspect("equal" if long < 4 * short else "auto")
    drawn.spines[:].set_visible(False)
    drawn.tick_params(length=0)
    save(drawn, path)
    return drawn


def _checked_points(points: ArrayLike) -> Numbers:
    places = np.array(points, dtype=np.float64)
    if places.ndim != 2 or places.shape[1] != 2 or len(places) == 0:
        message = f"[plot_boundary] points of shape {places.shape} were given - (n, 2) is needed."
        raise ValueError(f"{message} Choose two coordinates of each point.")
    if not np.isfinite(places).all():
        row, column = np.argwhere(~np.isfinite(places))[0]
        message = f"[plot_boundary] points[{row}, {column}] is {places[row, column]}"
        raise ValueError(f"{message} - a finite number is needed. Leave the point out.")
    return places


def _checked_classes(classes: ArrayLike, count: int, known: int) -> NDArray[np.int64]:
    """Return the class of each point, counted from 0."""
    labels = np.array(classes)
    if labels.shape != (count,):
        message = f"[plot_boundary] {count} points and classes of shape {labels.shape} were given"
        raise ValueError(f"{message} - one class for each is needed. Reshape to ({count},).")
    whole = labels.astype(np.int64)
    if known == 2 and set(np.unique(labels).tolist()) <= {-1, 1}:
        return (whole + 1) // 2
    wrong = np.flatnonzero((whole != labels) | (whole < 0) | (whole >= known))
    if wrong.size:
        message = f"[plot_boundary] classes[{wrong[0]}] is {labels[wrong[0]]} - 0 to {known - 1} is"
        raise ValueError(f"{message} needed, for that is what the model scores. Count from 0.")
    return whole


def _scores(model: Callable[[Any], Any], grid: Numbers) -> Numbers:
    """Return the scores of the model, (m, k)."""
    with no_grad(), mode(model, training=False):
        given = model(grid)
    scores = np.asarray(given.data if isinstance(given, Value) else given, dtype=np.float64)
    if scores.ndim == 1:
        scores = scores[:, np.newaxis]
    if scores.ndim != 2 or len(scores) != len(grid) or scores.shape[1] == 0:
        message = f"[plot_boundary] the model gave the shape {scores.shape} for {len(grid)} points"
        raise ValueError(
            f"{message} - ({len(grid)},), (..., 1) or (..., k) is needed. Return one score, or one"
            " for each class."
        )
    wrong = np.flatnonzero(np.isnan(scores).any(axis=1))
    if wrong.size:
        message = f"[plot_boundary] the model gave nan for the point {grid[wrong[0]].tolist()}"
        raise ValueError(f"{message} - numbers are needed. Perhaps the training has diverged.")
    return scores


def _threshold(given: float | None, scores: Numbers) -> float:
    if given is None:
        return 0.5 if scores.min() >= 0 and scores.max() <= 1 else 0.0
    return checked_number("plot_boundary", "threshold", given, advice="Pass e.g. 0.5.")


def _shades(scores: Numbers) -> Numbers:
    """Return a picture, (rows, columns, 3): the colour of the largest score, mixed with paper."""
    to_rgb = matplotlib("plot_boundary", "colors").to_rgb
    paper = np.array(to_rgb(PAPER))
    colours = np.array([to_rgb(COLOURS[i % len(COLOURS)]) for i in range(scores.shape[-1])])
    second, first = np.moveaxis(np.sort(scores, axis=-1)[..., -2:], -1, 0)
    ahead = first - second
    # In units of what is usual in this picture: scores may have any size.
    usual = float(np.median(ahead)) or 1.0
    share = 0.6 * np.tanh(1.2 * ahead / usual)[..., np.newaxis]
    shades: Numbers = (1.0 - share) * paper + share * colours[scores.argmax(axis=-1)]
    return shades
