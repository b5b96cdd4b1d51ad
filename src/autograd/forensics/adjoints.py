"""Adjoints: those of a whole backward pass, looked at before it is made.

While somebody watches, `Value.backward` and the core's `gradients`, below every transform, are
functions that ask first; otherwise they are what they always are. Start reading at `first_anomaly`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

from autograd import _core
from autograd.engine import Value
from autograd.forensics.nodes import GRADIENTS, Node, read
from autograd.forensics.quantity import is_finite
from autograd.forensics.recorder import RECORDER
from autograd.forensics.rules import Rules

_BACKWARD = Value.backward


class Found(NamedTuple):
    """Where an adjoint stops being finite.

    Attributes
    ----------
    value : Value
        The result of the operation.
    adjoint : float or ndarray
        With respect to that: what the operation was given.
    place : int or None
        Which argument gets something else; None if the adjoint itself is not finite.
    passed : float, ndarray or None
        What it gets.
    """

    value: Value
    adjoint: Any
    place: int | None
    passed: Any


def first_anomaly(root: Value, seed: Any) -> Found | None:
    """Return the first operation, from the root on, that passes on what is not finite.

    No gradient changes. O(nodes), and holds the adjoints of all of them meanwhile.
    """
    with RECORDER.unseen():
        nodes = read(root)
        asked = [place for place, node in enumerate(nodes) if node.value.requires_grad]
        if not asked:
            return None  # the pass itself will say so
        values = [nodes[place].value for place in asked]
        adjoints = dict(zip(asked, GRADIENTS(root, values, seed, False), strict=True))
        wrong = [place for place in asked if not is_finite(adjoints[place])]
        return _diagnosed(nodes, adjoints, wrong[-1]) if wrong else None


def _diagnosed(nodes: list[Node], adjoints: dict[int, Any], worst: int) -> Found:
    """Return who passed on the adjoint of a node that is not finite, though all users' are."""
    rules = Rules(nodes)
    for user in range(len(nodes) - 1, worst, -1):
        if worst not in nodes[user].args or user not in adjoints:
            continue
        amounts = rules.contributions(user, adjoints[user])
        for place, amount in enumerate(amounts):
            if amount is not None and nodes[user].args[place] == worst and not is_finite(amount):
                return Found(nodes[user].value, adjoints[user], place, amount)
    return Found(nodes[worst].value, adjoints[worst], None, None)


def watch(look: Callable[[Value, Any], None]) -> None:
    """Call a function with the root and the seed of each backward pass, before it is made."""

    @functools.wraps(_BACKWARD)
    def backward(
        self: Value, gradient: Any = None, create_graph: bool = False, retain_grad: bool = False
    ) -> None:
        look(self, gradient)
        _BACKWARD(self, gradient, create_graph, retain_grad)

    @functools.wraps(GRADIENTS)
    def gradients(root: Value, inputs: Any, gradient: Any, create_graph: bool) -> list[Any]:
        look(root, gradient)
        return GRADIENTS(root, inputs, gradient, create_graph)

    _put(backward, gradients)


def unwatch() -> None:
    """Put back what was there."""
    _put(_BACKWARD, GRADIENTS)


def _put(backward: Any, gradients: Any) -> None:
    setattr(Value, "backward", backward)  # noqa: B010 - mypy: a method is no variable
    setattr(_core, "gradients", gradients)  # noqa: B010
