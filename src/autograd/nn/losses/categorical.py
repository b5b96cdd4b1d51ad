"""Losses of several classes: `cross_entropy` of logits, `nll` and `kl` of log-probabilities.

The classes lie along one axis, the last by default; all other axes number the samples, and there
is one loss a sample. A single sample has no other axis, and its loss is a scalar. Targets are
constants: the index of the right class, or a probability for each. Reading them is in
``classes.py``.
"""

from __future__ import annotations

import numbers
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import _core
from autograd.nn.losses.classes import (
    TOLERANCE,
    as_given,
    checked_weights,
    class_targets,
    is_classes,
    picked,
    probability_targets,
    scores_along_last,
    targets_along_last,
)
from autograd.nn.losses.pairs import reduced, require, text_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from autograd.engine import Value
    from autograd.nn.losses.classes import Classes, ClassWeights, Scores
    from autograd.nn.losses.pairs import Reduction


def cross_entropy(
    logits: Scores,
    targets: Classes,
    *,
    axis: int = -1,
    class_weights: ClassWeights = None,
    label_smoothing: float = 0.0,
    reduction: Reduction = "mean",
) -> Value:
    """Return the cross-entropy of softmax(z): the mean of -log(softmax(z)[class]).

    Of probabilities t it is the mean of -sum(t * log_softmax(z)). Stable for any logits: nothing
    overflows, and -inf (a class that is ruled out) counts as probability 0.

    Parameters
    ----------
    logits : array of shape (..., k), or lists of Values or floats
        A score for each of `k` classes, before the softmax; of one sample or of many.
    targets : int, array of int, or lists
        The right class of each sample, from 0 to k - 1, in the shape of the logits without the axis
        of classes. Or, in the shape of the logits, the probability of each class; those of a sample
        are in [0, 1] and add up to 1.
    axis : int
        Where the classes lie in the logits. (In PyTorch always axis 1.)
    class_weights : array_like of `k` numbers, optional
        The factor of each class, finite and at least 0: larger where a class is rare. The mean over
        samples with an index is divided by the sum of the factors of their classes, as in PyTorch;
        that over samples with probabilities by their number.
    label_smoothing : float
        In [0, 1]: the share of the target that is spread evenly over all `k` classes.
    reduction : {"mean", "sum", "none"}
        Whether the losses of all samples are averaged, added up, or returned as they are.

    Returns
    -------
    Value
        The loss; with ``reduction="none"`` one for each sample, of a single sample a scalar.

    Raises
    ------
    TypeError
        If something is neither a number nor a Value.
    ValueError
        If there is nothing, shapes do not fit, a class is out of range or no whole number, the
        probabilities are none, `label_smoothing` is out of range, or a weight is negative, not
        finite, missing, or 0 for each class that occurs.

    References
    ----------
    Label smoothing: C. Szegedy et al., Rethinking the Inception architecture for computer vision,
    CVPR 2016, section 7.

    Examples
    --------
    >>> from autograd import Value
    >>> logits = Value([[2.0, 0.0, -1000.0], [0.0, 0.0, 0.0]])
    >>> loss = cross_entropy(logits, [0, 2])
    >>> loss.backward()
    >>> f"{loss:.6f}"
    '0.612770'
    >>> (logits.grad * 6).round(6)
    array([[-0.357609,  0.357609,  0.      ],
           [ 1.      ,  1.      , -2.      ]])
    """
    operation = "cross_entropy"
    share = 0.0 if label_smoothing == 0 else _checked_smoothing(operation, label_smoothing)
    z = scores_along_last(operation, "logits", logits, axis)
    given = targets_along_last(operation, "logits", z, targets, axis)
    # From here on the largest logit of each sample is 0. A shift that is a constant suffices: the
    # loss does not depend on it.
    shifted = z - _core.max(z.detach(), -1, True)
    normalizer = _core.log(_core.sum(_core.exp(shifted), -1))
    weights = None if class_weights is None else checked_weights(operation, class_weights, z)
    classes = class_targets(operation, given, z.shape[-1]) if is_classes(given, z) else None
    if classes is not None and weights is None:
        chosen = picked(shifted, classes)
        if share == 0.0:
            losses = normalizer - chosen
        else:
            losses = normalizer - (1.0 - share) * chosen - share * _core.mean(shifted, -1)
        return reduced(operation, losses, reduction)
    if classes is None:
        t = probability_targets(operation, given, z, axis)
    else:
        t = np.eye(z.shape[-1], dtype=z.dtype)[classes]
    if share > 0.0:
        t = t * (1.0 - share) + share / z.shape[-1]
    if weights is not None:
        t = t * weights
    totals = t.sum(-1)
    losses = normalizer * totals - _core.sum(shifted * t, -1)
    if np.isnan(losses.data).any():  # perhaps 0 * -inf, of a class that is ruled out
        ruled_in = _core.where(t > 0, shifted, 0.0)
        losses = normalizer * totals - _core.sum(ruled_in * t, -1)
    counted = None if weights is None or classes is None else weights[classes]
    return _reduced(operation, losses, counted, reduction)


