"""Products of a derivative with a vector: `vjp` backward, `jvp` forward, `hvp` through both."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from autograd import _core
from autograd.engine import Value
from autograd.transforms.trees import counterparts, places, rebuilt
from autograd.transforms.variables import (
    Scope,
    Variables,
    as_plain,
    gradients_of,
    is_inside,
    positions_of,
    refuse_uncallable,
    results,
    zeros,
)

__all__ = ["hvp", "jvp", "vjp"]


def vjp(function: Callable[..., Any], *args: Any) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
    """Call a function, and return what pulls derivatives back through it.

    Parameters
    ----------
    function : callable
        A function that returns a Value of any shape, or a tuple, list or dictionary of them.
    *args
        Its arguments: numbers, arrays, Values, and tuples, lists and dictionaries of them.

    Returns
    -------
    value
        What the function returned: floats and arrays for floats and arrays, as for
        `value_and_grad`.
    pullback : callable
        ``pullback(cotangent)`` takes the derivative of some final quantity with respect to the
        value, in its structure and shapes (None for zeros), and returns a tuple with the
        derivative with respect to each argument. It can be called again and again: the function
        is not.

    Raises
    ------
    TypeError
        If `function` cannot be called, an argument is no number, or a result is no Value.
    ValueError
        From the pullback, if the cotangent has another structure or shape than the value.

    Examples
    --------
    >>> import numpy as np
    >>> import autograd
    >>> value, pullback = autograd.vjp(lambda x, y: x * y, np.array([1.0, 2.0]), 3.0)
    >>> value
    array([3., 6.])
    >>> pullback(np.array([1.0, 10.0]))
    (array([ 3., 30.]), 21.0)
    """
    refuse_uncallable("vjp", function, "Pass the function first, then its arguments.")
    with Scope():
        variables = Variables("vjp", args)
        nested = is_inside() or variables.hold_values
        returned = function(*variables.arguments)
        roots = results("vjp", returned)
    value = returned if nested else as_plain(returned)

    def pullback(cotangent: Any) -> tuple[Any, ...]:
        given = counterparts("vjp", "the cotangent", value, cotangent)
        with Scope():
            create_graph = nested or is_inside() or _hold_values(given)
            seeds = _directions("vjp", "cotangent", lambda: places(value, "value"), roots, given)
            amounts = _pulled(roots, variables.nodes, seeds, create_graph)
        return tuple(variables.restored(amounts))

    return value, pullback


def jvp(function: Callable[..., Any], args: Sequence[Any], tangents: Sequence[Any]) -> Any:
    """Call a function, and push derivatives forward through it.

    Parameters
    ----------
    function : callable
        A function that returns a Value of any shape, or a tuple, list or dictionary of them.
    args : tuple
        Its arguments: numbers, arrays, Values, and tuples, lists and dictionaries of them.
    tangents : tuple
        The direction: the derivative of each argument, in its structure and shapes, with respect
        to some first quantity. None stands for no change; an argument without a tangent may be
        anything, and is passed on as it is.

    Returns
    -------
    value
        What the function returned: floats and arrays for floats and arrays, as for
        `value_and_grad`, Values also when a tangent is one.
    tangent
        The derivative of the value in that direction, in its structure and shapes.

    Raises
    ------
    TypeError
        If `function` cannot be called, an argument is no number, or a result is no Value.
    ValueError
        If the tangents have another structure or shape than the arguments.

    Examples
    --------
    >>> import numpy as np
    >>> import autograd
    >>> value, tangent = autograd.jvp(
    ...     autograd.sin, (np.array([0.0, 1.0]),), (np.array([1.0, 0.0]),)
    ... )
    >>> tangent
    array([1., 0.])
    """
    refuse_uncallable("jvp", function, "Pass the function, its arguments, and their tangents.")
    for role, given in (("arguments", args), ("tangents", tangents)):
        if not isinstance(given, tuple | list):
            message = (
                f"[jvp] a {type(given).__name__} was given as {role} - a tuple is needed, of one "
                "entry for each argument. Write (x,) for a single one."
            )
            raise TypeError(message)
    if len(args) != len(tangents):
        message = (
            f"[jvp] {len(tangents)} tangents were given - {len(args)} are needed, one for each "
            "argument. Pass None for what does not change."
        )
        raise ValueError(message)
    moving = [position for position, one in enumerate(tangents) if one is not None]
    with Scope():
        variables = Variables("jvp", args, moving)
        given = [tangents[position] for position in moving]
        found = variables.matched("jvp", "tangents", given)
        nested = is_inside() or variables.hold_values or _hold_values(found)
        directions = _directions("jvp", "tangent", variables.names, variables.nodes, found)
        returned = function(*variables.arguments)
        roots = results("jvp", returned)
        pushed = [_pushed(root, variables.nodes, directions, nested) for root in roots]
    return returned if nested else as_plain(returned), rebuilt(returned, iter(pushed))


def hvp(function: Callable[..., Any], argnums: int | Sequence[int] = 0) -> Callable[..., Any]:
    """Turn a function into one that multiplies its Hessian with a vector.

    The Hessian is not written out: the product costs a few times what the function costs.

    Parameters
    ----------
    function : callable
        A function that returns a scalar Value.
    argnums : int or sequence of int, default 0
        The positions of the arguments to differentiate with respect to, see `grad`.

    Returns
    -------
    callable
        ``product(*args, vector)`` takes the arguments of the function and, last, a vector in the
        structure and shapes of the argument (a tuple of vectors for a sequence `argnums`), and
        returns the product in the same. SciPy's optimizers take it as their `hessp`.

    Raises
    ------
    TypeError
        If `function` cannot be called; on a call, if an argument is no number, or the result is no
        Value.
    ValueError
        On a call, if the vector has another structure or shape, or the result is an array.

    Notes
    -----
    For many products at one point, differentiate the gradient once: the pullback of
    ``vjp(grad(function), x)`` multiplies with the Hessian, which is symmetric.

    Examples
    --------
    >>> import numpy as np
    >>> import autograd
    >>> autograd.hvp(lambda x: (x**3).sum())(np.array([1.0, 2.0]), np.array([1.0, 10.0]))
    array([  6., 120.])
    """
    refuse_uncallable("hvp", function, "Pass the function first; then call what is returned.")
    positions = positions_of("hvp", argnums)
    single = isinstance(argnums, int)

    @functools.wraps(function)
    def product(*args: Any, **kwargs: Any) -> Any:
        if len(args) < 2:
            message = (
                f"[hvp] {'one argument was' if args else 'no arguments were'} given - those of "
                "the function and a vector are needed. Pass the vector last."
            )
            raise TypeError(message)
        *given, vector = args
        with Scope():
            variables = Variables("hvp", given, positions)
            found = variables.matched("hvp", "vector", [vector] if single else vector)
            nested = is_inside() or variables.hold_values or _hold_values(found)
            directions = _directions("hvp", "vector", variables.names, variables.nodes, found)
            result = function(*variables.arguments, **kwargs)
            root = results("hvp", [result])[0]
            if root is None or root.size != 1:
                shape = None if root is None else root.shape
                message = (
                    f"[hvp] the function returned an array of shape {shape} - a scalar is needed. "
                    "Reduce it, e.g. with .sum(), or use jacobian and jvp."
                )
                raise ValueError(message)
            # Backward through the recorded backward pass: one sweep for all arguments, and faster
            # than to push forward through the gradient of each.
            if nested:
                slopes = gradients_of(root, variables.nodes, None, True)
                amounts = _pulled(slopes, variables.nodes, directions, True)
            elif root.requires_grad:
                amounts = _core.hessian_product(root, variables.nodes, directions)
            else:
                amounts = [zeros(node, False) for node in variables.nodes]
        products = variables.restored(amounts)
        return products[0] if single else tuple(products)

    return product


def _hold_values(given: Iterable[Any]) -> bool:
    return any(isinstance(one, Value) for one in given)


def _directions(
    operation: str,
    role: str,
    names: Callable[[], list[str]],
    nodes: Sequence[Value | None],
    given: Sequence[Any],
) -> list[Any]:
    """Return a seed for each node in its shape and type, None for no change."""
    directions: list[Any] = []
    for place, (node, one) in enumerate(zip(nodes, given, strict=True)):
        if node is None or one is None:
            directions.append(None)
            continue
        seed = one if isinstance(one, Value) else _real(operation, role, one, node)
        shape = () if isinstance(seed, float) else seed.shape
        if shape != node.shape:
            message = (
                f"[{operation}] a {role} of shape {shape} was given for {names()[place]} - the "
                f"shape {node.shape} is needed. Reshape or broadcast it."
            )
            raise ValueError(message)
        directions.append(seed)
    return directions


def _real(operation: str, role: str, given: Any, node: Value) -> Any:
    """Return a float or an ndarray of the node's type."""
    if type(given) is float:
        return given
    array = np.asarray(given)
    if array.dtype.kind not in "biuf":
        message = (
            f"[{operation}] a {type(given).__name__} of type {array.dtype} was given as a {role} - "
            "real numbers are needed. Pass a float, an array or a Value."
        )
        raise TypeError(message)
    if not array.ndim:
        return float(array)
    return array.astype(node.dtype if node.ndim else np.float64, copy=False)


