"""Parameters as optimizers take them: a module, an iterable, or a callable that returns one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from autograd import _core
from autograd.engine import Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    class HasParameters(Protocol):
        """Anything with a ``parameters()`` method, such as a module.

        If its class has a method ``blocks()`` too, that is asked: the same in as few arrays as
        possible.
        """

        def parameters(self) -> Iterable[Value]:
            """Return the parameters."""

    Parameters = HasParameters | Iterable[Value] | Callable[[], Iterable[Value]]


def collect(operation: str, parameters: Parameters) -> list[Value]:
    """Return the parameters as a list without duplicates, each a leaf that can be updated."""
    # A module is often callable too, so this question comes first. Some keep a list instead of a
    # method. Blocks are looked for in the class: many a network has a list of this name.
    given: Any = getattr(parameters, "parameters", parameters)
    blocks = getattr(type(parameters), "blocks", None)
    if given is not parameters and callable(blocks):
        given = blocks(parameters)
    elif callable(given):
        given = given()
    if isinstance(given, Mapping):
        message = f"[{operation}] a {type(given).__name__} was given - a module or an iterable of"
        is_group = "parameters" in given
        advice = "a group in a list, [group]" if is_group else "its values()"
        raise TypeError(f"{message} Values is needed. Pass {advice}.")
    if isinstance(given, Value) or not hasattr(given, "__iter__"):
        message = f"[{operation}] a {type(given).__name__} was given"
        raise TypeError(
            f"{message} - a module or an iterable of Values is needed."
            " Pass e.g. model.parameters(), or [value]."
        )
    unique: dict[int, Value] = {}
    places: dict[int, int] = {}  # of each parameter in what was given
    for index, parameter in enumerate(given):
        if not isinstance(parameter, Value):
            message = f"[{operation}] parameter {index} is a {type(parameter).__name__}"
            raise TypeError(f"{message} - a Value is needed. Pass e.g. model.parameters().")
        if not (parameter.is_leaf and parameter.requires_grad):
            what = "requires no gradient" if parameter.is_leaf else "is the result of an operation"
            message = f"[{operation}] parameter {index} {what} - a leaf that requires a gradient"
            raise ValueError(f"{message} is needed. Pass the leaves themselves.")
        unique.setdefault(id(parameter), parameter)
        places.setdefault(id(parameter), index)
    if not unique:
        message = f"[{operation}] no parameters were given - at least one is needed."
        raise ValueError(f"{message} Perhaps a generator was used up, or the module holds none.")
    _refuse_shared_elements(operation, unique, places)
    return list(unique.values())


def _refuse_shared_elements(
    operation: str, unique: dict[int, Value], places: dict[int, int]
) -> None:
    """Refuse two parameters with an element in common: each step would update it twice."""
    first: dict[tuple[int, tuple[int, ...]], int] = {}
    arrays: list[Value] = []  # held, so that no two of them have the same id one after the other
    for identity, parameter in unique.items():
        view = None if parameter.ndim > 0 else _core.element_of(parameter)
        if view is None:
            continue
        array, element = view
        arrays.append(array)
        place = places[identity]
        before = first.setdefault((id(array), element), place)
        what = f"[{operation}] parameter {place} is element {element} of"
        if id(array) in unique:
            message = f"{what} parameter {places[id(array)]} - each element once is needed."
            raise ValueError(f"{message} Pass the array alone, or its elements.")
        if before != place:
            message = f"{what} an array, as parameter {before} is - each element once is needed."
            raise ValueError(f"{message} Leave one of the two out.")
