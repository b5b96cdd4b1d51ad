"""Adagrad: steps divided by the root of all squared gradients so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from autograd import _core
from autograd.optim.optimizer import Optimizer
from autograd.optim.options import AT_LEAST_0, POSITIVE, RATE, Option

if TYPE_CHECKING:
    from autograd.optim.group import Group
    from autograd.optim.optimizer import Groups


class Adagrad(Optimizer):
    """Gradient descent that slows down where gradients were large; PyTorch's formulas.

    With g = grad + weight_decay * p, the t-th step is s += g**2, and p -= lr / (1 + (t - 1) *
    lr_decay) * g / (sqrt(s) + eps).

    Parameters
    ----------
    parameters : module, iterable of Value, callable that returns one, or list of groups
        What to update; see `Optimizer`.
    lr : float
        The learning rate, positive and finite.
    lr_decay : float
        How fast the learning rate falls by itself, at least 0.
    initial : float
        Where the sum of squares starts, at least 0.
    eps : float
        Added to the root, positive.
    weight_decay : float
        The factor of the L2 penalty's gradient, at least 0.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or out of range.

    References
    ----------
    J. Duchi, E. Hazan, Y. Singer, Adaptive subgradient methods for online learning and stochastic
    optimization, Journal of Machine Learning Research 12, 2011.

    Examples
    --------
    >>> from autograd import Value
    >>> x = Value(3.0)
    >>> optimizer = Adagrad([x], lr=0.5)
    >>> (x * x).backward()
    >>> optimizer.step()
    >>> round(x.data, 6)
    2.5
    """

    declared: ClassVar[dict[str, Option]] = {
        "lr": RATE,
        "lr_decay": AT_LEAST_0,
        "initial": AT_LEAST_0,
        "eps": POSITIVE,
        "weight_decay": AT_LEAST_0,
    }
    remembers: ClassVar[tuple[str, ...]] = ("sum",)

    def __init__(
        self,
        parameters: Groups,
        lr: float = 1e-2,
        *,
        lr_decay: float = 0.0,
        initial: float = 0.0,
        eps: float = 1e-10,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(
            parameters, lr, lr_decay=lr_decay, initial=initial, eps=eps, weight_decay=weight_decay
        )

    def update(self, group: Group) -> None:
        """Update the parameters of a group."""
        _core.adagrad_step(
            group.leaves,
            group.remembered("sum", group.initial),
            group.lr / (1.0 + group.steps * group.lr_decay),
            group.eps,
            group.weight_decay,
        )
