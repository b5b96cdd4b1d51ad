"""Metrics: how good predictions are, in plain numbers; nothing is recorded.

`accuracy`, `confusion_matrix` and `precision_recall_f1` compare classes, `r2` numbers. All take the
predictions first, then the targets: Values, ndarrays, or lists of Values and numbers. How
predictions become classes is in `_classes`.
"""

from __future__ import annotations

import numbers
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from autograd.arguments import checked_count
from autograd.nn.losses.pairs import require, text_of
from autograd.nn.losses.reading import read_numbers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from autograd.engine import Value

    Given = Value | NDArray[Any] | Iterable[Any] | float

__all__ = ["PrecisionRecallF1", "accuracy", "confusion_matrix", "precision_recall_f1", "r2"]


def accuracy(predictions: Given, targets: Given, *, threshold: float | None = None) -> float:
    """Return the share of samples whose class is predicted correctly.

    Parameters
    ----------
    predictions : array of shape (..., k), or of the targets' shape
        Scores: of `k` classes each, of which the largest is predicted, the first one of several; or
        with `threshold` one score for each sample of two classes. Or classes, as ints or bools.
    targets : int, array of int, or list
        The right class of each sample; of two classes 0 and 1, or -1 and 1.
    threshold : float, optional
        A score above it says class 1: 0.5 for probabilities, 0.0 for logits and for the scores of
        `hinge`.

    Returns
    -------
    float
        In [0, 1]. A sample one of whose scores is nan counts as wrong.

    Raises
    ------
    TypeError
        If something is neither a number nor a Value.
    ValueError
        If there is nothing, shapes do not fit, a target is no class, or there is one score a sample
        and no threshold.

    Examples
    --------
    >>> accuracy([[0.1, 0.9], [0.8, 0.2], [0.3, 0.7]], [1, 0, 0])
    0.6666666666666666
    >>> accuracy([2.5, -0.3], [1, -1], threshold=0.0)
    1.0
    """
    predicted, right, _ = _classes("accuracy", predictions, targets, threshold)
    return float(np.mean(predicted == right))


def confusion_matrix(
    predictions: Given,
    targets: Given,
    n_classes: int | None = None,
    *,
    threshold: float | None = None,
) -> NDArray[np.int64]:
    """Count for each pair of classes how often one is right and the other predicted.

    Parameters
    ----------
    predictions, targets, threshold
        As in `accuracy`. Of two classes -1 counts as class 0.
    n_classes : int, optional
        The number of classes `k`. By default the number of scores; 2 with a threshold; of classes
        the largest one plus 1.

    Returns
    -------
    numpy.ndarray of int, of shape (k, k)
        ``matrix[i, j]`` samples are of class i and were predicted to be of class j.

    Raises
    ------
    TypeError
        If something is neither a number nor a Value.
    ValueError
        As in `accuracy`, or if a score is nan, or a class is `n_classes` or larger.

    Examples
    --------
    >>> confusion_matrix([0, 1, 1, 2], [0, 1, 2, 2])
    array([[1, 0, 0],
           [0, 1, 0],
           [0, 1, 1]])
    """
    operation = "confusion_matrix"
    predicted, right, known = _classes(operation, predictions, targets, threshold)
    require(
        predicted >= 0,
        lambda place: (
            f"[{operation}] the scores of {text_of('predictions', place)} are nan - numbers are"
            " needed. Perhaps the training has diverged."
        ),
    )
    largest = {"predictions": int(predicted.max()), "targets": int(right.max())}
    count = known or max(largest.values()) + 1
    if n_classes is not None:
        count = checked_count(
            "confusion_matrix", "n_classes", n_classes, advice="Pass the number of classes."
        )
        for name, class_ in largest.items():
            if class_ >= count:
                message = f"[{operation}] n_classes={count} and class {class_} in {name} were given"
                raise ValueError(
                    f"{message} - more classes are needed. Pass at least {class_ + 1}."
                )
    pairs = right.ravel() * count + predicted.ravel()
    counts: NDArray[np.int64] = np.bincount(pairs, minlength=count * count)
    return counts.reshape(count, count)


class PrecisionRecallF1(NamedTuple):
    """What `precision_recall_f1` returns: three arrays, one number for each class."""

    precision: NDArray[np.float64]
    recall: NDArray[np.float64]
    f1: NDArray[np.float64]


def precision_recall_f1(
    predictions: Given,
    targets: Given,
    n_classes: int | None = None,
    *,
    threshold: float | None = None,
) -> PrecisionRecallF1:
    """Return for each class how far it can be believed, how much of it is found, and their mean.

    Parameters
    ----------
    predictions, targets, n_classes, threshold
        As in `confusion_matrix`.

    Returns
    -------
    precision : numpy.ndarray of shape (k,)
        The share that is right of what is predicted to be of this class.
    recall : numpy.ndarray of shape (k,)
        The share that is predicted correctly of what is of this class.
    f1 : numpy.ndarray of shape (k,)
        Their harmonic mean. A share of nothing is 0.0.

    Raises
    ------
    TypeError, ValueError
        As in `confusion_matrix`.

    Examples
    --------
    >>> measured = precision_recall_f1([0, 1, 1, 1], [0, 0, 1, 1])
    >>> measured.precision.round(3), measured.recall, measured.f1.round(3)
    (array([1.   , 0.667]), array([0.5, 1. ]), array([0.667, 0.8  ]))
    """
    matrix = confusion_matrix(predictions, targets, n_classes, threshold=threshold)
    correct, predicted, right = matrix.diagonal(), matrix.sum(axis=0), matrix.sum(axis=1)
    return PrecisionRecallF1(
        _share(correct, predicted), _share(correct, right), _share(2 * correct, predicted + right)
    )


