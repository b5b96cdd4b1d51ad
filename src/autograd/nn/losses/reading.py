"""What was given, as an array: Values, ndarrays, numbers, and lists of all these, nested or not.

`read_values` keeps gradients, `read_numbers` gives an ndarray, in which ints are still ints.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import _core
from autograd.engine import Value

if TYPE_CHECKING:
    from numpy.typing import NDArray


def read_values(operation: str, name: str, given: object) -> Value:
    """Return a Value as it is, and anything else as an array; empty ones have shape (0,)."""
    if isinstance(given, Value):
        return given
    members: Any = given
    if not isinstance(given, np.ndarray) or given.dtype == object:
        members = given.tolist() if isinstance(given, np.ndarray) else given
        if isinstance(members, str) or not isinstance(members, Iterable):
            message = f"[{operation}] {name} is a {type(given).__name__} - an array or a list of"
            raise TypeError(f"{message} numbers or Values is needed. Convert it.")
        members = list(members)
        if not members:
            return Value(np.zeros(0), requires_grad=False)
    try:
        if isinstance(members, list):
            return _core.stack_first(members)
        return Value(members, requires_grad=False)
    except (TypeError, ValueError) as error:
        text = re.sub(r"^\[\w+\]", f"[{operation}] in {name}:", str(error))
        raise type(error)(text) from None


def read_numbers(operation: str, name: str, given: Any, *, constant: bool = False) -> NDArray[Any]:
    """Return plain numbers; if they are to be constants, no Value that wants a gradient is."""
    if isinstance(given, np.ndarray) and given.dtype.kind in "iubf":
        return given
    if not isinstance(given, Value):
        if isinstance(given, Iterable) and not isinstance(given, (np.ndarray, Sequence)):
            given = list(given)
        # Values with axes are arrays to NumPy, which would pass over a gradient they require.
        if not (isinstance(given, Sequence) and any(isinstance(one, Value) for one in given)):
            try:
                array: NDArray[Any] = np.asarray(given)
            except ValueError:  # lists of different lengths
                pass
            else:
                if array.dtype.kind in "iubf":
                    return array
        # Lists with Values in them, and whatever is to be refused.
        given = read_values(operation, name, given)
    if constant and given.requires_grad:
        message = f"[{operation}] {name} that require a gradient were given"
        raise ValueError(f"{message} - constants are needed. Detach them: target.detach().")
    return np.asarray(given.data)
