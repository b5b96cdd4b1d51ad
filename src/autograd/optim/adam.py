"""Adam, and AdamW with decoupled weight decay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autograd import _core
from autograd.optim.optimizer import Optimizer

if TYPE_CHECKING:
    from autograd.optim.optimizer import Parameters


class Adam(Optimizer):
    """Adaptive moment estimation; PyTorch's formulas.

    With g = grad + weight_decay * p, the t-th step is m = beta1 * m + (1 - beta1) * g,
    v = beta2 * v + (1 - beta2) * g**2, and p -= lr * (m / (1 - beta1**t)) / (sqrt(v / (1 -
    beta2**t)) + eps).

    Parameters
    ----------
    parameters : module, iterable of Value, or callable that returns one
        What to update; see `Optimizer`.
    lr : float
        The learning rate, positive and finite: about the size of a step.
    betas : (float, float)
        How slowly the means of gradient and of squared gradient forget, each in [0, 1).
    eps : float
        Added to the root, positive; keeps the quotient finite.
    weight_decay : float
        The factor of the L2 penalty's gradient, at least 0.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or out of range.

    References
    ----------
    D. P. Kingma, J. Ba, Adam: a method for stochastic optimization, ICLR 2015, algorithm 1.

    Examples
    --------
    >>> from autograd import Value
    >>> x = Value(3.0)
    >>> optimizer = Adam([x], lr=0.1)
    >>> (x * x).backward()
    >>> optimizer.step()
    >>> round(x.data, 6)
    2.9
    """

    _decoupled = False

    def __init__(
        self,
        parameters: Parameters,
        lr: float = 1e-3,
        *,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, lr)
        beta1, beta2 = betas
        self.betas = (
            self._checked("betas[0]", beta1, at_least=0.0, below=1.0),
            self._checked("betas[1]", beta2, at_least=0.0, below=1.0),
        )
        self.eps = self._checked("eps", eps, above=0.0)
        self.weight_decay = self._checked("weight_decay", weight_decay, at_least=0.0)
        self.steps = 0
        self.mean = np.zeros(self._size)
        self.variance = np.zeros(self._size)

    def step(self) -> None:
        """Update every parameter from its gradient, once. O(numbers in them), in C++."""
        _core.adam_step(
            self.parameters,
            self.mean,
            self.variance,
            self.steps + 1,
            self.lr,
            *self.betas,
            self.eps,
            self.weight_decay,
            self._decoupled,
        )
        self.steps += 1  # only now: a refused step does not count


class AdamW(Adam):
    """Adam with decoupled weight decay: p -= lr * weight_decay * p, apart from the gradient.

    Parameters
    ----------
    parameters, lr, betas, eps
        As in `Adam`.
    weight_decay : float
        The share, times the learning rate, by which a parameter shrinks in a step; at least 0.

    References
    ----------
    I. Loshchilov, F. Hutter, Decoupled weight decay regularization, ICLR 2019, algorithm 2.

    Examples
    --------
    >>> from autograd import Value
    >>> x = Value(1.0)
    >>> AdamW([x], lr=0.5, weight_decay=0.5).step()
    >>> x.data
    0.75
    """

    _decoupled = True

    def __init__(
        self,
        parameters: Parameters,
        lr: float = 1e-3,
        *,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ) -> None:
        super().__init__(parameters, lr, betas=betas, eps=eps, weight_decay=weight_decay)
