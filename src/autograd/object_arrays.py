"""Arrays of objects: ndarrays of dtype object that hold Values, as `np.array([a, b])` makes them.

NumPy calculates with them element by element, by the operators of the elements, and knows of no
gradient: each element brings its own. Here is what it takes to let a Value stand beside them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import _core
from autograd._core import Value

__all__ = ["boxed", "data_of", "holds_objects", "stacked"]


def holds_objects(given: object) -> bool:
    """Whether it is an ndarray of objects, or a list that NumPy would make one of."""
    if isinstance(given, list | tuple):
        given = np.asarray(given)
    return isinstance(given, np.ndarray) and given.dtype == object


def boxed(given: Any) -> Any:
    """Put a Value into an ndarray of objects without axes, which NumPy takes as it is."""
    if not isinstance(given, Value):
        return given
    box = np.empty((), dtype=object)
    box[()] = given
    return box


def stacked(given: Any) -> Any:
    """Make an array Value of an ndarray of scalar ones; everything else stays as it is."""
    if not holds_objects(given):
        return given
    objects = np.asarray(given)
    if objects.ndim == 0:
        return objects.item()
    return _core.stack_first(objects.ravel().tolist()).reshape(objects.shape)


def data_of(given: Any) -> Any:
    """Return the data of a Value, or of an ndarray of Values."""
    given = stacked(given)
    return given.data if isinstance(given, Value) else given