def _pulled(
    roots: Sequence[Value | None], nodes: Sequence[Value], seeds: Sequence[Any], create_graph: bool
) -> list[Any]:
    """Return the gradients of several roots, each with its seed, in one sweep."""
    pairs = [
        (root, seed)
        for root, seed in zip(roots, seeds, strict=True)
        if root is not None and seed is not None and root.requires_grad
    ]
    if not pairs:
        return [zeros(node, create_graph) for node in nodes]
    if len(pairs) == 1:
        root, seed = pairs[0]
        return _core.gradients(root, list(nodes), seed, create_graph)
    # The adjoint of each root in their inner product with the seeds is its seed.
    terms = [(root * seed).sum() if root.ndim else root * seed for root, seed in pairs]
    return _core.gradients(_core.sum(terms), list(nodes), None, create_graph)


def _pushed(
    root: Value | None, nodes: Sequence[Value], directions: Sequence[Any], create_graph: bool
) -> Any:
    """Return the tangent of a root."""
    if root is None:
        return None
    if not root.requires_grad:
        return zeros(root, create_graph)
    moving = [(node, one) for node, one in zip(nodes, directions, strict=True) if one is not None]
    return _core.push_forward(
        root, [node for node, _ in moving], [one for _, one in moving], create_graph
    )
