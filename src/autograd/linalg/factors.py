"""Matrices taken apart into factors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autograd import _core
from autograd.custom import custom_operation
from autograd.linalg.equations import solve
from autograd.linalg.matrices import Array, by_numpy, square, transposed

if TYPE_CHECKING:
    from autograd.arrays.operand import ArrayLike
    from autograd.engine import Value

__all__ = ["cholesky"]


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


_cholesky = custom_operation(
    by_numpy("cholesky", np.linalg.cholesky, "positive definite ones"),
    _pull_cholesky,
    name="cholesky",
)
