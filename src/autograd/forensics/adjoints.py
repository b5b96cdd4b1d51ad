"""Adjoints: those of a whole backward pass, looked at before it is made.

Start reading at `first_anomaly`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from autograd.forensics.nodes import GRADIENTS, Node, read
from autograd.forensics.quantity import is_finite
from autograd.forensics.recorder import RECORDER
from autograd.forensics.rules import Rules

if TYPE_CHECKING:
    from autograd.engine import Value


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
