"""Variables: nodes of their own for the arguments of a function that is being differentiated.

Every transform calls its function here, in a scope that switches recording on, and learns whether
its results have to be Values: inside of another transform they do, for they may depend on the
variables of that one. Start reading at `Variables`.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar
from typing import Any

import numpy as np

from autograd import _core
from autograd.engine import Value
from autograd.object_arrays import stacked
from autograd.transforms.trees import counterparts, is_tree, leaves, places, rebuilt

__all__ = [
    "Scope",
    "Variables",
    "as_plain",
    "gradients_of",
    "is_inside",
    "passes_untouched",
    "positions_of",
    "refuse_uncallable",
    "results",
    "separated",
    "zeros",
]

# How many transforms run here, one inside the other.
_depth: ContextVar[int] = ContextVar("depth", default=0)


# In a tree they pass untouched.
_NO_NUMBERS = (str, bytes, bool, np.bool_)


class Scope:
    """Where a transform works: recording is on, also inside of an outer `no_grad()`."""

    __slots__ = ("_outer", "_recording")

    def __enter__(self) -> None:
        self._recording = _core.set_recording(True)
        self._outer = _depth.set(_depth.get() + 1)

    def __exit__(self, *exception: object) -> None:
        _depth.reset(self._outer)
        _core.set_recording(self._recording)


def is_inside() -> bool:
    """Return whether the transform that runs here does so inside of another one."""
    return _depth.get() > 1


def positions_of(operation: str, argnums: int | Sequence[int]) -> tuple[int, ...]:
    """Return the positions as a tuple, also of one."""
    given: Any = (argnums,) if isinstance(argnums, int) else argnums
    if not isinstance(given, tuple | list) or any(type(one) is not int for one in given):
        message = (
            f"[{operation}] argnums {argnums!r} was given - the position of an argument, or "
            "several, is needed. Pass an int or a tuple of ints, and the arguments to what is "
            "returned."
        )
        raise TypeError(message)
    return tuple(given)


class Variables:
    """The arguments of a function, with a node that stands for each number, array and Value.

    Attributes
    ----------
    parts : list
        The arguments that are differentiated, as they were given.
    nodes : list of Value
        One for each of their leaves that is a variable, also where a function gets a value twice.
    arguments : list
        All arguments, with the nodes in their places.
    hold_values : bool
        Whether one of the leaves was a Value: then results are Values, too.
    """

    __slots__ = (
        "_is_tree",
        "_is_variable",
        "_positions",
        "arguments",
        "hold_values",
        "nodes",
        "parts",
    )

    def __init__(
        self, operation: str, args: Sequence[Any], positions: Sequence[int] | None = None
    ) -> None:
        if positions is None:
            positions = range(len(args))
        else:
            _check(operation, len(args), positions)
        self._positions = positions
        self.arguments = list(args)
        self.parts: list[Any] = []
        self.nodes: list[Value] = []
        self.hold_values = False
        self._is_tree = False
        self._is_variable: list[bool] = []  # of each leaf
        for position in positions:
            given = args[position]
            self.parts.append(given)
            if is_tree(given):
                self._is_tree = True
                found = (self._enter(leaf) for leaf in leaves(given))
                self.arguments[position] = rebuilt(given, found)
            else:
                self.arguments[position] = self._variable(given)

    def restored(self, amounts: list[Any]) -> list[Any]:
        """Return something for each variable in the structure of the parts, None for the others."""
        if not self._is_tree:
            return amounts
        given = iter(amounts)
        in_order = (next(given) if variable else None for variable in self._is_variable)
        return [rebuilt(part, in_order) for part in self.parts]

    def selected(self, amounts: Sequence[Any]) -> list[Any]:
        """Return those that belong to variables, of one for each leaf."""
        return [one for one, variable in zip(amounts, self._is_variable, strict=True) if variable]

    def matched(self, operation: str, role: str, given: Any) -> list[Any]:
        """Return what stands in something like the parts where they have their variables."""
        if not self._is_tree and type(given) is list and len(given) == len(self.parts):
            return given
        return self.selected(counterparts(operation, role, self.parts, given))

    def names(self) -> list[str]:
        """Return how each variable is reached."""
        named = zip(self._positions, self.parts, strict=True)
        return self.selected(
            [name for position, part in named for name in places(part, f"argument {position}")]
        )

    def _enter(self, leaf: Any) -> Any:
        """Make a variable of what stands in a tree, unless it is a name, a truth or nothing."""
        if passes_untouched(leaf):
            self._is_variable.append(False)
            return leaf
        return self._variable(leaf)

    def _variable(self, given: Any) -> Value:
        node: Value
        if isinstance(given, Value):
            self.hold_values = True
            node = +given if given.requires_grad else Value(given.data)
        else:
            node = Value(given)
        self.nodes.append(node)
        self._is_variable.append(True)
        return node


def _check(operation: str, count: int, positions: Sequence[int]) -> None:
    """Raise an error unless each position is that of an argument of its own."""
    taken: set[int] = set()
    for position in positions:
        if not -count <= position < count:
            message = (
                f"[{operation}] argnums {position} was given - the position of one of the {count} "
                "positional arguments is needed. Pass the argument by position."
            )
            raise IndexError(message)
        if position % count in taken:
            message = (
                f"[{operation}] argnums names argument {position} twice - each argument once is "
                "needed. Leave the second out."
            )
            raise ValueError(message)
        taken.add(position % count)


def passes_untouched(leaf: Any) -> bool:
    """Return whether it is nothing, a name or a truth, and so no variable in a tree."""
    if leaf is None or isinstance(leaf, _NO_NUMBERS):
        return True
    return isinstance(leaf, np.ndarray) and leaf.dtype == np.bool_


def results(operation: str, tree: Any) -> list[Value | None]:
    """Return the leaves of what a function has returned: Values, and None where it has None.

    Raises
    ------
    TypeError
        If there is anything else.
    """
    # What np.array([a, b]) makes of Values is one as well.
    found = [stacked(leaf) if isinstance(leaf, np.ndarray) else leaf for leaf in leaves(tree)]
    for leaf in found:
        if isinstance(leaf, Value) or (leaf is None and tree is not None):
            continue
        message = (
            f"[{operation}] the function returned {type(leaf).__name__} - a Value is needed. "
            "Compute with operators and functions of autograd."
        )
        raise TypeError(message)
    return found


def separated(operation: str, returned: Any) -> tuple[Any, Any]:
    """Return what is to be differentiated, and what came beside it."""
    if isinstance(returned, tuple) and len(returned) == 2:
        return returned[0], returned[1]
    size = f" of length {len(returned)}" if is_tree(returned) else ""
    message = (
        f"[{operation}] the function returned a {type(returned).__name__}{size} - a pair of the "
        "Value and of what comes beside it is needed. Return both, or leave has_aux out."
    )
    raise TypeError(message)


def as_plain(tree: Any) -> Any:
    """Return a tree with the data of its Values."""
    if isinstance(tree, Value):
        return tree.data
    return rebuilt(tree, (_data_of(leaf) for leaf in leaves(tree)))


def _data_of(leaf: Any) -> Any:
    if isinstance(leaf, np.ndarray) and any(isinstance(one, Value) for one in leaf.flat):
        leaf = stacked(leaf)
    return leaf.data if isinstance(leaf, Value) else leaf


def zeros(like: Value, as_value: bool) -> Any:
    """Return the derivative of what does not depend on a variable."""
    plain = np.zeros(like.shape, like.dtype) if like.ndim else 0.0
    return Value(plain, requires_grad=False) if as_value else plain


def gradients_of(root: Value, nodes: Sequence[Value], seed: Any, create_graph: bool) -> list[Any]:
    """Return the gradients of a root, zeros where it is a constant."""
    if root.requires_grad:
        return _core.gradients(root, list(nodes), seed, create_graph)
    return [zeros(node, create_graph) for node in nodes]


def refuse_uncallable(operation: str, given: object, advice: str) -> None:
    """Raise a TypeError unless a function was given."""
    if not callable(given):
        message = f"[{operation}] {type(given).__name__} was given - a function is needed. {advice}"
        raise TypeError(message)
