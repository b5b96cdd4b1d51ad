"""Losses: the mean over pairs of a prediction and a target.

Each takes two lists (or other iterables) of scalars of equal length, two arrays of one shape, or
one Value and one number. Lists become arrays first. Nothing is broadcast: (n,) against (n, 1) would
be n * n pairs. Each is composed of operations of the table, so that it can be differentiated any
number of times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import _core
from autograd.engine import Value

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = Iterable[Value | float] | Value | NDArray[Any] | float
    _Place = tuple[int, ...]

_SCALAR_TYPES = (Value, float, int, np.number, np.bool_)


def mse(predictions: Numbers, targets: Numbers) -> Value:
    """Return the mean squared error, mean((p - t)**2).

    Parameters
    ----------
    predictions : iterable of Value or float, or array
        What the model says, `n` of them.
    targets : iterable of Value or float, or array
        What is right, `n` of them. A Value that requires a gradient receives one.

    Returns
    -------
    Value
        The loss.

    Raises
    ------
    ValueError
        If there is nothing, or the two lengths or shapes differ.

    Examples
    --------
    >>> from autograd import Value
    >>> p = Value(3.0)
    >>> loss = mse([p, Value(1.0)], [1.0, 1.0])
    >>> loss.backward()
    >>> loss.data, p.grad
    (2.0, 2.0)
    """
    p, t = _arrays("mse", "predictions", predictions, targets)
    if t.requires_grad:
        return _core.mean(_core.square(p - t))
    return _core.mean(_core.square(p - _constants("mse", p, t)))


def hinge(scores: Numbers, targets: Numbers) -> Value:
    """Return the max-margin loss, mean(relu(1 - t*s)).

    At the kink, t*s = 1, the derivative is 0, as relu'(0) is.

    Parameters
    ----------
    scores : iterable of Value or float, or array
        The sign says the class, the size the certainty; `n` of them.
    targets : iterable of int, or array
        -1 or 1, `n` of them.

    Returns
    -------
    Value
        The loss.

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
    s, t = _arrays("hinge", "scores", scores, targets)
    signs = _constants("hinge", s, t)
    _require(
        np.abs(signs) == 1,
        lambda place: (
            f"[hinge] targets[{_text(place)}] is {float(signs[place])!r} - -1 or 1 is needed."
            " Map classes 0 and 1 by 2*t - 1."
        ),
    )
    return _core.mean(_core.relu(1.0 - s * signs))


def binary_cross_entropy(probabilities: Numbers, targets: Numbers) -> Value:
    """Return the binary cross-entropy, mean(-t*log(p) - (1 - t)*log(1 - p)).

    A term whose factor is zero is left out, so that p = 1 with t = 1 costs nothing. A probability
    that makes the loss infinite is an error; PyTorch cuts the logarithm at -100 there.

    Parameters
    ----------
    probabilities : iterable of Value or float, or array
        In [0, 1], `n` of them.
    targets : iterable of float, or array
        In [0, 1], mostly 0 or 1; `n` of them.

    Returns
    -------
    Value
        The loss.

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
    p, given = _arrays(operation, "probabilities", probabilities, targets)
    t = _weights(operation, p, given)
    hint = "Use binary_cross_entropy_with_logits on the scores before the sigmoid."
    numbers = p.data
    _require(
        (numbers >= 0) & (numbers <= 1),
        lambda place: (
            f"[{operation}] probabilities[{_text(place)}] is {float(numbers[place])!r}"
            f" - a number in [0, 1] is needed. {hint}"
        ),
    )
    _require(
        ((numbers > 0) | (t == 0)) & ((numbers < 1) | (t == 1)),
        lambda place: (
            f"[{operation}] probabilities[{_text(place)}] is {float(numbers[place])!r} for the"
            f" target {float(t[place])!r} - a finite loss is needed. {hint}"
        ),
    )
    first = _core.where(t > 0, t * _core.log(p), 0.0)
    second = _core.where(t < 1, (1.0 - t) * _core.log1p(-p), 0.0)
    return -_core.mean(first + second)


def binary_cross_entropy_with_logits(logits: Numbers, targets: Numbers) -> Value:
    """Return the binary cross-entropy of sigmoid(z), stable for any logit z.

    It is mean(t*softplus(-z) + (1 - t)*softplus(z)), in which nothing cancels: -log(sigmoid(z)) is
    softplus(-z) = log(1 + exp(-z)), and -log(1 - sigmoid(z)) is softplus(z).

    Parameters
    ----------
    logits : iterable of Value or float, or array
        Scores before the sigmoid, `n` of them.
    targets : iterable of float, or array
        In [0, 1], mostly 0 or 1; `n` of them.

    Returns
    -------
    Value
        The loss.

    Raises
    ------
    ValueError
        If there is nothing, lengths or shapes differ, or a target is outside of [0, 1].

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
    z, given = _arrays(operation, "logits", logits, targets)
    t = _weights(operation, z, given)
    if ((t == 0) | (t == 1)).all():
        return _core.mean(_core.softplus(z * (1.0 - 2.0 * t)))
    return _core.mean(_core.softplus(-z) * t + _core.softplus(z) * (1.0 - t))


