"""What all optimizers share: the list of parameters, the learning rate, `zero_grad`.

An update rule is one loop in C++ (``_core.sgd_step``, ``_core.adam_step``); its state lives in
flat NumPy arrays of the optimizer, one number for each number of the parameters, in their order. A
parameter is a scalar, an array, or a view of one element of an array.
"""

from __future__ import annotations

import abc
import math
import numbers
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


class Optimizer(abc.ABC):
    """The base class of optimizers.

    Parameters
    ----------
    parameters : module, iterable of Value, or callable that returns one
        What to update: leaves that require a gradient, scalars and arrays. An iterable is read
        once. A parameter that comes twice is taken once, at its first place.
    lr : float
        The learning rate, positive and finite.

    Attributes
    ----------
    parameters : list of Value
        The parameters; fixed from construction on.

    Raises
    ------
    TypeError
        If something is no Value, or `lr` is no number.
    ValueError
        If there are no parameters, one is no leaf or requires no gradient, two have an element in
        common (an array and a view of it, ``[w, w[0, 0]]``), or `lr` is out of range.

    Examples
    --------
    A rule of one's own implements `step`:

    >>> from autograd import Value
    >>> class SignDescent(Optimizer):
    ...     def step(self):
    ...         for p in self.parameters:
    ...             p.data -= self.lr * ((p.grad > 0) - (p.grad < 0))
    >>> x = Value(3.0)
    >>> (x * x).backward()
    >>> SignDescent([x], lr=0.5).step()
    >>> x.data
    2.5
    """

    def __init__(self, parameters: Parameters, lr: float) -> None:
        self.lr = lr
        self.parameters = _collect(type(self).__name__, parameters)
        self._size = sum(parameter.size for parameter in self.parameters)

    @property
    def lr(self) -> float:
        """The learning rate; can be set between steps, for a schedule."""
        return self._lr

    @lr.setter
    def lr(self, lr: float) -> None:
        self._lr = self._checked("lr", lr, above=0.0)

    @abc.abstractmethod
    def step(self) -> None:
        """Update every parameter from its gradient, once."""

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to zero."""
        _core.zero_grad(self.parameters)

    def _checked(
        self,
        name: str,
        number: object,
        *,
        above: float = -math.inf,
        at_least: float = -math.inf,
        below: float = math.inf,
    ) -> float:
        """Return an option as a finite float within its range, or refuse it."""
        operation = type(self).__name__
        if not isinstance(number, numbers.Real):  # a Value is none: an option is not differentiated
            message = f"[{operation}] {name} is a {type(number).__name__} - a number is needed."
            raise TypeError(f"{message} Pass a float.")
        converted = float(number)
        if not (math.isfinite(converted) and converted > above and at_least <= converted < below):
            bounds = [
                f"> {above:g}" if above > -math.inf else "",
                f">= {at_least:g}" if at_least > -math.inf else "",
                f"< {below:g}" if below < math.inf else "",
            ]
            needed = " and ".join(bound for bound in bounds if bound)
            message = (
                f"[{operation}] {name}={number!r} was given - a finite number {needed} is needed."
            )
            raise ValueError(f"{message} Change {name}.")
        return converted


def _collect(operation: str, parameters: Parameters) -> list[Value]:
    """Return the parameters as a list without duplicates."""
    # A module is often callable too, so this question comes first. Some keep a list instead of a
    # method. Blocks are looked for in the class: many a network has a list of this name.
    given: Any = getattr(parameters, "parameters", parameters)
    blocks = getattr(type(parameters), "blocks", None)
    if given is not parameters and callable(blocks):
        given = blocks(parameters)
    elif callable(given):
        given = given()
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
