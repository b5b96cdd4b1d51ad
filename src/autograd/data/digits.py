"""Pictures of the digits 0 to 9, drawn with a wobbling pen: MNIST's shape without a download.

Each digit is a few strokes, and a stroke a chain of points in a square. A picture moves the points
a little, transforms all of them, and shades each pixel by its distance from the nearest stroke.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from autograd.arguments import checked_count, checked_seed
from autograd.data.sampling import checked_noise, class_sizes

if TYPE_CHECKING:
    import numpy.typing as npt

    Points = npt.NDArray[np.float64]

SIDE = 28  # pixels
# Pictures that are drawn at once: as many as keep the distances within a cache.
TOGETHER = 16


def digits(
    n: int, *, noise: float = 0.1, seed: int | None = None
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Return pictures of handwritten-looking digits, with their class.

    Every picture has its own shift (up to 2 pixels), scale (0.75 to 1 in each direction),
    rotation, slant, width of the pen and wobble of the strokes. Normal noise is added to each
    pixel, which is then clipped to [0, 1].

    Parameters
    ----------
    n : int
        The number of pictures, at least 1; the last classes get those that are left over.
    noise : float
        The standard deviation of the noise of a pixel, at least 0; paper is 0, ink 1.
    seed : int or None
        Of the generator. None draws a fresh one; any number gives the same pictures each time.

    Returns
    -------
    pictures : ndarray of float64, shape `(n, 28, 28)`
        Row by row from the top, in [0, 1].
    classes : ndarray of int64, shape `(n,)`
        0 to 9.

    Raises
    ------
    TypeError, ValueError
        If `n` is no positive integer, `noise` is negative or not finite, or `seed` is negative or
        no integer.

    Examples
    --------
    >>> pictures, classes = digits(20, seed=0)
    >>> pictures.shape, sorted(classes.tolist())[:4]
    ((20, 28, 28), [0, 0, 1, 1])
    """
    count = checked_count("digits", "n", n, advice="Pass the number of pictures.")
    deviation = checked_noise("digits", noise)
    generator = np.random.default_rng(checked_seed("digits", seed))
    classes = np.repeat(np.arange(10, dtype=np.int64), class_sizes(count, 10))
    pictures = np.empty((count, SIDE, SIDE))
    for digit in range(10):
        places = np.flatnonzero(classes == digit)
        for start in range(0, len(places), TOGETHER):
            some = places[start : start + TOGETHER]
            pictures[some] = _drawn(digit, len(some), generator)
    pictures += generator.normal(scale=deviation, size=pictures.shape)
    np.clip(pictures, 0.0, 1.0, out=pictures)
    order = generator.permutation(count)
    return pictures[order], classes[order]


def _drawn(digit: int, count: int, generator: np.random.Generator) -> Points:
    """Return `count` pictures of a digit, without noise."""
    points, starts = STROKES[digit]
    # About the middle, in units of a square of 20 pixels, as MNIST's digits fill.
    moved = points - 0.5 + generator.normal(scale=0.015, size=(count, *points.shape))
    angle, slant = generator.normal(scale=0.1, size=(2, count, 1))
    x, y = moved[..., 0], moved[..., 1]
    x = x - slant * y
    x, y = np.cos(angle) * x - np.sin(angle) * y, np.sin(angle) * x + np.cos(angle) * y
    scale = 20.0 * generator.uniform(0.75, 1.0, size=(2, count, 1))
    shift = (SIDE - 1) / 2 + generator.uniform(-2.0, 2.0, size=(2, count, 1))
    corners = np.stack([x * scale[0] + shift[0], y * scale[1] + shift[1]], axis=-1)
    width = generator.uniform(0.7, 1.5, size=(count, 1))  # half of the pen's, in pixels
    distances = _distances(corners[:, starts], corners[:, starts + 1])
    # The edge of a stroke is one pixel wide.
    return np.clip(width - distances + 0.5, 0.0, 1.0).reshape(count, SIDE, SIDE)


def _distances(begin: Points, end: Points) -> Points:
    """Return the distance of each pixel from the nearest line, (pictures, pixels).

    `begin` and `end` of the lines have the shape (pictures, lines, 2), in pixels.
    """
    row, column = np.divmod(np.arange(SIDE * SIDE, dtype=np.float64), SIDE)
    along = (end - begin)[..., np.newaxis]
    x, y = column - begin[..., :1], row - begin[..., 1:]
    dx, dy = along[:, :, 0], along[:, :, 1]
    # The share of the way along the line at which it is nearest; a line has a length.
    share = np.clip((x * dx + y * dy) / (dx * dx + dy * dy), 0.0, 1.0)
    squares = (x - share * dx) ** 2 + (y - share * dy) ** 2
    nearest: Points = np.sqrt(squares.min(axis=1))
    return nearest


def _arc(
    centre: tuple[float, float], radii: tuple[float, float], begin: float, end: float, count: int
) -> list[tuple[float, float]]:
    """Return points on an ellipse; angles in degrees, clockwise from the right."""
    angles = np.radians(np.linspace(begin, end, count + 1)).tolist()
    return [
        (centre[0] + radii[0] * math.cos(a), centre[1] + radii[1] * math.sin(a)) for a in angles
    ]


def _strokes(*chains: list[tuple[float, float]]) -> tuple[Points, npt.NDArray[np.int64]]:
    """Return all points of a digit, and the numbers of those at which a line begins."""
    starts: list[int] = []
    before = 0
    for chain in chains:
        starts += range(before, before + len(chain) - 1)
        before += len(chain)
    return np.array([point for chain in chains for point in chain]), np.array(starts)


# x from the left, y from the top, in [0, 1].
STROKES = [
    _strokes(_arc((0.5, 0.5), (0.32, 0.5), 0, 360, 14)),
    _strokes([(0.34, 0.2), (0.54, 0.0), (0.54, 1.0)]),
    _strokes([*_arc((0.5, 0.3), (0.33, 0.3), 190, 380, 8), (0.18, 1.0), (0.85, 1.0)]),
    _strokes(
        _arc((0.46, 0.26), (0.34, 0.26), 205, 450, 8), _arc((0.46, 0.75), (0.37, 0.25), -90, 155, 8)
    ),
    _strokes([(0.6, 0.0), (0.12, 0.66), (0.9, 0.66)], [(0.66, 0.36), (0.66, 1.0)]),
    _strokes(
        [(0.8, 0.0), (0.27, 0.0), (0.22, 0.44), *_arc((0.47, 0.69), (0.35, 0.31), 230, 515, 9)]
    ),
    _strokes([(0.7, 0.0), (0.38, 0.25), *_arc((0.5, 0.71), (0.33, 0.29), 180, 540, 12)]),
    _strokes([(0.14, 0.0), (0.86, 0.0), (0.4, 1.0)]),
    _strokes(
        _arc((0.5, 0.24), (0.27, 0.24), 90, 450, 10), _arc((0.5, 0.74), (0.33, 0.26), -90, 270, 11)
    ),
    _strokes([*_arc((0.48, 0.29), (0.32, 0.29), 0, 360, 11), (0.76, 0.5), (0.6, 1.0)]),
]
