"""Two interleaving half circles: the smallest data set that no straight line separates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autograd.arguments import checked_count
from autograd.data.sampling import class_sizes, shuffled

if TYPE_CHECKING:
    import numpy.typing as npt


def moons(
    n: int, *, noise: float = 0.1, seed: int | None = None
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Return points on two interleaving half circles, with their class.

    With angles a evenly spaced over [0, pi], class 0 lies on (cos a, sin a), the upper half of the
    circle around (0, 0), and class 1 on (1 - cos a, 1/2 - sin a), the lower half of that around (1,
    1/2). Normal noise is added to every coordinate, and the points are shuffled.

    Parameters
    ----------
    n : int
        The number of points, at least 1; class 1 gets the odd one.
    noise : float
        The standard deviation of the noise, in units of the radius, at least 0.
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
        If `n` is no positive integer, `noise` is negative or not finite, or `seed` is negative or
        no integer.

    Examples
    --------
    >>> points, classes = moons(100, seed=0)
    >>> points.shape, int(classes.sum())
    ((100, 2), 50)
    """
    sizes = class_sizes(checked_count("moons", "n", n, advice="Pass the number of points."), 2)
    upper, lower = (np.linspace(0.0, np.pi, size) for size in sizes)
    return shuffled(
        "moons",
        [
            np.column_stack([np.cos(upper), np.sin(upper)]),
            np.column_stack([1.0 - np.cos(lower), 0.5 - np.sin(lower)]),
        ],
        noise,
        seed,
    )
