"""Linear algebra of NumPy with derivatives, which are made of the same functions.

Matrices are the last two axes; those before count them, as in `numpy.linalg`. The derivatives are
those of M. B. Giles, "Collected matrix derivative results for forward and reverse mode algorithmic
differentiation" (2008), and for `cholesky` of I. Murray, "Differentiation of the Cholesky
decomposition" (arXiv:1602.07527).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from autograd import _core
from autograd.arrays import norm
from autograd.arrays.operand import as_value
from autograd.custom import custom_operation

if TYPE_CHECKING:
    from autograd.arrays.operand import ArrayLike
    from autograd.engine import Value

__all__ = ["cholesky", "det", "inv", "norm", "slogdet", "solve"]

Array = npt.NDArray[Any]


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
    left, right = _square("solve", a), as_value("solve", b)
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
    return _inv(_square("inv", a))


def det(a: ArrayLike) -> Value:
    """Return the determinants of matrices.

    Parameters
    ----------
    a : array_like, shape (..., n, n)

    Returns
    -------
    Value, shape (...)
        Its derivative, the matrix of cofactors, is right at singular matrices too; the second
        derivative needs the inverse.

    Raises
    ------
    ValueError
        If the matrices are not square.

    Examples
    --------
    >>> import autograd
    >>> a = autograd.Value([[1.0, 2.0], [3.0, 4.0]])
    >>> d = autograd.linalg.det(a)
    >>> d.backward()
    >>> print(f"{d:.3f}", a.grad.round(3).tolist())
    -2.000 [[4.0, -3.0], [-2.0, 1.0]]
    """
    return _det(_square("det", a))


class SignAndLogarithm(NamedTuple):
    """What `slogdet` returns: ``sign * exp(logabsdet)`` is the determinant."""

    sign: Any
    logabsdet: Value


def slogdet(a: ArrayLike) -> SignAndLogarithm:
    """Return sign and logarithm of determinants, which may be too large or small for a float.

    Parameters
    ----------
    a : array_like, shape (..., n, n)

    Returns
    -------
    sign : float or numpy.ndarray, shape (...)
        -1.0, 0.0 or 1.0. It is no Value: its derivative is 0.
    logabsdet : Value, shape (...)
        The logarithm of the absolute value; -inf for singular matrices.

    Raises
    ------
    ValueError
        If the matrices are not square.
    numpy.linalg.LinAlgError
        If one is singular, in the backward pass.

    Examples
    --------
    >>> import autograd
    >>> a = autograd.Value([[2.0, 1.0], [1.0, -3.0]])
    >>> sign, logarithm = autograd.linalg.slogdet(a)
    >>> logarithm.backward()
    >>> print(sign, f"{logarithm:.3f}", a.grad.round(3).tolist())
    -1.0 1.946 [[0.429, 0.143], [0.143, -0.286]]
    """
    value = _square("slogdet", a)
    sign: Any = np.linalg.slogdet(value.data)[0]
    return SignAndLogarithm(sign if np.ndim(sign) else float(sign), _logabsdet(value))


def cholesky(a: ArrayLike) -> Value:
    """Return the lower triangular matrices L with L L^T = a.

    Parameters
    ----------
    a : array_like, shape (..., n, n)
        Symmetric and positive definite; only the lower triangle is read.

    Returns
    -------
    Value, shape (..., n, n)
        Its derivative is a symmetric matrix, as PyTorch's: that of moving both triangles.

    Raises
    ------
    ValueError
        If the matrices are not square.
    numpy.linalg.LinAlgError
        If one is not positive definite.

    Examples
    --------
    >>> from autograd import linalg
    >>> linalg.cholesky([[4.0, 2.0], [2.0, 2.0]]).data
    array([[2., 0.],
           [1., 1.]])
    """
    return _cholesky(_square("cholesky", a))


def _square(operation: str, given: ArrayLike) -> Value:
    value = as_value(operation, given)
    if value.ndim < 2 or value.shape[-1] != value.shape[-2]:
        raise ValueError(
            f"[{operation}] the shape {value.shape} was given - square matrices are needed, which "
            "have two equal lengths at the end. Reshape it first."
        )
    return value


def _by_numpy(operation: str, function: Callable[..., Any], needed: str) -> Callable[..., Any]:
    """Return a function of NumPy that fails in our words."""

    def forward(*arrays: Array) -> Any:
        try:
            return function(*arrays)
        except np.linalg.LinAlgError:
            raise np.linalg.LinAlgError(
                f"[{operation}] matrices of shape {arrays[0].shape} were given of which one is "
                f"not - {needed} are needed. Check the matrices before."
            ) from None

    forward.__name__ = operation
    return forward


def _transposed(value: Value) -> Value:
    if value.ndim == 2:
        return value.transpose()
    *others, row, column = range(value.ndim)
    return value.transpose((*others, column, row))


def _pull_solve(gradient: Value, result: Value, a: Value, b: Value) -> tuple[Value, Value]:
    # Giles 2008, 2.3.1: with x = a^-1 b, b' = a^-T x' and a' = -b' x^T.
    del b
    pulled = _solve(_transposed(a), gradient)
    return -_core.matmul(pulled, _transposed(result)), pulled


def _pull_inv(gradient: Value, result: Value, a: Value) -> tuple[Value]:
    # Giles 2008, 2.2.3: -c^T c' c^T.
    del a
    turned = _transposed(result)
    return (-_core.matmul(_core.matmul(turned, gradient), turned),)


def _pull_det(gradient: Value, result: Value, a: Value) -> tuple[Value]:
    # Giles 2008, 2.2.4: c' c a^-T, which is the matrix of cofactors.
    del result
    return (_over_matrices(gradient) * _cofactors(a),)


def _pull_logabsdet(gradient: Value, result: Value, a: Value) -> tuple[Value]:
    # Giles 2008, 2.3.3: the derivative of log |det a| is a^-T.
    del result
    return (_over_matrices(gradient) * _transposed(_inverse_for("slogdet", "derivative", a)),)


def _inverse_for(operation: str, what: str, a: Value) -> Value:
    """Return the inverse, which a derivative needs."""
    try:
        return _inv(a)
    except np.linalg.LinAlgError:
        raise np.linalg.LinAlgError(
            f"[{operation}] a singular matrix of shape {a.shape} was given - an invertible one is "
            f"needed for the {what}. Check the matrices before."
        ) from None


def _over_matrices(value: Value) -> Value:
    """Give numbers, one for each matrix, the axes of matrices."""
    return value.reshape((*value.shape, 1, 1))


def _cofactors_of(a: Array) -> Array:
    """Return the cofactors by singular values, which need no inverse.

    With a = u s v, they are det(u) det(v) u s* v, where an element of the diagonal s* is the
    product of all other singular values.
    """
    u, s, v = np.linalg.svd(a)
    one = np.ones_like(s[..., :1])
    before = np.cumprod(np.concatenate([one, s[..., :-1]], -1), -1)
    after = np.cumprod(np.concatenate([one, s[..., :0:-1]], -1), -1)[..., ::-1]
    sign = np.linalg.det(u) * np.linalg.det(v)
    scaled = u * (before * after)[..., None, :]
    cofactors: Array = np.asarray(sign)[..., None, None] * (scaled @ v)
    return cofactors


def _pull_cofactors(gradient: Value, result: Value, a: Value) -> tuple[Value]:
    # d(det(a) x^T) with x = a^-1, dx = -x da x and d det(a) = det(a) sum(x^T * da).
    del result
    turned = _transposed(_inverse_for("det", "second derivative", a))
    total = _over_matrices((gradient * turned).sum((-2, -1)))
    product = _core.matmul(_core.matmul(turned, _transposed(gradient)), turned)
    return (_over_matrices(_det(a)) * (total * turned - product),)


def _pull_cholesky(gradient: Value, result: Value, a: Value) -> tuple[Value]:
    # Murray 2016, eq. 10: l^-T phi(l^T l') l^-1, where phi takes the lower triangle and half of
    # the diagonal; the mean with its transpose is the derivative for a symmetric matrix.
    del a
    size = result.shape[-1]
    half: Array = np.tri(size, dtype=result.dtype)
    half[np.diag_indices(size)] = 0.5
    turned = _transposed(result)
    inner = _core.matmul(turned, gradient) * half
    pulled = _transposed(_solve(turned, _transposed(_solve(turned, inner))))
    return ((pulled + _transposed(pulled)) * 0.5,)


_solve = custom_operation(
    _by_numpy("solve", np.linalg.solve, "invertible ones"), _pull_solve, name="solve"
)
_inv = custom_operation(_by_numpy("inv", np.linalg.inv, "invertible ones"), _pull_inv, name="inv")
_det = custom_operation(_by_numpy("det", np.linalg.det, "square ones"), _pull_det, name="det")
_logabsdet = custom_operation(lambda a: np.linalg.slogdet(a)[1], _pull_logabsdet, name="slogdet")
_cofactors = custom_operation(_cofactors_of, _pull_cofactors, name="cofactors")
_cholesky = custom_operation(
    _by_numpy("cholesky", np.linalg.cholesky, "positive definite ones"),
    _pull_cholesky,
    name="cholesky",
)
