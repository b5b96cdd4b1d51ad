"""Matrices taken apart into factors: Cholesky's, eigenvectors, singular vectors.

A decomposition has several results. Each is an operation of its own on the same numbers, which are
computed once and passed along as `found`: so each has its derivative, and who reads the
eigenvalues alone needs none of the vectors'.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, overload

import numpy as np

from autograd import _core
from autograd.custom import custom_operation
from autograd.linalg.equations import solve
from autograd.linalg.matrices import Array, by_numpy, matrices, square, transposed

if TYPE_CHECKING:
    from autograd.arrays.operand import ArrayLike
    from autograd.engine import Value

__all__ = ["cholesky", "eigh", "eigvalsh", "svd"]

Found = tuple[Array, ...]


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
    return _cholesky(square("cholesky", a))


class Eigen(NamedTuple):
    """What `eigh` returns: each column of `eigenvectors` belongs to one of the `eigenvalues`."""

    eigenvalues: Value
    eigenvectors: Value


def eigh(a: ArrayLike, UPLO: str = "L") -> Eigen:  # noqa: N803 - NumPy's name
    """Return the eigenvalues and eigenvectors of symmetric matrices.

    Parameters
    ----------
    a : array_like, shape (..., n, n)
        Symmetric; only one triangle is read.
    UPLO : {"L", "U"}, default "L"
        Which: the lower or the upper one.

    Returns
    -------
    eigenvalues : Value, shape (..., n)
        From the smallest to the largest.
    eigenvectors : Value, shape (..., n, n)
        Of length 1, in the columns. Each may as well point the other way: only what does not
        depend on that has a derivative that means something. The derivatives are symmetric
        matrices, as PyTorch's: those of moving both triangles.

        Equal eigenvalues have the derivative that belongs to the vectors that were found, but
        these have none, for any others of their plane would do. Almost equal ones have large and
        inexact derivatives of vectors.

    Raises
    ------
    ValueError
        If the matrices are not square, or `UPLO` is another.
    numpy.linalg.LinAlgError
        If the computation does not converge; in the backward pass, if eigenvalues are
        equal and the derivative of eigenvectors is wanted, or the second one of eigenvalues.

    Examples
    --------
    >>> import autograd
    >>> a = autograd.Value([[2.0, 1.0], [1.0, 2.0]])
    >>> values, vectors = autograd.linalg.eigh(a)
    >>> print(values.data.round(3).tolist())
    [1.0, 3.0]
    >>> values[1].backward()
    >>> a.grad.round(3)
    array([[0.5, 0.5],
           [0.5, 0.5]])
    """
    value = _triangle("eigh", a, UPLO)
    found: Found = tuple(_eigh(value.data))
    return Eigen(_eigenvalues(value, found=found), _eigenvectors(value, found=found))


def eigvalsh(a: ArrayLike, UPLO: str = "L") -> Value:  # noqa: N803 - NumPy's name
    """Return the eigenvalues of symmetric matrices.

    Parameters
    ----------
    a : array_like, shape (..., n, n)
        Symmetric; only one triangle is read.
    UPLO : {"L", "U"}, default "L"
        Which: the lower or the upper one.

    Returns
    -------
    Value, shape (..., n)
        From the smallest to the largest. For the derivative see `eigh`.

    Raises
    ------
    ValueError
        If the matrices are not square, or `UPLO` is another.
    numpy.linalg.LinAlgError
        If the computation does not converge; where the second derivative is wanted,
        if eigenvalues are equal.

    Examples
    --------
    >>> from autograd import linalg
    >>> linalg.eigvalsh([[3.0, 0.0], [0.0, 2.0]]).data
    array([2., 3.])
    """
    return _eigenvalues(_triangle("eigvalsh", a, UPLO), found=None)


class Singular(NamedTuple):
    """What `svd` returns: ``U * S @ Vh`` is the matrix."""

    U: Value
    S: Value
    Vh: Value


@overload
def svd(a: ArrayLike, full_matrices: bool = True, compute_uv: Literal[True] = True) -> Singular: ...
@overload
def svd(a: ArrayLike, full_matrices: bool, compute_uv: Literal[False]) -> Value: ...
@overload
def svd(a: ArrayLike, full_matrices: bool = True, *, compute_uv: Literal[False]) -> Value: ...
def svd(a: ArrayLike, full_matrices: bool = True, compute_uv: bool = True) -> Singular | Value:
    """Return the singular values and vectors of matrices.

    Parameters
    ----------
    a : array_like, shape (..., m, n)
    full_matrices : bool, default True
        As in NumPy, but where `m` is not `n` it needs to be False: vectors beyond the smaller one
        of these have no derivative.
    compute_uv : bool, default True
        Whether vectors are wanted; otherwise the singular values are all that is returned.

    Returns
    -------
    U : Value, shape (..., m, k)
        With k the smaller one of `m` and `n`. Vectors of length 1, in the columns.
    S : Value, shape (..., k)
        From the largest to the smallest.
    Vh : Value, shape (..., k, n)
        Vectors of length 1, in the rows. Each may as well point the other way, together with that
        of `U`: only what does not depend on that has a derivative that means something.

        Equal singular values have the derivative that belongs to the vectors that were found, but
        these have none. At 0 a singular value has a kink as `absolute` has: given is the
        derivative to one side.

    Raises
    ------
    ValueError
        If there are less than two axes, or `full_matrices` is wanted where `m` is not `n`.
    numpy.linalg.LinAlgError
        If the computation does not converge; in the backward pass, if singular values
        are equal, or one is 0 and `m` is not `n`, and the derivative of vectors is wanted, or the
        second one of singular values.

    Examples
    --------
    >>> import autograd
    >>> a = autograd.Value([[0.0, 2.0], [1.0, 0.0], [0.0, 0.0]])
    >>> left, values, right = autograd.linalg.svd(a, full_matrices=False)
    >>> values.data
    array([2., 1.])
    >>> values[0].backward()
    >>> a.grad
    array([[0., 1.],
           [0., 0.],
           [0., 0.]])
    """
    value = matrices("svd", a)
    rows, columns = value.shape[-2:]
    if compute_uv and full_matrices and rows != columns:
        raise ValueError(
            f"[svd] full_matrices=True was given for the shape {value.shape} - full_matrices=False "
            "is needed, for other vectors have no derivative. Pass it, or compute_uv=False."
        )
    found: Found = tuple(_svd(value.data))
    values = _singular_values(value, found=found)
    if not compute_uv:
        return values
    return Singular(_left(value, found=found), values, _right(value, found=found))


def _triangle(operation: str, a: ArrayLike, uplo: str) -> Value:
    """Return matrices of which the lower triangle is to be read."""
    value = square(operation, a)
    if uplo not in ("L", "U"):
        raise ValueError(
            f"[{operation}] UPLO {uplo!r} was given - 'L' or 'U' is needed. Choose the triangle "
            "that is to be read."
        )
    return value if uplo == "L" else transposed(value)


def _pull_cholesky(gradient: Value, result: Value, a: Value) -> tuple[Value]:
    # Murray 2016, eq. 10: l^-T phi(l^T l') l^-1, where phi takes the lower triangle and half of
    # the diagonal; the mean with its transpose is the derivative for a symmetric matrix.
    del a
    size = result.shape[-1]
    half: Array = np.tri(size, dtype=result.dtype)
    half[np.diag_indices(size)] = 0.5
    turned = transposed(result)
    inner = _core.matmul(turned, gradient) * half
    pulled = transposed(solve(turned, transposed(solve(turned, inner))))
    return ((pulled + transposed(pulled)) * 0.5,)


def _eigenvalues_of(a: Array, found: Found | None) -> Array:
    values: Array = _eigvalsh(a) if found is None else found[0]
    return values


def _pull_eigenvalues(
    gradient: Value, result: Value, a: Value, found: Found | None
) -> tuple[Value]:
    # Giles 2008: v diag(w') v^T.
    del result
    vectors = _eigenvectors(a, found=tuple(_eigh(a.data)) if found is None else found)
    return (_core.matmul(vectors * _as_row(gradient), transposed(vectors)),)


def _pull_eigenvectors(gradient: Value, result: Value, a: Value, found: Found) -> tuple[Value]:
    # Giles 2008: v (f * (v^T v')) v^T with f[i, j] = 1 / (w[j] - w[i]) and 0 on the diagonal.
    # f is antisymmetric: half of what v^T v' has of that is the mean with the transpose.
    _check_distinct("eigh", "eigen", found[0])
    values = _eigenvalues(a, found=found)
    inner = _core.matmul(transposed(result), gradient)
    turning = _antisymmetric(inner) * 0.5 / _gaps(values)
    return (_core.matmul(_core.matmul(result, turning), transposed(result)),)


def _pull_singular_values(gradient: Value, result: Value, a: Value, found: Found) -> tuple[Value]:
    # Giles 2008: u diag(s') v^T.
    del result
    return (_core.matmul(_left(a, found=found) * _as_row(gradient), _right(a, found=found)),)


# J. Townsend, "Differentiating the singular value decomposition" (2016): with p = u^T da v^T,
# f[i, j] = 1 / (s[j]^2 - s[i]^2) and 0 on the diagonal, and v with vectors in its rows,
#   du = u (f * (p s + s p^T)) + (1 - u u^T) da v^T s^-1
#   dv^T = v^T (f * (s p + p^T s)) + (1 - v^T v) da^T u s^-1


def _pull_left(gradient: Value, result: Value, a: Value, found: Found) -> tuple[Value]:
    outside = a.shape[-2] > a.shape[-1]
    _check_distinct("svd", "singular ", found[1], positive=outside)
    values, right = _singular_values(a, found=found), _right(a, found=found)
    inner = _core.matmul(transposed(result), gradient)
    turning = _antisymmetric(inner) / _gaps(values * values) * _as_row(values)
    pulled = _core.matmul(result, turning)
    if outside:
        pulled = pulled + (gradient - _core.matmul(result, inner)) / _as_row(values)
    return (_core.matmul(pulled, right),)


def _pull_right(gradient: Value, result: Value, a: Value, found: Found) -> tuple[Value]:
    outside = a.shape[-1] > a.shape[-2]
    _check_distinct("svd", "singular ", found[1], positive=outside)
    values, left = _singular_values(a, found=found), _left(a, found=found)
    inner = _core.matmul(result, transposed(gradient))
    turning = _antisymmetric(inner) / _gaps(values * values) * _as_column(values)
    pulled = _core.matmul(turning, result)
    if outside:
        across = _core.matmul(transposed(inner), result)
        pulled = pulled + (gradient - across) / _as_column(values)
    return (_core.matmul(left, pulled),)


def _check_distinct(operation: str, kind: str, values: Array, positive: bool = False) -> None:
    """Refuse a derivative of vectors that does not exist."""
    equal = bool((values[..., 1:] == values[..., :-1]).any())
    if equal or (positive and not values.all()):
        wrong = f"equal {kind}values" if equal else f"a {kind}value of 0"
        raise np.linalg.LinAlgError(
            f"[{operation}] a matrix with {wrong} was given, of {values.shape[-1]} - others are "
            "needed for the derivative of the vectors, and for the second one of the values. "
            "Check the matrices before."
        )


def _gaps(values: Value) -> Value:
    """Return by how much the value of the column exceeds that of the row; 1 on the diagonal."""
    identity = np.eye(values.shape[-1], dtype=values.dtype)
    return _as_row(values) - _as_column(values) + identity


def _antisymmetric(value: Value) -> Value:
    return value - transposed(value)


def _as_row(value: Value) -> Value:
    return value.reshape((*value.shape[:-1], 1, value.shape[-1]))


def _as_column(value: Value) -> Value:
    return value.reshape((*value.shape, 1))


_finite = "finite ones"
_eigh = by_numpy("eigh", np.linalg.eigh, _finite)
_eigvalsh = by_numpy("eigvalsh", np.linalg.eigvalsh, _finite)
_svd = by_numpy("svd", lambda a: np.linalg.svd(a, full_matrices=False), _finite)
_cholesky = custom_operation(
    by_numpy("cholesky", np.linalg.cholesky, "positive definite ones"),
    _pull_cholesky,
    name="cholesky",
)
_eigenvalues = custom_operation(_eigenvalues_of, _pull_eigenvalues, name="eigenvalues")
_eigenvectors = custom_operation(
    lambda a, found: found[1],  # noqa: ARG005 - computed from it
    _pull_eigenvectors,
    name="eigenvectors",
)
_left = custom_operation(
    lambda a, found: found[0],  # noqa: ARG005
    _pull_left,
    name="left_singular_vectors",
)
_singular_values = custom_operation(
    lambda a, found: found[1],  # noqa: ARG005
    _pull_singular_values,
    name="singular_values",
)
_right = custom_operation(
    lambda a, found: found[2],  # noqa: ARG005
    _pull_right,
    name="right_singular_vectors",
)
