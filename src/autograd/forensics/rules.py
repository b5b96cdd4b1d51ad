"""Rules: what one operation passes back to each of its arguments, by itself.

The operation is recorded once more, on leaves with the data of its arguments, and differentiated.
What it was told beside them (an axis, an activation) is in the words in which the engine stores a
graph; `flat_graph.cpp` of the core says how. Start reading at `Rules.contributions`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from autograd import _core
from autograd.engine import OPERATIONS, AutogradError, Value
from autograd.forensics.nodes import GRADIENTS, Node, read

_ELEMENTWISE: dict[str, Callable[..., Value]] = {
    operation.name: operation.function for operation in OPERATIONS
}
_HEADER = 2  # words: name, numbers and count of what follows; the data
_DOT_HEADER = 2  # words: size, activation and flags; what went into the activation
_HAS_NODES = 48  # bits before the flag that the inputs of a dot are nodes


class _Record(NamedTuple):
    """What is stored of one node: its header, its data, and what follows."""

    name: str
    head: int
    primal: int
    body: list[int]

    def references(self) -> slice:
        """Return where the numbers of other nodes stand, of what is no elementwise operation."""
        kind, _, name = self.name.rpartition(" ")
        if kind == "structure":
            return slice(1, 1 + self.body[0])
        if name in ("dot", "neuron"):
            numbers = 0 if self.body[0] >> _HAS_NODES & 0xFF else self.body[0] & 0xFFFFFFFF
            return slice(_DOT_HEADER, len(self.body) - numbers)
        return slice(0, len(self.body))


class Rules:
    """The rules of the operations in one graph.

    Parameters
    ----------
    nodes : list of Node
        The graph, from `read`.
    """

    def __init__(self, nodes: Sequence[Node]) -> None:
        self._nodes = nodes
        self._names: tuple[str, ...] = ()
        self._arrays: tuple[Any, ...] = ()
        self._records: dict[int, tuple[_Record, list[_Record | None]]] | None = None

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
            self._records = self._stored()
        found = self._records.get(number)
        return None if found is None else (self._rebuilt(*found, leaves), leaves)

    def _stored(self) -> dict[int, tuple[_Record, list[_Record | None]]]:
        """Return what is stored of each node, and of its arguments that are places."""
        try:
            names, words, leaves, _, self._arrays = _core.flatten(self._nodes[-1].value)
        except AutogradError:  # there is an operation of the user's
            return {}
        self._names = names
        records = _records(names, words)
        found: dict[int, tuple[_Record, list[_Record | None]]] = {}
        waiting = [(len(leaves) + len(records) - 1, len(self._nodes) - 1)]
        seen: set[int] = set()
        while waiting:
            stored, number = waiting.pop()
            if stored < len(leaves) or stored in seen:
                continue
            seen.add(stored)
            record = records[stored - len(leaves)]
            ahead = [arg for arg in self._nodes[number].args if arg is not None]
            if record.name in _ELEMENTWISE or record.name.startswith("elementwise "):
                flags = record.head >> 16 & 0xFFFF
                references = [
                    word for place, word in enumerate(record.body) if not flags >> place & 1
                ]
            else:
                references = record.body[record.references()]
                inner = [
                    records[reference - len(leaves)] if reference >= len(leaves) else None
                    for reference in references
                ]
                found[number] = (record, inner)
            waiting.extend(zip(references, ahead, strict=False))
        return found

    def _rebuilt(
        self, record: _Record, inner: Sequence[_Record | None], leaves: list[Any]
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
                arrays.append(self._arrays[one.primal])
        is_array = record.name.startswith("structure ") and record.head >> 16 & 0xFFFF
        body = list(record.body)
        body[record.references()] = numbers
        words += [record.head, len(arrays) if is_array else record.primal, *body]
        if is_array:
            arrays.append(self._arrays[record.primal])
        stored = np.array(words, np.uint64).tobytes()
        return _core.rebuild(self._names, stored, tuple(given), {}, tuple(arrays))


def _records(names: Sequence[str], words: bytes) -> list[_Record]:
    """Take the stored list apart."""
    numbers = np.frombuffer(words, dtype=np.uint64).tolist()
    records = []
    place = 0
    while place < len(numbers):
        head, primal = numbers[place : place + _HEADER]
        end = place + _HEADER + (head >> 32)
        records.append(_Record(names[head & 0xFFFF], head, primal, numbers[place + _HEADER : end]))
        place = end
    return records


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
