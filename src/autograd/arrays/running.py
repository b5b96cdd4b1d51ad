"""Running sums and products along an axis, and the differences that undo the sums.

The integral of samples is here too: a sum over the differences of their places.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from autograd import _core
from autograd.arrays.operand import ArrayLike, as_value, axis_index, integer

if TYPE_CHECKING:
    from autograd.engine import Value

__all__ = ["cumprod", "cumsum", "diff", "trapezoid"]


def cumsum(a: ArrayLike, axis: int | None = None) -> Value:
    """Return the running sums.

    Parameters
    ----------
    a : array_like
    axis : int, optional
        By default the elements are added up as if along one axis.

    Returns
    -------
    Value

    Examples
    --------
    >>> import autograd
    >>> autograd.cumsum([1.0, 2.0, 3.0]).data
    array([1., 3., 6.])
    """
    value, along = _along("cumsum", a, axis)
    return _core.cumsum_along(value, along, False)


def cumprod(a: ArrayLike, axis: int | None = None) -> Value:
    """Return the running products.

    Parameters
    ----------
    a : array_like
    axis : int, optional
        By default the elements are multiplied as if along one axis.

    Returns
    -------
    Value
        Its derivatives are right at zeros too, to any order. It is recorded step by step, one
        product for each place along the axis.

    Examples
    --------
    >>> import autograd
    >>> x = autograd.Value([2.0, 0.0, 3.0])
    >>> products = autograd.cumprod(x)
    >>> products.data
    array([2., 0., 0.])
    >>> products.sum().backward()
    >>> x.grad
    array([1., 8., 0.])
    """
    value, along = _along("cumprod", a, axis)
    before = [slice(None)] * along
    rows = [value[(*before, slice(i, i + 1))] for i in range(value.shape[along])]
    return _core.concatenate_along([*itertools.accumulate(rows, _core.multiply)] or [value], along)


def diff(a: ArrayLike, n: int = 1, axis: int = -1) -> Value:
    """Return the differences of neighbours.

    Parameters
    ----------
    a : array_like
        At least one axis.
    n : int, default 1
        How many times.
    axis : int, default -1
        Along which axis; it gets shorter by `n`.

    Returns
    -------
    Value

    Raises
    ------
    ValueError
        If `n` is below 0.

    Examples
    --------
    >>> import autograd
    >>> autograd.diff([1.0, 4.0, 9.0, 16.0]).data
    array([3., 5., 7.])
    >>> autograd.diff([1.0, 4.0, 9.0, 16.0], n=2).data
    array([2., 2.])
    """
    value = as_value("diff", a)
    before = [slice(None)] * axis_index("diff", axis, value.ndim)
    times = integer("diff", "n", n)
    if times < 0:
        raise ValueError(f"[diff] n={times} was given - none below 0 is needed. Change n.")
    for _ in range(times):
        value = value[(*before, slice(1, None))] - value[(*before, slice(-1))]
    return value


def trapezoid(
    y: ArrayLike, x: ArrayLike | None = None, dx: float | Value = 1.0, axis: int = -1
) -> Value:
    """Integrate samples along an axis: between two of them runs a straight line.

    Parameters
    ----------
    y : array_like
        At least one axis.
    x : array_like, optional
        Where the samples were taken: as many places as samples, or with the axes of `y`.
    dx : float or Value, default 1.0
        The distance of the places, if these are not given.
    axis : int, default -1

    Returns
    -------
    Value
        0.0 for one sample, or none. It has derivatives with respect to the places, too.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> import autograd
    >>> autograd.trapezoid([1.0, 2.0, 3.0], x=[0.0, 1.0, 3.0]).data
    6.5
    """
    value = as_value("trapezoid", y)
    shape = value.shape
    along = axis_index("trapezoid", axis, len(shape))
    before = (slice(None),) * along
    sums = value[(*before, slice(1, None))] + value[(*before, slice(-1))]
    if x is None:
        distance = as_value("trapezoid", dx)
        if distance.ndim:
            raise ValueError(
                f"[trapezoid] dx of the shape {distance.shape} was given - a number is needed. "
                "Pass the places of the samples as x."
            )
        return sums.sum(along) * (distance * 0.5)
    where = as_value("trapezoid", x)
    if where.shape == shape[along : along + 1]:
        distance = diff(where).reshape((-1, *(1,) * (len(shape) - along - 1)))
    elif _fits(where.shape, shape, along):
        distance = diff(where, 1, along)
    else:
        raise ValueError(
            f"[trapezoid] x of the shape {where.shape} was given for the shape {shape} - a place "
            f"for each of {shape[along]} samples along axis {along} is needed. Reshape x."
        )
    return (sums * distance).sum(along) * 0.5


def _fits(given: tuple[int, ...], shape: tuple[int, ...], along: int) -> bool:
    """Whether an array has the length of another along an axis, and is repeated elsewhere."""
    if len(given) != len(shape) or given[along] != shape[along]:
        return False
    return all(1 in pair or pair[0] == pair[1] for pair in zip(given, shape, strict=True))


def _along(operation: str, a: ArrayLike, axis: int | None) -> tuple[Value, int]:
    """Return an array and one of its axes; all elements along one if none is given."""
    value = as_value(operation, a)
    if axis is None:
        return value.reshape(-1), 0
    return value, axis_index(operation, axis, value.ndim)
