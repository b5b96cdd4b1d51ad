"""The nodes that a root was computed from, arguments before their users. Not recursive.

Start reading at `read`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from autograd import _core
from autograd.engine import Value

# As it is while nothing is replaced: `detect_anomaly` puts a checking one in its place.
GRADIENTS = _core.gradients

Element = tuple[Value, tuple[int, ...]]


class Node(NamedTuple):
    """A value of the graph.

    Attributes
    ----------
    value : Value
    args : tuple of int or None
        The numbers of what it was computed from, each argument in its place; None for a number.
    element : (Value, tuple of int) or None
        Of an element of an array leaf: the array, and the place.
    """

    value: Value
    args: tuple[int | None, ...]
    element: Element | None = None


def read(root: Value) -> list[Node]:
    """Return the nodes of a graph, the root last; they hold their Values."""
    nodes: list[Node] = []
    # An element of an array leaf gets a new object each time, and is known by its place.
    numbers: dict[Any, int] = {}
    # Held to the end, so that no id is used twice.
    opened: dict[int, tuple[tuple[Value | float, ...], Element | None]] = {}
    held: list[Any] = []

    def key_of(value: Value) -> Any:
        if id(value) not in opened:
            args = value.args
            element = None if args or value.shape else _core.element_of(value)
            opened[id(value)] = (args, element)
            held.append(value)
        element = opened[id(value)][1]
        return id(value) if element is None else (id(element[0]), element[1])

    stack = [root]
    key_of(root)
    visited: set[int] = set()
    while stack:
        value = stack[-1]
        key = key_of(value)
        if key in numbers:
            stack.pop()
            continue
        args, element = opened[id(value)]
        if id(value) not in visited:
            visited.add(id(value))
            ahead = [arg for arg in args if isinstance(arg, Value) and key_of(arg) not in numbers]
            if ahead:
                stack.extend(reversed(ahead))
                continue
        numbers[key] = len(nodes)
        found = tuple(numbers[key_of(arg)] if isinstance(arg, Value) else None for arg in args)
        nodes.append(Node(value, found, element))
        stack.pop()
    return nodes
