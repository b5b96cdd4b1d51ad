"""Linear equations and inverses. The derivatives are those of Giles 2008."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autograd import _core
from autograd.arrays.operand import as_value, integer
from autograd.custom import custom_operation
from autograd.linalg.matrices import by_numpy, matrices, square, transposed

if TYPE_CHECKING:
    from autograd.arrays.operand import ArrayLike
    from autograd.engine import Value

__all__ = ["inv", "matrix_power", "pinv", "solve"]


def solve(a: ArrayLike, b: ArrayLike) -> Value:
    """Solve the linear equations a x = b.

    Parameters
    ----------
    a : array_like, shape (..., n, n)
    b : array_like, shape (n,) or (..., n, k)
        One right-hand side, or a column for each.

    Returns
    -------
    Value, shape (..., n) or (..., n, k)

    Raises
    ------
    ValueError
        If the shapes do not fit.
    numpy.linalg.LinAlgError
        If a matrix is singular.

    Examples
    --------
    >>> from autograd import linalg
    >>> linalg.solve([[2.0, 0.0], [0.0, 4.0]], [2.0, 2.0]).data
    array([1. , 0.5])
    """
    left, right = square("solve", a), as_value("solve", b)
    vector = right.ndim == 1
    if right.ndim == 0 or right.shape[0 if vector else -2] != left.shape[-1]:
        raise ValueError(
            f"[solve] the shapes {left.shape} and {right.shape} were given - as many rows on the "
            "right as on the left are needed. Transpose or reshape one."
        )
    columns = right.reshape(-1, 1) if vector else right
    if left.shape[:-2] != columns.shape[:-2]:
        try:
            count = np.broadcast_shapes(left.shape[:-2], columns.shape[:-2])
        except ValueError:
            raise ValueError(
                f"[solve] the shapes {left.shape} and {right.shape} were given - axes before the "
                "last two that are equal, or 1, are needed. Reshape one."
            ) from None
        left = _core.broadcast_to(left, count + left.shape[-2:])
        columns = _core.broadcast_to(columns, count + columns.shape[-2:])
    solution = _solve(left, columns)
    return solution.reshape(solution.shape[:-1]) if vector else solution


def inv(a: ArrayLike) -> Value:
    """Invert matrices. For equations use `solve`, which is faster and more exact.

    Parameters
    ----------
    a : array_like, shape (..., n, n)

    Returns
    -------
    Value, shape (..., n, n)

    Raises
    ------
    ValueError
        If the matrices are not square.
    numpy.linalg.LinAlgError
        If one is singular.

    Examples
    --------
    >>> from autograd import linalg
    >>> linalg.inv([[2.0, 0.0], [0.0, 4.0]]).data
    array([[0.5 , 0.  ],
           [0.  , 0.25]])
    """
    return _inv(square("inv", a))


def pinv(a: ArrayLike, rcond: float | None = None) -> Value:
    """Return the pseudo-inverses of Moore and Penrose: of matrices that may be of any shape.

    Parameters
    ----------
    a : array_like, shape (..., m, n)
    rcond : float, optional
        Singular values count as 0 which are not larger than this times the largest one; by
        default NumPy's choice.

    Returns
    -------
    Value, shape (..., n, m)
        Its derivative is right where the rank does not change: for matrices of full rank, and for
        others as long as they move among those of their rank. To another rank the value jumps.

    Raises
    ------
    ValueError
        If there are less than two axes.

    Examples
    --------
    >>> from autograd import linalg
    >>> linalg.pinv([[2.0, 0.0], [0.0, 4.0], [0.0, 0.0]]).data
    array([[0.5 , 0.  , 0.  ],
           [0.  , 0.25, 0.  ]])
    """
    value = matrices("pinv", a)
    return _pinv(value) if rcond is None else _pinv(value, rcond=rcond)


def matrix_power(a: ArrayLike, n: int) -> Value:
    """Multiply matrices with themselves.

    Parameters
    ----------
    a : array_like, shape (..., k, k)
    n : int
        How many factors. 0 gives the identity, with a derivative of 0; a negative number
        multiplies inverses.

    Returns
    -------
    Value, shape (..., k, k)
        It takes two products for each binary digit of `n`, at most.

    Raises
    ------
    ValueError
        If the matrices are not square.
    numpy.linalg.LinAlgError
        If `n` is negative and one is singular.

    Examples
    --------
    >>> from autograd import linalg
    >>> linalg.matrix_power([[1.0, 1.0], [0.0, 1.0]], 5).data
    array([[1., 5.],
           [0., 1.]])
    """
    value, count = square("matrix_power", a), integer("matrix_power", "n", n)
    if count == 0:
        identity = np.broadcast_to(np.eye(value.shape[-1], dtype=value.dtype), value.shape)
        return _core.where(np.zeros_like(identity), value, identity)
    if count < 0:
        value, count = inverse_for("matrix_power", "negative power", value), -count
    power = None
    while count:
        if count % 2:
            power = value if power is None else _core.matmul(power, value)
        count //= 2
        if count:
            value = _core.matmul(value, value)
    assert power is not None  # noqa: S101 - a number other than 0 has a digit other than 0
    return power


def inverse_for(operation: str, what: str, a: Value) -> Value:
    """Return the inverse, which a derivative needs."""
    try:
        return _inv(a)
    except np.linalg.LinAlgError:
        raise np.linalg.LinAlgError(
            f"[{operation}] a singular matrix of shape {a.shape} was given - an invertible one is "
            f"needed for the {what}. Check the matrices before."
        ) from None


def _pull_solve(gradient: Value, result: Value, a: Value, b: Value) -> tuple[Value, Value]:
    # Giles 2008, 2.3.1: with x = a^-1 b, b' = a^-T x' and a' = -b' x^T.
    del b
    pulled = _solve(transposed(a), gradient)
    return -_core.matmul(pulled, transposed(result)), pulled


def _pull_inv(gradient: Value, result: Value, a: Value) -> tuple[Value]:
    # Giles 2008, 2.2.3: -c^T c' c^T.
    del a
    turned = transposed(result)
    return (-_core.matmul(_core.matmul(turned, gradient), turned),)


def _pull_pinv(
    gradient: Value, result: Value, a: Value, rcond: float | None = None
) -> tuple[Value]:
    # Golub and Pereyra 1973, "The differentiation of pseudo-inverses and nonlinear least squares
    # problems whose variables separate": with c the result,
    # dc = -c da c + c c^T da^T (1 - a c) + (1 - c a) da^T c^T c.
    del rcond
    product = _core.matmul
    turned, pulled = transposed(result), transposed(gradient)
    rows = product(pulled, product(result, turned))
    columns = product(product(turned, result), pulled)
    return (
        rows
        - product(a, product(result, rows))
        + columns
        - product(product(columns, result), a)
        - product(product(turned, gradient), turned),
    )


_solve = custom_operation(
    by_numpy("solve", np.linalg.solve, "invertible ones"), _pull_solve, name="solve"
)
_inv = custom_operation(by_numpy("inv", np.linalg.inv, "invertible ones"), _pull_inv, name="inv")
_pinv = custom_operation(by_numpy("pinv", np.linalg.pinv, "finite ones"), _pull_pinv, name="pinv")
