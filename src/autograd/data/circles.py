"""A circle within a circle: two classes that differ in the distance from the centre alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autograd.arguments import checked_count, checked_number
from autograd.data.sampling import class_sizes, shuffled

if TYPE_CHECKING:
    import numpy.typing as npt


def circles(
    n: int, *, noise: float = 0.05, factor: float = 0.5, seed: int | None = None
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Return points on two circles around (0, 0), with their class.

    Class 0 lies on the circle of radius 1, class 1 on that of radius `factor`, both evenly spaced.
    Normal noise is added to every coordinate, and the points are shuffled.

    Parameters
    ----------
    n : int
        The number of points, at least 1; class 1 gets the odd one.
    noise : float
        The standard deviation of the noise, in units of the outer radius, at least 0.
    factor : float
        The inner radius, in (0, 1).
    seed : int or None
        Of the generator. None draws a fresh one; any number gives the same points each time.

    Returns
    -------
    points : ndarray of float64, shape `(n, 2)`
        The coordinates.
    classes : ndarray of int64, shape `(n,)`
        0 or 1.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or out of range.

    Examples
    --------
    >>> import numpy as np
    >>> points, classes = circles(100, noise=0.0, factor=0.25, seed=0)
    >>> sorted({float(round(radius, 12)) for radius in np.hypot(*points.T)})
    [0.25, 1.0]
    """
    sizes = class_sizes(checked_count("circles", "n", n, advice="Pass the number of points."), 2)
    inner = checked_number(
        "circles",
        "factor",
        factor,
        above=0.0,
        below=1.0,
        advice="Pass the inner radius as a share of the outer one.",
    )
    groups = []
    for radius, size in zip((1.0, inner), sizes, strict=True):
        angles = np.linspace(0.0, 2.0 * np.pi, size, endpoint=False)
        groups.append(radius * np.column_stack([np.cos(angles), np.sin(angles)]))
    return shuffled("circles", groups, noise, seed)
