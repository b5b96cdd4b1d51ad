"""The layout of a tree in a vector: which of its numbers stands where."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.engine import Value
from autograd.transforms.trees import leaves, places, rebuilt
from autograd.transforms.variables import passes_untouched

__all__ = ["Layout"]

Vector = NDArray[np.float64]


class Layout:
    """The order in which the numbers of a tree stand in a vector.

    Parameters
    ----------
    operation : str
        Who asks, for messages.
    tree : number, array, Value, or tuple, list or dict of them
        None, strings and truths in a tree pass untouched.

    Attributes
    ----------
    start : ndarray of float64
        The numbers of the tree.

    Raises
    ------
    TypeError
        If there is something else in it.
    ValueError
        If there are no numbers, or one is not finite.

    Examples
    --------
    >>> layout = Layout("minimize", {"w": np.ones((1, 2)), "b": 3.0})
    >>> layout.start
    array([1., 1., 3.])
    >>> layout.tree(layout.start + 1.0)
    {'w': array([[2., 2.]]), 'b': 4.0}
    """

    def __init__(self, operation: str, tree: Any) -> None:
        self._tree = tree
        self._slots: list[Any] = []  # of each leaf: where it stands and its shape, or itself
        self._is_variable: list[bool] = []
        pieces: list[Vector] = []
        end = 0
        for place, leaf in zip(places(tree, "x0"), leaves(tree), strict=True):
            variable = leaf is tree or not passes_untouched(leaf)
            self._is_variable.append(variable)
            if not variable:
                self._slots.append(leaf)
                continue
            data = np.asarray(leaf.data if isinstance(leaf, Value) else Value(leaf).data, float)
            if not np.isfinite(data).all():
                message = f"[{operation}] {place} has an element that is {_odd(data)} - finite"
                raise ValueError(f"{message} numbers are needed. Start somewhere else.")
            begin, end = end, end + data.size
            self._slots.append((slice(begin, end), data.shape))
            pieces.append(data.reshape(-1))
        if end == 0:
            message = f"[{operation}] x0 holds no numbers - at least one is needed."
            raise ValueError(f"{message} Pass where to start.")
        self.start = np.concatenate(pieces)

    def tree(self, vector: Vector) -> Any:
        """Return the numbers in the structure of the tree: floats and arrays of their own."""
        return rebuilt(self._tree, iter(self._leaves(vector)))

    def variables(self, vector: Vector) -> tuple[Any, list[Value]]:
        """Return the tree with a Value for each number and array, and these Values."""
        nodes: list[Value] = []
        found = self._leaves(vector)
        for index, variable in enumerate(self._is_variable):
            if variable:
                found[index] = Value(found[index])
                nodes.append(found[index])
        return rebuilt(self._tree, iter(found)), nodes

    def place(self, index: int) -> str:
        """Return how the leaf is reached that has this element of the vector."""
        for place, slot, variable in zip(
            places(self._tree, "x0"), self._slots, self._is_variable, strict=True
        ):
            if variable and slot[0].start <= index < slot[0].stop:
                return place
        raise IndexError(index)

    def cut(self, vector: Vector) -> list[Any]:
        """Return a float or an array for each variable."""
        found = self._leaves(vector)
        return [one for one, variable in zip(found, self._is_variable, strict=True) if variable]

    def _leaves(self, vector: Vector) -> list[Any]:
        return [
            (vector[slot[0]].reshape(slot[1]).copy() if slot[1] else float(vector[slot[0].start]))
            if variable
            else slot
            for slot, variable in zip(self._slots, self._is_variable, strict=True)
        ]


def _odd(data: Vector) -> float:
    """Return the first element that is not finite."""
    return next(number for number in np.ravel(data).tolist() if not math.isfinite(number))
