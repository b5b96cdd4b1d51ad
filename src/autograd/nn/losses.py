"""Losses as functions of lists of values: the mean over pairs of a prediction and a target.

Each is composed of operations of the table, so that it can be differentiated any number of times.
Each takes two lists (or tuples, iterables, one-dimensional arrays) of equal length, or one Value
and one number.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import _core
from autograd.engine import Value

if TYPE_CHECKING:
    Scalars = Iterable[Value | float] | Value | float

_SCALAR_TYPES = (Value, float, int, np.number, np.bool_)


def mse(predictions: Scalars, targets: Scalars) -> Value:
    """Return the mean squared error, mean((p - t)**2).

    Parameters
    ----------
    predictions : iterable of Value or float
        What the model says, `n` of them.
    targets : iterable of Value or float
        What is right, `n` of them. A Value that requires a gradient receives one.

    Returns
    -------
    Value
        The loss.

    Raises
    ------
    ValueError
        If there is nothing, or the two lengths differ.

    Examples
    --------
    >>> from autograd import Value
    >>> p = Value(3.0)
    >>> loss = mse([p, Value(1.0)], [1.0, 1.0])
    >>> loss.backward()
    >>> loss.data, p.grad
    (2.0, 2.0)
    """
    return _core.mean(
        [_core.square(p - t) for p, t in _pairs("mse", "predictions", predictions, targets)]
    )


def hinge(scores: Scalars, targets: Scalars) -> Value:
    """Return the max-margin loss, mean(relu(1 - t*s)).

    At the kink, t*s = 1, the derivative is 0, as relu'(0) is.

    Parameters
    ----------
    scores : iterable of Value or float
        The sign says the class, the size the certainty; `n` of them.
    targets : iterable of int
        -1 or 1, `n` of them.

    Returns
    -------
    Value
        The loss.

    Raises
    ------
    ValueError
        If there is nothing, the two lengths differ, or a target is neither -1 nor 1.

    Examples
    --------
    >>> from autograd import Value
    >>> hinge([Value(0.5), Value(-3.0)], [1, -1]).data
    0.25
    """
    pairs = _pairs("hinge", "scores", scores, targets)
    signs = _constants("hinge", pairs)
    for index, sign in enumerate(signs):
        if sign not in (-1.0, 1.0):
            message = f"[hinge] targets[{index}] is {sign!r} - -1 or 1 is needed."
            raise ValueError(f"{message} Map classes 0 and 1 by 2*t - 1.")
    return _core.mean([_core.relu(1.0 - s * t) for (s, _), t in zip(pairs, signs, strict=True)])


def binary_cross_entropy(probabilities: Scalars, targets: Scalars) -> Value:
    """Return the binary cross-entropy, mean(-t*log(p) - (1 - t)*log(1 - p)).

    A term whose factor is zero is left out, so that p = 1 with t = 1 costs nothing. A probability
    that makes the loss infinite is an error; PyTorch cuts the logarithm at -100 there.

    Parameters
    ----------
    probabilities : iterable of Value or float
        In [0, 1], `n` of them.
    targets : iterable of float
        In [0, 1], mostly 0 or 1; `n` of them.

    Returns
    -------
    Value
        The loss.

    Raises
    ------
    ValueError
        If there is nothing, the two lengths differ, a probability or a target is outside of [0, 1],
        or a probability is exactly 0 or 1 and the target says otherwise.

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
    pairs = _pairs(operation, "probabilities", probabilities, targets)
    weights = _weights(operation, pairs)
    terms = []
    for index, ((p, _), t) in enumerate(zip(pairs, weights, strict=True)):
        hint = "Use binary_cross_entropy_with_logits on the scores before the sigmoid."
        if not _is_probability(p):
            message = f"[{operation}] probabilities[{index}] is {_number(p)!r}"
            raise ValueError(f"{message} - a number in [0, 1] is needed. {hint}")
        if (p == 0 and t > 0) or (p == 1 and t < 1):
            message = f"[{operation}] probabilities[{index}] is {_number(p)!r} for the target {t!r}"
            raise ValueError(f"{message} - a finite loss is needed. {hint}")
        if t == 0:
            terms.append(-_core.log1p(-p))
        elif t == 1:
            terms.append(-_core.log(p))
        else:
            terms.append(-(t * _core.log(p) + (1.0 - t) * _core.log1p(-p)))
    return _core.mean(terms)


