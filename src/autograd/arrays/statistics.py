"""What is said of many numbers: quantiles, weighted means, covariances.

Means, variances and standard deviations are reductions like any other and stand elsewhere. Start
reading at `median`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd import _core
from autograd.arrays.joining import concatenate
from autograd.arrays.operand import ArrayLike, Axes, as_value, axis_indices, gather, integer
from autograd.arrays.selection import diagonal
from autograd.arrays.shapes import atleast_2d, transpose
from autograd.arrays.sorting import argsort
from autograd.engine import Value

__all__ = ["average", "corrcoef", "cov", "median", "percentile", "quantile"]

Shape = tuple[int, ...]


def median(a: ArrayLike, axis: Axes = None, keepdims: bool = False) -> Value:
    """Return the element in the middle, or the mean of the two that are.

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
        A scalar when no axis is left; nan where there is one among the elements. The derivative
        goes to the element in the middle, or half of it to each of two. Of equal elements the one
        that `sort` puts there gets it: the derivative jumps where elements change places.

    Raises
    ------
    ValueError
        If there are no elements.

    Examples
    --------
    >>> import autograd
    >>> x = autograd.Value([5.0, 1.0, 2.0, 9.0])
    >>> middle = autograd.median(x)
    >>> middle.data
    3.5
    >>> middle.backward()
    >>> x.grad
    array([0.5, 0. , 0.5, 0. ])
    """
    rows, shape = _rows("median", a, axis, keepdims)
    order = _ordered(rows)
    half, odd = divmod(rows.shape[-1], 2)
    middle = gather(rows, order[..., half])
    if not odd:
        middle = (gather(rows, order[..., half - 1]) + middle) * 0.5
    return middle.reshape(shape)


def quantile(
    a: ArrayLike, q: float | Sequence[float], axis: Axes = None, keepdims: bool = False
) -> Value:
    """Return what a share of the elements is below: 0.5 asks for the median.

    Parameters
    ----------
    a : array_like
    q : float or sequence of float
        The share, from 0 to 1; several are asked for at once.
    axis : int or sequence of int, optional
        Along which axes; all of them by default.
    keepdims : bool, default False
        Keep these axes, with length 1.

    Returns
    -------
    Value
        With an axis in front for several shares. A place between two elements is interpolated on
        a straight line, and each of the two gets its part of the derivative; nan where there is
        one among the elements. Of equal elements those that `sort` puts there get it: the
        derivative jumps where elements change places.

    Raises
    ------
    ValueError
        If there are no elements, or a share is below 0 or above 1.
    TypeError
        If a share is a Value, whose gradient would be lost.

    Examples
    --------
    >>> import autograd
    >>> autograd.quantile([4.0, 1.0, 2.0], 0.75).data
    3.0
    >>> autograd.quantile([4.0, 1.0, 2.0], [0.0, 0.5, 1.0]).data
    array([1., 2., 4.])
    """
    return _quantile("quantile", a, _shares("quantile", q, 1.0), axis, keepdims)


def percentile(
    a: ArrayLike, q: float | Sequence[float], axis: Axes = None, keepdims: bool = False
) -> Value:
    """Return what so many per cent of the elements are below: 50 asks for the median.

    Parameters
    ----------
    a : array_like
    q : float or sequence of float
        The share in per cent, from 0 to 100; several are asked for at once.
    axis : int or sequence of int, optional
        Along which axes; all of them by default.
    keepdims : bool, default False
        Keep these axes, with length 1.

    Returns
    -------
    Value
        The `quantile` of ``q / 100``.

    Raises
    ------
    ValueError
        If there are no elements, or a share is below 0 or above 100.
    TypeError
        If a share is a Value, whose gradient would be lost.

    Examples
    --------
    >>> import autograd
    >>> autograd.percentile([4.0, 1.0, 2.0], 75).data
    3.0
    """
    return _quantile("percentile", a, _shares("percentile", q, 100.0), axis, keepdims)


def _quantile(
    operation: str, a: ArrayLike, shares: npt.NDArray[np.float64], axis: Axes, keepdims: bool
) -> Value:
    rows, shape = _rows(operation, a, axis, keepdims)
    last = rows.shape[-1] - 1
    position = shares * last
    low = np.floor(position).astype(np.int64)
    between = position - low
    order = _ordered(rows)

    def element(rank: npt.NDArray[np.int64]) -> Value:
        return gather(rows, np.moveaxis(order[..., rank], -1, 0) if rank.ndim else order[..., rank])

    result = element(low)
    if between.any():
        weight: Any = between.reshape(between.shape + (1,) * (rows.ndim - 1))
        weight = weight.astype(rows.dtype) if result.ndim else float(between)
        upper = element(np.minimum(low + 1, last))
        # Whole places beside others stay what they are, also where the next element is infinite.
        result = _core.where(weight, result + (upper - result) * weight, result)
    return result.reshape(shares.shape + shape)


def _shares(operation: str, q: object, whole: float) -> npt.NDArray[np.float64]:
    """Return shares from 0 to 1, given as parts of a whole."""
    if any(isinstance(one, Value) for one in (q if isinstance(q, list | tuple) else (q,))):
        raise TypeError(
            f"[{operation}] a Value was given as q - a number, or several, are needed. Use "
            "q.data: there is no derivative with respect to q."
        )
    try:
        shares = np.asarray(q, np.float64)
    except (TypeError, ValueError):
        shares = np.full((), np.nan)
    if shares.ndim > 1 or not ((shares >= 0.0) & (shares <= whole)).all():
        advice = "Divide percentages by 100." if whole == 1.0 else "Check the list."
        raise ValueError(
            f"[{operation}] q {q!r} was given - a number from 0 to {whole:g}, or a list of them, "
            f"is needed. {advice}"
        )
    return shares / whole


def _rows(operation: str, a: ArrayLike, axis: Axes, keepdims: bool) -> tuple[Value, Shape]:
    """Return an array with what belongs together along the last axis, and the shape without."""
    value = as_value(operation, a)
    shape = value.shape
    axes = axis_indices(operation, axis, len(shape))
    others = tuple(i for i in range(len(shape)) if i not in axes)
    left = tuple(shape[i] for i in others)
    count = math.prod(shape[i] for i in axes)
    if count == 0:
        raise ValueError(
            f"[{operation}] 0 elements of the shape {shape} were given - at least one element is "
            "needed. Check the array before."
        )
    if (order := (*others, *axes)) != tuple(range(len(shape))):
        value = value.transpose(order)
    kept = tuple(1 if i in axes else length for i, length in enumerate(shape))
    return value.reshape((*left, count)), kept if keepdims else left


def _ordered(rows: Value) -> npt.NDArray[np.int64]:
    """Return for each row the places of its elements in order; those of one nan if there is any."""
    *left, count = rows.shape
    starts = np.arange(math.prod(left)).reshape((*left, 1)) * count
    order = starts + argsort(rows)
    last = order[..., -1:]
    undefined = np.isnan(rows.data.reshape(-1)[last])
    return np.where(undefined, last, order) if undefined.any() else order


def average(
    a: ArrayLike,
    axis: Axes = None,
    weights: ArrayLike | None = None,
    *,
    keepdims: bool = False,
) -> Value:
    """Return the mean, in which each element has a weight.

    Parameters
    ----------
    a : array_like
    axis : int or sequence of int, optional
        Along which axes; all of them by default.
    weights : array_like, optional
        Of the shape of `a`, or of its lengths along `axis`; by default all are equal. Values get
        their derivatives, too.
    keepdims : bool, default False
        Keep these axes, with length 1.

    Returns
    -------
    Value
        A scalar when no axis is left.

    Raises
    ------
    ValueError
        If the shapes do not fit, or without weights if there are no elements.
    ZeroDivisionError
        If the sum of weights is 0.

    Examples
    --------
    >>> import autograd
    >>> autograd.average([1.0, 5.0], weights=[3.0, 1.0]).data
    2.0
    """
    value = as_value("average", a)
    axes = axis_indices("average", axis, value.ndim)
    if weights is None:
        if value.ndim and 0 in (value.shape[i] for i in axes):
            raise ValueError(
                f"[average] 0 elements of the shape {value.shape} were given - at least one "
                "element is needed. Check the array before."
            )
        return value.mean(axes, keepdims) if axes else value
    given = _weights(value.shape, as_value("average", weights), axes, axis is None)
    total: Value = given.sum(axes, keepdims) if axes else given
    if not np.all(total.data):
        raise ZeroDivisionError(
            f"[average] weights with a sum of 0 were given, for the shape {value.shape} - another "
            "sum is needed. Check the weights before."
        )
    product = value * given
    summed: Value = product.sum(axes, keepdims) if axes else product
    return summed / total


def _weights(shape: Shape, given: Value, axes: Shape, every: bool) -> Value:
    """Return weights whose axes are those of the array; the others have length 1."""
    if given.shape == shape:
        return given
    if every or given.shape != tuple(shape[i] for i in axes):
        needed = f"{shape}" if every else f"{shape} or {tuple(shape[i] for i in axes)}"
        raise ValueError(
            f"[average] weights of the shape {given.shape} were given for the shape {shape} - "
            f"{needed} is needed. Reshape them, or name the axis."
        )
    ordered = transpose(given, [axes.index(i) for i in sorted(axes)])
    return ordered.reshape(tuple(n if i in axes else 1 for i, n in enumerate(shape)))


def cov(
    m: ArrayLike,
    y: ArrayLike | None = None,
    rowvar: bool = True,
    bias: bool = False,
    ddof: int | None = None,
) -> Value:
    """Return the covariances of variables of which there are samples.

    Parameters
    ----------
    m : array_like
        A row for each variable, with its samples; one axis is one variable.
    y : array_like, optional
        More variables, with as many samples.
    rowvar : bool, default True
        Whether a row is a variable; otherwise a column is.
    bias : bool, default False
        Divide by the number of samples, and not by one less.
    ddof : int, optional
        Is subtracted from the number of samples, by which is divided, whatever `bias` says.

    Returns
    -------
    Value
        A symmetric matrix; a scalar, the variance, for one variable.

    Raises
    ------
    ValueError
        If there are more than two axes, other numbers of samples in `y`, or not more samples than
        `ddof`.

    Examples
    --------
    >>> import autograd
    >>> autograd.cov([[1.0, 2.0, 3.0], [3.0, 2.0, 1.0]]).data
    array([[ 1., -1.],
           [-1.,  1.]])
    """
    freedom = (0 if bias else 1) if ddof is None else integer("cov", "ddof", ddof)
    covariances = _covariances("cov", m, y, rowvar, freedom)
    return covariances.reshape(()) if covariances.size == 1 else covariances


def corrcoef(x: ArrayLike, y: ArrayLike | None = None, rowvar: bool = True) -> Value:
    """Return the correlations of variables of which there are samples.

    Parameters
    ----------
    x : array_like
        A row for each variable, with its samples; one axis is one variable.
    y : array_like, optional
        More variables, with as many samples.
    rowvar : bool, default True
        Whether a row is a variable; otherwise a column is.

    Returns
    -------
    Value
        A symmetric matrix of numbers from -1 to 1, with 1 on the diagonal; a scalar for one
        variable. nan, and so are its derivatives, for a variable whose samples are all equal.

    Raises
    ------
    ValueError
        If there are more than two axes, other numbers of samples in `y`, or less than two samples.

    Examples
    --------
    >>> import autograd
    >>> correlations = autograd.corrcoef([1.0, 2.0, 3.0], [5.0, 3.0, 4.0])
    >>> print(f"{correlations[0, 1]:.3f}")
    -0.500
    """
    covariances = _covariances("corrcoef", x, y, rowvar, 1)
    deviations = _core.sqrt(diagonal(covariances))
    found = covariances / deviations.reshape(-1, 1) / deviations
    # Rounding may lead out of [-1, 1]. A constant leads back: clip would take the derivative away.
    outside = np.clip(found.data, -1.0, 1.0) - found.data
    if outside.any():
        found = found + outside
    return found.reshape(()) if found.size == 1 else found


def _covariances(
    operation: str, m: ArrayLike, y: ArrayLike | None, rowvar: bool, ddof: int
) -> Value:
    """Return the covariances as a matrix, also for one variable."""
    variables = _variables(operation, m, rowvar)
    if y is not None:
        others = _variables(operation, y, rowvar)
        if others.shape[1] != variables.shape[1]:
            raise ValueError(
                f"[{operation}] {variables.shape[1]} and {others.shape[1]} samples were given - "
                "as many of both are needed. Transpose one, or change rowvar."
            )
        variables = concatenate([variables, others])
    count = variables.shape[1]
    if count <= max(ddof, 0):
        raise ValueError(
            f"[{operation}] {count} samples and ddof {ddof} were given - more samples than ddof "
            "are needed. Transpose the array, or change rowvar."
        )
    centred = variables - variables.mean(1, True)
    return _core.matmul(centred, centred.transpose()) * (1.0 / (count - ddof))


def _variables(operation: str, given: ArrayLike, rowvar: bool) -> Value:
    """Return a matrix with a row for each variable."""
    value = as_value(operation, given)
    if value.ndim > 2:
        raise ValueError(
            f"[{operation}] the shape {value.shape} was given - at most two axes are needed. "
            "Reshape it first."
        )
    return atleast_2d(value) if rowvar or value.ndim < 2 else value.transpose()
