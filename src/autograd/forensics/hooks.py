"""Hooks: what is called in the place of the engine's own functions while somebody listens.

`Value.backward`, and the core's `gradients` and `push_forward`, below every transform, ask those
who want to look at a pass before it is made; then they do what they always do. With the last
listener they are what they always are. Start reading at `install`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from autograd import _core
from autograd.engine import Value
from autograd.forensics.nodes import GRADIENTS

BACKWARD = Value.backward
# As it is while nothing is replaced, like GRADIENTS.
PUSH_FORWARD = _core.push_forward

LookBack = Callable[[Value, Any], None]
LookAhead = Callable[[Value, Any, Any], None]

_look_back: LookBack | None = None
_look_ahead: LookAhead | None = None


def install(recorded: Callable[[Value], None]) -> None:
    """Put the hooks in place; `recorded` is told the root of each pass that recorded gradients."""

    @functools.wraps(BACKWARD)
    def backward(
        self: Value, gradient: Any = None, create_graph: bool = False, retain_grad: bool = False
    ) -> None:
        if _look_back is not None:
            _look_back(self, gradient)
        BACKWARD(self, gradient, create_graph, retain_grad)
        if create_graph:
            recorded(self)

    @functools.wraps(GRADIENTS)
    def gradients(root: Value, inputs: Any, gradient: Any, create_graph: bool) -> list[Any]:
        if _look_back is not None:
            _look_back(root, gradient)
        return GRADIENTS(root, inputs, gradient, create_graph)

    @functools.wraps(PUSH_FORWARD)
    def push_forward(root: Value, inputs: Any, tangents: Any, create_graph: bool) -> Any:
        if _look_ahead is not None:
            _look_ahead(root, inputs, tangents)
        return PUSH_FORWARD(root, inputs, tangents, create_graph)

    _put(backward, gradients, push_forward)


def remove() -> None:
    """Put back what was there."""
    _put(BACKWARD, GRADIENTS, PUSH_FORWARD)


def look(back: LookBack | None, ahead: LookAhead | None) -> None:
    """Call functions with what each pass is given, before it is made; None for nobody."""
    global _look_back, _look_ahead
    _look_back, _look_ahead = back, ahead


def _put(backward: Any, gradients: Any, push_forward: Any) -> None:
    setattr(Value, "backward", backward)  # noqa: B010 - mypy: a method is no variable
    setattr(_core, "gradients", gradients)  # noqa: B010
    setattr(_core, "push_forward", push_forward)  # noqa: B010
