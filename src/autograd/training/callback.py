"""Callbacks: what happens at moments of the training, and the run that they are told about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from autograd.training.history import History

    Hook = Callable[["Run"], object]


@dataclass(kw_only=True, eq=False)
class Run:
    """A training that is under way; callbacks get it.

    Attributes
    ----------
    model, optimizer, schedule, data : object
        What `fit` was given; `data` as an iterable of pairs.
    history : History
        All epochs that are over.
    columns : tuple of str
        What the history records.
    epoch : int
        The number of the epoch that is under way or just over, from 1, those of an earlier run
        included; at the start the number of epochs before.
    epochs : int
        The number of the last epoch that is planned.
    batch : int
        The number of the batch in the epoch, from 1; up to date in `on_backward_end` and
        `on_batch_end`.
    loss : float
        The loss of that batch.
    stopped : bool
        Whether `stop` was called.
    error : BaseException or None
        In `on_end`, what ended the training if it did not end by itself.
    """

    model: Any
    optimizer: Any
    schedule: Any
    data: Any
    history: History
    columns: tuple[str, ...]
    epoch: int
    epochs: int
    batch: int = 0
    loss: float = 0.0
    stopped: bool = False
    error: BaseException | None = None

    def stop(self) -> None:
        """End the training after this epoch; called after a batch, end the epoch there.

        Examples
        --------
        >>> from autograd import Value, optim
        >>> from autograd.training import fit
        >>> w = Value(1.0)
        >>> data = ([1.0, 2.0], [2.0, 4.0])
        >>> history = fit(
        ...     lambda x: w * x,
        ...     "mse",
        ...     optim.SGD([w], lr=0.1),
        ...     data,
        ...     100,
        ...     callbacks=lambda run: run.stop() if run.history.last["loss"] < 1e-6 else None,
        ... )
        >>> history.epochs < 100
        True
        """
        self.stopped = True


class Callback:
    """The base class: override the moments that matter.

    A moment that is not overridden costs nothing. Where all that is wanted is the end of an epoch,
    a function will do.

    Examples
    --------
    >>> from autograd import Value, optim
    >>> from autograd.training import fit
    >>> class Count(Callback):
    ...     batches = 0
    ...
    ...     def on_batch_end(self, run):
    ...         self.batches += 1
    >>> w, count = Value(1.0), Count()
    >>> data = ([1.0, 2.0, 3.0], [2.0, 4.0, 6.0])
    >>> _ = fit(
    ...     lambda x: w * x, "mse", optim.SGD([w], lr=0.1), data, 2, batch_size=1, callbacks=count
    ... )
    >>> count.batches
    6
    """

    def on_start(self, run: Run) -> None:
        """Before the first epoch; an error that is raised here ends `fit` with nothing changed."""

    def on_epoch_start(self, run: Run) -> None:
        """Before the first batch of an epoch."""

    def on_backward_end(self, run: Run) -> None:
        """After the gradients of a batch are there, before the optimizer uses them."""

    def on_batch_end(self, run: Run) -> None:
        """After the optimizer's step."""

    def on_epoch_end(self, run: Run) -> None:
        """After an epoch is in the history, and the schedule has made its step."""

    def on_end(self, run: Run) -> None:
        """After the last epoch, and also when an error or an interrupt ends the training."""


class Hooks:
    """The moments of all callbacks, each moment a list of functions in their order.

    Parameters
    ----------
    operation : str
        Who asks, for the message.
    callbacks : list of Callback and callables
        A plain callable is an `on_epoch_end`.

    Raises
    ------
    TypeError
        If something is neither a Callback nor callable, or a class; or if a Callback has a method
        ``on_...`` that is none of the moments.

    Examples
    --------
    >>> len(Hooks("this example", [print]).on_epoch_end)
    1
    """

    def __init__(self, operation: str, callbacks: list[Callback | Hook]) -> None:
        self.on_start: list[Hook] = []
        self.on_epoch_start: list[Hook] = []
        self.on_backward_end: list[Hook] = []
        self.on_batch_end: list[Hook] = []
        self.on_epoch_end: list[Hook] = []
        self.on_end: list[Hook] = []
        for index, callback in enumerate(callbacks):
            if isinstance(callback, type) or not (
                isinstance(callback, Callback) or callable(callback)
            ):
                is_class = isinstance(callback, type)
                what = (
                    f"the class {callback.__name__}" if is_class else f"a {type(callback).__name__}"
                )
                message = (
                    f"[{operation}] callback {index} is {what} - an instance of Callback, or a"
                )
                raise TypeError(f"{message} function of the run, is needed. See training.Callback.")
            if not isinstance(callback, Callback):
                self.on_epoch_end.append(callback)
                continue
            self._refuse_unknown(operation, index, type(callback))
            for moment, hooks in vars(self).items():
                hook = getattr(callback, moment)
                if getattr(hook, "__func__", hook) is not getattr(Callback, moment):
                    hooks.append(hook)

    def _refuse_unknown(self, operation: str, index: int, kind: type[Callback]) -> None:
        """Refuse a method that looks like a moment and is none: it would never be called."""
        for name in dir(kind):
            if name.startswith("on_") and name not in vars(self) and callable(getattr(kind, name)):
                message = (
                    f"[{operation}] callback {index} is a {kind.__name__} with a method {name}"
                )
                listed = ", ".join(vars(self))
                raise TypeError(
                    f"{message}, which would never be called - {listed} are. Rename it."
                )


def callback_list(operation: str, given: Any) -> list[Any]:
    """Return one callback, or an iterable of them, as a list."""
    if isinstance(given, Callback) or callable(given):
        return [given]
    if not hasattr(given, "__iter__"):
        message = f"[{operation}] callbacks is a {type(given).__name__} - a Callback, a function,"
        raise TypeError(f"{message} or a list of them is needed. See training.Callback.")
    return list(given)
