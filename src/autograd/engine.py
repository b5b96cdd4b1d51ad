"""The engine: `Value`, the switch for recording, and what is said of both.

Everything hot is compiled (`autograd._core`). Here stand the methods of `Value` that are written
in Python; they are attached to the compiled type, which cannot be subclassed. Start reading at
`no_grad`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, NamedTuple, ParamSpec, TypeVar

import numpy as np

try:
    from autograd import _core
except ImportError as error:
    message = (
        "autograd's compiled core, autograd._core, is missing - did you build it? "
        "Run `python -m pip install .` in the checkout, and start Python outside of src/."
    )
    raise ImportError(message) from error

from autograd._core import (
    AutogradError,
    GradientLostWarning,
    NestedBackwardError,
    NoGradientError,
    StaleValueError,
    Value,
)

__all__ = [
    "OPERATIONS",
    "AutogradError",
    "GradientLostWarning",
    "Memory",
    "NestedBackwardError",
    "NoGradientError",
    "Operation",
    "StaleValueError",
    "Value",
    "is_grad_enabled",
    "memory",
    "no_grad",
]

# Code flags of generators, coroutines and asynchronous generators, as in `inspect`, whose import
# would cost more than all of this package.
_SUSPENDS = 0x20 | 0x80 | 0x200

P = ParamSpec("P")
R = TypeVar("R")


class no_grad:  # noqa: N801 - a context manager is used like a function
    """Record nothing, in this thread, as a context manager or as a decorator.

    Results need less memory and have no gradient. It can be nested and entered again.

    Examples
    --------
    >>> from autograd import Value, no_grad
    >>> x = Value(2.0)
    >>> with no_grad():
    ...     y = x * x
    >>> y.requires_grad
    False
    """

    __slots__ = ("_previous",)

    def __init__(self) -> None:
        self._previous: list[bool] = []

    def __enter__(self) -> None:
        self._previous.append(_core.set_recording(False))

    def __exit__(self, *exception: object) -> None:
        _core.set_recording(self._previous.pop())

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        """Return `function` with recording switched off while it runs."""
        code = getattr(function, "__code__", None)
        if code is not None and code.co_flags & _SUSPENDS:
            message = (
                f"[no_grad] {function.__qualname__}, which can be suspended, was given - a plain "
                "function is needed. Write `with no_grad():` inside of it."
            )
            raise TypeError(message)

        @functools.wraps(function)
        def without_recording(*args: P.args, **kwargs: P.kwargs) -> R:
            with no_grad():
                return function(*args, **kwargs)

        return without_recording


def is_grad_enabled() -> bool:
    """Return whether operations are recorded in this thread.

    Examples
    --------
    >>> import autograd
    >>> autograd.is_grad_enabled()
    True
    """
    return _core.is_recording()


class Memory(NamedTuple):
    """What lives in the graph, see `memory`."""

    nodes: int
    leaves: int
    bytes: int
    reserved: int


def memory() -> Memory:
    """Count what lives.

    Returns
    -------
    Memory
        `nodes`, results of recorded operations; `leaves`, values made by the user and constant
        results; `bytes` in both; `reserved`, bytes that are held from the system.

    Examples
    --------
    >>> import autograd
    >>> before = autograd.memory()
    >>> x = autograd.Value(2.0)
    >>> y = x * x
    >>> autograd.memory().nodes - before.nodes
    1
    """
    return Memory(*_core.memory())


class Operation(NamedTuple):
    """An entry of the table of operations.

    Attributes
    ----------
    name : str
        Of the function in `autograd`, and of the method where there is one.
    arity : int
        Number of arguments.
    formula : str
        What it computes.
    arguments : tuple of str
        The names of the arguments.
    domains : tuple of (float, float)
        For each argument an open interval in which the operation is defined.
    kinks : tuple of float
        First arguments at which the derivative jumps.
    default : float or None
        Of the last argument, where it may be left out.
    function : callable
        The operation.
    """

    name: str
    arity: int
    formula: str
    arguments: tuple[str, ...]
    domains: tuple[tuple[float, float], ...]
    kinks: tuple[float, ...]
    default: float | None
    function: Callable[..., Value]


OPERATIONS: tuple[Operation, ...] = tuple(
    Operation(
        name,
        arity,
        formula,
        arguments,
        domains,
        () if kink is None else (kink,),
        default,
        getattr(_core, name),
    )
    for name, arity, formula, arguments, domains, kink, default in _core.operations()
)


# Methods of Value ------------------------------------------------------------------------------


def _format(self: Value, specification: str) -> str:
    """Format the data: `f"{value:.4f}"`; without a specification, as repr."""
    return format(self.data, specification) if specification else repr(self)


def _round(self: Value, digits: int | None = None) -> float:
    """Round the data; the result is a plain number."""
    return round(self.data, digits)


def _array_ufunc(self: Value, ufunc: np.ufunc, method: str, *inputs: Any, **keywords: Any) -> Any:
    """Apply a NumPy function element by element: `np.exp(value)`, `array_of_values * value`."""
    boxed = []
    for given in inputs:
        if isinstance(given, Value):
            box = np.empty((), dtype=object)
            box[()] = given
            boxed.append(box)
            continue
        array = np.asarray(given)
        if array.ndim > 0 and array.dtype != object:
            message = (
                f"[{ufunc.__name__}] an array of shape {array.shape} was given - a number or a "
                "Value is needed. Apply it to the elements, e.g. [value * x for x in array]."
            )
            raise TypeError(message)
        boxed.append(array.astype(object))
    operation = _of_numpy(ufunc)
    if operation is not None and method == "__call__" and not keywords:
        return np.frompyfunc(operation.function, operation.arity, 1)(*boxed)
    return getattr(ufunc, method)(*boxed, **keywords)


def _of_numpy(ufunc: np.ufunc) -> Operation | None:
    """Find the operation that NumPy knows under the same name, or as `arcsin` for `asin`."""
    name = ufunc.__name__
    if name.startswith("arc"):
        name = "a" + name.removeprefix("arc")
    for operation in OPERATIONS:
        if operation.name == name and operation.arity == ufunc.nin:
            return operation
    return None


def _rebuild_leaf(data: float, requires_grad: bool, label: str | None, grad: float) -> Value:
    """Make a leaf again that `_reduce` has stored."""
    leaf = Value(data, requires_grad, label)
    leaf.grad = grad
    return leaf


def _rebuild(
    names: tuple[str, ...], words: bytes, leaves: tuple[Value, ...], labels: dict[int, str]
) -> Value:
    """Make a result again that `_reduce` has stored, on the leaves that came with it."""
    return _core.rebuild(names, words, leaves, labels)


def _reduce(self: Value) -> tuple[Callable[..., Value], tuple[Any, ...]]:
    """Store a value with all that it was computed from; leaves keep their identity."""
    if self.is_leaf:
        grad: Any = self.grad  # a Value after create_graph
        number = grad.data if isinstance(grad, Value) else grad
        return _rebuild_leaf, (self.data, self.requires_grad, self.label, number)
    return _rebuild, _core.flatten(self)


def _micrograd_arguments(self: Value) -> set[Value]:
    """Return the Values among `args`, under the name by which micrograd's drawings ask for them."""
    return {argument for argument in self.args if isinstance(argument, Value)}


def _micrograd_operation(self: Value) -> str:
    """Return `op`, under the name by which micrograd's drawings ask for it."""
    return self.op


for _name, _method in {
    "__format__": _format,
    "__round__": _round,
    "__array_ufunc__": _array_ufunc,
    "__reduce__": _reduce,
}.items():
    _method.__name__ = _name
    _method.__qualname__ = f"Value.{_name}"
    setattr(Value, _name, _method)
setattr(Value, "_prev", property(_micrograd_arguments))  # noqa: B010 - mypy: no such attribute
setattr(Value, "_op", property(_micrograd_operation))  # noqa: B010
