"""The engine: `Value`, the switch for recording, and what is said of both.

Everything hot is compiled (`autograd._core`). Here stand the methods of `Value` that are written
in Python; they are attached to the compiled type, which cannot be subclassed. Start reading at
`no_grad`.
"""

from __future__ import annotations

import functools
import importlib
import sys
import warnings
from collections.abc import Callable
from threading import get_ident
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

# To load the core switches the interpreter lock on; a user can forbid even that.
if not getattr(sys, "_is_gil_enabled", lambda: True)():
    warnings.warn(
        "[import autograd] PYTHON_GIL=0 or -X gil=0 keeps the interpreter lock off - the engine "
        "needs it as soon as two threads use it. Unset that, or use autograd in one thread alone.",
        RuntimeWarning,
        stacklevel=2,
    )

from autograd import dlpack
from autograd._core import (
    AutogradError,
    GradientLostWarning,
    NestedBackwardError,
    NoGradientError,
    StaleValueError,
    Value,
)
from autograd.dlpack import from_dlpack

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
    "from_dlpack",
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

    Results need less memory and have no gradient. It can be nested and entered again, also by
    several threads: it holds in the one that entered it.

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

    def __init__(self, *function: object) -> None:
        if function:
            message = f"[no_grad] {type(function[0]).__name__} was given - nothing is needed. Write"
            raise TypeError(f"{message} @no_grad(), with brackets, or `with no_grad():`.")
        self._previous: dict[int, list[bool]] = {}  # what was on, for each thread that is within

    def __enter__(self) -> None:
        self._previous.setdefault(get_ident(), []).append(_core.set_recording(False))

    def __exit__(self, *exception: object) -> None:
        previous = self._previous[get_ident()]
        _core.set_recording(previous.pop())
        if not previous:
            del self._previous[get_ident()]

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        """Return `function` with recording switched off while it runs."""
        given: object = function
        if not callable(given):
            message = f"[no_grad] {type(given).__name__} was given - a function is needed."
            raise TypeError(f"{message} Put @no_grad() below @classmethod and @property.")
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
        Of the last argument, where it may be left out; inf is that of `clip`, which says None.
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
    """Format the data of a scalar: `f"{value:.4f}"`; without a specification, as repr."""
    if not specification:
        return repr(self)
    if self.ndim > 0:
        message = (
            f"[format] {specification!r} was given for an array of shape {self.shape} - a scalar "
            f"is needed. Format elements, e.g. [f'{{x:{specification}}}' for x in value.data.flat]."
        )
        raise TypeError(message)
    return format(self.data, specification)


def _round(self: Value, digits: int | None = None) -> Any:
    """Round the data; the result is a plain number, or an ndarray."""
    return np.round(self.data, digits or 0) if self.ndim > 0 else round(self.data, digits)


def _conjugate(self: Value) -> Value:
    """Return the value itself, which is real; NumPy asks for it in the variance of objects."""
    return self


def _rebuild_leaf(data: Any, requires_grad: bool, label: str | None, grad: Any) -> Value:
    """Make a leaf again that `_reduce` has stored."""
    # Said by its class: the dtype of an ndarray that was unpickled is not NumPy's own object.
    dtype = data.dtype.type if isinstance(data, np.ndarray) else None
    leaf = Value(data, requires_grad, label, dtype)
    leaf.grad = grad
    return leaf


def _rebuild_element(array: Value, index: tuple[int, ...], label: str | None) -> Value:
    """Make a view of an element again that `_reduce` has stored."""
    element = array[index]
    element.label = label
    return element


def _rebuild(
    names: tuple[str, ...],
    words: bytes,
    leaves: tuple[Value, ...],
    labels: dict[int, str],
    arrays: tuple[Any, ...] = (),
) -> Value:
    """Make a result again that `_reduce` has stored, on the leaves that came with it."""
    return _core.rebuild(names, words, leaves, labels, arrays)


def _reduce(self: Value) -> tuple[Callable[..., Value], tuple[Any, ...]]:
    """Store a value with all that it was computed from; leaves keep their identity."""
    element = _core.element_of(self)
    if element is not None:
        return _rebuild_element, (*element, self.label)  # the array is stored with it
    if self.is_leaf:
        grad: Any = self.grad  # a Value after create_graph
        plain = grad.data if isinstance(grad, Value) else grad
        return _rebuild_leaf, (self.data, self.requires_grad, self.label, plain)
    return _rebuild, _core.flatten(self)


def _micrograd_arguments(self: Value) -> set[Value]:
    """Return the Values among `args`, under the name by which micrograd's drawings ask for them."""
    return {argument for argument in self.args if isinstance(argument, Value)}


def _micrograd_operation(self: Value) -> str:
    """Return `op`, under the name by which micrograd's drawings ask for it."""
    return self.op


def _late(name: str, module: str, methods: str) -> Callable[..., Any]:
    """Return a method that loads the module of the real one, and from then on is that one.

    Loaded with all the others, these modules would double the time that `import autograd` takes.
    """

    def method(self: Value, *args: Any, **keywords: Any) -> Any:
        loaded = importlib.import_module(module)
        setattr(Value, name, getattr(loaded, methods)[name])
        return getattr(Value, name)(self, *args, **keywords)

    return method


# What is written of arrays in modules above this one, by the names that they have there.
for _name in [
    "argmax",
    "argmin",
    "argsort",
    "copy",
    "cumprod",
    "cumsum",
    "diagonal",
    "dot",
    "flatten",
    "flip",
    "prod",
    "repeat",
    "sort",
    "squeeze",
    "std",
    "swapaxes",
    "take",
    "tolist",
    "trace",
    "var",
]:
    setattr(Value, _name, _late(_name, "autograd.arrays", "METHODS"))
for _name in ("__array_ufunc__", "__array_function__"):
    setattr(Value, _name, _late(_name, "autograd.numpy_protocols", "METHODS"))
setattr(Value, "to_text", _late("to_text", "autograd.draw", "METHODS"))  # noqa: B010 - likewise

for _name, _method in {
    "__format__": _format,
    "__round__": _round,
    "__dlpack__": dlpack.export,
    "__dlpack_device__": dlpack.device,
    "__reduce__": _reduce,
    "conjugate": _conjugate,
}.items():
    _method.__name__ = _name
    _method.__qualname__ = f"Value.{_name}"
    setattr(Value, _name, _method)
setattr(Value, "_prev", property(_micrograd_arguments))  # noqa: B010 - mypy: no such attribute
setattr(Value, "_op", property(_micrograd_operation))  # noqa: B010
