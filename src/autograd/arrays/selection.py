"""Elements selected and moved; the gradient goes back to where they came from."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd import _core
from autograd.arrays.joining import concatenate, pad
from autograd.arrays.operand import (
    ArrayLike,
    Axes,
    as_value,
    axis_index,
    axis_indices,
    gather,
    integer,
    places,
)
from autograd.engine import Value

__all__ = [
    "diag",
    "diagonal",
    "flip",
    "roll",
    "take",
    "take_along_axis",
    "tril",
    "triu",
]


def take(a: ArrayLike, indices: Any, axis: int | None = None) -> Value:
    """Select slices along an axis, as often as their indices are given.

    Parameters
    ----------
    a : array_like
    indices : int or array_like of int
        Negative ones count from the end.
    axis : int, optional
        By default the elements are taken along one axis.

    Returns
    -------
    Value
        The axis is replaced by those of `indices`.

    Raises
    ------
    IndexError
        If there is no such index.
    TypeError
        If an index is no int.

    Examples
    --------
    >>> import autograd
    >>> autograd.take([[1.0, 2.0], [3.0, 4.0]], [1, 1, 0], axis=0).data
    array([[3., 4.],
           [3., 4.],
           [1., 2.]])
    """
    value = as_value("take", a)
    if axis is None:
        value, along = value.reshape(-1), 0
    else:
        along = axis_index("take", axis, value.ndim)
    given = np.asarray(indices.data if type(indices) is Value else indices)
    if along == 0 and given.ndim and given.dtype.kind == "i":
        with contextlib.suppress(IndexError):  # told below, in the words of this function
            return value[given]
    shape = value.shape
    chosen = _indices("take", given, shape[along])
    wanted = shape[:along] + chosen.shape + shape[along + 1 :]
    # The places of the slices alone: to index an array of all places would cost its whole size.
    after, before = math.prod(shape[along + 1 :]), math.prod(shape[:along])
    if after != 1:
        chosen = (chosen * after)[..., np.newaxis] + np.arange(after)
    if before != 1:
        step = shape[along] * after
        chosen = (np.arange(before) * step).reshape(-1, *(1,) * chosen.ndim) + chosen
    return gather(value, chosen.reshape(wanted))


def take_along_axis(arr: ArrayLike, indices: Any, axis: int | None = -1) -> Value:
    """Select elements along an axis, at other indices in each slice, such as those of `argsort`.

    Parameters
    ----------
    arr : array_like
    indices : array_like of int
        With as many axes as `arr`; the lengths of the others fit, or are 1. Negative ones count
        from the end.
    axis : int or None, default -1
        None takes the elements along one axis.

    Returns
    -------
    Value
        Each index gives an element. What is selected several times gets the sum of the
        derivatives.

    Raises
    ------
    IndexError
        If there is no such index.
    TypeError
        If an index is no int.
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> import autograd
    >>> autograd.take_along_axis([[1.0, 2.0], [3.0, 4.0]], [[1, 1, 0], [0, 0, 1]]).data
    array([[2., 2., 1.],
           [3., 3., 4.]])
    """
    value = as_value("take_along_axis", arr)
    if axis is None:
        value, axis = value.reshape(-1), 0
    along = axis_index("take_along_axis", axis, value.ndim)
    given = np.asarray(indices.data if type(indices) is Value else indices)
    shape = value.shape
    fits = given.ndim == len(shape) and all(
        i == along or 1 in (one, other) or one == other
        for i, (one, other) in enumerate(zip(shape, given.shape, strict=True))
    )
    if not fits:
        raise ValueError(
            f"[take_along_axis] the shapes {shape} and {given.shape} were given - as many axes of "
            f"the indices, and lengths that are equal or 1 but along axis {along}, are needed. "
            "Reshape the indices, or use take."
        )
    chosen = _indices("take_along_axis", given, shape[along])
    return gather(value, np.take_along_axis(places(shape), chosen, along))


def _indices(operation: str, indices: npt.NDArray[Any], length: int) -> npt.NDArray[Any]:
    """Return indices counted from the first."""
    if indices.dtype.kind not in "iu" and indices.size:
        raise TypeError(
            f"[{operation}] indices of type {indices.dtype} were given - ints are needed. "
            "Convert them with astype(int)."
        )
    if indices.size:
        low, high = int(indices.min()), int(indices.max())
        if low < -length or high >= length:
            raise IndexError(
                f"[{operation}] the index {low if low < -length else high} was given - one from "
                f"{-length} to {length - 1} is needed. Check the indices."
            )
        if low < 0:
            indices = indices.astype(np.int64)
            return np.where(indices < 0, indices + length, indices)
    # Places are computed of them, for which a small type may have no room.
    return indices.astype(np.int64, copy=False)


def flip(a: ArrayLike, axis: Axes = None) -> Value:
    """Reverse the order of the elements.

    Parameters
    ----------
    a : array_like
    axis : int or sequence of int, optional
        Along which axes; all of them by default.

    Returns
    -------
    Value

    Examples
    --------
    >>> import autograd
    >>> autograd.flip([1.0, 2.0, 3.0]).data
    array([3., 2., 1.])
    """
    value = as_value("flip", a)
    rank = value.ndim
    axes = axis_indices("flip", axis, rank)
    if not axes:
        return value
    backwards, forwards = slice(None, None, -1), slice(None)
    return value[tuple(backwards if i in axes else forwards for i in range(rank))]


def roll(a: ArrayLike, shift: int | Sequence[int], axis: Axes = None) -> Value:
    """Move the elements along axes; what leaves at the end enters at the beginning.

    Parameters
    ----------
    a : array_like
    shift : int or sequence of int
        How far; a number for each axis, or one for all.
    axis : int or sequence of int, optional
        By default the elements move as if along one axis.

    Returns
    -------
    Value

    Raises
    ------
    ValueError
        If there are not as many shifts as axes.

    Examples
    --------
    >>> import autograd
    >>> autograd.roll([1.0, 2.0, 3.0], 1).data
    array([3., 1., 2.])
    """
    value = as_value("roll", a)
    several = isinstance(shift, tuple | list)
    shifts = [integer("roll", "shift", one) for one in (shift if several else (shift,))]  # type: ignore[union-attr]
    if axis is None:
        rolled = value.reshape(-1)
        for distance in shifts:
            rolled = _rolled(rolled, distance, 0)
        return rolled.reshape(value.shape)
    # An axis that is given twice is moved twice, as NumPy does it.
    given = axis if isinstance(axis, tuple | list) else (axis,)
    axes = [axis_index("roll", one, value.ndim) for one in given]
    if len(shifts) != len(axes) and 1 not in (len(shifts), len(axes)):
        raise ValueError(
            f"[roll] {len(shifts)} shifts and {len(axes)} axes were given - as many of both are "
            "needed. Check the axes."
        )
    count = max(len(shifts), len(axes)) if shifts and axes else 0
    for i in range(count):
        value = _rolled(value, shifts[i % len(shifts)], axes[i % len(axes)])
    return value


def _rolled(value: Value, shift: int, axis: int) -> Value:
    length = value.shape[axis]
    begin = -shift % length if length else 0
    if begin == 0:
        return value
    before = (slice(None),) * axis
    return concatenate(
        [value[(*before, slice(begin, None))], value[(*before, slice(None, begin))]], axis
    )


def diagonal(a: ArrayLike, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Value:
    """Return the diagonal of each matrix, along a new last axis.

    Parameters
    ----------
    a : array_like
        At least two axes.
    offset : int, default 0
        How far right of the main diagonal; a negative number is left of it.
    axis1, axis2 : int, default 0 and 1
        The axes of the matrices.

    Returns
    -------
    Value

    Raises
    ------
    ValueError
        If there are less than two axes, or they are the same.

    Examples
    --------
    >>> import autograd
    >>> autograd.diagonal([[1.0, 2.0], [3.0, 4.0]]).data
    array([1., 4.])
    """
    value = as_value("diagonal", a)
    if value.ndim < 2:
        raise ValueError(
            f"[diagonal] the shape {value.shape} was given - at least two axes are needed. "
            "Reshape it first."
        )
    shape = value.shape
    rows, columns = axis_indices("diagonal", (axis1, axis2), len(shape))
    shift = integer("diagonal", "offset", offset)
    steps = [math.prod(shape[i + 1 :]) for i in range(len(shape))]
    count = max(0, min(shape[rows] - max(0, -shift), shape[columns] - max(0, shift)))
    chosen = np.array(steps[columns] * shift if shift > 0 else steps[rows] * -shift)
    for i, length in enumerate(shape):
        if i not in (rows, columns):
            chosen = chosen[..., np.newaxis] + np.arange(length) * steps[i]
    diagonals = np.arange(count) * (steps[rows] + steps[columns])
    return gather(value, chosen[..., np.newaxis] + diagonals)


def diag(v: ArrayLike, k: int = 0) -> Value:
    """Return the diagonal of a matrix, or the matrix that has a diagonal.

    Parameters
    ----------
    v : array_like
        One axis: what to put on the diagonal of a matrix of zeros. Two: a matrix.
    k : int, default 0
        How far right of the main diagonal; a negative number is left of it.

    Returns
    -------
    Value

    Raises
    ------
    ValueError
        If there are more axes, or none.

    Examples
    --------
    >>> import autograd
    >>> autograd.diag([1.0, 2.0]).data
    array([[1., 0.],
           [0., 2.]])
    """
    value = as_value("diag", v)
    if value.ndim == 2:
        return diagonal(value, k)
    if value.ndim != 1:
        raise ValueError(
            f"[diag] the shape {value.shape} was given - one or two axes are needed. "
            "Use diagonal for the matrices of a larger array."
        )
    shift = integer("diag", "k", k)
    row = pad(value, (shift, 0) if shift > 0 else (0, -shift)) if shift else value
    return _chosen(np.eye(row.size, k=shift), row)


def tril(m: ArrayLike, k: int = 0) -> Value:
    """Return the lower triangle of each matrix, with zeros above a diagonal.

    Parameters
    ----------
    m : array_like
        The last two axes are those of the matrices; one axis gives each of the rows.
    k : int, default 0
        Up to which diagonal, counted to the right from the main one.

    Returns
    -------
    Value

    Examples
    --------
    >>> import autograd
    >>> autograd.tril([[1.0, 2.0], [3.0, 4.0]]).data
    array([[1., 0.],
           [3., 4.]])
    """
    value = _matrices("tril", m)
    return _chosen(_triangle("tril", value, k), value)


def triu(m: ArrayLike, k: int = 0) -> Value:
    """Return the upper triangle of each matrix, with zeros below a diagonal.

    Parameters
    ----------
    m : array_like
        The last two axes are those of the matrices; one axis gives each of the rows.
    k : int, default 0
        From which diagonal on, counted to the right from the main one.

    Returns
    -------
    Value

    Examples
    --------
    >>> import autograd
    >>> autograd.triu([[1.0, 2.0], [3.0, 4.0]]).data
    array([[1., 2.],
           [0., 4.]])
    """
    value = _matrices("triu", m)
    return _chosen(1.0 - _triangle("triu", value, k, -1), value)


def _matrices(operation: str, given: ArrayLike) -> Value:
    value = as_value(operation, given)
    if value.ndim:
        return value
    raise ValueError(
        f"[{operation}] a scalar was given - an array is needed. Reshape it to (1, 1)."
    )


def _triangle(operation: str, value: Value, k: int, shift: int = 0) -> npt.NDArray[np.float64]:
    """Return ones up to a diagonal of a matrix of this shape, and zeros from there on."""
    rows, columns = value.shape[-2:] if value.ndim > 1 else value.shape * 2
    return np.tri(rows, columns, integer(operation, "k", k) + shift)


def _chosen(mask: npt.NDArray[np.float64], value: Value) -> Value:
    # A choice and no product: what is left out may be infinite.
    return _core.where(mask.astype(value.dtype, copy=False), value, 0.0)
