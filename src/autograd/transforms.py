"""Transforms: functions of functions, and gradients that are returned instead of stored."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from typing import Any, overload

from autograd import _core
from autograd.engine import Value

__all__ = ["grad", "value_and_grad"]

Gradient = float | Value


@overload
def grad(of: Value) -> None: ...
@overload
def grad(of: Value, inputs: Value, create_graph: bool = ...) -> Gradient: ...
@overload
def grad(of: Value, inputs: Iterable[Value], create_graph: bool = ...) -> list[Gradient]: ...
@overload
def grad(
    of: Callable[..., Value], *, argnums: int = ...
) -> Callable[..., Gradient]: ...
@overload
def grad(
    of: Callable[..., Value], *, argnums: Sequence[int]
) -> Callable[..., tuple[Gradient, ...]]: ...
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
    >>> cube = lambda x: x ** 3
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
        return _core.gradients(of, list(inputs), 1.0, create_graph)
    if not callable(of):
        message = (
            f"[grad] {type(of).__name__} was given - a Value or a function is needed. "
            "Pass the result to differentiate, or the function that computes it."
        )
        raise TypeError(message)
    both = value_and_grad(of, argnums=argnums)

    @functools.wraps(of)
    def gradient(*args: Any, **kwargs: Any) -> Any:
        return both(*args, **kwargs)[1]

    return gradient


def value_and_grad(
    function: Callable[..., Value], *, argnums: int | Sequence[int] = 0
) -> Callable[..., tuple[Gradient, Any]]:
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
        gradients for a sequence `argnums`: floats for floats, and Values as soon as one of the
        arguments to differentiate is a Value.

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
        message = (
            f"[value_and_grad] {type(function).__name__} was given - a function is needed. "
            "For a Value, use autograd.grad(root, inputs)."
        )
        raise TypeError(message)
    single = isinstance(argnums, int)
    positions = (argnums,) if isinstance(argnums, int) else tuple(argnums)

    @functools.wraps(function)
    def value_and_gradient(*args: Any, **kwargs: Any) -> tuple[Gradient, Any]:
        arguments = list(args)
        nested = False
        variables: list[Value] = []
        for position in positions:
            if not -len(args) <= position < len(args):
                message = (
                    f"[grad] argnums {position} was given - one of the {len(args)} positional "
                    "arguments is needed. Pass the argument by position."
                )
                raise IndexError(message)
            given = args[position]
            # A new node stands for this argument alone, also where the function gets the same
            # value in another way.
            if isinstance(given, Value):
                nested = True
                variable = +given if given.requires_grad else Value(given.data)
            else:
                variable = Value(given)
            arguments[position] = variable
            variables.append(variable)
        result = function(*arguments, **kwargs)
        if not isinstance(result, Value):
            message = (
                f"[grad] the function returned {type(result).__name__} - a Value is needed. "
                "Compute with operators and functions of autograd."
            )
            raise TypeError(message)
        if result.requires_grad:
            gradients = _core.gradients(result, variables, 1.0, nested)
        else:  # a constant
            gradients = [Value(0.0, False) if nested else 0.0 for _ in variables]
        value = result if nested else result.data
        return value, gradients[0] if single else tuple(gradients)

    return value_and_gradient
