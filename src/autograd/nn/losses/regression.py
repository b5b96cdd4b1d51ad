"""Losses of numbers: `mse`, `mae` and `huber`, functions of prediction minus target.

Targets may require a gradient here and then receive one, the opposite of the prediction's. A
target that is nan is refused, a prediction that is nan flows into the loss.
"""

from __future__ import annotations

import math
import numbers
from typing import TYPE_CHECKING

import numpy as np

from autograd import _core
from autograd.nn.losses.pairs import read_pairs, reduced, text_of

if TYPE_CHECKING:
    from autograd.engine import Value
    from autograd.nn.losses.pairs import Numbers, Reduction


def mse(predictions: Numbers, targets: Numbers, *, reduction: Reduction = "mean") -> Value:
    """Return the mean squared error, mean((p - t)**2).

    Parameters
    ----------
    predictions : iterable of Value or float, or array
        What the model says, `n` of them.
    targets : iterable of Value or float, or array
        What is right, `n` of them. A Value that requires a gradient receives one.
    reduction : {"mean", "sum", "none"}
        Whether the losses of all pairs are averaged, added up, or returned as they are.

    Returns
    -------
    Value
        The loss; with ``reduction="none"`` an array of `n`, of a single pair a scalar.

    Raises
    ------
    ValueError
        If there is nothing, the two lengths or shapes differ, or a target is nan.

    Examples
    --------
    >>> from autograd import Value
    >>> p = Value(3.0)
    >>> loss = mse([p, Value(1.0)], [1.0, 1.0])
    >>> loss.backward()
    >>> loss.data, p.grad
    (2.0, 2.0)
    >>> mse([p, Value(1.0)], [1.0, 1.0], reduction="none").data
    array([4., 0.])
    """
    p, t = read_pairs("mse", "predictions", predictions, targets)
    losses = _core.square(_error(p, t))
    return _checked("mse", reduced("mse", losses, reduction, predictions, targets), t)


def mae(predictions: Numbers, targets: Numbers, *, reduction: Reduction = "mean") -> Value:
    """Return the mean absolute error, mean(abs(p - t)).

    At the kink, p = t, the derivative is 0, as PyTorch's is.

    Parameters
    ----------
    predictions, targets, reduction
        As in `mse`.

    Returns
    -------
    Value
        The loss; with ``reduction="none"`` an array of `n`, of a single pair a scalar.

    Raises
    ------
    ValueError
        As in `mse`.

    Examples
    --------
    >>> from autograd import Value
    >>> p = Value([3.0, 1.0])
    >>> loss = mae(p, [1.0, 1.0])
    >>> loss.backward()
    >>> loss.data, p.grad
    (1.0, array([0.5, 0. ]))
    """
    p, t = read_pairs("mae", "predictions", predictions, targets)
    losses = _core.absolute(_error(p, t))
    return _checked("mae", reduced("mae", losses, reduction, predictions, targets), t)


def huber(
    predictions: Numbers,
    targets: Numbers,
    *,
    delta: float = 1.0,
    reduction: Reduction = "mean",
) -> Value:
    """Return Huber's loss: of a small error e = p - t its square / 2, of a large one a line.

    It is mean(e**2 / 2) where abs(e) <= delta, and mean(delta * (abs(e) - delta / 2)) elsewhere.
    The slope is continuous: at abs(e) = delta it is delta on both sides.

    Parameters
    ----------
    predictions, targets, reduction
        As in `mse`.
    delta : float
        Where the line begins, and its slope; positive and finite.

    Returns
    -------
    Value
        The loss; with ``reduction="none"`` an array of `n`, of a single pair a scalar.

    Raises
    ------
    TypeError
        If `delta` is no number.
    ValueError
        As in `mse`, or if `delta` is not positive and finite.

    References
    ----------
    P. J. Huber, Robust estimation of a location parameter, Annals of Mathematical Statistics 35
    (1964), page 73.

    Examples
    --------
    >>> from autograd import Value
    >>> p = Value([0.5, 3.0])
    >>> loss = huber(p, [0.0, 0.0], reduction="none")
    >>> loss.sum().backward()
    >>> loss.data, p.grad
    (array([0.125, 2.5  ]), array([0.5, 1. ]))
    """
    limit = _checked_delta(delta)
    p, t = read_pairs("huber", "predictions", predictions, targets)
    error = _error(p, t)
    # With c the error cut at +-delta, both cases are c * (e - c / 2): one formula, no branch.
    near = _core.clip(error, -limit, limit)
    losses = near * (error - 0.5 * near)
    return _checked("huber", reduced("huber", losses, reduction, predictions, targets), t)


def _error(p: Value, t: Value) -> Value:
    """Return prediction minus target, in the type of the predictions."""
    return p - (t if t.requires_grad else t.data.astype(p.dtype, copy=False))


def _checked(operation: str, loss: Value, targets: Value) -> Value:
    """Return the loss, refusing targets that are nan.

    They are looked at only where the loss is nan, as one of them makes it.
    """
    if loss.ndim == 0:
        if not math.isnan(loss.data):
            return loss
    elif not np.isnan(loss.data).any():
        return loss
    for place in np.argwhere(np.isnan(targets.data)):
        what = text_of("targets", tuple(int(index) for index in place))
        message = f"[{operation}] {what} is nan - a number is needed. Leave out the pairs without a"
        raise ValueError(f"{message} target, e.g. known = ~numpy.isnan(targets).")
    return loss


def _checked_delta(delta: object) -> float:
    if not isinstance(delta, numbers.Real):
        message = f"[huber] delta is a {type(delta).__name__} - a number is needed."
        raise TypeError(f"{message} Pass a float.")
    limit = float(delta)
    if not (math.isfinite(limit) and limit > 0.0):
        message = f"[huber] delta={delta!r} was given - a finite number > 0 is needed."
        raise ValueError(f"{message} Change delta.")
    return limit
