"""Elements put into order; the gradient goes back to where they stood."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from autograd.arrays.operand import ArrayLike, as_value, axis_index, gather, places

if TYPE_CHECKING:
    from autograd.engine import Value

__all__ = ["argsort", "sort"]


def argsort(a: ArrayLike, axis: int | None = -1) -> npt.NDArray[np.int64]:
    """Return the indices that sort along an axis; equal elements stay in order.

    Parameters
    ----------
    a : array_like
    axis : int or None, default -1
        None sorts the elements along one axis.

    Returns
    -------
    numpy.ndarray of int
        It is no Value: an order has no derivative.

    Examples
    --------
    >>> import autograd
    >>> autograd.argsort([3.0, 1.0, 2.0])
    array([1, 2, 0])
    """
    value = as_value("argsort", a)
    if axis is None:
        return _order(np.ravel(value.data), 0)
    return _order(value.data, axis_index("argsort", axis, value.ndim))


def _order(data: npt.NDArray[Any], axis: int) -> npt.NDArray[np.int64]:
    """Return the stable order, found by the faster sort where no two elements are equal."""
    order = np.argsort(data, axis)
    ordered = np.take_along_axis(data, order, axis)
    before = (slice(None),) * axis
    # Neither for equal elements nor for nan.
    if (ordered[(*before, slice(1, None))] > ordered[(*before, slice(None, -1))]).all():
        return order
    return np.argsort(data, axis, kind="stable")


def sort(a: ArrayLike, axis: int | None = -1) -> Value:
    """Sort along an axis, nan last; the gradient goes back to where the elements stood.

    Parameters
    ----------
    a : array_like
    axis : int or None, default -1
        None sorts the elements along one axis.

    Returns
    -------
    Value
        The derivative of equal elements goes to each in its order, as PyTorch does it.

    Examples
    --------
    >>> import autograd
    >>> autograd.sort([3.0, 1.0, 2.0]).data
    array([1., 2., 3.])
    """
    value = as_value("sort", a)
    if axis is None:
        value, axis = value.reshape(-1), 0
    along = axis_index("sort", axis, value.ndim)
    order = _order(value.data, along)
    if value.ndim == 1:
        return gather(value, order)
    return gather(value, np.take_along_axis(places(value.shape), order, along))
