"""Lion: steps of one size, in the direction of the sign of a running mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from autograd import _core
from autograd.optim.optimizer import Optimizer
from autograd.optim.options import AT_LEAST_0, RATE, SHARE, Option, Pair

if TYPE_CHECKING:
    from autograd.optim.group import Group
    from autograd.optim.optimizer import Groups


class Lion(Optimizer):
    """Evolved sign momentum: every number moves by the learning rate, up or down.

    A step is p = (1 - lr * weight_decay) * p - lr * sign(beta1 * m + (1 - beta1) * g), and then m =
    beta2 * m + (1 - beta2) * g. sign(0) is 0. The learning rate is best three to ten times smaller
    than Adam's, the decay as much larger.

    Parameters
    ----------
    parameters : module, iterable of Value, callable that returns one, or list of groups
        What to update; see `Optimizer`.
    lr : float
        The learning rate, positive and finite: the size of a step.
    betas : (float, float)
        The share of the mean in the direction, and how slowly the mean forgets, each in [0, 1).
    weight_decay : float
        The share, times the learning rate, by which a parameter shrinks in a step; at least 0.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or out of range.

    References
    ----------
    X. Chen et al., Symbolic discovery of optimization algorithms, arXiv:2302.06675, algorithm 2.

    Examples
    --------
    >>> from autograd import Value
    >>> x = Value(3.0)
    >>> optimizer = Lion([x], lr=0.125)
    >>> (x * x).backward()
    >>> optimizer.step()
    >>> x.data
    2.875
    """

    declared: ClassVar[dict[str, Option]] = {
        "lr": RATE,
        "betas": Pair(SHARE),
        "weight_decay": AT_LEAST_0,
    }
    remembers: ClassVar[tuple[str, ...]] = ("mean",)

    def __init__(
        self,
        parameters: Groups,
        lr: float = 1e-4,
        *,
        betas: tuple[float, float] = (0.9, 0.99),
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, lr, betas=betas, weight_decay=weight_decay)

    def update(self, group: Group) -> None:
        """Update the parameters of a group."""
        beta1, beta2 = group.betas
        _core.lion_step(
            group.leaves, group.remembered("mean"), group.lr, beta1, beta2, group.weight_decay
        )
