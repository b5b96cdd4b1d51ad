"""Clipping: gradients that are too large are made smaller, between backward and step."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from autograd import _core
from autograd.optim.optimizer import Optimizer
from autograd.optim.options import POSITIVE
from autograd.optim.parameters import collect

if TYPE_CHECKING:
    from autograd.optim.parameters import Parameters


def clip_grad_norm(parameters: Parameters, limit: float) -> float:
    """Scale all gradients so that their Euclidean norm, as one vector, is at most `limit`.

    Parameters
    ----------
    parameters : module, optimizer, iterable of Value, or callable that returns one
        Whose gradients.
    limit : float
        The largest norm, positive.

    Returns
    -------
    float
        The norm before.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or out of range, or the norm is not finite: no factor
        would help then. Nothing has changed.

    References
    ----------
    R. Pascanu, T. Mikolov, Y. Bengio, On the difficulty of training recurrent neural networks, ICML
    2013, algorithm 1.

    Examples
    --------
    >>> from autograd import Value
    >>> w = Value([3.0, 4.0])
    >>> (w * w).sum().backward()
    >>> clip_grad_norm([w], limit=5.0)
    10.0
    >>> w.grad
    array([3., 4.])
    """
    operation = "clip_grad_norm"
    limit = POSITIVE.checked(operation, "limit", limit)
    lists = _lists(operation, parameters)
    norm = math.hypot(*[leaves.gradient_norm() for leaves in lists])
    if not norm < math.inf:
        message = f"[{operation}] gradients with a norm of {norm} were given - a finite one is"
        raise ValueError(f"{message} needed. Look for the first loss that is not finite.")
    if norm > limit:
        for leaves in lists:
            leaves.scale_gradients(limit / norm)
    return norm


def clip_grad_value(parameters: Parameters, limit: float) -> float:
    """Move every number of the gradients into [-limit, limit]; nan stays.

    Parameters
    ----------
    parameters : module, optimizer, iterable of Value, or callable that returns one
        Whose gradients.
    limit : float
        The largest magnitude, positive.

    Returns
    -------
    float
        The largest magnitude before; nan if there is one.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or out of range. Nothing has changed.

    Examples
    --------
    >>> from autograd import Value
    >>> w = Value([3.0, -0.25])
    >>> (w * w).sum().backward()
    >>> clip_grad_value([w], limit=1.0)
    6.0
    >>> w.grad
    array([ 1. , -0.5])
    """
    operation = "clip_grad_value"
    limit = POSITIVE.checked(operation, "limit", limit)
    lists = _lists(operation, parameters)
    found = [leaves.largest_gradient() for leaves in lists]
    largest = math.nan if any(map(math.isnan, found)) else max(found)
    if not largest <= limit:
        for leaves in lists:
            leaves.clip_gradients(limit)
    return largest


def _lists(operation: str, parameters: Parameters) -> list[_core.ParameterList]:
    """Return the parameters as the core takes them; an optimizer has looked them up already."""
    given: object = parameters
    if isinstance(given, Optimizer):
        return [group.leaves for group in given.groups]
    return [_core.ParameterList(operation, collect(operation, parameters))]
