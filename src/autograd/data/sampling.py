"""What the generators of data have in common: noise, and how they share points among classes.

Everything is checked before a number is drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autograd.arguments import checked_number, checked_seed

if TYPE_CHECKING:
    import numpy.typing as npt


def checked_noise(owner: str, noise: object) -> float:
    """Return a standard deviation, at least 0."""
    return checked_number(owner, "noise", noise, at_least=0.0, advice="Pass a standard deviation.")


def class_sizes(count: int, classes: int) -> list[int]:
    """Return how many of `count` points each class gets; the last ones get what is left over."""
    return [(count + index) // classes for index in range(classes)]


def shuffled(
    owner: str,
    groups: list[npt.NDArray[np.float64]],
    noise: object,
    seed: object,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Return the points of all classes in random order, with noise on each coordinate."""
    deviation = checked_noise(owner, noise)
    generator = np.random.default_rng(checked_seed(owner, seed))
    points = np.concatenate(groups)
    classes = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    order = generator.permutation(len(points))
    noisy = points[order] + generator.normal(scale=deviation, size=points.shape)
    return noisy, classes[order].astype(np.int64, copy=False)
