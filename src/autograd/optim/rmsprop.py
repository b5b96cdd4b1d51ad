"""RMSprop: steps divided by a running root mean square of the gradient."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from autograd import _core
from autograd.optim.optimizer import Optimizer
from autograd.optim.options import AT_LEAST_0, POSITIVE, RATE, SHARE, Option, Switch

if TYPE_CHECKING:
    from autograd.optim.group import Group
    from autograd.optim.optimizer import Groups


class RMSprop(Optimizer):
    """Gradient descent divided by a running root mean square; PyTorch's formulas.

    With g = grad + weight_decay * p, a step is v = alpha * v + (1 - alpha) * g**2, and p -= lr *
    g / (sqrt(v) + eps). If `centered`, the square of the running mean of g is subtracted from v
    under the root; where rounding makes the difference negative, it is 0. With `momentum`, u =
    momentum * u + g / (sqrt(v) + eps), and p -= lr * u.

    Parameters
    ----------
    parameters : module, iterable of Value, callable that returns one, or list of groups
        What to update; see `Optimizer`.
    lr : float
        The learning rate, positive and finite.
    alpha : float
        How slowly the running means forget, in [0, 1).
    eps : float
        Added to the root, positive.
    momentum : float
        The share of the velocity that is kept, at least 0.
    centered : bool
        Whether to divide by the standard deviation instead.
    weight_decay : float
        The factor of the L2 penalty's gradient, at least 0.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or out of range.

    References
    ----------
    T. Tieleman, G. Hinton, Neural networks for machine learning, lecture 6.5, 2012. Centered: A.
    Graves, Generating sequences with recurrent neural networks, arXiv:1308.0850, equations 38-45.

    Examples
    --------
    >>> from autograd import Value
    >>> x = Value(3.0)
    >>> optimizer = RMSprop([x], lr=0.1, alpha=0.75)
    >>> (x * x).backward()
    >>> optimizer.step()
    >>> round(x.data, 6)
    2.8
    """

    declared: ClassVar[dict[str, Option]] = {
        "lr": RATE,
        "alpha": SHARE,
        "eps": POSITIVE,
        "momentum": AT_LEAST_0,
        "centered": Switch(),
        "weight_decay": AT_LEAST_0,
    }
    remembers: ClassVar[tuple[str, ...]] = ("square",)

    def __init__(
        self,
        parameters: Groups,
        lr: float = 1e-2,
        *,
        alpha: float = 0.99,
        eps: float = 1e-8,
        momentum: float = 0.0,
        centered: bool = False,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(
            parameters,
            lr,
            alpha=alpha,
            eps=eps,
            momentum=momentum,
            centered=centered,
            weight_decay=weight_decay,
        )

    def update(self, group: Group) -> None:
        """Update the parameters of a group."""
        _core.rmsprop_step(
            group.leaves,
            group.remembered("square"),
            group.remembered("mean") if group.centered else None,
            group.remembered("velocity") if group.momentum != 0.0 else None,
            group.lr,
            group.alpha,
            group.eps,
            group.momentum,
            group.weight_decay,
        )
