"""Derivatives written out: `jacobian` and `hessian`."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from autograd import _core
from autograd.engine import Value
from autograd.transforms.gradients import grad
from autograd.transforms.trees import rebuilt
from autograd.transforms.variables import (
    Scope,
    Variables,
    as_plain,
    gradients_of,
    is_inside,
    positions_of,
    refuse_uncallable,
    results,
    separated,
)

__all__ = ["hessian", "jacobian"]


def jacobian(
    function: Callable[..., Any], argnums: int | Sequence[int] = 0, *, has_aux: bool = False
) -> Callable[..., Any]:
    """Turn a function into one that returns the derivative of each result by each variable.

    It is computed row by row, backward, or column by column, forward, whichever are fewer. The
    function is called once.

    Parameters
    ----------
    function : callable
        A function that returns a Value of any shape, or a tuple, list or dictionary of them.
    argnums : int or sequence of int, default 0
        The positions of the arguments to differentiate with respect to, see `grad`.
    has_aux : bool, default False
        The function returns a pair, of what to differentiate and of anything else. The second
        comes back beside the derivative, with data in place of Values where that is plain.

    Returns
    -------
    callable
        A function of the same arguments that returns an array of shape ``result.shape +
        argument.shape``, a float where both are scalars, Values where `value_and_grad` gives
        Values. Where results or arguments are tuples, lists or dictionaries, it returns the
        structure of the result, in each place of which stands the structure of the argument.

    Raises
    ------
    TypeError
        If `function` cannot be called; on a call, if an argument is no number, or a result is no
        Value.
    IndexError
        On a call, if there is no argument of that position.

    Examples
    --------
    >>> import numpy as np
    >>> import autograd
    >>> autograd.jacobian(lambda x: x * x)(np.array([1.0, 2.0]))
    array([[2., 0.],
           [0., 4.]])
    """
    refuse_uncallable("jacobian", function, "Pass the function, not its result.")
    positions = positions_of("jacobian", argnums)
    single = isinstance(argnums, int)

    @functools.wraps(function)
    def matrix(*args: Any, **kwargs: Any) -> Any:
        with Scope():
            variables = Variables("jacobian", args, positions)
            nodes = variables.nodes
            nested = is_inside() or variables.hold_values
            returned = function(*variables.arguments, **kwargs)
            returned, aux = separated("jacobian", returned) if has_aux else (returned, None)
            roots = results("jacobian", returned)
            height = sum(root.size for root in roots if root is not None)
            # Each root asks for a sweep of its own.
            width = sum(node.size for node in nodes) * len(roots)
            blocks = _by_rows if height <= width else _by_columns
            found = [
                None if root is None else variables.restored(blocks(root, nodes, nested))
                for root in roots
            ]
        parts = (one and (one[0] if single else tuple(one)) for one in found)
        derivative = rebuilt(returned, parts)
        if not has_aux:
            return derivative
        return derivative, aux if nested else as_plain(aux)

    return matrix


def hessian(
    function: Callable[..., Any], argnums: int | Sequence[int] = 0, *, has_aux: bool = False
) -> Callable[..., Any]:
    """Turn a function into one that returns its second derivatives.

    Parameters
    ----------
    function : callable
        A function that returns a scalar Value.
    argnums : int or sequence of int, default 0
        The positions of the arguments to differentiate with respect to, see `grad`.
    has_aux : bool, default False
        As in `jacobian`.

    Returns
    -------
    callable
        A function of the same arguments that returns an array of shape ``argument.shape +
        argument.shape``, structured as the `jacobian` of the gradient.

    Raises
    ------
    TypeError
        If `function` cannot be called; on a call, if an argument is no number, or the result is no
        Value.
    ValueError
        On a call, if the result is an array.

    See Also
    --------
    hvp : the product of the Hessian with a vector, without the Hessian

    Examples
    --------
    >>> import numpy as np
    >>> import autograd
    >>> autograd.hessian(lambda x: x[0] ** 2 * x[1])(np.array([3.0, 5.0]))
    array([[10.,  6.],
           [ 6.,  0.]])
    """
    refuse_uncallable("hessian", function, "Pass the function, not its result.")
    gradient = grad(function, argnums=argnums, has_aux=has_aux)
    return jacobian(gradient, argnums, has_aux=has_aux)


def _by_rows(root: Value, nodes: Sequence[Value], nested: bool) -> list[Any]:
    """Differentiate each element of a root, backward."""
    rows = [gradients_of(root, nodes, unit, nested) for unit in _units(root)]
    if root.ndim == 0:
        return rows[0]
    return [
        _stacked([row[i] for row in rows], (*root.shape, *node.shape), nested)
        for i, node in enumerate(nodes)
    ]


def _by_columns(root: Value, nodes: Sequence[Value], nested: bool) -> list[Any]:
    """Differentiate a root by each element of the variables, forward."""
    if root.ndim == 0 or not root.requires_grad:
        return _by_rows(root, nodes, nested)
    blocks: list[Any] = []
    for node in nodes:
        columns = [_core.push_forward(root, [node], [unit], nested) for unit in _units(node)]
        block = _stacked(columns, (node.size, *root.shape), nested)
        last = block.transpose(*range(1, root.ndim + 1), 0)
        blocks.append(last.reshape(*root.shape, *node.shape))
    return blocks


def _units(like: Value) -> Iterator[Any]:
    """Yield an array of its shape for each of its elements, with 1 in its place and 0 elsewhere."""
    if like.ndim == 0:
        yield 1.0
        return
    for place in range(like.size):
        # A new one each time: where the sweep is recorded, it becomes a part of the graph.
        unit = np.zeros(like.shape, like.dtype)
        unit.flat[place] = 1.0
        yield unit


def _stacked(parts: list[Any], shape: tuple[int, ...], as_values: bool) -> Any:
    """Put the parts, of one shape, together in a new one."""
    if not parts:
        return Value(np.zeros(shape), requires_grad=False) if as_values else np.zeros(shape)
    if as_values:
        return _core.stack_first(parts).reshape(*shape)
    return np.array(parts).reshape(shape)
