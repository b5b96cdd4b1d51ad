"""Stopping when nothing gets better, and going back to the best parameters."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arguments import checked_count, checked_number
from autograd.training.callback import Callback
from autograd.training.monitor import direction

if TYPE_CHECKING:
    from autograd.training.callback import Run

# What a state has beside the parameters.
NUMBERS = ("best", "best_epoch", "waited")


class EarlyStopping(Callback):
    """End the training when a number has not become better for some epochs.

    Parameters
    ----------
    patience : int
        How many epochs without a better number end the training, at least 1.
    monitor : str
        Which number of the history, such as ``"val_loss"`` or ``"val_accuracy"``.
    min_delta : float
        By how much a number has to be better to count, at least 0. nan never counts.
    mode : {"min", "max"}, optional
        What is better. None knows it of losses and errors, and of accuracies.
    restore_best : bool
        Whether to give the optimizer's parameters the numbers of the best epoch when the training
        ends, for whatever reason. The file of a `Checkpoint` keeps those of the last epoch, from
        which a training can go on; with the same `monitor` it has the best ones.

    Attributes
    ----------
    best : float
        The best number; infinitely bad at first.
    best_epoch : int
        Its epoch, counted from 1; 0 at first.
    waited : int
        How many epochs have gone by since then.

    Raises
    ------
    TypeError, ValueError
        If an argument will not do. `fit` refuses a number that is not recorded.

    Examples
    --------
    >>> from autograd import nn, optim
    >>> from autograd.data import regression, train_test_split
    >>> from autograd.training import fit
    >>> x, x_test, y, y_test = train_test_split(*regression(40, seed=0), seed=0)
    >>> model = nn.Neuron(1, "linear", seed=0)
    >>> stopping = EarlyStopping(patience=3)
    >>> history = fit(
    ...     model,
    ...     "mse",
    ...     optim.SGD(model, lr=0.1),
    ...     (x, y),
    ...     1000,
    ...     validation=(x_test, y_test),
    ...     callbacks=stopping,
    ... )
    >>> history.epochs < 1000, history.epochs - stopping.best_epoch
    (True, 3)
    """

    def __init__(
        self,
        patience: int,
        monitor: str = "val_loss",
        *,
        min_delta: float = 0.0,
        mode: str | None = None,
        restore_best: bool = True,
    ) -> None:
        self._sign = direction("EarlyStopping", monitor, mode)
        self.patience = checked_count(
            "EarlyStopping", "patience", patience, advice="Pass the number of epochs."
        )
        self.min_delta = checked_number(
            "EarlyStopping", "min_delta", min_delta, at_least=0.0, advice="Pass e.g. 1e-4."
        )
        self.monitor = monitor
        self.restore_best = bool(restore_best)
        self._begin()

    def _begin(self) -> None:
        self.best, self.best_epoch, self.waited = self._sign * math.inf, 0, 0
        self._kept: list[Any] = []

    def on_start(self, run: Run) -> None:
        """Refuse a number that will not be recorded; with an empty history begin anew."""
        if self.monitor not in run.columns:
            message = f"[EarlyStopping] monitor={self.monitor!r} was given"
            listed = ", ".join(run.columns)
            raise ValueError(
                f"{message} - one of what is recorded is needed: {listed}. Choose one of them, or"
                " pass validation= or metrics= to fit."
            )
        if run.history.epochs == 0:
            self._begin()

    def on_epoch_end(self, run: Run) -> None:
        """Compare the epoch with the best one."""
        number = run.history.last[self.monitor]
        if self._sign * (self.best - number) > self.min_delta:  # false for nan
            self.best, self.best_epoch, self.waited = number, run.epoch, 0
            if self.restore_best:
                self._kept = [np.array(parameter.data) for parameter in run.optimizer.parameters]
            return
        self.waited += 1
        if self.waited >= self.patience:
            run.stop()

    def on_end(self, run: Run) -> None:
        """Go back to the best parameters, if later ones are there."""
        if self._kept and self.best_epoch != run.epoch:
            for parameter, kept in zip(run.optimizer.parameters, self._kept, strict=True):
                parameter.data = kept if kept.ndim else float(kept)

    def state_dict(self) -> dict[str, Any]:
        """Return the best number, its epoch, its parameters, and how long was waited since.

        Returns
        -------
        dict

        Examples
        --------
        >>> EarlyStopping(patience=3).state_dict()
        {'best': inf, 'best_epoch': 0, 'waited': 0, 'parameters': {}}
        """
        kept = {str(index): array.copy() for index, array in enumerate(self._kept)}
        return {**{name: getattr(self, name) for name in NUMBERS}, "parameters": kept}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what `state_dict` returned; `fit` with its history goes on from there.

        Parameters
        ----------
        state : mapping

        Raises
        ------
        ValueError
            If something is missing, unexpected or of a wrong type; nothing has changed then.

        Examples
        --------
        >>> stopping = EarlyStopping(patience=3)
        >>> stopping.load_state_dict({"best": 0.5, "best_epoch": 4, "waited": 2, "parameters": {}})
        >>> stopping.waited
        2
        """
        names = (*NUMBERS, "parameters")
        wrong = [f"{name!r} is missing" for name in names if name not in state]
        wrong += [f"{name!r} is unexpected" for name in state if name not in names]
        for name in NUMBERS:
            kinds = (int, float) if name == "best" else (int,)
            if name in state and not isinstance(state[name], kinds):
                wrong.append(f"{name!r} is {state[name]!r}")
        kept = state.get("parameters", {})
        if not isinstance(kept, Mapping) or list(kept) != list(map(str, range(len(kept)))):
            wrong.append(f"'parameters' is a {type(kept).__name__} of other names than 0, 1, ...")
        if wrong:
            message = f"[EarlyStopping.load_state_dict] {', '.join(wrong)}"
            raise ValueError(
                f"{message} - {', '.join(names)} are needed. Pass what state_dict() returned."
            )
        self.best, self.best_epoch, self.waited = (state[name] for name in NUMBERS)
        self._kept = [np.array(array) for array in kept.values()]
