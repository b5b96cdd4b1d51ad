"""Tangents: those of a whole pass forward, looked at before it is made.

Start reading at `first_anomaly`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from autograd import _core
from autograd.engine import Value
from autograd.forensics.hooks import PUSH_FORWARD
from autograd.forensics.nodes import Element, Node, read
from autograd.forensics.quantity import is_finite
from autograd.forensics.recorder import RECORDER
from autograd.forensics.rules import Rules


class Found(NamedTuple):
    """Where a tangent stops being finite.

    Attributes
    ----------
    value : Value
        The result of the operation, or the input whose tangent was given so.
    tangents : tuple of (float or ndarray)
        Those of the arguments, 0 where nothing changes.
    tangent : float or ndarray
        That of the result.
    """

    value: Value
    tangents: tuple[Any, ...]
    tangent: Any


def first_anomaly(root: Value, inputs: Sequence[Value], tangents: Sequence[Any]) -> Found | None:
    """Return the first operation that makes a tangent which is not finite out of finite ones.

    None if the tangent of the root is finite. O(nodes) and a rule for each, if it is not.
    """
    given = [tangent.data if isinstance(tangent, Value) else tangent for tangent in tangents]
    with RECORDER.unseen():
        for value, tangent in zip(inputs, given, strict=True):
            if not is_finite(tangent):
                return Found(value, (), tangent)
        whole = PUSH_FORWARD(root, inputs, given, False)
        return None if is_finite(whole) else _diagnosed(root, inputs, given)


def _diagnosed(root: Value, inputs: Sequence[Value], given: Sequence[Any]) -> Found | None:
    """Return the first result whose tangent is not finite."""
    nodes = read(root)
    rules = Rules(nodes)
    seeds = [
        (value, None if value.shape or value.args else _core.element_of(value), tangent)
        for value, tangent in zip(inputs, given, strict=True)
    ]
    known: list[Any] = []
    for number, node in enumerate(nodes):
        found = [_seed(node, *seed) for seed in seeds] if node.value.is_leaf else []
        known.append(sum(found))
        changes = [0.0 if arg is None else known[arg] for arg in node.args]
        if not any(np.any(change) for change in changes):
            continue
        tangent = rules.tangent(number, changes)
        if tangent is None:
            tangent = PUSH_FORWARD(node.value, inputs, given, False)
        if not is_finite(tangent):
            return Found(node.value, tuple(changes), tangent)
        known[-1] = tangent
    return None


def _seed(node: Node, value: Value, element: Element | None, tangent: Any) -> Any:
    """Return what a leaf has of the tangent of an input, which may be an element of an array."""
    if node.value is value or (element is not None and node.element == element):
        return tangent
    if node.element is not None and node.element[0] is value:
        return float(tangent[node.element[1]])
    return 0.0
