"""Elements multiplied, measured and compared along axes, on top of the compiled reductions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from autograd import _core
from autograd.arrays.operand import ArrayLike, Axes, as_value, axis_index, axis_indices
from autograd.arrays.selection import diagonal

if TYPE_CHECKING:
    from autograd.engine import Value

__all__ = ["argmax", "argmin", "norm", "prod", "std", "trace", "var"]


def prod(a: ArrayLike, axis: Axes = None, keepdims: bool = False) -> Value:
    """Multiply the elements.

    Parameters
    ----------
    a : array_like
    axis : int or sequence of int, optional
        Along which axes; all of them by default.
    keepdims : bool, default False
        Keep these axes, with length 1.

    Returns
    -------
    Value
        A scalar when no axis is left; 1.0 for no elements. Its derivatives are right at zeros
        too, to any order: halves are multiplied with each other, and nothing is divided.

    Examples
    --------
    >>> import autograd
    >>> x = autograd.Value([2.0, 0.0, 3.0])
    >>> autograd.prod(x).backward()
    >>> x.grad
    array([0., 6., 0.])
    """
    value = as_value("prod", a)
    shape = value.shape
    axes = axis_indices("prod", axis, len(shape))
    if not axes:
        return value
    others = [i for i in range(len(shape)) if i not in axes]
    left = tuple(shape[i] for i in others)
    kept = tuple(1 if i in axes else length for i, length in enumerate(shape))
    order = (*axes, *others)
    if order != tuple(range(len(shape))):
        value = value.transpose(order)
    count = 1
    for i in axes:
        count *= shape[i]
    value = value.reshape((count, *left))
    if count == 0:
        value = value.sum(0, True) + 1.0
    while count > 1:
        half = count // 2
        product = value[:half] * value[half : 2 * half]
        if count % 2:
            product = _core.concatenate_along([product, value[2 * half :]], 0)
        value, count = product, count - half
    return value.reshape(kept if keepdims else left)


def var(a: ArrayLike, axis: Axes = None, *, ddof: float = 0, keepdims: bool = False) -> Value:
    """Return the variance: the mean of the squared distances from the mean.

    Parameters
    ----------
    a : array_like
    axis : int or sequence of int, optional
        Along which axes; all of them by default.
    ddof : float, default 0
        Is subtracted from the number of elements, by which the sum is divided; PyTorch's
        default is 1.
    keepdims : bool, default False
        Keep these axes, with length 1.

    Returns
    -------
    Value
        A scalar when no axis is left.

    Raises
    ------
    ValueError
        If there are not more elements than `ddof`.

    Examples
    --------
    >>> import autograd
    >>> autograd.var([1.0, 3.0]).data
    1.0
    """
    return _variance("var", as_value("var", a), axis, ddof, keepdims)


def std(a: ArrayLike, axis: Axes = None, *, ddof: float = 0, keepdims: bool = False) -> Value:
    """Return the standard deviation: the square root of `var`.

    Parameters
    ----------
    a : array_like
    axis : int or sequence of int, optional
        Along which axes; all of them by default.
    ddof : float, default 0
        As in `var`.
    keepdims : bool, default False
        Keep these axes, with length 1.

    Returns
    -------
    Value
        A scalar when no axis is left. Where all elements are equal, its derivative is 0;
        PyTorch's is nan.

    Raises
    ------
    ValueError
        If there are not more elements than `ddof`.

    Examples
    --------
    >>> import autograd
    >>> autograd.std([1.0, 3.0]).data
    1.0
    """
    return _root(_variance("std", as_value("std", a), axis, ddof, keepdims))


def _variance(operation: str, value: Value, axis: Axes, ddof: float, keepdims: bool) -> Value:
    shape = value.shape
    axes = axis_indices(operation, axis, len(shape))
    count = 1
    for i in axes:
        count *= shape[i]
    if count == 0 or count <= ddof:
        raise ValueError(
            f"[{operation}] {count} elements of the shape {shape}, and ddof {ddof}, were given - "
            "more elements than ddof are needed. Check the array before."
        )
    if not shape:
        return value - value
    distance = value - value.mean(axes, True)
    return (distance * distance).sum(axes, keepdims) * (1.0 / (count - ddof))


def _root(value: Value) -> Value:
    """Return the square root, with derivative 0 at 0: the subgradient of least norm."""
    if not value.ndim:
        return value * 0.0 if value.data == 0.0 else _core.sqrt(value)
    zero = value.data == 0.0
    if not zero.any():
        return _core.sqrt(value)
    mask = zero.astype(value.dtype)
    # The choice stands on both sides of the root, which would see the infinite derivative.
    return _core.where(mask, 0.0, _core.sqrt(_core.where(mask, 1.0, value)))


def norm(
    x: ArrayLike,
    ord: float | str | None = None,  # noqa: A002 - NumPy's name
    axis: Axes = None,
    keepdims: bool = False,
) -> Value:
    """Return the length of vectors, or the size of matrices.

    Parameters
    ----------
    x : array_like
    ord : {None, 2, 1, inf, -inf, "fro"}, optional
        Of a vector: None and 2 are the square root of the sum of squares, 1 the sum of absolute
        values, inf and -inf the largest and the smallest of these. Of a matrix: None and "fro"
        are the square root of the sum of squares, 1 is the largest sum of absolute values of a
        column, inf that of a row.
    axis : int or pair of int, optional
        Along which axis the vectors lie, or which axes are those of matrices. By default one or
        two axes are that, and more are allowed if `ord` is None.
    keepdims : bool, default False
        Keep these axes, with length 1.

    Returns
    -------
    Value
        Its derivative at 0 is 0.

    Raises
    ------
    ValueError
        If there is no such norm.

    Examples
    --------
    >>> import autograd
    >>> autograd.norm([3.0, 4.0]).data
    5.0
    """
    value = as_value("norm", x)
    axes = axis_indices("norm", axis, value.ndim)
    if ord is None or (ord == 2 and len(axes) == 1) or (ord == "fro" and len(axes) == 2):
        return _root((value * value).sum(axes, keepdims))
    sizes = abs(value)
    if len(axes) == 1:
        if ord == 1:
            return sizes.sum(axes, keepdims)
        if ord == np.inf:
            return sizes.max(axes, keepdims)
        if ord == -np.inf:
            return sizes.min(axes, keepdims)
    elif len(axes) == 2 and ord in (1, np.inf):
        row, column = axes if ord == 1 else reversed(axes)
        largest = sizes.sum(row, True).max(column, True)
        left = tuple(n for i, n in enumerate(value.shape) if i not in axes)
        return largest if keepdims else largest.reshape(left)
    known = {1: "None, 1, 2, inf or -inf", 2: "None, 'fro', 1 or inf"}.get(len(axes), "None")
    raise ValueError(
        f"[norm] ord {ord!r} was given along {len(axes)} axes - {known} is needed. "
        "Choose one of these, or other axes."
    )


def argmax(a: ArrayLike, axis: int | None = None, *, keepdims: bool = False) -> Any:
    """Return the index of the largest element, the first one of several.

    Parameters
    ----------
    a : array_like
    axis : int, optional
        By default the elements are counted as if along one axis.
    keepdims : bool, default False
        Keep the axis, with length 1.

    Returns
    -------
    int or numpy.ndarray of int
        It is no Value: an index has no derivative.

    Raises
    ------
    ValueError
        If there are no elements.

    Examples
    --------
    >>> import autograd
    >>> autograd.argmax([1.0, 3.0, 2.0])
    1
    """
    return _place("argmax", np.argmax, a, axis, keepdims)


def argmin(a: ArrayLike, axis: int | None = None, *, keepdims: bool = False) -> Any:
    """Return the index of the smallest element, the first one of several.

    Parameters
    ----------
    a : array_like
    axis : int, optional
        By default the elements are counted as if along one axis.
    keepdims : bool, default False
        Keep the axis, with length 1.

    Returns
    -------
    int or numpy.ndarray of int
        It is no Value: an index has no derivative.

    Raises
    ------
    ValueError
        If there are no elements.

    Examples
    --------
    >>> import autograd
    >>> autograd.argmin([1.0, 3.0, 2.0])
    0
    """
    return _place("argmin", np.argmin, a, axis, keepdims)


def _place(operation: str, find: Any, given: ArrayLike, axis: int | None, keepdims: bool) -> Any:
    value = as_value(operation, given)
    along = None if axis is None else axis_index(operation, axis, value.ndim)
    if (value.size if along is None else value.shape[along]) == 0:
        raise ValueError(
            f"[{operation}] an array of shape {value.shape} was given - at least one element is "
            "needed. Check the array before."
        )
    found: npt.NDArray[np.int64] = find(value.data, axis=along, keepdims=keepdims)
    return found if np.ndim(found) else int(found)


def trace(a: ArrayLike, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Value:
    """Add up the diagonal of each matrix.

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
        A scalar for one matrix.

    Raises
    ------
    ValueError
        If there are less than two axes, or they are the same.

    Examples
    --------
    >>> import autograd
    >>> autograd.trace([[1.0, 2.0], [3.0, 4.0]]).data
    5.0
    """
    return diagonal(a, offset, axis1, axis2).sum(-1)
