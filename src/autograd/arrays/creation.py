"""Arrays made from nothing. They are constants unless `requires_grad=True` is given.

A `Value` that is made from data is a variable by default; what is made here mostly is not: masks,
grids, states at the start.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd.arrays.operand import ArrayLike, as_value, float_type, integer
from autograd.engine import Value

__all__ = [
    "arange",
    "eye",
    "full",
    "full_like",
    "linspace",
    "ones",
    "ones_like",
    "zeros",
    "zeros_like",
]

Shape = int | Sequence[int]
DType = npt.DTypeLike | None


def _shape(operation: str, shape: Shape) -> tuple[int, ...]:
    lengths = tuple(shape) if isinstance(shape, tuple | list) else (shape,)
    checked = tuple(integer(operation, "length", length) for length in lengths)
    for length in checked:
        if length < 0:
            raise ValueError(
                f"[{operation}] the length {length} was given - none below 0 is needed. "
                "Check the shape."
            )
    return checked


def _made(array: Any, requires_grad: bool) -> Value:
    return Value(array, requires_grad, None, None, False)  # nobody else has the memory


def _type_like(operation: str, like: Value, dtype: DType) -> np.dtype[Any]:
    if dtype is None and like.ndim:
        return like.dtype
    return float_type(operation, dtype)  # a scalar is a Python float, and has no type


def zeros(shape: Shape, dtype: DType = None, *, requires_grad: bool = False) -> Value:
    """Return an array of zeros.

    Parameters
    ----------
    shape : int or sequence of int
    dtype : {numpy.float64, numpy.float32}, optional
    requires_grad : bool, default False

    Returns
    -------
    Value
        A scalar for the shape ().

    Examples
    --------
    >>> import autograd
    >>> autograd.zeros((2, 3)).shape
    (2, 3)
    """
    return _made(np.zeros(_shape("zeros", shape), float_type("zeros", dtype)), requires_grad)


def ones(shape: Shape, dtype: DType = None, *, requires_grad: bool = False) -> Value:
    """Return an array of ones.

    Parameters
    ----------
    shape : int or sequence of int
    dtype : {numpy.float64, numpy.float32}, optional
    requires_grad : bool, default False

    Returns
    -------
    Value
        A scalar for the shape ().

    Examples
    --------
    >>> import autograd
    >>> autograd.ones(2).data
    array([1., 1.])
    """
    return _made(np.ones(_shape("ones", shape), float_type("ones", dtype)), requires_grad)


def full(
    shape: Shape,
    fill_value: float,
    dtype: DType = None,
    *,
    requires_grad: bool = False,
) -> Value:
    """Return an array of one number. To repeat a Value, use `broadcast_to`.

    Parameters
    ----------
    shape : int or sequence of int
    fill_value : float
    dtype : {numpy.float64, numpy.float32}, optional
    requires_grad : bool, default False

    Returns
    -------
    Value
        A scalar for the shape ().

    Raises
    ------
    TypeError
        If `fill_value` is a Value, whose gradient would be lost.

    Examples
    --------
    >>> import autograd
    >>> autograd.full(2, 3.0).data
    array([3., 3.])
    """
    number = _number("full", fill_value)
    return _made(np.full(_shape("full", shape), number, float_type("full", dtype)), requires_grad)


def _number(operation: str, given: Any) -> Any:
    if type(given) is Value:
        raise TypeError(
            f"[{operation}] a Value was given as fill_value - a number is needed. "
            "Use broadcast_to, which has a gradient."
        )
    return given


def arange(
    start: float,
    stop: float | None = None,
    step: float = 1.0,
    dtype: DType = None,
    *,
    requires_grad: bool = False,
) -> Value:
    """Return numbers from `start` to `stop`, which is excluded; `arange(stop)` starts at 0.

    Parameters
    ----------
    start, stop : float
    step : float, default 1.0
    dtype : {numpy.float64, numpy.float32}, optional
    requires_grad : bool, default False

    Returns
    -------
    Value

    Raises
    ------
    ValueError
        If `step` is 0.

    Examples
    --------
    >>> import autograd
    >>> autograd.arange(3).data
    array([0., 1., 2.])
    """
    if step == 0:
        raise ValueError(
            f"[arange] step {step} was given - any number but 0 is needed. "
            "Use full for equal numbers."
        )
    begin, end = (0.0, start) if stop is None else (start, stop)
    return _made(np.arange(begin, end, step, dtype=float_type("arange", dtype)), requires_grad)


def linspace(
    start: float,
    stop: float,
    num: int = 50,
    endpoint: bool = True,
    dtype: DType = None,
    *,
    requires_grad: bool = False,
) -> Value:
    """Return numbers at equal distances.

    Parameters
    ----------
    start, stop : float
    num : int, default 50
        How many.
    endpoint : bool, default True
        Whether `stop` is the last of them.
    dtype : {numpy.float64, numpy.float32}, optional
    requires_grad : bool, default False

    Returns
    -------
    Value

    Examples
    --------
    >>> import autograd
    >>> autograd.linspace(0.0, 1.0, 3).data
    array([0. , 0.5, 1. ])
    """
    bounds: list[tuple[str, object]] = [("start", start), ("stop", stop)]
    for name, given in bounds:
        if isinstance(given, Value):
            message = f"[linspace] a Value was given as {name} - a number is needed."
            advice = "Write start + (stop - start) * autograd.linspace(0.0, 1.0, num)."
            raise TypeError(f"{message} {advice}")
    (count,) = _shape("linspace", num)
    kind = float_type("linspace", dtype)
    return _made(np.linspace(start, stop, count, endpoint, dtype=kind), requires_grad)


def eye(
    N: int,  # noqa: N803 - NumPy's names
    M: int | None = None,  # noqa: N803
    k: int = 0,
    dtype: DType = None,
    *,
    requires_grad: bool = False,
) -> Value:
    """Return a matrix with ones on a diagonal.

    Parameters
    ----------
    N, M : int
        Rows and columns; as many columns as rows by default.
    k : int, default 0
        How far right of the main diagonal; a negative number is left of it.
    dtype : {numpy.float64, numpy.float32}, optional
    requires_grad : bool, default False

    Returns
    -------
    Value

    Examples
    --------
    >>> import autograd
    >>> autograd.eye(2).data
    array([[1., 0.],
           [0., 1.]])
    """
    rows, columns = _shape("eye", (N, N if M is None else M))
    return _made(
        np.eye(rows, columns, integer("eye", "k", k), float_type("eye", dtype)), requires_grad
    )


def zeros_like(a: ArrayLike, dtype: DType = None, *, requires_grad: bool = False) -> Value:
    """Return zeros in the shape, and of the type, of another array.

    Parameters
    ----------
    a : array_like
    dtype : {numpy.float64, numpy.float32}, optional
    requires_grad : bool, default False

    Returns
    -------
    Value

    Examples
    --------
    >>> import autograd
    >>> autograd.zeros_like(autograd.Value([1.0, 2.0])).data
    array([0., 0.])
    """
    like = as_value("zeros_like", a)
    kind = _type_like("zeros_like", like, dtype)
    return _made(np.zeros(like.shape, kind), requires_grad)


def ones_like(a: ArrayLike, dtype: DType = None, *, requires_grad: bool = False) -> Value:
    """Return ones in the shape, and of the type, of another array.

    Parameters
    ----------
    a : array_like
    dtype : {numpy.float64, numpy.float32}, optional
    requires_grad : bool, default False

    Returns
    -------
    Value

    Examples
    --------
    >>> import autograd
    >>> autograd.ones_like(autograd.Value([1.0, 2.0])).data
    array([1., 1.])
    """
    like = as_value("ones_like", a)
    kind = _type_like("ones_like", like, dtype)
    return _made(np.ones(like.shape, kind), requires_grad)


def full_like(
    a: ArrayLike,
    fill_value: float,
    dtype: DType = None,
    *,
    requires_grad: bool = False,
) -> Value:
    """Return one number in the shape, and of the type, of another array.

    Parameters
    ----------
    a : array_like
    fill_value : float
    dtype : {numpy.float64, numpy.float32}, optional
    requires_grad : bool, default False

    Returns
    -------
    Value

    Raises
    ------
    TypeError
        If `fill_value` is a Value, whose gradient would be lost.

    Examples
    --------
    >>> import autograd
    >>> autograd.full_like(autograd.Value([1.0, 2.0]), 3.0).data
    array([3., 3.])
    """
    like = as_value("full_like", a)
    kind = _type_like("full_like", like, dtype)
    return _made(np.full(like.shape, _number("full_like", fill_value), kind), requires_grad)
