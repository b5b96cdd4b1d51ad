"""Stored: a graph in the list of words in which the engine stores it, taken apart.

What an operation was told beside its arguments (an axis, an activation, places) the engine says
there and nowhere else; the list is in the order in which the graph was computed, too.
`flat_graph.cpp` and `structural.hpp` of the core say what the words mean. Start reading at
`stored`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

import numpy as np

from autograd import _core
from autograd.engine import AutogradError, Value

Thing = TypeVar("Thing")

_HEADER = 2  # words: name, numbers and count of what follows; the data
_DOT_HEADER = 2  # words: size, activation and flags; what went into the activation
_HAS_NODES = 48  # bits before the flag that the inputs of a dot are nodes
_LISTS = ("sum", "mean", "logsumexp", "dot", "neuron")  # they take scalars, any number of them


class Record(NamedTuple):
    """What is stored of one result.

    Attributes
    ----------
    name : str
        ``"elementwise tanh"``, ``"structure sum"``, ``"tanh"``, ``"dot"``, ...
    head, primal : int
        The words before the others: name, numbers and count of what follows; the data.
    body : list of int
        The words of the operation itself.
    """

    name: str
    head: int
    primal: int
    body: list[int]

    @property
    def flags(self) -> int:
        """Sixteen bits, which say of most operations which arguments are numbers."""
        return self.head >> 16 & 0xFFFF

    @property
    def is_elementwise(self) -> bool:
        """Whether it is an entry of the table of operations."""
        kind, _, name = self.name.rpartition(" ")
        return kind == "elementwise" or (not kind and name not in _LISTS)

    def references(self) -> list[int]:
        """Return where in the body the numbers of other nodes stand."""
        kind, _, name = self.name.rpartition(" ")
        if kind == "structure":
            return list(range(1, 1 + self.body[0]))
        if self.is_elementwise:
            return [place for place in range(len(self.body)) if not self.flags >> place & 1]
        if name in ("dot", "neuron"):
            numbers = 0 if self.body[0] >> _HAS_NODES & 0xFF else self.body[0] & 0xFFFFFFFF
            return list(range(_DOT_HEADER, len(self.body) - numbers))
        return list(range(len(self.body)))

    def settings(self) -> list[int]:
        """Return the words behind the references of a structural operation."""
        return self.body[1 + self.body[0] :]


class Stored(NamedTuple):
    """A graph as it is stored: nodes are counted through, leaves first, then results.

    Attributes
    ----------
    names : sequence of str
        To which words refer.
    records : list of Record
        The results in the order in which they were computed; the root is the last.
    leaves : int
        How many leaves there are.
    arrays : tuple of ndarray
        The data of array results, and places.
    """

    names: Sequence[str]
    records: list[Record]
    leaves: int
    arrays: tuple[Any, ...]

    def record(self, number: int) -> Record | None:
        """Return what is stored of a node, None of a leaf."""
        return None if number < self.leaves else self.records[number - self.leaves]

    def matched(
        self, root: Thing, args_of: Callable[[Thing], Sequence[Thing]]
    ) -> Iterator[tuple[int, Thing, Record]]:
        """Give each result in the graph with its number; numbers grow with time.

        Parameters
        ----------
        root : object
            What stands for the root outside of here.
        args_of : callable
            A function that returns what stands for the arguments that are nodes.
        """
        waiting = [(self.leaves + len(self.records) - 1, root)]
        seen = set()
        while waiting:
            number, thing = waiting.pop()
            record = self.record(number)
            if record is None or number in seen:
                continue
            seen.add(number)
            references = [record.body[place] for place in record.references()]
            waiting.extend(zip(references, args_of(thing), strict=True))
            yield number, thing, record


def stored(root: Value) -> Stored | None:
    """Return what the engine stores of the graph of a value.

    None where it cannot be stored: a leaf has changed, or an operation is the user's own.

    Examples
    --------
    >>> x = Value([[1.0, 2.0]])
    >>> graph = stored(x.sum(axis=0))
    >>> graph.leaves, [record.name for record in graph.records]
    (1, ['structure sum'])
    """
    try:
        names, words, leaves, _, arrays = _core.flatten(root)
    except AutogradError:
        return None
    return Stored(names, _records(names, words), len(leaves), arrays)


def _records(names: Sequence[str], words: bytes) -> list[Record]:
    """Take the list of words apart."""
    numbers = np.frombuffer(words, dtype=np.uint64).tolist()
    records = []
    place = 0
    while place < len(numbers):
        head, primal = numbers[place : place + _HEADER]
        end = place + _HEADER + (head >> 32)
        records.append(Record(names[head & 0xFFFF], head, primal, numbers[place + _HEADER : end]))
        place = end
    return records
