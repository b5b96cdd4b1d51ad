"""What array functions are given: anything that can be an array, and axes.

`as_value` makes a Value of the first; `axis_index` and `axis_indices` check the second. `gather`
is below all that selects, repeats or permutes elements: whatever NumPy does to an array of
places, the elements and their gradients follow.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from autograd import _core
from autograd.engine import Value

ArrayLike: TypeAlias = Value | float | npt.NDArray[Any] | Sequence[Any]
Axes: TypeAlias = int | Sequence[int] | None


def as_value(operation: str, given: ArrayLike) -> Value:
    """Return a Value as it is, and anything else as a Value that is a constant.

    Lists may hold Values, at any depth, and so may arrays of objects: they are stacked.
    """
    if type(given) is Value:
        return given
    try:
        return Value(given, False)
    except (TypeError, ValueError) as error:
        if _holds_values(given):
            return _core.stack_first([as_value(operation, item) for item in given])  # type: ignore[union-attr]
        text = str(error)
        if isinstance(given, str) or not hasattr(given, "__len__"):
            text = f"[Value] {type(given).__name__} was given - a Value, a number or an array is "
            text += "needed. Convert it first."
        raise type(error)(text.replace("[Value]", f"[{operation}]", 1)) from None


def _holds_values(given: object) -> bool:
    if isinstance(given, np.ndarray):
        return given.dtype == object and given.ndim > 0 and _holds_values(given.tolist())
    if not isinstance(given, list | tuple):
        return False
    return any(type(item) is Value or _holds_values(item) for item in given)


def values_of(operation: str, given: ArrayLike) -> list[ArrayLike]:
    """Return the members of a list of arrays, or the rows of one array."""
    if isinstance(given, str) or not hasattr(given, "__iter__"):
        raise TypeError(
            f"[{operation}] {type(given).__name__} was given - a list of arrays is needed. "
            "Put it into a list."
        )
    values = list(given)
    if not values:
        raise ValueError(
            f"[{operation}] an empty list was given - at least one array is needed. "
            "Check the list before."
        )
    return values


def float_type(operation: str, dtype: npt.DTypeLike | None) -> np.dtype[Any]:
    """Return float64 or float32; the first by default."""
    given = np.dtype(np.float64 if dtype is None else dtype)
    if given in (np.float64, np.float32) and given.isnative:
        return given
    raise TypeError(
        f"[{operation}] dtype {given} was given - float64 or float32 is needed. "
        "Leave it out for float64."
    )


def integer(operation: str, what: str, given: object) -> int:
    """Return an int, also for NumPy's integers."""
    try:
        return operator.index(given)  # type: ignore[arg-type]
    except TypeError:
        raise TypeError(
            f"[{operation}] {type(given).__name__} was given as {what} - an int is needed. "
            "Pass an int."
        ) from None


def axis_index(operation: str, axis: object, rank: int) -> int:
    """Return an axis counted from the first."""
    index = integer(operation, "axis", axis)
    if -rank <= index < rank:
        return index if index >= 0 else index + rank
    needed = f"one from {-rank} to {rank - 1}" if rank else "none, for a scalar,"
    raise IndexError(
        f"[{operation}] axis {index} was given - {needed} is needed, for {rank} "
        f"{'axis' if rank == 1 else 'axes'}. Check the shape."
    )


def axis_indices(operation: str, axis: Axes, rank: int) -> tuple[int, ...]:
    """Return axes counted from the first, in the order they were given in; all of them for None."""
    if axis is None:
        return tuple(range(rank))
    if not isinstance(axis, tuple | list):
        return (axis_index(operation, axis, rank),)
    indices = tuple(axis_index(operation, one, rank) for one in axis)
    if len(set(indices)) != len(indices):
        raise ValueError(
            f"[{operation}] the axes {tuple(axis)} were given - each once is needed. Leave one out."
        )
    return indices


def places(shape: tuple[int, ...]) -> npt.NDArray[np.int64]:
    """Return for each element of an array of this shape its place in memory."""
    size = 1
    for length in shape:
        size *= length
    return np.arange(size, dtype=np.int64).reshape(shape)


def gather(value: Value, chosen: npt.NDArray[np.int64]) -> Value:
    """Return the elements at places, in the shape of the places; one place gives a scalar."""
    source = value if value.ndim else value.reshape(1)
    if chosen.ndim:
        return _core.take_flat(source, chosen)
    return source.reshape(-1)[int(chosen)]
