"""What most modules share: they compute on arrays, and lists of scalars are read as arrays.

A list of numbers and Values is one sample. It becomes an array of one axis, and a result of one
axis a list of Values again. Start reading at `Arraywise`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

import numpy as np

from autograd import _core
from autograd.engine import Value
from autograd.nn.module import Module

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from autograd.nn.dense import Scalars


class Arraywise(Module):
    """The base class of modules that say in `_of_array` what they make of an array."""

    @overload
    def __call__(self, x: Scalars) -> list[Value]: ...
    @overload
    def __call__(self, x: Value | NDArray[Any] | float) -> Value: ...
    def __call__(self, x: Any) -> Any:
        """Return the output for the input `x`.

        Parameters
        ----------
        x : array, iterable of Value or float, Value or float
            An array with any axes in front, the last one with the features; or one sample as a
            list; or, where each number is treated alone, a number.

        Returns
        -------
        Value or list of Value
            Of an array an array; of a list a list, if the result has one axis; of a number a
            scalar.

        Raises
        ------
        TypeError, ValueError
            If `x` is something else, or its length is not what the module needs.
        """
        array, listed = as_array(type(self).__name__, x)
        result = self._of_array(array)
        return list(result) if listed and result.ndim == 1 else result

    def _of_array(self, x: Value | NDArray[Any] | float) -> Value:
        raise NotImplementedError


def as_array(owner: str, x: Any) -> tuple[Any, bool]:
    """Return an array or a number as it is and a list as an array; and whether it was one sample.

    Ints stay ints, so that they may be indices. Numbers in nested lists are an array of samples.
    """
    if isinstance(x, (Value, float, int, np.generic)):
        return x, False
    if isinstance(x, np.ndarray) and (not x.dtype.hasobject or x.ndim == 0):
        return x, False
    if isinstance(x, str) or not hasattr(x, "__iter__"):
        message = f"[{owner}] a {type(x).__name__} was given - an array or a list of numbers or"
        raise TypeError(f"{message} Values is needed. Convert it first.")
    items = list(x)
    try:
        if any(isinstance(item, Value) for item in items):
            array: Any = _core.stack_first(items)
            right = array.ndim == 1
        else:
            array = np.array(items)
            right = array.dtype.kind in "biuf"
    except (TypeError, ValueError):
        right = False
    if not right:
        message = f"[{owner}] a list that holds other things than scalars was given - numbers or"
        raise TypeError(f"{message} Values are needed. Pass one array, e.g. autograd.stack(list).")
    return array, array.ndim == 1


def as_constant(x: Value | NDArray[Any] | float) -> Value:
    """Return a Value as it is, and anything else as a Value without gradient."""
    return x if isinstance(x, Value) else Value(x, requires_grad=False)
