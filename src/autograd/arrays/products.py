"""Products of arrays that are not element by element: each ends in one matrix product."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from autograd import _core
from autograd.arrays.operand import ArrayLike, Axes, as_value, axis_indices, integer

if TYPE_CHECKING:
    from autograd.engine import Value

__all__ = ["outer", "tensordot"]


def outer(a: ArrayLike, b: ArrayLike) -> Value:
    """Multiply each element of one array with each of another.

    Parameters
    ----------
    a, b : array_like
        Their elements are taken along one axis.

    Returns
    -------
    Value
        A matrix, with a row for each element of `a`.

    Examples
    --------
    >>> import autograd
    >>> autograd.outer([1.0, 2.0], [3.0, 4.0]).data
    array([[3., 4.],
           [6., 8.]])
    """
    return as_value("outer", a).reshape(-1, 1) * as_value("outer", b).reshape(1, -1)


def tensordot(
    a: ArrayLike, b: ArrayLike, axes: int | Sequence[int] | tuple[Axes, Axes] = 2
) -> Value:
    """Multiply two arrays and add up along pairs of axes.

    Parameters
    ----------
    a, b : array_like
    axes : int, or pair of int or of sequences of int, default 2
        How many of the last axes of `a` and the first of `b` belong together; or which of `a`, and
        which of `b`.

    Returns
    -------
    Value
        With the axes of `a` that are left, then those of `b`.

    Raises
    ------
    ValueError
        If axes that belong together differ in number or length.

    Examples
    --------
    >>> import autograd
    >>> autograd.tensordot([[1.0, 2.0], [3.0, 4.0]], [1.0, 10.0], 1).data
    array([21., 43.])
    """
    left, right = as_value("tensordot", a), as_value("tensordot", b)
    shape_a, shape_b = left.shape, right.shape
    if isinstance(axes, tuple | list):
        if len(axes) != 2:
            raise ValueError(
                f"[tensordot] axes {axes!r} was given - a pair is needed. "
                "Name the axes of the first array, and those of the second."
            )
        along_a = axis_indices("tensordot", axes[0], len(shape_a))
        along_b = axis_indices("tensordot", axes[1], len(shape_b))
    else:
        count = integer("tensordot", "number of axes", axes)
        if not 0 <= count <= min(len(shape_a), len(shape_b)):
            raise ValueError(
                f"[tensordot] {count} axes of the shapes {shape_a} and {shape_b} were given - a "
                "number of axes that both have is needed. Name the axes one by one."
            )
        along_a = tuple(range(len(shape_a) - count, len(shape_a)))
        along_b = tuple(range(count))
    summed = tuple(shape_a[i] for i in along_a)
    if summed != tuple(shape_b[i] for i in along_b):
        raise ValueError(
            f"[tensordot] the shapes {shape_a} along {along_a} and {shape_b} along {along_b} were "
            "given - equal lengths are needed. Check the axes."
        )
    free_a = tuple(i for i in range(len(shape_a)) if i not in along_a)
    free_b = tuple(i for i in range(len(shape_b)) if i not in along_b)
    rows = tuple(shape_a[i] for i in free_a)
    columns = tuple(shape_b[i] for i in free_b)
    product = _core.matmul(
        _matrix(left, free_a + along_a, _size(rows), _size(summed)),
        _matrix(right, along_b + free_b, _size(summed), _size(columns)),
    )
    return product.reshape(rows + columns)


def _matrix(value: Value, order: tuple[int, ...], rows: int, columns: int) -> Value:
    ordered = value if order == tuple(range(len(order))) else value.transpose(order)
    return ordered.reshape(rows, columns)


def _size(lengths: tuple[int, ...]) -> int:
    size = 1
    for length in lengths:
        size *= length
    return size
