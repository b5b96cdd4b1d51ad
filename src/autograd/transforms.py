"""Transforms: functions of functions, and gradients that are returned instead of stored."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from typing import Any, Literal, overload

from autograd import _core
from autograd.engine import Value

__all__ = ["grad", "value_and_grad"]

# How many gradient functions run here, one inside the other.
_depth: ContextVar[int] = ContextVar("depth", default=0)

Gradient = float | Value


@overload
def grad(of: Value, inputs: None = ..., create_graph: bool = ...) -> None: ...
@overload
def grad(of: Value, inputs: Value, create_graph: Literal[False] = ...) -> float: ...
@overload
def grad(of: Value, inputs: Value, create_graph: Literal[True]) -> Value: ...
@overload
def grad(of: Value, inputs: Value, create_graph: bool) -> Gradient: ...
@overload
def grad(of: Value, inputs: Iterable[Value], create_graph: Literal[False] = ...) -> list[float]: ...
@overload
def grad(of: Value, inputs: Iterable[Value], create_graph: Literal[True]) -> list[Value]: ...
@overload
def grad(of: Value, inputs: Iterable[Value], create_graph: bool) -> list[Gradient]: ...
# What a gradient function returns depends on what it is given, so that it can be nested.
@overload
def grad(of: Callable[..., Value], *, argnums: int = ...) -> Callable[..., Any]: ...
@overload
def grad(of: Callable[..., Value], *, argnums: Sequence[int]) -> Callable[..., tuple[Any, ...]]: ...
def grad(
    of: Value | Callable[..., Value],
    inputs: Value | Iterable[Value] | None = None,
    create_graph: bool = False,
    *,
    argnums: int | Sequence[int] = 0,
) -> Any:
    """Differentiate a value, or turn a function into its gradient function.

    Parameters
    ----------
    of : Value or callable
        A root, or a function of scalars that returns a Value.
    inputs : Value or iterable of Value, optional
        With a root: what to differentiate with respect to. Without it, `grad(root)` is
        `root.backward()`.
    create_graph : bool, default False
        With a root and inputs: return Values that can be differentiated again.
    argnums : int or sequence of int, default 0
        With a function: the positions of the arguments to differentiate with respect to.

    Returns
    -------
    None, float, Value, list or callable
        Nothing for `grad(root)`, which fills the `.grad` of the leaves. For `grad(root, inputs)`
        a gradient for each input, 0.0 where the root does not depend on it; no `.grad` changes.
        For a function, a function of the same arguments: it gives floats for floats, and Values
        for Values, so that gradient functions can be nested.

    Raises
    ------
    TypeError
        If `of` is neither, or an input is no Value.
    NoGradientError
        If the root requires no gradient.

    Examples
    --------
    >>> import autograd
    >>> cube = lambda x: x**3
    >>> autograd.grad(cube)(2.0)
    12.0
    >>> autograd.grad(autograd.grad(cube))(2.0)
    12.0
    >>> x, y = autograd.Value(2.0), autograd.Value(5.0)
    >>> autograd.grad(x * y, [x, y])
    [5.0, 2.0]
    """
    if isinstance(of, Value):
        if inputs is None:
            of.backward(create_graph=create_graph)
            return None
        if isinstance(inputs, Value):
            return _core.gradients(of, [inputs], 1.0, create_graph)[0]
        if not isinstance(inputs, Iterable):
            raise TypeError(
                f"[grad] inputs {inputs!r} was given - a Value or a list of Values is needed. "
                "Pass the Values to differentiate with respect to."
            )
        return _core.gradients(of, list(inputs), 1.0, create_graph)
    if not callable(of):
        raise TypeError(
            f"[grad] {type(of).__name__} was given - a Value or a function is needed. "
            "Pass the result to differentiate, or the function that computes it."
        )
    both = value_and_grad(of, argnums=argnums)

    @functools.wraps(of)
    def gradient(*args: Any, **kwargs: Any) -> Any:
        return both(*args, **kwargs)[1]

    return gradient


def value_and_grad(
    function: Callable[..., Value], *, argnums: int | Sequence[int] = 0
) -> Callable[..., tuple[Any, Any]]:
    """Turn a function into one that returns its value and its gradient.

    Parameters
    ----------
    function : callable
        A function of scalars that returns a Value.
    argnums : int or sequence of int, default 0
        The positions of the arguments to differentiate with respect to.

    Returns
    -------
    callable
        A function of the same arguments that returns the value and the gradient, or a tuple of
        gradients for a sequence `argnums`: floats for floats; Values as soon as one of the
        arguments to differentiate is a Value, and inside of another gradient function, whose
        variables the result may depend on. An outer `no_grad()` makes no difference.

    Raises
    ------
    TypeError
        If `function` cannot be called; on a call, if an argument is no number or the result is no
        Value.
    IndexError
        On a call, if there is no argument of that position.

    Examples
    --------
    >>> import autograd
    >>> autograd.value_and_grad(lambda x, y: x * y, argnums=(0, 1))(2.0, 5.0)
    (10.0, (5.0, 2.0))
    """
    if not callable(function):
        raise TypeError(
            f"[value_and_grad] {type(function).__name__} was given - a function is needed. "
            "For a Value, use autograd.grad(root, inputs)."
        )
    single = isinstance(argnums, int)
    positions = (argnums,) if isinstance(argnums, int) else tuple(argnums)

    @functools.wraps(function)
    def value_and_gradient(*args: Any, **kwargs: Any) -> tuple[Gradient, Any]:
        recording = _core.set_recording(True)
        outer = _depth.set(_depth.get() + 1)
        try:
            variables = [_variable(args, position) for position in positions]
            nested = _depth.get() > 1 or any(
                isinstance(args[position], Value) for position in positions
            )
            arguments = list(args)
            for position, variable in zip(positions, variables, strict=True):
                arguments[position] = variable
            result = function(*arguments, **kwargs)
            gradients = _gradients(result, variables, nested)
        finally:
            _depth.reset(outer)
            _core.set_recording(recording)
        value = result if nested else result.data
        return value, gradients[0] if single else tuple(gradients)

    return value_and_gradient


def _variable(args: tuple[Any, ...], position: int) -> Value:
    """Make a node that stands for one argument alone, also where a function gets a value twice."""
    if not -len(args) <= position < len(args):
        message = (
            f"[grad] argnums {position} was given - the position of one of the {len(args)} "
            "positional arguments is needed. Pass the argument by position."
        )
        raise IndexError(message)
    given = args[position]
    if isinstance(given, Value):
        return +given if given.requires_grad else Value(given.data)
    return Value(given)


def _gradients(result: Any, variables: list[Value], create_graph: bool) -> list[Gradient]:
    """Differentiate what a function has returned."""
    if not isinstance(result, Value):
        message = (
            f"[grad] the function returned {type(result).__name__} - a Value is needed. "
            "Compute with operators and functions of autograd."
        )
        raise TypeError(message)
    if result.requires_grad:
        return _core.gradients(result, variables, 1.0, create_graph)
    return [Value(0.0, False) if create_graph else 0.0 for _ in variables]  # of a constant
