"""Stochastic gradient descent, with momentum."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from autograd import _core
from autograd.optim.optimizer import Optimizer
from autograd.optim.options import AT_LEAST_0, RATE, Option, Switch

if TYPE_CHECKING:
    from autograd.optim.group import Group
    from autograd.optim.optimizer import Groups


class SGD(Optimizer):
    """Gradient descent, with optional momentum and weight decay; PyTorch's formulas.

    With g = grad + weight_decay * p, a step is v = momentum * v + g, and p -= lr * v, or with
    `nesterov` p -= lr * (g + momentum * v). The velocity v is zero at first.

    Parameters
    ----------
    parameters : module, iterable of Value, callable that returns one, or list of groups
        What to update; see `Optimizer`.
    lr : float
        The learning rate, positive and finite.
    momentum : float
        The share of the velocity that is kept, at least 0.
    nesterov : bool
        Whether to look ahead; needs momentum.
    weight_decay : float
        The factor of the L2 penalty's gradient, at least 0.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or out of range.

    References
    ----------
    I. Sutskever, J. Martens, G. Dahl, G. Hinton, On the importance of initialization and momentum
    in deep learning, ICML 2013, in the form that PyTorch uses (the learning rate outside of the
    velocity).

    Examples
    --------
    >>> from autograd import Value
    >>> x = Value(3.0)
    >>> optimizer = SGD([x], lr=0.25)
    >>> for _ in range(3):
    ...     optimizer.zero_grad()
    ...     (x * x).backward()
    ...     optimizer.step()
    >>> x.data
    0.375
    """

    declared: ClassVar[dict[str, Option]] = {
        "lr": RATE,
        "momentum": AT_LEAST_0,
        "nesterov": Switch(),
        "weight_decay": AT_LEAST_0,
    }

    def __init__(
        self,
        parameters: Groups,
        lr: float,
        momentum: float = 0.0,
        *,
        nesterov: bool = False,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(
            parameters, lr, momentum=momentum, nesterov=nesterov, weight_decay=weight_decay
        )

    def check(self, group: Group) -> None:
        """Refuse Nesterov's step without momentum."""
        if group.nesterov and group.momentum == 0.0:
            message = (
                "[SGD] nesterov=True was given with momentum=0 - a positive momentum is needed."
            )
            raise ValueError(f"{message} Pass e.g. momentum=0.9.")

    def update(self, group: Group) -> None:
        """Update the parameters of a group."""
        _core.sgd_step(
            group.leaves,
            group.remembered("velocity") if group.momentum != 0.0 else None,
            group.lr,
            group.momentum,
            group.nesterov,
            group.weight_decay,
        )
