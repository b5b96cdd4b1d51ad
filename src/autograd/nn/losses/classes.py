"""Scores and classes: logits or log-probabilities along an axis, and which class is right.

`scores_along_last` reads the first, `targets_along_last` the second, with the classes in the last
axis of both. Targets are indices of classes in the shape of the samples, or probabilities in the
shape of the scores; `is_classes` tells which, and `class_targets` and `probability_targets` check
them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import _core
from autograd.engine import Value
from autograd.nn.losses.pairs import refuse_nothing, require, text_of
from autograd.nn.losses.reading import read_numbers, read_values

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from autograd.nn.losses.pairs import Place

    Scores = Value | NDArray[Any] | Iterable[Any]
    Classes = int | Value | NDArray[Any] | Sequence[Any]
    ClassWeights = NDArray[Any] | Sequence[float] | None

# How far a sum of probabilities may be from 1, and a logarithm of one above 0: the rounding of
# float16 is inside, forgotten softmaxes are not.
TOLERANCE = 1e-3


def scores_along_last(operation: str, name: str, given: Scores, axis: int) -> Value:
    """Return logits or log-probabilities as an array, the classes in its last axis."""
    values = read_values(operation, name, given)
    if values.size == 0:
        refuse_nothing(operation, name)
    if values.ndim == 0:
        message = f"[{operation}] {name} of shape () were given - a number for each class is needed"
        raise ValueError(f"{message}. Put the numbers of all classes into a list.")
    if axis == -1:
        return values
    last = _axis(operation, axis, values.ndim)
    others = [i for i in range(values.ndim) if i != last]
    return values.transpose(*others, last)


def targets_along_last(
    operation: str,
    name: str,
    scores: Value,
    given: Classes,
    axis: int,
    *,
    classes: bool = True,
    probabilities: bool = True,
) -> NDArray[Any]:
    """Return the targets as plain numbers: classes, or probabilities with the axis moved last."""
    targets = read_numbers(operation, "targets", given, constant=True)
    samples, all_of_them = scores.shape[:-1], scores.shape
    if classes and targets.shape == samples:
        return targets
    if probabilities and targets.ndim == scores.ndim:
        moved = targets if axis == -1 else np.moveaxis(targets, axis, -1)
        if moved.shape == all_of_them:
            return moved
    wanted = [f"shape {samples}, a class for each sample,"] * classes
    place = axis % scores.ndim
    original = (*samples[:place], all_of_them[-1], *samples[place:])
    wanted += [f"shape {original}, a probability for each class,"] * probabilities
    message = f"[{operation}] {name} of shape {original} and targets of shape {targets.shape} were"
    raise ValueError(
        f"{message} given - targets of {' or '.join(wanted)} are needed. Reshape them."
    )


def is_classes(targets: NDArray[Any], scores: Value) -> bool:
    """Tell classes from probabilities, by the number of axes."""
    return targets.ndim < scores.ndim


def class_targets(operation: str, targets: NDArray[Any], n_classes: int) -> NDArray[np.int64]:
    """Return indices of classes as ints, refusing what is no class."""
    indices: NDArray[np.int64]
    if targets.dtype.kind == "f":
        with np.errstate(invalid="ignore"):  # of nan and inf
            indices = targets.astype(np.int64)
        require(
            indices == targets,
            lambda place: (
                f"[{operation}] {text_of('targets', place)} is {float(targets[place])!r}"
                f" - a class is needed, a whole number from 0 to {n_classes - 1}."
                " For probabilities pass one for each class."
            ),
        )
    else:
        indices = targets.astype(np.int64, copy=False)
    # Read without a sign, a negative index is a huge one: one comparison serves both ends.
    if np.count_nonzero(indices.view(np.uint64) < n_classes) != indices.size:
        require(
            (indices >= 0) & (indices < n_classes),
            lambda place: (
                f"[{operation}] {text_of('targets', place)} is class {int(indices[place])} of"
                f" {n_classes} - a class from 0 to {n_classes - 1} is needed. Count from 0, and"
                " leave out samples without a class."
            ),
        )
    return indices


def probability_targets(
    operation: str, targets: NDArray[Any], scores: Value, axis: int
) -> NDArray[np.floating[Any]]:
    """Return probabilities in the type of the scores, refusing what is none."""
    t: NDArray[Any] = targets.astype(scores.dtype, copy=False)
    if not t.min() >= 0:  # true for nan
        require(
            t >= 0,
            lambda place: (
                f"[{operation}] {text_of('targets', as_given(place, axis))} is"
                f" {float(t[place])!r} - a probability in [0, 1] is needed. Divide by the sum of"
                " each sample."
            ),
        )
    totals = t.sum(-1)
    require(
        np.asarray(abs(totals - 1) <= TOLERANCE),
        lambda place: (
            f"[{operation}] {text_of('targets', place)} adds up to {float(totals[place])!r} over"
            " the classes - 1 is needed. Divide by the sum of each sample."
        ),
    )
    return t


def checked_weights(operation: str, given: object, scores: Value) -> NDArray[np.floating[Any]]:
    """Return a weight for each class, in the type of the scores."""
    try:
        weights = np.asarray(None if isinstance(given, Value) else given)
    except ValueError:  # rows of several lengths
        weights = np.empty((), object)
    n_classes = scores.shape[-1]
    if weights.dtype.kind not in "fiub":
        message = f"[{operation}] class_weights is a {type(given).__name__} that is no array of"
        raise TypeError(f"{message} numbers - one for each class is needed. Convert it.")
    if weights.shape != (n_classes,):
        message = f"[{operation}] class_weights of shape {weights.shape} were given"
        raise ValueError(f"{message} - shape ({n_classes},) is needed, one for each class.")
    require(
        np.isfinite(weights) & (weights >= 0),
        lambda place: (
            f"[{operation}] {text_of('class_weights', place)} is {float(weights[place])!r}"
            " - a finite number >= 0 is needed. Change it."
        ),
    )
    return weights.astype(scores.dtype)


def picked(scores: Value, classes: NDArray[np.int64]) -> Value:
    """Return the score of one class of each sample."""
    if classes.ndim == 0:
        return scores[int(classes)]
    size, n_classes = scores.size, scores.shape[-1]
    return _core.take_flat(scores, np.arange(0, size, n_classes).reshape(classes.shape) + classes)


def as_given(place: Place, axis: int) -> Place:
    """Return where an element stood before the axis of classes was moved to the end."""
    *others, class_ = place
    others.insert(axis % len(place), class_)
    return tuple(others)


def _axis(operation: str, axis: object, rank: int) -> int:
    if isinstance(axis, (int, np.integer)) and -rank <= axis < rank:
        return int(axis) % rank
    message = f"[{operation}] axis={axis!r} was given - an int from {-rank} to {rank - 1} is needed"
    raise ValueError(f"{message}, for {rank} axes. Pass the axis of the classes.")
