"""Owned: the leaves of a module, those that it has frozen among them."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from autograd.engine import Value

    class Owner(Protocol):
        """What names its parameters, as a module of `autograd.nn` does."""

        def named_parameters(self) -> Iterable[tuple[str, Value]]:
            """Return each parameter with its name."""


def is_owner(given: object) -> bool:
    """Return whether something names its parameters; a class of such things does not."""
    return callable(getattr(given, "named_parameters", None)) and not isinstance(given, type)


def leaves_of(owner: Owner) -> list[tuple[str, Value]]:
    """Return the parameters of an owner with their names, with the frozen ones if it tells them.

    Examples
    --------
    >>> from autograd.nn import Linear
    >>> layer = Linear(2, 1)
    >>> layer.bias.requires_grad = False
    >>> [name for name, _ in leaves_of(layer)], len(layer.named_parameters())
    (['weights', 'bias'], 1)
    """
    asked = owner.named_parameters
    if "frozen" in inspect.signature(asked).parameters:
        return list(asked(frozen=True))  # type: ignore[call-arg] # that is what was looked for
    return list(asked())
