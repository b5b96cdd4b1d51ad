"""Elements replaced by others where they are no use."""

from __future__ import annotations

import numbers
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import _core
from autograd.arrays.operand import ArrayLike, as_value

if TYPE_CHECKING:
    from autograd.engine import Value

__all__ = ["nan_to_num"]


def nan_to_num(
    x: ArrayLike,
    *,
    nan: float = 0.0,
    posinf: float | None = None,
    neginf: float | None = None,
) -> Value:
    """Replace nan and infinities by numbers.

    Parameters
    ----------
    x : array_like
    nan : float, default 0.0
    posinf, neginf : float, optional
        For inf and -inf; by default the largest and the smallest finite number of the type.

    Returns
    -------
    Value
        The derivative of what was replaced is 0, as PyTorch's. What infinity or nan comes from
        may have a derivative of nan all the same: 0 times infinity. There choose the argument
        before, with `where`.

    Raises
    ------
    TypeError
        If a replacement is no number; a Value would lose its gradient.

    Examples
    --------
    >>> import autograd
    >>> autograd.nan_to_num([1.0, float("nan"), float("inf")], posinf=9.0).data
    array([1., 0., 9.])
    """
    given: dict[str, object] = {"nan": nan, "posinf": posinf, "neginf": neginf}
    for name, number in given.items():
        if not (isinstance(number, numbers.Real) or (number is None and name != "nan")):
            raise TypeError(
                f"[nan_to_num] {type(number).__name__} was given as {name} - a number is needed. "
                "Use where, which has a gradient."
            )
    value = as_value("nan_to_num", x)
    data: Any = np.asarray(value.data)
    finite = np.isfinite(data)
    if finite.all():
        return value
    replaced: Any = np.nan_to_num(data, nan=nan, posinf=posinf, neginf=neginf)
    if not value.ndim:
        return _core.where(0.0, value, float(replaced))
    return _core.where(finite.astype(data.dtype), value, replaced)
