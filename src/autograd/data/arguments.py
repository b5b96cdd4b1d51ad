"""What the generators of data ask of their arguments, and how they share points among classes.

Each check names the generator, what was given and what is needed, before a number is drawn.
"""

from __future__ import annotations

import math
import numbers
import operator
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt


def checked_count(owner: str, name: str, count: object, *, of: str, at_least: int = 1) -> int:
    """Return a count as an int that is not too small; `of` says what is counted."""
    try:
        number = operator.index(count)  # type: ignore[arg-type]  # that is the question
    except TypeError:
        message = f"[{owner}] {name} is {count!r}, a {type(count).__name__} - an integer is needed."
        raise TypeError(f"{message} Pass the number of {of}.") from None
    if number < at_least:
        message = f"[{owner}] {name}={number} was given - at least {at_least} is needed."
        raise ValueError(f"{message} Pass the number of {of}.")
    return number


def checked_number(
    owner: str,
    name: str,
    number: object,
    *,
    advice: str,
    at_least: float = -math.inf,
    above: float = -math.inf,
    below: float = math.inf,
) -> float:
    """Return a real number as a finite float within its bounds."""
    bounds = [
        f">= {at_least:g}" if at_least > -math.inf else "",
        f"> {above:g}" if above > -math.inf else "",
        f"< {below:g}" if below < math.inf else "",
    ]
    needed = " ".join(["a finite number", " and ".join(filter(None, bounds))]).rstrip()
    if not isinstance(number, numbers.Real):
        message = f"[{owner}] {name} is {number!r}, a {type(number).__name__}"
        raise TypeError(f"{message} - {needed} is needed. {advice}")
    converted = float(number)
    if not (math.isfinite(converted) and at_least <= converted < below and converted > above):
        message = f"[{owner}] {name}={number!r} was given - {needed} is needed."
        raise ValueError(f"{message} {advice}")
    return converted


def checked_noise(owner: str, noise: object) -> float:
    """Return a standard deviation, at least 0."""
    return checked_number(owner, "noise", noise, at_least=0.0, advice="Pass a standard deviation.")


def checked_seed(owner: str, seed: object) -> int | None:
    """Return a seed as an int that is not negative, or None."""
    if seed is None:
        return None
    try:
        number = operator.index(seed)  # type: ignore[arg-type]  # that is the question
    except TypeError:
        message = f"[{owner}] seed is {seed!r}, a {type(seed).__name__} - an integer is needed."
        raise TypeError(f"{message} Pass an int, or None for a fresh one.") from None
    if number < 0:
        message = f"[{owner}] seed={number} was given - at least 0 is needed."
        raise ValueError(f"{message} Pass another one, or None for a fresh one.")
    return number


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
