"""The numbers of a module's parameters by name: taken out as copies, put back after a check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.engine import Value

if TYPE_CHECKING:
    from numpy.typing import NDArray

Named = list[tuple[str, Value]]


def collected(operation: str, named: Named) -> dict[str, NDArray[Any]]:
    """Return copies of the numbers, by name."""
    _require_unique(operation, named)
    return {name: np.array(value.data) for name, value in named}


def load(operation: str, named: Named, state: object) -> None:
    """Give the values the numbers of the same names, if every name and every shape is right."""
    if not isinstance(state, Mapping):
        message = f"[{operation}] a {type(state).__name__} was given - a dict of names is needed."
        raise TypeError(f"{message} Pass what state_dict() returned.")
    _require_unique(operation, named)
    names = {name for name, _ in named}
    wrong = [f"{name!r} is missing" for name, _ in named if name not in state]
    wrong += [f"{name!r} is unexpected" for name in state if name not in names]
    numbers: dict[str, NDArray[Any]] = {}
    for name, value in named:
        if name not in state:
            continue
        array = _numbers(state[name])
        if array is None:
            wrong.append(f"{name!r} is a {type(state[name]).__name__} without numbers")
        elif array.shape == value.shape:
            numbers[name] = array
        else:
            wrong.append(f"{name!r} has shape {array.shape} where {value.shape} is needed")
    if wrong:
        message = f"[{operation}] {', '.join(wrong)} - exactly the {len(named)} names of the module"
        raise ValueError(
            f"{message} are needed, each in its shape. Compare with its state_dict(); nothing was"
            " changed."
        )
    for name, value in named:
        array = numbers[name]
        with np.errstate(over="ignore"):  # a double may be too large for a float32: inf, as ever
            value.data = array.astype(value.dtype) if value.ndim else float(array)


def _numbers(given: object) -> NDArray[Any] | None:
    """Return an array of numbers; None if it is something else."""
    try:
        array = np.asarray(given.data if isinstance(given, Value) else given)
    except ValueError:  # a list of parts of different lengths
        return None
    return array if array.dtype.kind in "biuf" else None


def _require_unique(operation: str, named: Named) -> None:
    seen: set[str] = set()
    for name, _ in named:
        if name in seen:
            message = f"[{operation}] two parameters have the name {name!r} - each needs its own."
            raise ValueError(f"{message} Change a key of a dict, e.g. 1 beside '1'.")
        seen.add(name)
