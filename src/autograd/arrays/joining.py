"""Arrays put together and taken apart along an axis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from autograd import _core
from autograd.arrays.operand import (
    ArrayLike,
    as_value,
    axis_index,
    gather,
    integer,
    places,
    values_of,
)
from autograd.arrays.shapes import moveaxis, ravel

if TYPE_CHECKING:
    from autograd.engine import Value

__all__ = [
    "column_stack",
    "concatenate",
    "hstack",
    "pad",
    "repeat",
    "split",
    "stack",
    "tile",
    "vstack",
]

# The ways of padding that only copy elements of the array.
_COPIES = ("edge", "reflect", "symmetric", "wrap")


def concatenate(arrays: ArrayLike, axis: int | None = 0) -> Value:
    """Join arrays along an axis that they have.

    Parameters
    ----------
    arrays : sequence of array_like
        Of one shape, but for the length along `axis`.
    axis : int or None, default 0
        None joins the elements along one axis, of whatever shapes.

    Returns
    -------
    Value

    Raises
    ------
    ValueError
        If the shapes differ elsewhere.

    Examples
    --------
    >>> import autograd
    >>> autograd.concatenate([[1.0, 2.0], autograd.Value([3.0])]).data
    array([1., 2., 3.])
    """
    values = [as_value("concatenate", array) for array in values_of("concatenate", arrays)]
    if axis is None:
        return _core.concatenate_along([value.ravel() for value in values], 0)
    return _core.concatenate_along(values, axis)


def stack(arrays: ArrayLike, axis: int = 0) -> Value:
    """Join arrays, or scalars, along a new axis.

    Parameters
    ----------
    arrays : sequence of array_like
        Of one shape.
    axis : int, default 0
        Where the new axis stands in the result.

    Returns
    -------
    Value
        As one node, for the first axis.

    Raises
    ------
    ValueError
        If the shapes differ.

    Examples
    --------
    >>> import autograd
    >>> x = autograd.Value(2.0)
    >>> autograd.stack([x, x * x, 1.0]).data
    array([2., 4., 1.])
    """
    values = [as_value("stack", array) for array in values_of("stack", arrays)]
    position = axis_index("stack", axis, values[0].ndim + 1)
    stacked = _core.stack_first(values)
    return moveaxis(stacked, 0, position) if position else stacked


def vstack(tup: ArrayLike) -> Value:
    """Join arrays one below the other; one without a second axis is a row.

    Parameters
    ----------
    tup : sequence of array_like
        Whose shapes agree but for the first axis.

    Returns
    -------
    Value

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> import autograd
    >>> autograd.vstack([[1.0, 2.0], [3.0, 4.0]]).data
    array([[1., 2.],
           [3., 4.]])
    """
    values = [as_value("vstack", array) for array in values_of("vstack", tup)]
    return concatenate([value if value.ndim > 1 else stack([ravel(value)]) for value in values])


def hstack(tup: ArrayLike) -> Value:
    """Join arrays side by side: along the second axis, or along the only one.

    Parameters
    ----------
    tup : sequence of array_like
        Whose shapes agree but for this axis; a scalar has one element.

    Returns
    -------
    Value

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> import autograd
    >>> autograd.hstack([[[1.0], [2.0]], [[3.0], [4.0]]]).data
    array([[1., 3.],
           [2., 4.]])
    """
    values = [as_value("hstack", array) for array in values_of("hstack", tup)]
    values = [value if value.ndim > 0 else ravel(value) for value in values]
    return concatenate(values, 0 if values[0].ndim == 1 else 1)


def column_stack(tup: ArrayLike) -> Value:
    """Join columns, and matrices, side by side; what has one axis is a column.

    Parameters
    ----------
    tup : sequence of array_like
        Of as many rows each.

    Returns
    -------
    Value

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> import autograd
    >>> autograd.column_stack([[1.0, 2.0], [3.0, 4.0]]).data
    array([[1., 3.],
           [2., 4.]])
    """
    values = [as_value("column_stack", array) for array in values_of("column_stack", tup)]
    return concatenate([one if one.ndim > 1 else one.reshape(-1, 1) for one in values], 1)


def split(ary: ArrayLike, indices_or_sections: Any, axis: int = 0) -> list[Value]:
    """Take an array apart along an axis.

    Parameters
    ----------
    ary : array_like
    indices_or_sections : int or sequence of int
        The number of equal parts, or the indices at which new parts begin.
    axis : int, default 0

    Returns
    -------
    list of Value

    Raises
    ------
    ValueError
        If the parts would not be equal.

    Examples
    --------
    >>> import autograd
    >>> [part.data for part in autograd.split([1.0, 2.0, 3.0, 4.0], [1])]
    [array([1.]), array([2., 3., 4.])]
    """
    value = as_value("split", ary)
    along = axis_index("split", axis, value.ndim)
    length = value.shape[along]
    if hasattr(indices_or_sections, "__len__"):
        begins = [integer("split", "index", index) for index in indices_or_sections]
    else:
        count = integer("split", "number of parts", indices_or_sections)
        if count < 1 or length % count:
            raise ValueError(
                f"[split] {count} parts of the length {length} were given - a number that divides "
                "it is needed. Pass the indices at which parts begin."
            )
        begins = (
            list(range(length // count, length, length // count)) if length else [0] * (count - 1)
        )
    before = (slice(None),) * along
    return [
        value[(*before, slice(begin, end))]
        for begin, end in zip([0, *begins], [*begins, length], strict=True)
    ]


def pad(
    array: ArrayLike,
    pad_width: Any,
    mode: str = "constant",
    *,
    constant_values: float = 0.0,
) -> Value:
    """Add elements before and after, along each axis.

    Parameters
    ----------
    array : array_like
    pad_width : int, pair of int, or sequence of pairs of int
        How many before and after: the same for all axes, or a pair for each.
    mode : {"constant", "edge", "reflect", "symmetric", "wrap"}, default "constant"
        What is added: a number, or elements of the array as `numpy.pad` chooses them.
    constant_values : float, default 0.0
        The number, for "constant".

    Returns
    -------
    Value

    Raises
    ------
    ValueError
        If a width is negative or there are not as many pairs as axes, or for an unknown mode.

    Examples
    --------
    >>> import autograd
    >>> autograd.pad([1.0, 2.0], (1, 2)).data
    array([0., 1., 2., 0., 0.])
    """
    value = as_value("pad", array)
    shape = value.shape
    widths = _widths(pad_width, len(shape))
    if mode in _COPIES:
        return gather(value, np.pad(places(shape), widths, mode=mode))  # type: ignore[call-overload]
    if mode != "constant":
        raise ValueError(
            f"[pad] mode {mode!r} was given - one of {('constant', *_COPIES)} is needed. "
            "Choose one of these."
        )
    for axis, (before, after) in enumerate(widths):
        if before or after:
            parts: list[Any] = [
                _filled(value, axis, before, constant_values),
                value,
                _filled(value, axis, after, constant_values),
            ]
            value = _core.concatenate_along(parts, axis)
    return value


def _filled(like: Value, axis: int, length: int, number: float) -> npt.NDArray[Any]:
    """Return an array of one number that fits to another, with a length of its own."""
    shape = list(like.shape)
    shape[axis] = length
    return np.full(shape, number, like.dtype)


def _widths(given: Any, rank: int) -> list[tuple[int, int]]:
    """Return how much to pad before and after each axis."""
    try:
        widths = np.broadcast_to(np.asarray(given), (rank, 2))
    except ValueError:
        widths = np.empty((0, 0))
    if widths.shape != (rank, 2) or widths.dtype.kind not in "iu" or (widths < 0).any():
        raise ValueError(
            f"[pad] pad_width {given!r} was given - a pair of ints from 0 on for each of {rank} "
            "axes is needed. Write ((before, after), ...)."
        )
    return [(int(before), int(after)) for before, after in widths]


def repeat(a: ArrayLike, repeats: int | Sequence[int], axis: int | None = None) -> Value:
    """Repeat each element, or each slice along an axis.

    Parameters
    ----------
    a : array_like
    repeats : int or sequence of int
        How often; of a sequence, one number for each.
    axis : int, optional
        By default the elements along one axis.

    Returns
    -------
    Value

    Raises
    ------
    ValueError
        If there are not as many numbers as slices.

    Examples
    --------
    >>> import autograd
    >>> autograd.repeat([1.0, 2.0], 2).data
    array([1., 1., 2., 2.])
    """
    value = as_value("repeat", a)
    along = None if axis is None else axis_index("repeat", axis, value.ndim)
    length = value.size if along is None else value.shape[along]
    counts = np.asarray(repeats)
    if not counts.size:  # of no slices; NumPy takes an empty list for one of floats
        counts = counts.astype(np.int64)
    wrong = counts.dtype.kind not in "iu" or counts.ndim > 1 or (counts < 0).any()
    if wrong or counts.size not in (1, length):
        raise ValueError(
            f"[repeat] repeats {repeats!r} was given for a length of {length} - an int from 0 on, "
            "or one for each, is needed. Check the length."
        )
    return gather(value, np.repeat(places(value.shape), counts, along))


def tile(A: ArrayLike, reps: int | Sequence[int]) -> Value:  # noqa: N803 - NumPy's name
    """Repeat the whole array along axes.

    Parameters
    ----------
    A : array_like
    reps : int or sequence of int
        How often along each of the last axes; more numbers than axes make new axes in front.

    Returns
    -------
    Value

    Raises
    ------
    ValueError
        If a number is negative.

    Examples
    --------
    >>> import autograd
    >>> autograd.tile([1.0, 2.0], (2, 2)).data
    array([[1., 2., 1., 2.],
           [1., 2., 1., 2.]])
    """
    value = as_value("tile", A)
    counts = np.asarray(reps)
    if counts.ndim > 1 or (counts.size and counts.dtype.kind not in "iu") or (counts < 0).any():
        raise ValueError(
            f"[tile] reps {reps!r} was given - ints from 0 on are needed. Pass one for each axis."
        )
    return gather(value, np.tile(places(value.shape), reps))
