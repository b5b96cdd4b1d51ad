"""Interleaving spirals: two or more classes that wind around each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autograd.arguments import checked_count, checked_number
from autograd.data.sampling import class_sizes, shuffled

if TYPE_CHECKING:
    import numpy.typing as npt

# The arms do not begin at 0, where all of them would meet.
INNERMOST = 0.1


def spirals(
    n: int, *, arms: int = 2, turns: float = 1.0, noise: float = 0.02, seed: int | None = None
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Return points on the arms of a spiral, with the number of their arm.

    With radii r evenly spaced over [0.1, 1], arm k of m lies on (r cos a, r sin a), where
    a = 2 pi (turns * r + k/m). Normal noise is added to every coordinate, and the points are
    shuffled.

    Parameters
    ----------
    n : int
        The number of points, at least 1; the last arms get those that are left over.
    arms : int
        The number of arms, at least 1: each is a class.
    turns : float
        How often an arm goes around from radius 0 to 1; negative is clockwise.
    noise : float
        The standard deviation of the noise, in units of the outer radius, at least 0.
    seed : int or None
        Of the generator. None draws a fresh one; any number gives the same points each time.

    Returns
    -------
    points : ndarray of float64, shape `(n, 2)`
        The coordinates.
    classes : ndarray of int64, shape `(n,)`
        0 to arms - 1.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or out of range.

    Examples
    --------
    >>> import numpy as np
    >>> points, classes = spirals(90, arms=3, seed=0)
    >>> points.shape, np.bincount(classes).tolist()
    ((90, 2), [30, 30, 30])
    """
    count = checked_count("spirals", "n", n, advice="Pass the number of points.")
    classes = checked_count("spirals", "arms", arms, advice="Pass the number of arms.")
    winding = checked_number("spirals", "turns", turns, advice="Pass e.g. turns=1.5.")
    groups = []
    for arm, size in enumerate(class_sizes(count, classes)):
        radii = np.linspace(INNERMOST, 1.0, size)
        angles = 2.0 * np.pi * (winding * radii + arm / classes)
        groups.append(radii[:, np.newaxis] * np.column_stack([np.cos(angles), np.sin(angles)]))
    return shuffled("spirals", groups, noise, seed)