def _arrays(operation: str, name: str, given: Numbers, targets: Numbers) -> tuple[Value, Value]:
    """Return both as arrays of one shape, refusing no numbers, nothing at all, other shapes."""
    left, right = _array(operation, name, given), _array(operation, "targets", targets)
    if left.shape != right.shape:
        message = f"[{operation}] {name} of shape {left.shape} and targets of shape {right.shape}"
        advice = f"Reshape or select, e.g. targets.reshape({left.shape})."
        if left.ndim == right.ndim == 1:
            message = f"[{operation}] {len(left)} {name} and {len(right)} targets"
            advice = "Pass one target for each."
        raise ValueError(f"{message} were given - as many of each are needed. {advice}")
    if left.size == 0:
        message = f"[{operation}] no {name} were given - at least one is needed."
        raise ValueError(f"{message} The mean of nothing is not defined.")
    return left, right


def _array(operation: str, name: str, given: object) -> Value:
    if isinstance(given, Value) and given.ndim > 0:
        return given
    if isinstance(given, np.ndarray) and given.ndim > 0 and given.dtype != object:
        return Value(given, requires_grad=False)
    scalars: list[Any] = (
        list(given)
        if isinstance(given, Iterable)
        and not isinstance(given, (Value, str))
        and getattr(given, "ndim", 1) > 0
        else [given.item() if isinstance(given, np.ndarray) else given]
    )
    if not scalars:
        return Value(np.zeros(0), requires_grad=False)
    try:
        array = _core.stack_first(scalars)
    except (TypeError, ValueError):
        _refuse(operation, name, scalars)
        raise
    if array.ndim > 1:
        _refuse(operation, name, scalars)
    return array


def _refuse(operation: str, name: str, scalars: list[Any]) -> None:
    """Raise the error about the first element that is no scalar."""
    for index, scalar in enumerate(scalars):
        if not isinstance(scalar, _SCALAR_TYPES):
            what = f"a {type(scalar).__name__}"
        elif isinstance(scalar, Value) and scalar.ndim > 0:
            what = f"a Value of shape {scalar.shape}"
        else:
            continue
        raise TypeError(
            f"[{operation}] {name}[{index}] is {what} - a Value or a number is needed."
            " Pass a flat list, e.g. [output for [output] in outputs], or one array."
        )


def _constants(operation: str, predictions: Value, targets: Value) -> NDArray[Any]:
    """Return the targets as plain numbers, refusing those that want a gradient."""
    if targets.requires_grad:
        message = f"[{operation}] targets that require a gradient were given"
        raise ValueError(f"{message} - constants are needed. Detach them: target.detach().")
    numbers: NDArray[Any] = targets.data
    return numbers.astype(predictions.dtype, copy=False)


def _weights(operation: str, predictions: Value, targets: Value) -> NDArray[Any]:
    """Return the targets as weights of the two classes, in [0, 1]."""
    weights = _constants(operation, predictions, targets)
    _require(
        (weights >= 0) & (weights <= 1),  # false for nan
        lambda place: (
            f"[{operation}] targets[{_text(place)}] is {float(weights[place])!r}"
            " - a number in [0, 1] is needed. Map classes -1 and 1 by (t + 1)/2."
        ),
    )
    return weights


def _require(right: NDArray[np.bool_], message: Callable[[_Place], str]) -> None:
    """Refuse the first place that is not right."""
    if not right.all():
        raise ValueError(message(tuple(int(index) for index in np.argwhere(~right)[0])))


def _text(place: _Place) -> str:
    return ", ".join(map(str, place))
