"""Determinants, and their logarithms. The derivatives are those of Giles 2008."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from autograd import _core
from autograd.custom import custom_operation
from autograd.linalg.equations import inverse_for
from autograd.linalg.matrices import Array, by_numpy, over_matrices, square, transposed

if TYPE_CHECKING:
    from autograd.arrays.operand import ArrayLike
    from autograd.engine import Value

__all__ = ["det", "slogdet"]


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
    return _det(square("det", a))


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
    value = square("slogdet", a)
    sign: Any
    sign, logarithm = np.linalg.slogdet(value.data)
    found = _logabsdet(value, found=logarithm)
    return SignAndLogarithm(sign if np.ndim(sign) else float(sign), found)


def _pull_det(gradient: Value, result: Value, a: Value) -> tuple[Value]:
    # Giles 2008, 2.2.4: c' c a^-T, which is the matrix of cofactors.
    del result
    return (over_matrices(gradient) * _cofactors(a),)


def _pull_logabsdet(gradient: Value, result: Value, a: Value, found: Any) -> tuple[Value]:
    # Giles 2008, 2.3.3: the derivative of log |det a| is a^-T.
    del result, found
    return (over_matrices(gradient) * transposed(inverse_for("slogdet", "derivative", a)),)


def _cofactors_of(a: Array) -> Array:
    """Return the cofactors, by singular values where a matrix is nearly singular.

    With a = u s v, they are det(u) det(v) u s* v, where an element of the diagonal s* is the
    product of all other singular values. That needs no inverse, and several times as long.
    """
    if (quickly := _cofactors_by_inverse(a)) is not None:
        return quickly
    u, s, v = np.linalg.svd(a)
    one = np.ones_like(s[..., :1])
    before = np.cumprod(np.concatenate([one, s[..., :-1]], -1), -1)
    after = np.cumprod(np.concatenate([one, s[..., :0:-1]], -1), -1)[..., ::-1]
    sign = np.linalg.det(u) * np.linalg.det(v)
    scaled = u * (before * after)[..., None, :]
    cofactors: Array = np.asarray(sign)[..., None, None] * (scaled @ v)
    return cofactors


def _cofactors_by_inverse(a: Array) -> Array | None:
    """Return det(a) a^-T where that is exact enough for all of the matrices."""
    try:
        inverse = np.linalg.inv(a)
    except np.linalg.LinAlgError:
        return None
    limits = np.finfo(a.dtype)
    with np.errstate(over="ignore", under="ignore"):  # asked below
        determinant = np.asarray(np.linalg.det(a))
    condition = _largest_row(a) * _largest_row(inverse)
    # A determinant beyond the floats, or among those with fewer digits, is no factor; and an
    # inverse may have lost four tenths of the digits at most.
    size = np.abs(determinant)
    is_exact = np.isfinite(size) & (size >= limits.tiny) & (condition < limits.eps**-0.4)
    if not is_exact.all():
        return None
    cofactors: Array = determinant[..., None, None] * np.swapaxes(inverse, -1, -2)
    return cofactors


def _largest_row(a: Array) -> Array:
    sizes: Array = np.abs(a).sum(-1).max(-1, initial=0.0)
    return sizes


def _pull_cofactors(gradient: Value, result: Value, a: Value) -> tuple[Value]:
    # d(det(a) x^T) with x = a^-1, dx = -x da x and d det(a) = det(a) sum(x^T * da).
    del result
    turned = transposed(inverse_for("det", "second derivative", a))
    total = over_matrices((gradient * turned).sum((-2, -1)))
    product = _core.matmul(_core.matmul(turned, transposed(gradient)), turned)
    return (over_matrices(_det(a)) * (total * turned - product),)


_det = custom_operation(by_numpy("det", np.linalg.det, "square ones"), _pull_det, name="det")
_logabsdet = custom_operation(
    lambda a, found: found,  # noqa: ARG005 - computed from it
    _pull_logabsdet,
    name="slogdet",
)
_cofactors = custom_operation(_cofactors_of, _pull_cofactors, name="cofactors")
