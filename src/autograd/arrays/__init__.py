"""Functions of arrays that are written in Python, on top of the compiled operations.

Names, arguments and meaning are NumPy's. Everything takes Values, ndarrays, numbers and nested
lists, and gives Values that can be differentiated to any order. What is compiled already (`sum`,
`mean`, `max`, `min`, `matmul`, `dot`, `softmax`, ...) is not repeated here. Start reading at
`operand`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd import _core
from autograd.arrays import (
    contraction,
    creation,
    joining,
    products,
    reductions,
    replacement,
    running,
    selection,
    shapes,
    sorting,
    statistics,
)
from autograd.arrays.contraction import *  # noqa: F403
from autograd.arrays.creation import *  # noqa: F403
from autograd.arrays.joining import *  # noqa: F403
from autograd.arrays.products import *  # noqa: F403
from autograd.arrays.reductions import *  # noqa: F403
from autograd.arrays.replacement import *  # noqa: F403
from autograd.arrays.running import *  # noqa: F403
from autograd.arrays.selection import *  # noqa: F403
from autograd.arrays.shapes import *  # noqa: F403
from autograd.arrays.sorting import *  # noqa: F403
from autograd.arrays.statistics import *  # noqa: F403
from autograd.engine import Value

__all__: list[str] = []
for _module in (
    contraction,
    creation,
    joining,
    products,
    reductions,
    replacement,
    running,
    selection,
    shapes,
    sorting,
    statistics,
):
    __all__ += _module.__all__


def _dot(a: Value, b: Any) -> Value:
    """Return the matrix product with another array, see `autograd.dot`."""
    return _core.dot(a, b)


def _flatten(a: Value) -> Value:
    """Return the elements along one axis, as `ravel`."""
    return a.ravel()


def _tolist(a: Value) -> Any:
    """Return the data as a float, or as nested lists of floats. They have no gradient."""
    return a.data.tolist() if a.ndim else a.data


def _copy(a: Value) -> Value:
    """Return a new result of the same value, as `+x`; the gradient goes through it.

    `copy.deepcopy` copies all that a value was computed from.
    """
    return _core.positive(a)


# Functions that are methods of Value as well; reductions, reshape, ravel, transpose and astype
# are compiled.
METHODS: dict[str, Callable[..., Any]] = {
    "argmax": reductions.argmax,
    "argmin": reductions.argmin,
    "argsort": sorting.argsort,
    "copy": _copy,
    "cumprod": running.cumprod,
    "cumsum": running.cumsum,
    "diagonal": selection.diagonal,
    "dot": _dot,
    "flatten": _flatten,
    "flip": selection.flip,
    "prod": reductions.prod,
    "repeat": joining.repeat,
    "sort": sorting.sort,
    "squeeze": shapes.squeeze,
    "std": reductions.std,
    "swapaxes": shapes.swapaxes,
    "take": selection.take,
    "tolist": _tolist,
    "trace": reductions.trace,
    "var": reductions.var,
}

for _name, _method in METHODS.items():
    setattr(Value, _name, _method)  # in the place of those that load this module
