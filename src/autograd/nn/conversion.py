"""The conversion of what a module holds to another type of numbers, float64 or float32.

The type of an array Value is fixed, so that each array leaf gives way to a new one wherever it is
held. Start reading at `convert`. Nothing here is recursive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import _core
from autograd.engine import Value
from autograd.nn.walk import entries
from autograd.object_arrays import holds_objects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from autograd.nn.module import Module

FLOATS = (np.dtype(np.float64), np.dtype(np.float32))
Edge = tuple[Any, Any, object]  # an owner, a key, and what it holds there


def convert(operation: str, root: Module, kind: type[Module], dtype: Any) -> None:
    """Replace the float arrays below a module by arrays of another type; each once.

    Two attributes that hold the same object do so afterwards. `kind` is `Module`, which is above
    this file.
    """
    wanted = _checked_dtype(operation, dtype)
    edges, tuples = _edges(root, kind)
    new: dict[int, Any] = {}
    for _, _, item in edges:
        if id(item) not in new and _is_convertible(item, wanted):
            new[id(item)] = _converted(item, wanted)
    for _, _, item in edges:  # elements of arrays go with their arrays
        if isinstance(item, Value) and item.ndim == 0 and id(item) not in new:
            element = _core.element_of(item)
            if element is not None and id(element[0]) in new:
                new[id(item)] = new[id(element[0])][element[1]]
    for group in tuples:  # those that are held by others first
        if any(id(item) in new for item in group):
            items = [new.get(id(item), item) for item in group]
            make = getattr(type(group), "_make", type(group))  # of a named tuple
            new[id(group)] = make(items)
    for owner, key, item in edges:
        if id(item) in new and not isinstance(owner, tuple):
            places = owner.flat if isinstance(owner, np.ndarray) else owner
            (vars(owner) if isinstance(owner, kind) else places)[key] = new[id(item)]


def _edges(root: Module, kind: type[Module]) -> tuple[list[Edge], list[tuple[Any, ...]]]:
    """Return all that is held by whom, and the tuples, those within others before these."""
    edges: list[Edge] = []
    tuples: list[tuple[Any, ...]] = []
    seen = {id(root)}
    stack: list[tuple[Any, Iterator[tuple[object, object]]]] = [(root, iter(entries(root)))]
    while stack:
        owner, members = stack[-1]
        for key, item in members:
            edges.append((owner, key, item))
            is_owner = isinstance(item, (kind, list, tuple, dict)) or (
                isinstance(item, np.ndarray) and holds_objects(item)
            )
            if is_owner and id(item) not in seen:
                seen.add(id(item))
                stack.append((item, iter(entries(item))))  # type: ignore[arg-type]  # one of these
                break
        else:
            stack.pop()
            if isinstance(owner, tuple):
                tuples.append(owner)
    return edges, tuples


def _is_convertible(item: object, wanted: np.dtype[Any]) -> bool:
    if isinstance(item, Value):
        return item.is_leaf and item.ndim > 0 and item.dtype != wanted
    return isinstance(item, np.ndarray) and item.dtype in FLOATS and item.dtype != wanted


def _converted(item: Any, wanted: np.dtype[Any]) -> Any:
    with np.errstate(over="ignore"):  # a double may be too large for a float32: inf, as ever
        if isinstance(item, np.ndarray):
            return item.astype(wanted)
        return Value(item.data.astype(wanted), item.requires_grad, item.label)


def _checked_dtype(operation: str, dtype: Any) -> np.dtype[Any]:
    try:
        wanted = None if dtype is None else np.dtype(dtype)
    except TypeError:
        wanted = None
    if wanted is None or wanted not in FLOATS:
        given = repr(dtype) if wanted is None else wanted
        message = f"[{operation}] dtype {given} was given - float64 or float32 is needed."
        raise TypeError(f"{message} Pass e.g. np.float32.")
    return wanted  # type: ignore[no-any-return]
