"""Losses of two classes: `hinge`, and the cross-entropy of probabilities and of logits.

Targets are constants, and are checked: -1 or 1 for `hinge`, in [0, 1] for the cross-entropies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import _core
from autograd.engine import Value
from autograd.nn.losses.pairs import constants, read_pairs, reduced, require, text_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from autograd.nn.losses.pairs import Numbers, Reduction


def hinge(scores: Numbers, targets: Numbers, *, reduction: Reduction = "mean") -> Value:
    """Return the max-margin loss, mean(relu(1 - t*s)).

    At the kink, t*s = 1, the derivative is 0, as relu'(0) is.

    Parameters
    ----------
    scores : iterable of Value or float, or array
        The sign says the class, the size the certainty; `n` of them.
    targets : iterable of int, or array
        -1 or 1, `n` of them.
    reduction : {"mean", "sum", "none"}
        Whether the losses of all pairs are averaged, added up, or returned as they are.

    Returns
    -------
    Value
        The loss; with ``reduction="none"`` an array of `n`, of a single pair a scalar.

    Raises
    ------
    ValueError
        If there is nothing, lengths or shapes differ, or a target is neither -1 nor 1.

    Examples
    --------
    >>> from autograd import Value
    >>> hinge([Value(0.5), Value(-3.0)], [1, -1]).data
    0.25
    """
    s, t = read_pairs("hinge", "scores", scores, targets)
    signs = constants("hinge", s, t)
    require(
        np.abs(signs) == 1,
        lambda place: (
            f"[hinge] {text_of('targets', place)} is {float(signs[place])!r} - -1 or 1 is needed."
            " Map classes 0 and 1 by 2*t - 1."
        ),
    )
    losses = _core.relu(1.0 - s * signs)
    return reduced("hinge", losses, reduction, scores, targets)


def binary_cross_entropy(
    probabilities: Numbers, targets: Numbers, *, reduction: Reduction = "mean"
) -> Value:
    """Return the binary cross-entropy, mean(-t*log(p) - (1 - t)*log(1 - p)).

    A term whose factor is zero is left out, so that p = 1 with t = 1 costs nothing. A probability
    that makes the loss infinite is an error; PyTorch cuts the logarithm at -100 there.

    Parameters
    ----------
    probabilities : iterable of Value or float, or array
        In [0, 1], `n` of them.
    targets : iterable of float, or array
        In [0, 1], mostly 0 or 1; `n` of them.
    reduction : {"mean", "sum", "none"}
        Whether the losses of all pairs are averaged, added up, or returned as they are.

    Returns
    -------
    Value
        The loss; with ``reduction="none"`` an array of `n`, of a single pair a scalar.

    Raises
    ------
    ValueError
        If there is nothing, the two lengths or shapes differ, a probability or a target is outside
        of [0, 1], or a probability is exactly 0 or 1 and the target says otherwise.

    See Also
    --------
    binary_cross_entropy_with_logits : stable for any logit; to be preferred in training.

    Examples
    --------
    >>> from autograd import Value
    >>> f"{binary_cross_entropy([Value(0.5), Value(0.9)], [0, 1]):.6f}"
    '0.399254'
    """
    operation = "binary_cross_entropy"
    p, given = read_pairs(operation, "probabilities", probabilities, targets)
    t = _weights(operation, p, given)
    numbers = p.data
    if numbers.min() > 0.0 and numbers.max() < 1.0:  # false for nan
        losses = (t - 1.0) * _core.log1p(-p) - t * _core.log(p)
        return reduced(operation, losses, reduction, probabilities, targets)
    hint = "Use binary_cross_entropy_with_logits on the scores before the sigmoid."
    require(
        (numbers >= 0) & (numbers <= 1),
        lambda place: (
            f"[{operation}] {text_of('probabilities', place)} is {float(numbers[place])!r}"
            f" - a number in [0, 1] is needed. {hint}"
        ),
    )
    require(
        ((numbers > 0) | (t == 0)) & ((numbers < 1) | (t == 1)),
        lambda place: (
            f"[{operation}] {text_of('probabilities', place)} is {float(numbers[place])!r} for the"
            f" target {float(t[place])!r} - a finite loss is needed. {hint}"
        ),
    )
    first = _core.where(t > 0, t * _core.log(p), 0.0)
    second = _core.where(t < 1, (1.0 - t) * _core.log1p(-p), 0.0)
    return reduced(operation, -(first + second), reduction, probabilities, targets)


def binary_cross_entropy_with_logits(
    logits: Numbers,
    targets: Numbers,
    *,
    positive_weight: float | NDArray[Any] = 1.0,
    reduction: Reduction = "mean",
) -> Value:
    """Return the binary cross-entropy of sigmoid(z), stable for any logit z.

    It is mean(w*t*softplus(-z) + (1 - t)*softplus(z)), in which nothing cancels: -log(sigmoid(z))
    is softplus(-z) = log(1 + exp(-z)), and -log(1 - sigmoid(z)) is softplus(z).

    Parameters
    ----------
    logits : iterable of Value or float, or array
        Scores before the sigmoid, `n` of them.
    targets : iterable of float, or array
        In [0, 1], mostly 0 or 1; `n` of them.
    positive_weight : float or array
        The factor w of targets that are 1, finite and at least 0: above 1 where they are rare. An
        array has one for each label, in the last axis of the logits (PyTorch's ``pos_weight``).
    reduction : {"mean", "sum", "none"}
        Whether the losses of all pairs are averaged, added up, or returned as they are.

    Returns
    -------
    Value
        The loss; with ``reduction="none"`` an array of `n`, of a single pair a scalar.

    Raises
    ------
    ValueError
        If there is nothing, lengths or shapes differ, a target is outside of [0, 1], or a weight is
        negative, not finite, or of a shape that does not fit.

    Examples
    --------
    >>> from autograd import Value
    >>> z = Value(-1000.0)
    >>> loss = binary_cross_entropy_with_logits([z], [1])
    >>> loss.backward()
    >>> loss.data, z.grad
    (1000.0, -1.0)
    """
    operation = "binary_cross_entropy_with_logits"
    z, given = read_pairs(operation, "logits", logits, targets)
    t = _weights(operation, z, given)
    weight = None
    if not (isinstance(positive_weight, (int, float)) and positive_weight == 1):
        weight = _positive_weight(operation, z, positive_weight)
    if np.count_nonzero((t == 0) | (t == 1)) == t.size:
        losses = _core.softplus(z * (1.0 - 2.0 * t))
        if weight is not None:
            losses = losses * np.where(t == 1, weight, np.ones_like(t))
    else:
        positive = t if weight is None else t * weight
        losses = _core.softplus(-z) * positive + _core.softplus(z) * (1.0 - t)
    return reduced(operation, losses, reduction, logits, targets)


def _weights(operation: str, predictions: Value, targets: Value) -> NDArray[Any]:
    """Return the targets as weights of the two classes, in [0, 1]."""
    weights = constants(operation, predictions, targets)
    require(
        (weights >= 0) & (weights <= 1),  # false for nan
        lambda place: (
            f"[{operation}] {text_of('targets', place)} is {float(weights[place])!r}"
            " - a number in [0, 1] is needed. Map classes -1 and 1 by (t + 1)/2."
        ),
    )
    return weights


def _positive_weight(operation: str, logits: Value, given: object) -> NDArray[Any]:
    """Return the weight of targets that are 1, a number or an array that fits the logits."""
    weight = np.asarray(None if isinstance(given, Value) else given)
    if weight.dtype.kind not in "fiub":
        message = f"[{operation}] positive_weight is a {type(given).__name__}"
        raise TypeError(f"{message} - a number or an array of numbers is needed. Convert it.")
    shape, needed = weight.shape, logits.shape
    if len(shape) > len(needed) or any(
        length not in (1, other) for length, other in zip(shape[::-1], needed[::-1], strict=False)
    ):
        message = f"[{operation}] positive_weight of shape {shape} and logits of shape {needed}"
        raise ValueError(
            f"{message} were given - a number, or one for each label, is needed. Check the shape."
        )
    require(
        np.isfinite(weight) & (weight >= 0),
        lambda place: (
            f"[{operation}] {text_of('positive_weight', place)} is {float(weight[place])!r}"
            " - a finite number >= 0 is needed. Change it."
        ),
    )
    return weight.astype(logits.dtype)