def nll(
    log_probabilities: Scores,
    targets: Classes,
    *,
    axis: int = -1,
    class_weights: ClassWeights = None,
    reduction: Reduction = "mean",
) -> Value:
    """Return the negative log-likelihood, the mean of -log_probabilities[class].

    Parameters
    ----------
    log_probabilities : array of shape (..., k), or lists of Values or floats
        The logarithm of the probability of each of `k` classes, e.g. of `autograd.log_softmax`.
    targets : int, array of int, or lists
        The right class of each sample, as in `cross_entropy`.
    axis : int
        Where the classes lie in the log-probabilities.
    class_weights : array_like of `k` numbers, optional
        As in `cross_entropy`.
    reduction : {"mean", "sum", "none"}
        As in `cross_entropy`.

    Returns
    -------
    Value
        The loss; with ``reduction="none"`` one for each sample, of a single sample a scalar.

    Raises
    ------
    TypeError
        If something is neither a number nor a Value.
    ValueError
        If there is nothing, shapes do not fit, a log-probability is positive, a class is out of
        range or no whole number, or a weight will not do.

    See Also
    --------
    cross_entropy : the same of logits, in one step.

    Examples
    --------
    >>> import autograd
    >>> p = autograd.Value([[0.5, 0.25, 0.25], [0.1, 0.8, 0.1]])
    >>> loss = nll(autograd.log(p), [1, 1])
    >>> loss.backward()
    >>> f"{loss:.6f}"
    '0.804719'
    >>> p.grad
    array([[ 0.   , -2.   ,  0.   ],
           [ 0.   , -0.625,  0.   ]])
    """
    operation, name = "nll", "log_probabilities"
    values = scores_along_last(operation, name, log_probabilities, axis)
    given = targets_along_last(operation, name, values, targets, axis, probabilities=False)
    _require_logarithms(operation, values, axis)
    classes = class_targets(operation, given, values.shape[-1])
    losses = -picked(values, classes)
    if class_weights is None:
        return reduced(operation, losses, reduction)
    counted = checked_weights(operation, class_weights, values)[classes]
    # What does not count is left out: 0 * inf would be nan.
    losses = _core.where(counted > 0, losses, 0.0) * counted
    return _reduced(operation, losses, counted, reduction)


def kl(
    log_probabilities: Scores,
    targets: Classes,
    *,
    axis: int = -1,
    reduction: Reduction = "mean",
) -> Value:
    """Return the Kullback-Leibler divergence of the targets t from exp(l), sum(t * (log(t) - l)).

    It is one number for each distribution, the sum over its classes: 0 where both agree, positive
    elsewhere. The arguments are PyTorch's: the model's *log-probabilities* first, then the
    *probabilities* that are right. The mean is over distributions, PyTorch's "batchmean". A term
    with t = 0 is 0, also where l is -inf.

    Parameters
    ----------
    log_probabilities : array of shape (..., k), or lists of Values or floats
        The logarithm of the probability of each of `k` classes, e.g. of `autograd.log_softmax`.
    targets : array, or lists
        The probability of each class, in the same shape; those of a distribution are in [0, 1] and
        add up to 1.
    axis : int
        Where the classes lie.
    reduction : {"mean", "sum", "none"}
        Whether the divergences are averaged, added up, or returned as they are.

    Returns
    -------
    Value
        The loss; with ``reduction="none"`` one for each distribution, of a single one a scalar.

    Raises
    ------
    TypeError
        If something is neither a number nor a Value.
    ValueError
        If there is nothing, shapes differ, a log-probability is positive, or the targets are no
        probabilities.

    Examples
    --------
    >>> import autograd
    >>> logits = autograd.Value([0.0, 0.0])
    >>> f"{kl(autograd.log_softmax(logits), [1.0, 0.0]):.6f}"
    '0.693147'
    """
    operation, name = "kl", "log_probabilities"
    values = scores_along_last(operation, name, log_probabilities, axis)
    given = targets_along_last(operation, name, values, targets, axis, classes=False)
    _require_logarithms(operation, values, axis)
    t = probability_targets(operation, given, values, axis)
    logarithms = np.log(np.where(t > 0, t, 1.0)).astype(t.dtype, copy=False)
    losses = _core.sum((logarithms - values) * t, -1)
    if np.isnan(losses.data).any():  # perhaps 0 * -inf, of a class that is ruled out
        losses = _core.sum((logarithms - _core.where(t > 0, values, 0.0)) * t, -1)
    return reduced(operation, losses, reduction)


def _reduced(
    operation: str, losses: Value, counted: NDArray[Any] | None, reduction: Reduction
) -> Value:
    """Reduce losses that are weighted; the mean is by their weights, if there are any."""
    if counted is None or reduction != "mean":
        return reduced(operation, losses, reduction)
    total = float(np.sum(counted))
    if total == 0.0:
        message = f"[{operation}] class_weights are 0 for each class that occurs in the targets"
        raise ValueError(f"{message} - a positive one is needed. Leave the batch out.")
    return reduced(operation, losses, "sum") / total


def _checked_smoothing(operation: str, share: object) -> float:
    if not isinstance(share, numbers.Real):
        message = f"[{operation}] label_smoothing is a {type(share).__name__} - a number is needed."
        raise TypeError(f"{message} Pass a float.")
    smoothing = float(share)
    if not 0.0 <= smoothing <= 1.0:
        message = f"[{operation}] label_smoothing={share!r} was given - a number in [0, 1] is"
        raise ValueError(f"{message} needed. Pass e.g. 0.1.")
    return smoothing


def _require_logarithms(operation: str, values: Value, axis: int) -> None:
    """Refuse numbers that are no logarithms of probabilities, most likely logits."""
    numbers_given = values.data
    if not numbers_given.max() > TOLERANCE:  # nan flows
        return
    require(
        ~(numbers_given > TOLERANCE),
        lambda place: (
            f"[{operation}] {text_of('log_probabilities', as_given(place, axis))} is"
            f" {float(numbers_given[place])!r} - a number <= 0 is needed."
            " Apply autograd.log_softmax to logits, autograd.log to probabilities."
        ),
    )
