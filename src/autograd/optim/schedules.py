"""Schedules: learning rates that change with the number of steps.

A schedule is a factor, a function of the number of its steps alone, by which the learning rate of
each group is multiplied. So any of them can be resumed at any step, and nothing adds up. It may be
0, as at the end of a straight line.
"""

from __future__ import annotations

import abc
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from autograd.arguments import checked_count
from autograd.optim.optimizer import Optimizer
from autograd.optim.options import AT_LEAST_0, POSITIVE, RATE

if TYPE_CHECKING:
    from collections.abc import Callable


class Schedule(abc.ABC):
    """The base class of schedules; `factor` makes one.

    Parameters
    ----------
    optimizer : Optimizer
        Whose learning rates are set: at once, and at each step. What they are now is the base.

    Attributes
    ----------
    steps : int
        How many steps were made.
    base : list of float
        The learning rate of each group that the factor is for.

    Raises
    ------
    TypeError
        If `optimizer` is none.
    ValueError
        If its learning rate is 0, perhaps at the end of another schedule.

    Examples
    --------
    >>> from autograd import Value, optim
    >>> class Halving(Schedule):
    ...     def factor(self, step):
    ...         return 0.5**step
    >>> optimizer = optim.SGD([Value(1.0)], lr=0.8)
    >>> schedule = Halving(optimizer)
    >>> for _ in range(3):
    ...     schedule.step()
    >>> optimizer.lr
    0.1
    """

    def __init__(self, optimizer: Optimizer) -> None:
        given: object = optimizer
        name = type(self).__name__
        if not isinstance(given, Optimizer):
            message = f"[{name}] a {type(given).__name__} was given - an optimizer"
            raise TypeError(f"{message} is needed. Pass e.g. autograd.optim.SGD(model, lr=0.1).")
        self.optimizer = optimizer
        base = [group.lr for group in optimizer.groups]
        if 0.0 in base:
            message = (
                f"[{name}] an optimizer with the learning rate 0 was given - a positive one is"
            )
            raise ValueError(f"{message} needed, which is multiplied. Set optimizer.lr first.")
        self._go_to(0, base)

    @abc.abstractmethod
    def factor(self, step: int) -> float:
        """Return what to multiply the learning rate with after so many steps; at least 0."""

    def step(self) -> None:
        """Go on by one: after an epoch, or after each step of the optimizer, as was meant."""
        self._go_to(self.steps + 1, self.base)

    def _go_to(self, steps: int, base: list[float]) -> None:
        """Set steps, base and learning rates; none of them where one is refused."""
        name = type(self).__name__
        factor = RATE.checked(name, "the factor", self.factor(steps))
        rate = self.optimizer.declared["lr"]
        rates = [rate.checked(name, "the learning rate", one * factor) for one in base]
        self.steps, self.base = steps, base
        for group, lr in zip(self.optimizer.groups, rates, strict=True):
            group.lr = lr

    def state_dict(self) -> dict[str, Any]:
        """Return the number of steps and the base."""
        return {"schedule": type(self).__name__, "steps": self.steps, "base": list(self.base)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from where a schedule of the same kind has been; sets the learning rates.

        Raises
        ------
        ValueError
            If the state is of another kind, or for another number of groups. Nothing has changed.
        """
        name = type(self).__name__
        given: Any = state
        given = given if isinstance(given, Mapping) else {}
        base, steps = given.get("base"), given.get("steps")
        fits = (
            given.get("schedule") == name
            and isinstance(base, (list, tuple))
            and len(base) == len(self.base)
            and isinstance(steps, int)
            and steps >= 0
        )
        if not fits:
            message = f"[{name}.load_state_dict] the state {state!r} was given"
            raise ValueError(
                f"{message} - one of a {name} over {len(self.base)} group(s) is needed. Make the"
                " schedule as it was when the state was saved."
            )
        checked = [POSITIVE.checked(name, "base", number) for number in base]
        self._go_to(int(steps), checked)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(steps={self.steps}, lr={self.optimizer.lr!r})"


class StepSchedule(Schedule):
    """Multiply the learning rate by `by` after every so many steps.

    Parameters
    ----------
    optimizer : Optimizer
        See `Schedule`.
    every : int
        After how many steps, at least 1.
    by : float
        What it is multiplied with, positive.

    Examples
    --------
    >>> from autograd import Value, optim
    >>> optimizer = optim.SGD([Value(1.0)], lr=1.0)
    >>> schedule = StepSchedule(optimizer, every=2, by=0.5)
    >>> [(schedule.step(), optimizer.lr)[1] for _ in range(4)]
    [1.0, 0.5, 0.5, 0.25]
    """

    def __init__(self, optimizer: Optimizer, every: int, by: float = 0.1) -> None:
        self.every = checked_count("StepSchedule", "every", every, advice="Pass a number of steps.")
        self.by = POSITIVE.checked("StepSchedule", "by", by)
        super().__init__(optimizer)

    def factor(self, step: int) -> float:
        """Return by**(step // every)."""
        return self.by ** (step // self.every)


class CosineSchedule(Schedule):
    """Let the learning rate fall along half a cosine, to `end` times what it was, and stay there.

    Parameters
    ----------
    optimizer : Optimizer
        See `Schedule`.
    over : int
        Over how many steps, at least 1.
    end : float
        The last factor, at least 0. (PyTorch's is 0, where nothing is learned any more.)

    References
    ----------
    I. Loshchilov, F. Hutter, SGDR: stochastic gradient descent with warm restarts, ICLR 2017,
    equation 5.

    Examples
    --------
    >>> from autograd import Value, optim
    >>> optimizer = optim.SGD([Value(1.0)], lr=1.0)
    >>> schedule = CosineSchedule(optimizer, over=4, end=0.2)
    >>> [(schedule.step(), round(optimizer.lr, 4))[1] for _ in range(5)]
    [0.8828, 0.6, 0.3172, 0.2, 0.2]
    """

    def __init__(self, optimizer: Optimizer, over: int, end: float = 1e-3) -> None:
        self.over = checked_count("CosineSchedule", "over", over, advice="Pass a number of steps.")
        self.end = AT_LEAST_0.checked("CosineSchedule", "end", end)
        super().__init__(optimizer)

    def factor(self, step: int) -> float:
        """Return end + (1 - end) * (1 + cos(pi * step / over)) / 2."""
        share = min(step, self.over) / self.over
        return self.end + (1.0 - self.end) * 0.5 * (1.0 + math.cos(math.pi * share))


class LinearSchedule(Schedule):
    """Let the learning rate go in a straight line from `start` to `end` times what it was.

    Parameters
    ----------
    optimizer : Optimizer
        See `Schedule`.
    over : int
        Over how many steps, at least 1; then it stays.
    start, end : float
        The first and the last factor, at least 0.

    Examples
    --------
    >>> from autograd import Value, optim
    >>> optimizer = optim.SGD([Value(1.0)], lr=1.0)
    >>> schedule = LinearSchedule(optimizer, over=4, end=0.5)
    >>> [(schedule.step(), optimizer.lr)[1] for _ in range(5)]
    [0.875, 0.75, 0.625, 0.5, 0.5]
    """

    def __init__(
        self, optimizer: Optimizer, over: int, *, start: float = 1.0, end: float = 1e-3
    ) -> None:
        self.over = checked_count("LinearSchedule", "over", over, advice="Pass a number of steps.")
        self.start = AT_LEAST_0.checked("LinearSchedule", "start", start)
        self.end = AT_LEAST_0.checked("LinearSchedule", "end", end)
        super().__init__(optimizer)

    def factor(self, step: int) -> float:
        """Return start + (end - start) * step / over."""
        return self.start + (self.end - self.start) * (min(step, self.over) / self.over)


class WarmupSchedule(Schedule):
    """Let the learning rate rise in a straight line, and then follow another schedule.

    Parameters
    ----------
    optimizer : Optimizer
        See `Schedule`.
    over : int
        Over how many steps, at least 1. The first are made with 1 / (over + 1), 2 / (over + 1), ...
        of the learning rate.
    then : Schedule or None
        What follows: a schedule of the same optimizer, whose steps begin when the rise has ended.
        Only this one is stepped. None stays at the learning rate.

    Examples
    --------
    >>> from autograd import Value, optim
    >>> optimizer = optim.SGD([Value(1.0)], lr=1.0)
    >>> schedule = WarmupSchedule(optimizer, over=3, then=StepSchedule(optimizer, 1, by=0.5))
    >>> optimizer.lr
    0.25
    >>> [(schedule.step(), optimizer.lr)[1] for _ in range(5)]
    [0.5, 0.75, 1.0, 0.5, 0.25]
    """

    def __init__(self, optimizer: Optimizer, over: int, then: Schedule | None = None) -> None:
        name = "WarmupSchedule"
        self.over = checked_count(name, "over", over, advice="Pass a number of steps.")
        if then is not None and getattr(then, "optimizer", None) is not optimizer:
            message = f"[{name}] then={then!r} was given - a schedule of the same optimizer is"
            raise TypeError(f"{message} needed. Make it with this optimizer, before.")
        if then is not None:
            for group, base in zip(optimizer.groups, then.base, strict=True):
                group.lr = base  # without the factor that `then` has set
        self.then = then
        super().__init__(optimizer)

    def factor(self, step: int) -> float:
        """Return (step + 1) / (over + 1), and from `over` steps on the factor that follows."""
        if step < self.over:
            return (step + 1) / (self.over + 1)
        return 1.0 if self.then is None else self.then.factor(step - self.over)


class LambdaSchedule(Schedule):
    """Multiply the learning rate by what a function says.

    Parameters
    ----------
    optimizer : Optimizer
        See `Schedule`.
    function : callable
        Of the number of steps; returns a number that is at least 0.

    Examples
    --------
    >>> from autograd import Value, optim
    >>> optimizer = optim.SGD([Value(1.0)], lr=1.0)
    >>> schedule = LambdaSchedule(optimizer, lambda step: 1 / (1 + step))
    >>> schedule.step()
    >>> optimizer.lr
    0.5
    """

    def __init__(self, optimizer: Optimizer, function: Callable[[int], float]) -> None:
        given: object = function
        if not callable(given):
            message = f"[LambdaSchedule] a {type(given).__name__} was given - a function of the"
            raise TypeError(
                f"{message} number of steps is needed. Pass e.g. lambda step: 0.9**step."
            )
        self.function = function
        super().__init__(optimizer)

    def factor(self, step: int) -> float:
        """Return function(step)."""
        return self.function(step)