def r2(predictions: Given, targets: Given) -> float:
    """Return the coefficient of determination, 1 - sum((t - p)**2) / sum((t - mean(t))**2).

    1 is perfect, 0 is as good as always predicting the mean of the targets, worse is negative.

    Parameters
    ----------
    predictions, targets : array of shape (n,) or (n, m), or list
        `n` samples. Of `m` quantities the mean of their coefficients is returned.

    Returns
    -------
    float
        Where all targets are equal, which leaves 0 / 0, it is 1.0 if all predictions are exact,
        else 0.0, as in scikit-learn.

    Raises
    ------
    TypeError
        If something is neither a number nor a Value.
    ValueError
        If there is nothing, or shapes differ.

    Examples
    --------
    >>> r2([1.0, 2.0, 4.0], [1.0, 2.0, 3.0])
    0.5
    """
    p, t = _numbers("r2", "predictions", predictions), _numbers("r2", "targets", targets)
    if p.shape != t.shape:
        _refuse_shapes("r2", p, t, "as many of each")
    p, t = (np.asarray(a, np.float64).reshape(len(a) if a.ndim else 1, -1) for a in (p, t))
    with np.errstate(all="ignore"):  # inf and nan flow
        left = ((t - p) ** 2).sum(axis=0)
        total = ((t - t.mean(axis=0)) ** 2).sum(axis=0)
        # Not total == 0: the mean of equal numbers may be a rounding away from them.
        constant = (t == t[0]).all(axis=0)
        scores = 1.0 - left / np.where(constant, 1.0, total)
    return float(np.mean(np.where(constant, np.where(left == 0, 1.0, 0.0), scores)))


def _share(part: NDArray[np.int64], whole: NDArray[np.int64]) -> NDArray[np.float64]:
    shares: NDArray[np.float64] = part / np.maximum(whole, 1)  # no part of nothing is above 0
    return shares


def _classes(
    operation: str, predictions: Given, targets: Given, threshold: object
) -> tuple[NDArray[np.int64], NDArray[np.int64], int | None]:
    """Return the predicted and the right classes, of one shape, and their number if it is known.

    Of scores of which one is nan the class is -1.
    """
    p, t = _numbers(operation, "predictions", predictions), _numbers(operation, "targets", targets)
    if threshold is not None:
        if not isinstance(threshold, numbers.Real):
            message = f"[{operation}] threshold is a {type(threshold).__name__} - a number is"
            raise TypeError(f"{message} needed. Pass e.g. 0.5.")
        if p.shape != t.shape:
            _refuse_shapes(operation, p, t, "with a threshold, one score for each target")
        predicted = np.where(np.isnan(p), -1, p > threshold)
        return predicted, _two_classes(operation, t), 2
    if p.shape == t.shape:
        if p.dtype.kind == "f":
            message = f"[{operation}] one score for each target and no threshold was given - a"
            message += " threshold is needed. Pass threshold=0.5 for probabilities, 0.0 for logits;"
            raise ValueError(f"{message} and classes as ints.")
        if min(p.min(), t.min()) < 0:
            return _two_classes(operation, p, "predictions"), _two_classes(operation, t), 2
        return p.astype(np.int64), _whole(operation, t), None
    if p.shape[:-1] != t.shape or p.ndim == 0:
        _refuse_shapes(operation, p, t, "one class for each row of scores")
    if p.shape[-1] == 1:
        message = f"[{operation}] predictions of shape {p.shape} were given, of one class - at"
        message += " least two classes are needed. Of one score for each sample pass"
        raise ValueError(f"{message} predictions[..., 0], and threshold=.")
    predicted = np.where(np.isnan(p).any(axis=-1), -1, p.argmax(axis=-1))
    return predicted, _whole(operation, t, p.shape[-1]), p.shape[-1]


def _two_classes(operation: str, classes: NDArray[Any], name: str = "targets") -> NDArray[np.int64]:
    """Return classes 0 and 1, or -1 and 1, as 0 and 1."""
    least = -1 if classes.min() < 0 else 0
    require(
        np.asarray((classes == least) | (classes == 1)),
        lambda place: (
            f"[{operation}] {text_of(name, place)} is {classes[place].item()!r} - {least} or 1 is"
            f" needed, for {name} of two classes. Map them to 0 and 1."
        ),
    )
    indices: NDArray[np.int64] = np.asarray(classes == 1).astype(np.int64)
    return indices


def _whole(
    operation: str, classes: NDArray[Any], n_classes: int | None = None
) -> NDArray[np.int64]:
    """Return the right classes as ints, refusing what is no class."""
    below, needed = np.inf, "a class, 0 or above,"
    if n_classes is not None:
        below, needed = n_classes, f"a class from 0 to {n_classes - 1}"
    require(
        np.asarray((classes >= 0) & (classes < below) & (np.floor(classes) == classes)),
        lambda place: (
            f"[{operation}] {text_of('targets', place)} is {classes[place].item()!r}"
            f" - {needed} is needed. Count from 0."
        ),
    )
    return classes.astype(np.int64)


def _refuse_shapes(operation: str, p: NDArray[Any], t: NDArray[Any], needed: str) -> None:
    message = f"[{operation}] predictions of shape {p.shape} and targets of shape {t.shape} were"
    raise ValueError(f"{message} given - {needed} is needed. Reshape or select.")


def _numbers(operation: str, name: str, given: object) -> NDArray[Any]:
    array = read_numbers(operation, name, given)
    if array.size == 0:
        message = f"[{operation}] no {name} were given - at least one is needed."
        raise ValueError(f"{message} A share of nothing is not defined.")
    return array
