"""Pairs of a prediction and a target: read from lists and arrays, checked, and reduced.

A loss reads its pairs with `read_pairs`, computes an array of losses, and hands it to `reduced`.
Nothing is broadcast: (n,) against (n, 1) would be n * n pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Literal, NoReturn

import numpy as np

from autograd import _core
from autograd.engine import Value

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = Iterable[Value | float] | Value | NDArray[Any] | float
    Place = tuple[int, ...]

Reduction = Literal["mean", "sum", "none"]

_SCALAR_TYPES = (Value, float, int, np.number, np.bool_)


def read_pairs(
    operation: str, name: str, predictions: Numbers, targets: Numbers
) -> tuple[Value, Value]:
    """Return both as arrays of one shape, refusing no numbers, nothing at all, other shapes.

    A single pair becomes two arrays of shape (1,): `reduced` makes a scalar of it again.
    """
    left, right = _array(operation, name, predictions), _array(operation, "targets", targets)
    if left.shape != right.shape:
        message = f"[{operation}] {name} of shape {left.shape} and targets of shape {right.shape}"
        advice = f"Reshape or select, e.g. targets.reshape({left.shape})."
        if left.ndim == right.ndim == 1:
            message = f"[{operation}] {len(left)} {name} and {len(right)} targets"
            advice = "Pass one target for each."
        raise ValueError(f"{message} were given - as many of each are needed. {advice}")
    if left.size == 0:
        refuse_nothing(operation, name)
    return left, right


def refuse_nothing(operation: str, name: str) -> NoReturn:
    """Raise the error about an array without elements."""
    message = f"[{operation}] no {name} were given - at least one is needed."
    raise ValueError(f"{message} The loss of nothing is not defined.")


def reduced(operation: str, losses: Value, reduction: str, *given: Numbers) -> Value:
    """Return the mean or the sum of the losses, or all of them.

    Of a single pair, whose scalars are `given`, the loss is no array of one element but a scalar.
    """
    if reduction == "mean":
        return _core.mean(losses)
    if reduction == "sum":
        return _core.sum(losses)
    if reduction == "none":
        return losses[0] if given and all(map(_is_scalar, given)) else losses
    message = (
        f"[{operation}] reduction={reduction!r} was given - 'mean', 'sum' or 'none' is needed."
    )
    raise ValueError(f"{message} Pass one of these.")


def constants(operation: str, predictions: Value, targets: Value) -> NDArray[Any]:
    """Return the targets as plain numbers, refusing those that want a gradient."""
    if targets.requires_grad:
        message = f"[{operation}] targets that require a gradient were given"
        raise ValueError(f"{message} - constants are needed. Detach them: target.detach().")
    numbers: NDArray[Any] = targets.data
    return numbers.astype(predictions.dtype, copy=False)


def require(right: NDArray[np.bool_], message: Callable[[Place], str]) -> None:
    """Refuse the first place that is not right."""
    if np.count_nonzero(right) != right.size:  # a fifth of the time of all(), where n is small
        raise ValueError(message(tuple(int(index) for index in np.argwhere(~right)[0])))


def text_of(name: str, place: Place) -> str:
    """Return how an element is called in a message; a scalar has its name alone."""
    return f"{name}[{', '.join(map(str, place))}]" if place else name


def _is_scalar(given: object) -> bool:
    return isinstance(given, (int, float)) or getattr(given, "ndim", 1) == 0


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
