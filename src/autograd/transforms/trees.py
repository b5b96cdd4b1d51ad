"""Trees: numbers, arrays and Values in tuples, lists and dictionaries, nested in each other.

A tree is its own description: `rebuilt(tree, leaves)` makes another one of the same structure, so
that no second class has to stand for it. Whatever is no tuple, list or dictionary is a leaf. Named
tuples and kinds of dictionaries stay what they are.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

__all__ = ["counterparts", "is_tree", "leaves", "places", "rebuilt"]


_BRANCHES = (tuple, list, dict)


def is_tree(given: object) -> bool:
    """Return whether something is a tuple, a list or a dictionary."""
    return isinstance(given, _BRANCHES)


def leaves(tree: Any) -> list[Any]:
    """Return the leaves, in their order.

    Examples
    --------
    >>> from autograd.transforms.trees import leaves
    >>> leaves({"w": [1.0, 2.0], "b": (3.0, None)})
    [1.0, 2.0, 3.0, None]
    """
    if not isinstance(tree, _BRANCHES):
        return [tree]
    parts = tree.values() if isinstance(tree, dict) else tree
    return [leaf for part in parts for leaf in leaves(part)]


def rebuilt(tree: Any, replacements: Iterator[Any]) -> Any:
    """Return a tree of the same structure with other leaves, given in order.

    Examples
    --------
    >>> from autograd.transforms.trees import rebuilt
    >>> rebuilt({"w": [1.0, 2.0], "b": 3.0}, iter("abc"))
    {'w': ['a', 'b'], 'b': 'c'}
    """
    if isinstance(tree, list):
        return [rebuilt(part, replacements) for part in tree]
    if isinstance(tree, tuple):
        parts = [rebuilt(part, replacements) for part in tree]
        return type(tree)(*parts) if hasattr(tree, "_fields") else tuple(parts)
    if isinstance(tree, dict):
        other = copy.copy(tree)  # a defaultdict, too, stays one
        for key, part in tree.items():
            other[key] = rebuilt(part, replacements)
        return other
    return next(replacements)


def places(tree: Any, name: str = "") -> list[str]:
    """Return how each leaf is reached.

    Examples
    --------
    >>> from autograd.transforms.trees import places
    >>> places({"w": [1.0, 2.0], "b": 3.0}, "weights")
    ["weights['w'][0]", "weights['w'][1]", "weights['b']"]
    """
    if not is_tree(tree):
        return [name]
    parts = tree.items() if isinstance(tree, dict) else enumerate(tree)
    return [place for key, part in parts for place in places(part, f"{name}[{key!r}]")]


def counterparts(operation: str, role: str, tree: Any, other: Any) -> list[Any]:
    """Return what stands in `other` where `tree` has its leaves; None for a whole part is None.

    Raises
    ------
    ValueError
        If `other` has no such places.
    """
    if not is_tree(tree):
        return [other]
    if other is None:
        return [None] * len(leaves(tree))
    if isinstance(tree, dict):
        if not isinstance(other, dict) or tree.keys() != other.keys():
            _refuse(operation, role, tree, other)
        pairs = [(part, other[key]) for key, part in tree.items()]
    else:
        if not isinstance(other, tuple | list) or len(tree) != len(other):
            _refuse(operation, role, tree, other)
        pairs = list(zip(tree, other, strict=True))
    return [found for part, match in pairs for found in counterparts(operation, role, part, match)]


def _refuse(operation: str, role: str, tree: Any, other: Any) -> None:
    message = (
        f"[{operation}] {_description(other)} was given as {role} - {_description(tree)} is "
        "needed. Give it the structure of what it belongs to."
    )
    raise ValueError(message)


def _description(tree: Any) -> str:
    if isinstance(tree, dict):
        return f"a {type(tree).__name__} with the keys {', '.join(map(repr, tree))}"
    if isinstance(tree, tuple | list):
        return f"a {type(tree).__name__} of length {len(tree)}"
    return f"a {type(tree).__name__}"
