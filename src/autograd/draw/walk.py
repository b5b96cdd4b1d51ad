"""The walk: finding what values were computed from, once each.

It is not recursive, and keeps what it found alive for as long as it lives itself. Start reading at
`Walk.visit`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from autograd import _core
from autograd.engine import Value

COUNTED = 1_000_000  # folded nodes; beyond, the count stops

# While a graph is read, a Value is known by its object; an element of an array leaf, which gets a
# new object each time it is asked for, by the array and its place there.
Key = int | tuple[int, tuple[int, ...]]


class Found(NamedTuple):
    """A Value on the way, and what to go on with from it."""

    value: Value
    args: tuple[Value | float, ...]
    element: tuple[Value, tuple[int, ...]] | None


class Walk:
    """The way through the graph: what was found, and in which order arguments precede users."""

    def __init__(self, operation: str, max_nodes: int) -> None:
        self.operation, self.max_nodes = operation, max_nodes
        self.found: dict[Key, Found] = {}  # holds every Value, so that no id is used twice
        self.opened: set[Key] = set()
        self.order: dict[Key, int] = {}
        self.depths: dict[Key, int] | None = None
        self.folded: dict[Key, int] = {}

    def key(self, value: Value) -> Key:
        """Return what identifies a value, and keep the value."""
        if id(value) in self.found:
            return id(value)
        args = value.args
        element = None if args or value.shape else _core.element_of(value)
        key: Key = id(value) if element is None else (id(element[0]), element[1])
        if key not in self.found:
            self.found[key] = Found(value, args, element)
        return key

    def args(self, key: Key) -> list[Key | float]:
        """Return what is shown of the arguments of a value."""
        given = self.found[key].args
        if self.depths is None:
            return [self.key(arg) if isinstance(arg, Value) else arg for arg in given]
        keys = [self.key(arg) if isinstance(arg, Value) else arg for arg in given]
        return [key for key in keys if isinstance(key, float) or key in self.depths]

    def visit(self, root: Value) -> None:
        """Find what the root was computed from, and its order: arguments first, left to right."""
        stack = [self.key(root)]
        while stack:
            key = stack[-1]
            if key in self.order:
                stack.pop()
            elif key in self.opened:
                self.order[key] = len(self.order)
                stack.pop()
            else:
                self.opened.add(key)
                self.check(len(self.opened))
                ahead = [arg for arg in self.args(key) if not isinstance(arg, float)]
                stack.extend(arg for arg in reversed(ahead) if arg not in self.order)

    def check(self, count: int) -> None:
        """Refuse more nodes than are wanted."""
        if count > self.max_nodes:
            raise ValueError(
                f"[{self.operation}] a graph of more than {self.max_nodes} nodes was given - at "
                f"most max_nodes={self.max_nodes} are taken. Pass a smaller part of it, max_depth="
                "to fold what lies deeper, or a larger max_nodes."
            )

    def fold(self, roots: list[Value], max_depth: int) -> None:
        """Find what lies at most that deep, and count the rest by the node that hides it."""
        depths = dict.fromkeys((self.key(root) for root in roots), 0)
        waiting = deque(depths)
        edge: list[Key] = []
        while waiting:
            key = waiting.popleft()
            if depths[key] == max_depth:
                edge.append(key)
                continue
            for argument in self._ahead(key):
                if argument not in depths:
                    depths[argument] = depths[key] + 1
                    waiting.append(argument)
            self.check(len(depths))
        hiding = {key: key for key in edge}
        waiting = deque(edge)
        while waiting and len(hiding) - len(edge) < COUNTED:
            key = waiting.popleft()
            for argument in self._ahead(key):
                if argument not in depths and argument not in hiding:
                    hiding[argument] = hiding[key]
                    waiting.append(argument)
                    self.folded[hiding[key]] = self.folded.get(hiding[key], 0) + 1
        self.depths = depths

    def _ahead(self, key: Key) -> Iterator[Key]:
        for argument in self.found[key].args:
            if isinstance(argument, Value):
                yield self.key(argument)
