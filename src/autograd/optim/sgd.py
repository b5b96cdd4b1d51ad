"""Stochastic gradient descent, with momentum."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autograd import _core
from autograd.optim.optimizer import Optimizer

if TYPE_CHECKING:
    from autograd.optim.optimizer import Parameters


class SGD(Optimizer):
    """Gradient descent, with optional momentum and weight decay; PyTorch's formulas.

    With g = grad + weight_decay * p, a step is v = momentum * v + g, and p -= lr * v, or with
    `nesterov` p -= lr * (g + momentum * v). The velocity v is zero at first.

    Parameters
    ----------
    parameters : module, iterable of Value, or callable that returns one
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

    def __init__(
        self,
        parameters: Parameters,
        lr: float,
        momentum: float = 0.0,
        *,
        nesterov: bool = False,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, lr)
        self.momentum = self._checked("momentum", momentum, at_least=0.0)
        self.weight_decay = self._checked("weight_decay", weight_decay, at_least=0.0)
        if nesterov and self.momentum == 0.0:
            message = (
                "[SGD] nesterov=True was given with momentum=0 - a positive momentum is needed."
            )
            raise ValueError(f"{message} Pass e.g. momentum=0.9.")
        self.nesterov = bool(nesterov)
        self.velocity = np.zeros(self._size)

    def step(self) -> None:
        """Update every parameter from its gradient, once. O(numbers in them), in C++."""
        _core.sgd_step(
            self.parameters, self.velocity, self.lr, self.momentum, self.nesterov, self.weight_decay
        )
