"""What functions of matrices share: checks, NumPy's errors in our words, axes exchanged.

Matrices are the last two axes; those before count them, as in `numpy.linalg`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from autograd.arrays.operand import as_value

if TYPE_CHECKING:
    from autograd.arrays.operand import ArrayLike
    from autograd.engine import Value

Array = npt.NDArray[Any]


def matrices(operation: str, given: ArrayLike) -> Value:
    """Return what has at least two axes."""
    value = as_value(operation, given)
    if value.ndim < 2:
        raise ValueError(
            f"[{operation}] the shape {value.shape} was given - matrices are needed, which have "
            "two axes. Reshape it first."
        )
    return value


def square(operation: str, given: ArrayLike) -> Value:
    """Return what has two equal lengths at the end."""
    value = as_value(operation, given)
    if value.ndim < 2 or value.shape[-1] != value.shape[-2]:
        raise ValueError(
            f"[{operation}] the shape {value.shape} was given - square matrices are needed, which "
            "have two equal lengths at the end. Reshape it first."
        )
    return value


def by_numpy(operation: str, function: Callable[..., Any], needed: str) -> Callable[..., Any]:
    """Return a function of NumPy that fails in our words."""

    def forward(*arrays: Array, **keywords: Any) -> Any:
        try:
            return function(*arrays, **keywords)
        except np.linalg.LinAlgError:
            raise np.linalg.LinAlgError(
                f"[{operation}] matrices of shape {arrays[0].shape} were given of which one is "
                f"not - {needed} are needed. Check the matrices before."
            ) from None

    forward.__name__ = operation
    return forward


def transposed(value: Value) -> Value:
    """Exchange rows and columns."""
    if value.ndim == 2:
        return value.transpose()
    *others, row, column = range(value.ndim)
    return value.transpose((*others, column, row))


def over_matrices(value: Value) -> Value:
    """Give numbers, one for each matrix, the axes of matrices."""
    return value.reshape((*value.shape, 1, 1))