def binary_cross_entropy_with_logits(logits: Scalars, targets: Scalars) -> Value:
    """Return the binary cross-entropy of sigmoid(z), stable for any logit z.

    It is mean(t*softplus(-z) + (1 - t)*softplus(z)), in which nothing cancels: -log(sigmoid(z)) is
    softplus(-z) = log(1 + exp(-z)), and -log(1 - sigmoid(z)) is softplus(z).

    Parameters
    ----------
    logits : iterable of Value or float
        Scores before the sigmoid, `n` of them.
    targets : iterable of float
        In [0, 1], mostly 0 or 1; `n` of them.

    Returns
    -------
    Value
        The loss.

    Raises
    ------
    ValueError
        If there is nothing, the two lengths differ, or a target is outside of [0, 1].

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
    pairs = _pairs(operation, "logits", logits, targets)
    weights = _weights(operation, pairs)
    terms = []
    for (z, _), t in zip(pairs, weights, strict=True):
        if t == 0:
            terms.append(_core.softplus(z))
        elif t == 1:
            terms.append(_core.softplus(-z))
        else:
            terms.append(t * _core.softplus(-z) + (1.0 - t) * _core.softplus(z))
    return _core.mean(terms)


def _pairs(
    operation: str, name: str, given: Scalars, targets: Scalars
) -> list[tuple[Value | float, Value | float]]:
    """Return the arguments in pairs, refusing no scalars, nothing at all, and unequal lengths."""
    left, right = _scalars(operation, name, given), _scalars(operation, "targets", targets)
    if len(left) != len(right):
        message = f"[{operation}] {len(left)} {name} and {len(right)} targets were given"
        raise ValueError(f"{message} - as many of each are needed. Pass one target for each.")
    if not left:
        message = f"[{operation}] no {name} were given - at least one is needed."
        raise ValueError(f"{message} The mean of nothing is not defined.")
    return list(zip(left, right, strict=True))


def _scalars(operation: str, name: str, given: object) -> list[Value | float]:
    if isinstance(given, np.ndarray):
        given = given.tolist()
    scalars: list[Any] = (
        list(given)
        if isinstance(given, Iterable) and not isinstance(given, (Value, str))
        else [given]
    )
    for index, scalar in enumerate(scalars):
        if not isinstance(scalar, _SCALAR_TYPES):
            message = f"[{operation}] {name}[{index}] is a {type(scalar).__name__}"
            raise TypeError(
                f"{message} - a Value or a number is needed."
                " Pass a flat list, e.g. [output for [output] in outputs]."
            )
    return scalars


def _constants(operation: str, pairs: list[tuple[Value | float, Value | float]]) -> list[float]:
    """Return the targets as plain numbers, refusing one that wants a gradient."""
    for index, (_, target) in enumerate(pairs):
        if isinstance(target, Value) and target.requires_grad:
            message = f"[{operation}] targets[{index}] requires a gradient - a constant is needed."
            raise ValueError(f"{message} Pass target.detach().")
    return [_number(target) for _, target in pairs]


def _weights(operation: str, pairs: list[tuple[Value | float, Value | float]]) -> list[float]:
    """Return the targets as weights of the two classes, in [0, 1]."""
    weights = _constants(operation, pairs)
    for index, weight in enumerate(weights):
        if not _is_probability(weight):
            message = f"[{operation}] targets[{index}] is {weight!r}"
            raise ValueError(
                f"{message} - a number in [0, 1] is needed. Map classes -1 and 1 by (t + 1)/2."
            )
    return weights


def _is_probability(number: Value | float) -> bool:
    return bool(0 <= number <= 1)  # false for nan


def _number(scalar: Value | float) -> float:
    return scalar.data if isinstance(scalar, Value) else float(scalar)
