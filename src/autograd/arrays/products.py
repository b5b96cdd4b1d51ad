"""Products of arrays that are not element by element."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from autograd import _core
from autograd.arrays.operand import ArrayLike, Axes, as_value, axis_index, axis_indices, integer
from autograd.arrays.selection import take
from autograd.arrays.shapes import moveaxis

if TYPE_CHECKING:
    from autograd.engine import Value

__all__ = ["cross", "inner", "kron", "outer", "tensordot"]


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


def inner(a: ArrayLike, b: ArrayLike) -> Value:
    """Multiply two arrays and add up along the last axis of both.

    Parameters
    ----------
    a, b : array_like
        With last axes of one length; a scalar multiplies every element of the other.

    Returns
    -------
    Value
        With the axes of `a` that are left, then those of `b`.

    Raises
    ------
    ValueError
        If the last axes differ in length.

    Examples
    --------
    >>> import autograd
    >>> autograd.inner([1.0, 2.0], [3.0, 4.0]).data
    11.0
    """
    left, right = as_value("inner", a), as_value("inner", b)
    if not left.ndim or not right.ndim:
        return left * right
    if left.shape[-1] != right.shape[-1]:
        raise ValueError(
            f"[inner] the shapes {left.shape} and {right.shape} were given - last axes of one "
            "length are needed. Transpose or reshape one."
        )
    return tensordot(left, right, (-1, -1))


def kron(a: ArrayLike, b: ArrayLike) -> Value:
    """Return the Kronecker product: for each element of `a` a block, that element times `b`.

    Parameters
    ----------
    a, b : array_like
        The one with fewer axes gets others of length 1 in front.

    Returns
    -------
    Value
        Its lengths are the products of those of `a` and `b`.

    Examples
    --------
    >>> import autograd
    >>> autograd.kron([1.0, 10.0], [1.0, 2.0, 3.0]).data
    array([ 1.,  2.,  3., 10., 20., 30.])
    """
    left, right = as_value("kron", a), as_value("kron", b)
    rank = max(left.ndim, right.ndim)
    rows = (1,) * (rank - left.ndim) + left.shape
    columns = (1,) * (rank - right.ndim) + right.shape
    # Each axis is one for the blocks and one within them.
    blocks = left.reshape(tuple(length for n in rows for length in (n, 1)))
    product = blocks * right.reshape(tuple(length for n in columns for length in (1, n)))
    return product.reshape(tuple(n * m for n, m in zip(rows, columns, strict=True)))


def cross(  # noqa: PLR0917 - NumPy's arguments
    a: ArrayLike,
    b: ArrayLike,
    axisa: int = -1,
    axisb: int = -1,
    axisc: int = -1,
    axis: int | None = None,
) -> Value:
    """Return the vectors that stand upright on two others.

    Parameters
    ----------
    a, b : array_like
        Vectors of three components; the other axes are broadcast.
    axisa, axisb, axisc : int, default -1
        Along which axis the components of `a`, of `b` and of the result lie.
    axis : int, optional
        Stands for all three.

    Returns
    -------
    Value

    Raises
    ------
    ValueError
        If there are not three components, or the shapes do not fit.

    Examples
    --------
    >>> import autograd
    >>> autograd.cross([1.0, 0.0, 0.0], [0.0, 1.0, 0.0]).data
    array([0., 0., 1.])
    """
    if axis is not None:
        axisa = axisb = axisc = axis
    left, right = as_value("cross", a), as_value("cross", b)
    along_a = axis_index("cross", axisa, left.ndim)
    along_b = axis_index("cross", axisb, right.ndim)
    for value, along in ((left, along_a), (right, along_b)):
        if value.shape[along] != 3:
            raise ValueError(
                f"[cross] the shape {value.shape} was given, with {value.shape[along]} components "
                f"along axis {along} - three are needed. Append a zero to vectors of two."
            )
    shapes = left.shape, right.shape
    left, right = moveaxis(left, along_a, -1), moveaxis(right, along_b, -1)
    try:
        rank = len(np.broadcast_shapes(left.shape, right.shape))
    except ValueError:
        raise ValueError(
            f"[cross] the shapes {shapes[0]} and {shapes[1]} were given - other axes that are "
            "equal, or 1, are needed. Reshape one."
        ) from None
    along = axis_index("cross", axisc, rank)
    after, before = [1, 2, 0], [2, 0, 1]
    product = take(left, after, -1) * take(right, before, -1)
    product = product - take(left, before, -1) * take(right, after, -1)
    return moveaxis(product, -1, along)


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
