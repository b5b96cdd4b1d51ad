"""Losses: what training makes small, on lists of scalars, on arrays, and on single pairs.

Predictions come first, targets second, and both are checked; nothing is broadcast. Each loss is
composed of operations of the table, so that it can be differentiated any number of times. The
formulas are PyTorch's: its ``mse_loss``, ``l1_loss``, ``huber_loss``, ``nll_loss``, ``kl_div`` are
`mse`, `mae`, `huber`, `nll`, `kl` here, and the cross-entropies have their names. (Where a library
has ``MSE(y_true, y_pred)``, mind the order.)

``reduction="mean"`` averages the losses of all pairs or samples, ``"sum"`` adds them up, and
``"none"`` returns each. `named` finds a loss by its name. Start reading in ``pairs.py``.

Examples
--------
>>> from autograd.nn import losses
>>> losses.mse([1.0, 2.0], [1.0, 4.0]).data
2.0
>>> losses.mse([1.0, 2.0], [1.0, 4.0], reduction="none").data
array([0., 4.])
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd.nn.losses.binary import binary_cross_entropy, binary_cross_entropy_with_logits, hinge
from autograd.nn.losses.categorical import cross_entropy, kl, nll
from autograd.nn.losses.regression import huber, mae, mse

if TYPE_CHECKING:
    from collections.abc import Callable

    from autograd.engine import Value

__all__ = [
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "cross_entropy",
    "hinge",
    "huber",
    "kl",
    "mae",
    "mse",
    "named",
    "nll",
]

_LOSSES: dict[str, Callable[..., Value]] = {
    loss.__name__: loss
    for loss in (
        binary_cross_entropy,
        binary_cross_entropy_with_logits,
        cross_entropy,
        hinge,
        huber,
        kl,
        mae,
        mse,
        nll,
    )
}


def named(name: str) -> Callable[..., Value]:
    """Return the loss of this name.

    Parameters
    ----------
    name : str
        The name of a function of this module, e.g. ``"cross_entropy"``.

    Returns
    -------
    callable
        ``loss(predictions, targets, *, reduction="mean")``, a Value.

    Raises
    ------
    TypeError
        If `name` is no str.
    ValueError
        If there is no such loss; the message lists those that there are.

    Examples
    --------
    >>> from autograd.nn import losses
    >>> losses.named("mse") is losses.mse
    True
    """
    if not isinstance(name, str):
        message = f"[losses.named] a {type(name).__name__} was given"  # type: ignore[unreachable]
        raise TypeError(
            f"{message} - a str is needed. Pass e.g. 'mse', or use the function itself."
        )
    try:
        return _LOSSES[name]
    except KeyError:
        message = f"[losses.named] the loss {name!r} was given - one of {', '.join(_LOSSES)}"
        raise ValueError(f"{message} is needed. Pass one of these, or a function.") from None
