"""Rules: what one operation passes back to each of its arguments, or forward, by itself.

The operation is recorded once more, on leaves with the data of its arguments, and differentiated.
What it was told beside them (an axis, an activation) is in the list in which the engine stores a
graph. Start reading at `Rules.contributions`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd import _core
from autograd.engine import OPERATIONS, Value
from autograd.forensics.hooks import PUSH_FORWARD
from autograd.forensics.nodes import GRADIENTS, Node, read
from autograd.inspection.stored import Record, Stored, stored

_ELEMENTWISE: dict[str, Callable[..., Value]] = {
    operation.name: operation.function for operation in OPERATIONS
}


class Rules:
    """The rules of the operations in one graph.

    Parameters
    ----------
    nodes : list of Node
        The graph, from `read`.
    """

    def __init__(self, nodes: Sequence[Node]) -> None:
        self._nodes = nodes
        self._graph: Stored | None = None
        self._records: dict[int, tuple[Record, list[Record | None]]] | None = None

    def contributions(self, number: int, adjoint: Any) -> list[Any]:
        """Return what a result passes to each of its arguments when its adjoint is given.

        None stands for what gets nothing: plain numbers, and values that require no gradient.
        """
        value = self._nodes[number].value
        args = value.args
        wanted = [isinstance(arg, Value) and arg.requires_grad for arg in args]
        previous = _core.set_recording(True)
        try:
            alone = self._alone(number, value, args)
            if alone is None:
                return _by_subtraction(value, args, adjoint)
            result, leaves = alone
            asked = [leaf for leaf, want in zip(leaves, wanted, strict=True) if want]
            amounts = iter(GRADIENTS(result, asked, adjoint, False))
        finally:
            _core.set_recording(previous)
        return [next(amounts) if want else None for want in wanted]

    def tangent(self, number: int, changes: Sequence[Any]) -> Any:
        """Return the tangent of a result whose arguments have these, None if it is not known alone.

        A change of 0.0 is none.
        """
        value = self._nodes[number].value
        args = value.args
        previous = _core.set_recording(True)
        try:
            alone = self._alone(number, value, args)
            if alone is None:
                return None
            result, leaves = alone
            moving = [
                (leaf, change)
                for leaf, change in zip(leaves, changes, strict=True)
                if isinstance(leaf, Value) and leaf.requires_grad and np.any(change)
            ]
            inputs, tangents = [leaf for leaf, _ in moving], [change for _, change in moving]
            return PUSH_FORWARD(result, inputs, tangents, False) if moving else 0.0
        finally:
            _core.set_recording(previous)

    def _alone(
        self, number: int, value: Value, args: tuple[Value | float, ...]
    ) -> tuple[Value, list[Any]] | None:
        """Return the operation on leaves of its own, and these."""
        leaves: list[Any] = [
            Value(arg.data, arg.requires_grad) if isinstance(arg, Value) else arg for arg in args
        ]
        function = _ELEMENTWISE.get(value.op)
        if function is not None:
            return function(*leaves), leaves
        if self._records is None:
            self._graph = stored(self._nodes[-1].value)
            self._records = {} if self._graph is None else self._matched(self._graph)
        found = self._records.get(number)
        if found is None or self._graph is None:
            return None
        return _rebuilt(self._graph, *found, leaves), leaves

    def _matched(self, graph: Stored) -> dict[int, tuple[Record, list[Record | None]]]:
        """Return what is stored of each node, and of its arguments that are results."""
        last = len(self._nodes) - 1
        found: dict[int, tuple[Record, list[Record | None]]] = {}
        for _, number, record in graph.matched(last, self._nodes_in):
            if not record.is_elementwise:
                inner = [graph.record(record.body[place]) for place in record.references()]
                found[number] = (record, inner)
        return found

    def _nodes_in(self, number: int) -> list[int]:
        return [arg for arg in self._nodes[number].args if arg is not None]


def _rebuilt(
    graph: Stored, record: Record, inner: Sequence[Record | None], leaves: list[Any]
) -> Value:
    """Make the node again on leaves."""
    given: list[Value] = []
    words: list[int] = []
    arrays: list[Any] = []
    numbers: list[int] = []
    values = [leaf for leaf in leaves if isinstance(leaf, Value)]
    # Places come from the store, as nodes of their own behind the leaves; there is one at most.
    are_places = [one is not None and one.name == "places" for one in inner]
    for leaf, place in zip(values, are_places, strict=True):
        numbers.append(len(values) - sum(are_places) if place else len(given))
        if not place:
            given.append(leaf)
    for one, place in zip(inner, are_places, strict=True):
        if place and one is not None:
            words += [one.head, len(arrays)]
            arrays.append(graph.arrays[one.primal])
    is_array = record.name.startswith("structure ") and record.flags
    body = list(record.body)
    for at, number in zip(record.references(), numbers, strict=True):
        body[at] = number
    words += [record.head, len(arrays) if is_array else record.primal, *body]
    if is_array:
        arrays.append(graph.arrays[record.primal])
    stored = np.array(words, np.uint64).tobytes()
    return _core.rebuild(graph.names, stored, tuple(given), {}, tuple(arrays))


def _by_subtraction(value: Value, args: tuple[Value | float, ...], adjoint: Any) -> list[Any]:
    """Return the contributions of an operation that cannot be recorded again by itself.

    The derivatives in the whole graph also have what reaches an argument through another one of
    the arguments; that is subtracted, from the latest argument to the earliest. O(nodes below).
    """
    amounts: list[Any] = [None] * len(args)
    distinct: dict[int, Value] = {}
    for arg in args:
        if isinstance(arg, Value) and arg.requires_grad:
            distinct.setdefault(id(arg), arg)
    wanted = list(distinct.values())
    totals = dict(zip(distinct, GRADIENTS(value, wanted, adjoint, False), strict=True))
    for user in _latest_first(wanted):
        amount = totals.pop(id(user))
        amounts[next(i for i, arg in enumerate(args) if arg is user)] = amount
        if totals and not user.is_leaf and np.any(amount):
            left = [distinct[identity] for identity in totals]
            through = GRADIENTS(user, left, amount, False)
            for arg, part in zip(left, through, strict=True):
                if np.any(part):
                    totals[id(arg)] = totals[id(arg)] - part
    return amounts


def _latest_first(values: list[Value]) -> list[Value]:
    """Return values so that none comes before one that was computed from it."""
    left = list(values)
    ordered: list[Value] = []
    below = {id(value): {id(node.value) for node in read(value)[:-1]} for value in values}
    while left:
        for place, value in enumerate(left):
            if not any(id(value) in below[id(other)] for other in left if other is not value):
                ordered.append(left.pop(place))
                break
    return ordered
