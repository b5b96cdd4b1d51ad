"""The same elements under another shape, or along axes in another order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

from autograd import _core
from autograd.arrays.operand import ArrayLike, Axes, as_value, axis_index, axis_indices

if TYPE_CHECKING:
    from autograd.engine import Value

__all__ = [
    "atleast_1d",
    "atleast_2d",
    "broadcast_to",
    "expand_dims",
    "moveaxis",
    "ravel",
    "reshape",
    "squeeze",
    "swapaxes",
    "transpose",
]


def reshape(a: ArrayLike, shape: int | Sequence[int]) -> Value:
    """Give the elements another shape, in the same order and memory.

    Parameters
    ----------
    a : array_like
    shape : int or sequence of int
        The new lengths; one may be -1, which is what is left.

    Returns
    -------
    Value

    Raises
    ------
    ValueError
        If the number of elements differs.

    Examples
    --------
    >>> import autograd
    >>> autograd.reshape([1.0, 2.0, 3.0, 4.0], (2, -1)).shape
    (2, 2)
    """
    value = as_value("reshape", a)
    return value.reshape(*shape) if isinstance(shape, tuple | list) else value.reshape(shape)


def ravel(a: ArrayLike) -> Value:
    """Return the elements along one axis.

    Parameters
    ----------
    a : array_like

    Returns
    -------
    Value

    Examples
    --------
    >>> import autograd
    >>> autograd.ravel([[1.0, 2.0], [3.0, 4.0]]).data
    array([1., 2., 3., 4.])
    """
    return as_value("ravel", a).ravel()


def transpose(a: ArrayLike, axes: Sequence[int] | None = None) -> Value:
    """Return the array with its axes in another order; reversed by default.

    Parameters
    ----------
    a : array_like
    axes : sequence of int, optional
        For each axis of the result, which one of `a` it is.

    Returns
    -------
    Value

    Raises
    ------
    ValueError
        If an axis is missing.

    Examples
    --------
    >>> import autograd
    >>> autograd.transpose([[1.0, 2.0, 3.0]]).shape
    (3, 1)
    """
    value = as_value("transpose", a)
    return value.transpose() if axes is None else value.transpose(tuple(axes))


def swapaxes(a: ArrayLike, axis1: int, axis2: int) -> Value:
    """Exchange two axes.

    Parameters
    ----------
    a : array_like
    axis1, axis2 : int

    Returns
    -------
    Value

    Examples
    --------
    >>> import autograd
    >>> autograd.swapaxes(autograd.zeros((2, 3, 4)), 0, -1).shape
    (4, 3, 2)
    """
    value = as_value("swapaxes", a)
    rank = value.ndim
    first = axis_index("swapaxes", axis1, rank)
    second = axis_index("swapaxes", axis2, rank)
    if first == second:
        return value
    order = list(range(rank))
    order[first], order[second] = second, first
    return value.transpose(tuple(order))


def moveaxis(a: ArrayLike, source: int | Sequence[int], destination: int | Sequence[int]) -> Value:
    """Move axes to other positions; the others stay in order.

    Parameters
    ----------
    a : array_like
    source, destination : int or sequence of int
        As many of the one as of the other.

    Returns
    -------
    Value

    Raises
    ------
    ValueError
        If their numbers differ, or an axis is given twice.

    Examples
    --------
    >>> import autograd
    >>> autograd.moveaxis(autograd.zeros((2, 3, 4)), 0, -1).shape
    (3, 4, 2)
    """
    value = as_value("moveaxis", a)
    rank = value.ndim
    sources = axis_indices("moveaxis", source, rank)
    destinations = axis_indices("moveaxis", destination, rank)
    if len(sources) != len(destinations):
        raise ValueError(
            f"[moveaxis] {len(sources)} sources and {len(destinations)} destinations were given - "
            "as many of both are needed. Check the axes."
        )
    order = [axis for axis in range(rank) if axis not in sources]
    for position, axis in sorted(zip(destinations, sources, strict=True)):
        order.insert(position, axis)
    return value if order == list(range(rank)) else value.transpose(tuple(order))


def expand_dims(a: ArrayLike, axis: int | Sequence[int]) -> Value:
    """Insert axes of length 1.

    Parameters
    ----------
    a : array_like
    axis : int or sequence of int
        Where they stand in the result.

    Returns
    -------
    Value

    Examples
    --------
    >>> import autograd
    >>> autograd.expand_dims([1.0, 2.0], 0).shape
    (1, 2)
    """
    value = as_value("expand_dims", a)
    count = len(axis) if isinstance(axis, tuple | list) else 1
    rank = value.ndim + count
    new = axis_indices("expand_dims", axis, rank)
    lengths = iter(value.shape)
    return value.reshape(tuple(1 if i in new else next(lengths) for i in range(rank)))


def squeeze(a: ArrayLike, axis: Axes = None) -> Value:
    """Leave out axes of length 1.

    Parameters
    ----------
    a : array_like
    axis : int or sequence of int, optional
        Which; all of length 1 by default.

    Returns
    -------
    Value
        A scalar when no axis is left.

    Raises
    ------
    ValueError
        If an axis has another length.

    Examples
    --------
    >>> import autograd
    >>> autograd.squeeze([[1.0, 2.0]]).shape
    (2,)
    """
    value = as_value("squeeze", a)
    shape = value.shape
    if axis is None:
        return value.reshape(tuple(length for length in shape if length != 1))
    left_out = axis_indices("squeeze", axis, len(shape))
    for one in left_out:
        if shape[one] != 1:
            raise ValueError(
                f"[squeeze] axis {one} of the shape {shape} was given - an axis of length 1 is "
                "needed. Leave the axis out, or reduce it."
            )
    return value.reshape(tuple(n for i, n in enumerate(shape) if i not in left_out))


def broadcast_to(a: ArrayLike, shape: int | Sequence[int]) -> Value:
    """Repeat along new axes in front, and along axes of length 1.

    Parameters
    ----------
    a : array_like
    shape : int or sequence of int

    Returns
    -------
    Value

    Raises
    ------
    ValueError
        If the shape of `a` does not end like `shape`, but for lengths of 1.

    Examples
    --------
    >>> import autograd
    >>> autograd.broadcast_to([1.0, 2.0], (2, 2)).data
    array([[1., 2.],
           [1., 2.]])
    """
    return _core.broadcast_to(as_value("broadcast_to", a), shape)


@overload
def atleast_1d(arys: ArrayLike, /) -> Value: ...
@overload
def atleast_1d(*arys: ArrayLike) -> tuple[Value, ...]: ...
def atleast_1d(*arys: ArrayLike) -> Value | tuple[Value, ...]:
    """Give a scalar an axis, and leave arrays as they are.

    Parameters
    ----------
    *arys : array_like

    Returns
    -------
    Value or tuple of Value
        A tuple for several.

    Examples
    --------
    >>> import autograd
    >>> autograd.atleast_1d(2.0).shape
    (1,)
    """
    values = [as_value("atleast_1d", array) for array in arys]
    shaped = tuple(value if value.ndim else value.reshape(1) for value in values)
    return shaped[0] if len(shaped) == 1 else shaped


@overload
def atleast_2d(arys: ArrayLike, /) -> Value: ...
@overload
def atleast_2d(*arys: ArrayLike) -> tuple[Value, ...]: ...
def atleast_2d(*arys: ArrayLike) -> Value | tuple[Value, ...]:
    """Make a row of what has less than two axes, and leave other arrays as they are.

    Parameters
    ----------
    *arys : array_like

    Returns
    -------
    Value or tuple of Value
        A tuple for several.

    Examples
    --------
    >>> import autograd
    >>> autograd.atleast_2d([1.0, 2.0]).shape
    (1, 2)
    """
    values = [as_value("atleast_2d", array) for array in arys]
    shaped = tuple(value if value.ndim > 1 else value.reshape(1, value.size) for value in values)
    return shaped[0] if len(shaped) == 1 else shaped
