"""What a module holds: its parameters and the modules in it, found by looking at attributes.

Start reading at `walk`. Nothing here is recursive.
"""

from __future__ import annotations

import sys
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import _core
from autograd.engine import Value
from autograd.object_arrays import holds_objects

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from autograd.nn.module import Module

# The way from the root to an item, last step first: (way to the owner, key). Joined to a name only
# on demand.
Path = tuple[Any, ...]
Parameter = tuple[Path, object, Value]
View = tuple[Value, Value]  # an element of an array, and the array

# What most attributes are, and nothing is found in: one look at the type settles it.
PLAIN = frozenset({bool, float, int, str, type(None)})


def scalars_of(blocks: list[Value], modules: list[Module]) -> list[Value]:
    """Return the elements of the blocks; those that a module keeps views of in its order."""
    kept: dict[int, list[View]] = {}
    for views in [module._views() for module in reversed(modules)]:  # noqa: SLF001 (same class)
        kept.update((id(block), views) for _, block in views[:1] + views[-1:])
    left = {id(block) for block in blocks}
    scalars: list[Value] = []
    for block in blocks:
        if id(block) not in left:
            continue  # came with another block of its layer
        if views := kept.get(id(block), []):
            scalars += [view for view, base in views if id(base) in left]
            left.difference_update([id(views[0][1]), id(views[-1][1])])
        elif block.ndim == 0:
            scalars.append(block)
        else:
            scalars += [block[index] for index in np.ndindex(block.shape)]
    return scalars


def walk(
    root: Module, kind: type[Module], *, frozen: bool = False
) -> tuple[list[Parameter], list[Module]]:
    """Return the parameters, each with its owner's path and its key, and the modules below `root`.

    Each comes once, in definition order, `root` itself first. With `frozen`, leaves that require no
    gradient are among the parameters. Neither depth nor a cycle (a module that knows its owner)
    does harm. `kind` is `Module`, which is above this file. Warns of a leaf that is no parameter
    only because the module has the result of its ``astype`` instead.
    """
    parameters: list[Parameter] = []
    computed: list[Parameter] = []
    modules = [root]
    seen = {id(root)}  # identities stay valid while we walk: what was seen is held by its owner
    stack: list[tuple[Path, Iterator[tuple[object, object]]]] = [((), iter(entries(root)))]
    while stack:
        path, members = stack[-1]
        for key, item in members:
            if type(item) in PLAIN:
                continue
            identity = id(item)
            if identity in seen:
                continue
            if isinstance(item, Value):
                seen.add(identity)
                if not item.is_leaf:
                    computed.append((path, key, item))
                elif frozen or item.requires_grad:
                    parameters.append((path, key, item))
            elif isinstance(item, (kind, list, tuple, dict, np.ndarray)):
                if isinstance(item, np.ndarray) and not holds_objects(item):
                    continue
                seen.add(identity)
                if isinstance(item, kind):
                    modules.append(item)
                stack.append(((path, key), iter(entries(item))))
                break  # down into it; the iterator of this level goes on afterwards
        else:
            stack.pop()
    if any(value.ndim == 0 for _, _, value in parameters):
        # Somebody may hold an element beside the array: the same number comes once.
        arrays = {id(value) for _, _, value in parameters if value.ndim > 0}
        parameters = [one for one in parameters if not (arrays and _is_element_of(one[2], arrays))]
    _warn_of_lost(root, computed, seen)
    return parameters, modules


def _warn_of_lost(root: Module, computed: list[Parameter], seen: set[int]) -> None:
    """Warn of results of ``astype`` whose leaf would be a parameter, and is not in the module.

    Other results are legitimate, and so is this one where its leaf is there, too.
    """
    for path, key, value in computed:
        if value.op != "astype" or not value.requires_grad:
            continue
        leaf: Any = value.args[0]
        if leaf.is_leaf and id(leaf) not in seen:
            message = f"[{type(root).__name__}] {name_of((path, key))} is the result of astype, no"
            warnings.warn(
                f"{message} parameter - a leaf is needed for that. Convert with module.astype(),"
                " or make a new Value of the data.",
                stacklevel=_depth_of_caller(),
            )


def _depth_of_caller() -> int:
    """Return how far up from the caller of this function the code outside of the package is."""
    package = __name__.partition(".")[0]
    depth, frame = 1, sys._getframe(1)  # noqa: SLF001 - there is no other
    while frame.f_back and frame.f_globals.get("__name__", "").partition(".")[0] == package:
        depth, frame = depth + 1, frame.f_back
    return depth


def _is_element_of(value: Value, arrays: set[int]) -> bool:
    """Whether a value is an element of one of the arrays with these identities."""
    element = _core.element_of(value) if value.ndim == 0 else None
    return element is not None and id(element[0]) in arrays


def entries(
    owner: Module | list[Any] | tuple[Any, ...] | dict[Any, Any] | NDArray[Any],
) -> Iterable[tuple[object, object]]:
    """Return what `owner` holds, as (key, item) pairs in definition order."""
    if isinstance(owner, (list, tuple)):
        return enumerate(owner)
    if isinstance(owner, np.ndarray):  # of objects
        return enumerate(owner.flat)
    return (owner if isinstance(owner, dict) else vars(owner)).items()


def name_of(path: Path) -> str:
    """Join a path to a dotted name."""
    keys = []
    while path:
        path, key = path
        keys.append(str(key))
    return ".".join(reversed(keys))
