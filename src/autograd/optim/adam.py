"""Adam, and AdamW with decoupled weight decay."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from autograd import _core
from autograd.optim.optimizer import Optimizer
from autograd.optim.options import AT_LEAST_0, POSITIVE, RATE, SHARE, Option, Pair

if TYPE_CHECKING:
    from autograd.optim.group import Group
    from autograd.optim.optimizer import Groups


class Adam(Optimizer):
    """Adaptive moment estimation; PyTorch's formulas.

    With g = grad + weight_decay * p, the t-th step is m = beta1 * m + (1 - beta1) * g,
    v = beta2 * v + (1 - beta2) * g**2, and p -= lr * (m / (1 - beta1**t)) / (sqrt(v / (1 -
    beta2**t)) + eps).

    Parameters
    ----------
    parameters : module, iterable of Value, callable that returns one, or list of groups
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

    declared: ClassVar[dict[str, Option]] = {
        "lr": RATE,
        "betas": Pair(SHARE),
        "eps": POSITIVE,
        "weight_decay": AT_LEAST_0,
    }
    remembers: ClassVar[tuple[str, ...]] = ("mean", "square")
    _is_decoupled = False

    def __init__(
        self,
        parameters: Groups,
        lr: float = 1e-3,
        *,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, lr, betas=betas, eps=eps, weight_decay=weight_decay)

    def update(self, group: Group) -> None:
        """Update the parameters of a group."""
        beta1, beta2 = group.betas
        _core.adam_step(
            group.leaves,
            group.remembered("mean"),
            group.remembered("square"),
            group.steps + 1,
            group.lr,
            beta1,
            beta2,
            group.eps,
            group.weight_decay,
            self._is_decoupled,
        )


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
    >>> (x * 0.0).backward()  # a gradient of zero: what is left is the decay
    >>> AdamW([x], lr=0.5, weight_decay=0.5).step()
    >>> x.data
    0.75
    """

    _is_decoupled = True

    def __init__(
        self,
        parameters: Groups,
        lr: float = 1e-3,
        *,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ) -> None:
        super().__init__(parameters, lr, betas=betas, eps=eps, weight_decay=weight_decay)
