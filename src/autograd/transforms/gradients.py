"""Gradients: `grad`, `value_and_grad` and `elementwise_grad`."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal, overload

import numpy as np

from autograd import _core
from autograd.engine import Value
from autograd.object_arrays import stacked
from autograd.transforms.trees import leaves, rebuilt
from autograd.transforms.variables import (
    Scope,
    Variables,
    as_plain,
    gradients_of,
    is_inside,
    positions_of,
    refuse_uncallable,
    separated,
)

__all__ = ["elementwise_grad", "grad", "value_and_grad"]


@overload
def grad(of: Value, inputs: None = ..., create_graph: bool = ...) -> None: ...
@overload
def grad(of: Value, inputs: Value, create_graph: Literal[True]) -> Value: ...
@overload
def grad(of: Value, inputs: Value, create_graph: bool = ...) -> Any: ...
@overload
def grad(of: Value, inputs: Iterable[Any], create_graph: bool = ...) -> Any: ...
# What a gradient function returns depends on what it is given, so that it can be nested.
@overload
def grad(
    of: Callable[..., Any], *, argnums: int | Sequence[int] = ..., has_aux: bool = ...
) -> Callable[..., Any]: ...
@overload
def grad(
    of: Callable[..., Any], inputs: int | Sequence[int], *, has_aux: bool = ...
) -> Callable[..., Any]: ...
def grad(
    of: Value | Callable[..., Any],
    inputs: Any = None,
    create_graph: bool = False,
    *,
    argnums: int | Sequence[int] = 0,
    has_aux: bool = False,
) -> Any:
    """Differentiate a value, or turn a function into its gradient function.

    Parameters
    ----------
    of : Value or callable
        A root, or a function that returns a scalar Value. A root of any shape is differentiated as
        the sum of its elements.
    inputs : Value, or list or dict of Values, optional
        With a root: what to differentiate with respect to. Without it, `grad(root)` is
        `root.backward()`. With a function, `grad(function, 1)` is `grad(function, argnums=1)`.
    create_graph : bool, default False
        With a root and inputs: return Values that can be differentiated again.
    argnums : int or sequence of int, default 0
        With a function: the positions of the arguments to differentiate with respect to. These are
        numbers, arrays, Values, or tuples, lists and dictionaries of them, in which None, strings
        and truths pass untouched.
    has_aux : bool, default False
        With a function: it returns a pair, of the Value to differentiate and of anything else.

    Returns
    -------
    None, float, ndarray, Value, list, dict or callable
        Nothing for `grad(root)`, which fills the `.grad` of the leaves. For `grad(root, inputs)`
        a gradient for each input, zero where the root does not depend on it; no `.grad` changes.
        For a function, a function of the same arguments, whose result has the structure of the
        argument: floats for numbers, ndarrays for arrays, and Values for Values, so that gradient
        functions can be nested; with `has_aux`, a pair of it and of what came beside.

    Raises
    ------
    TypeError
        If `of` is neither, or an input is no Value.
    ValueError
        If the function returns an array.
    NoGradientError
        If the root requires no gradient.

    See Also
    --------
    jacobian, vjp, elementwise_grad : for functions that return arrays

    Examples
    --------
    >>> import numpy as np
    >>> import autograd
    >>> cube = lambda x: x**3
    >>> autograd.grad(cube)(2.0)
    12.0
    >>> autograd.grad(autograd.grad(cube))(2.0)
    12.0
    >>> autograd.grad(lambda p: (p["w"] * p["b"]).sum())({"w": np.array([1.0, 2.0]), "b": 3.0})
    {'w': array([3., 3.]), 'b': 3.0}
    >>> x, y = autograd.Value(2.0), autograd.Value(5.0)
    >>> autograd.grad(x * y, [x, y])
    [5.0, 2.0]
    """
    if isinstance(of, Value):
        if argnums != 0 or has_aux:
            raise TypeError(
                "[grad] argnums or has_aux was given with a Value - they are for functions. Pass "
                "the inputs to differentiate with respect to: grad(root, inputs)."
            )
        return _of_root(of, inputs, create_graph)
    if not callable(of):
        raise TypeError(
            f"[grad] {type(of).__name__} was given - a Value or a function is needed. "
            "Pass the result to differentiate, or the function that computes it."
        )
    if inputs is not None:
        argnums = _positional(inputs, argnums)
    if create_graph:
        raise TypeError(
            "[grad] create_graph was given with a function - it is for a Value. Leave it out: "
            "Values are given gradients that can be differentiated."
        )
    both = _value_and_gradient(of, argnums, has_aux, _seed_of_scalar)

    @functools.wraps(of)
    def gradient(*args: Any, **kwargs: Any) -> Any:
        value, amount = both(*args, **kwargs)
        return (amount, value[1]) if has_aux else amount

    return gradient


def value_and_grad(
    function: Callable[..., Any], argnums: int | Sequence[int] = 0, *, has_aux: bool = False
) -> Callable[..., tuple[Any, Any]]:
    """Turn a function into one that returns its value and its gradient.

    Parameters
    ----------
    function : callable
        A function that returns a scalar Value.
    argnums : int or sequence of int, default 0
        The positions of the arguments to differentiate with respect to, see `grad`.
    has_aux : bool, default False
        The function returns a pair, of the Value to differentiate and of anything else, whose
        Values are replaced by their data where the gradient is plain.

    Returns
    -------
    callable
        A function of the same arguments that returns the value and the gradient, or a tuple of
        gradients for a sequence `argnums`: floats and arrays for floats and arrays; Values as soon
        as one of the arguments to differentiate is a Value, and inside of another transform,
        whose variables the result may depend on. An outer `no_grad()` makes no difference. With
        `has_aux`, the value is the pair.

    Raises
    ------
    TypeError
        If `function` cannot be called; on a call, if an argument is no number or the result is no
        Value.
    ValueError
        On a call, if the result is an array.
    IndexError
        On a call, if there is no argument of that position.

    Examples
    --------
    >>> import autograd
    >>> autograd.value_and_grad(lambda x, y: x * y, argnums=(0, 1))(2.0, 5.0)
    (10.0, (5.0, 2.0))
    """
    refuse_uncallable("value_and_grad", function, "For a Value, use autograd.grad(root, inputs).")
    return _value_and_gradient(function, argnums, has_aux, _seed_of_scalar)


def elementwise_grad(
    function: Callable[..., Any], argnums: int | Sequence[int] = 0
) -> Callable[..., Any]:
    """Turn a function that works element by element into its derivative.

    Parameters
    ----------
    function : callable
        A function that returns a Value of any shape.
    argnums : int or sequence of int, default 0
        The positions of the arguments to differentiate with respect to, see `grad`.

    Returns
    -------
    callable
        A function of the same arguments that returns the derivative of each element. Where an
        element of the result depends on several of an argument, it is the sum of the elements that
        is differentiated.

    Raises
    ------
    TypeError
        If `function` cannot be called; on a call, if the result is no Value.

    Examples
    --------
    >>> import numpy as np
    >>> import autograd
    >>> autograd.elementwise_grad(autograd.elementwise_grad(lambda x: x**3))(np.array([1.0, 2.0]))
    array([ 6., 12.])
    """
    refuse_uncallable("elementwise_grad", function, "Pass the function, not its result.")
    both = _value_and_gradient(function, argnums, False, _ones, "elementwise_grad")

    @functools.wraps(function)
    def derivative(*args: Any, **kwargs: Any) -> Any:
        return both(*args, **kwargs)[1]

    return derivative


def _positional(inputs: Any, argnums: int | Sequence[int]) -> Any:
    """Return what stands second beside a function: as elsewhere, positions of arguments."""
    if argnums != 0:
        raise TypeError(
            "[grad] argnums was given twice with a function - once is needed. Leave one out."
        )
    return inputs


def _of_root(root: Value, inputs: Any, create_graph: bool) -> Any:
    """Differentiate a value: into its leaves, or with respect to the inputs."""
    seed = _ones(root)
    if inputs is None:
        root.backward(seed, create_graph=create_graph)
        return None
    if isinstance(inputs, Value):
        return _core.gradients(root, [inputs], seed, create_graph)[0]
    if not isinstance(inputs, Iterable):
        raise TypeError(
            f"[grad] inputs {inputs!r} was given - a Value or a list of Values is needed. "
            "Pass the Values to differentiate with respect to."
        )
    given = inputs if isinstance(inputs, dict) else list(inputs)
    return rebuilt(given, iter(_core.gradients(root, leaves(given), seed, create_graph)))


def _value_and_gradient(
    function: Callable[..., Any],
    argnums: int | Sequence[int],
    has_aux: bool,
    seed_of: Callable[[Value], Any],
    operation: str = "grad",
) -> Callable[..., tuple[Any, Any]]:
    """Return the function that calls and differentiates; `seed_of` refuses roots it is not for."""
    positions = positions_of(operation, argnums)
    single = isinstance(argnums, int)

    @functools.wraps(function)
    def value_and_gradient(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        with Scope():
            variables = Variables(operation, args, positions)
            nested = is_inside() or variables.hold_values
            returned = function(*variables.arguments, **kwargs)
            result, aux = separated(operation, returned) if has_aux else (returned, None)
            result = stacked(result) if isinstance(result, np.ndarray) else result
            if not isinstance(result, Value):
                message = (
                    f"[{operation}] the function returned {type(result).__name__} - a Value is "
                    "needed. Compute with operators and functions of autograd."
                )
                raise TypeError(message)
            amounts = gradients_of(result, variables.nodes, seed_of(result), nested)
        gradients = variables.restored(amounts)
        value = result
        if not nested:
            value, aux = result.data, as_plain(aux)
        return (value, aux) if has_aux else value, gradients[0] if single else tuple(gradients)

    return value_and_gradient


def _seed_of_scalar(root: Value) -> None:
    if root.size != 1:
        message = (
            f"[grad] the function returned an array of shape {root.shape} - a scalar is needed. "
            "Reduce it, e.g. with .sum(), or use jacobian, vjp or elementwise_grad."
        )
        raise ValueError(message)


def _ones(root: Value) -> Any:
    return np.ones(root.shape, root.dtype) if root.ndim else 1.0
