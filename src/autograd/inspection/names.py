"""Names: what leaves without a label are called, as the module that owns them has it.

Start reading at `named`.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from autograd.engine import Value

if TYPE_CHECKING:
    from collections.abc import Iterable

    class Owner(Protocol):
        """What names its parameters, as a module of `autograd.nn` does."""

        def named_parameters(self) -> Iterable[tuple[str, Value]]:
            """Return each parameter with its name."""

    Names = Owner | Mapping[str, Value]


def named(names: Names | None, operation: str) -> list[tuple[str, Value]]:
    """Return the values that have a name, with their names.

    Parameters
    ----------
    names : module, mapping of str to Value, or None
    operation : str
        Who asks, for messages.

    Raises
    ------
    TypeError
        If it is something else, or if a name has no Value.

    Examples
    --------
    >>> from autograd.nn import Net
    >>> [name for name, _ in named(Net(2, [1]), "draw")]
    ['layers.0.weights', 'layers.0.bias']
    """
    if names is None:
        return []
    if isinstance(names, Mapping):
        pairs = list(names.items())
    elif is_owner(names):
        pairs = leaves_of(names)
    else:
        raise TypeError(
            f"[{operation}] names = {type(names).__name__} was given - a module, or a dict of names"
            " and Values, is needed. Pass what has named_parameters()."
        )
    found: list[tuple[object, object]] = [*pairs]  # it may hold anything
    for name, value in found:
        if not isinstance(name, str) or not isinstance(value, Value):
            raise TypeError(
                f"[{operation}] names has {type(value).__name__} under {name!r} - a Value under a "
                "string is needed. Leave out what is none."
            )
    return pairs


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
